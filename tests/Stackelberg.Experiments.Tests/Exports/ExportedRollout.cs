using System.Text.Json;

namespace Stackelberg.Experiments.Tests.Exports;

/// <summary>The objectives of an exported on-policy gradient, number by number from its files alone; derivatives are central differences.</summary>
internal sealed class ExportedRollout(ExportedGradient export)
{
    private const double Step = 1e-4;

    public int Rows => export.Text("batch_size").GetInt32();

    public bool IsPpo => export.Text("base").GetString() == "ppo";

    private bool ActorLeads => Word("leader") == "actor";

    private string Form => IsPpo ? "" : Word("form");

    private int Trajectories => export.Batch["starts"].Shape[0];

    /// <summary>∂₁f₁ and ∂₂f₁.</summary>
    public (double[] Direct, double[] RightHandSide) FirstDerivatives() =>
    (
        export.Differences("leader_networks", ActorLeads ? ActorLoss : () => ValueCoefficient * CriticLoss()),
        export.Differences("follower_networks", !ActorLeads ? () => ValueCoefficient * Response() : HasMeanValue ? MeanValue : ActorLoss));

    /// <summary>(∂₁₂f₂) x of a given x.</summary>
    public double[] Implicit(double[] x)
    {
        double[] result = Mixed("leader_networks", x, ActorLeads ? Response : ActorLoss);
        return export.Text("hypergradient").GetProperty("sign").GetString() == "plus" ? [.. result.Select(v => -v)] : result;
    }

    /// <summary>(∂₂₂f₂ + λI) x of a given x, or with what stands for ∂₂₂f₂.</summary>
    public double[] Applied(double[] x)
    {
        JsonElement hypergradient = export.Text("hypergradient");
        double damping = hypergradient.GetProperty("damping").GetDouble();
        double[] product = hypergradient.GetProperty("curvature").GetString() == "gauss-newton" ? OuterProducts(x)
            : Mixed("follower_networks", x, ActorLeads ? CriticLoss : ActorLoss);
        return [.. product.Zip(x, (h, v) => h + (damping * v))];
    }

    /// <summary>log π of the batch's actions.</summary>
    public double[] LogProbabilities() => [.. Enumerable.Range(0, Rows).Select(LogProbability)];

    /// <summary>V_w(s_t), or Q_w(s_t, a_t), by a critic.</summary>
    public double[] Values(string critic = "critic") => [.. Enumerable.Range(0, Rows).Select(t => Value(critic, export.Row("observations", t), () => export.Row("actions", t)))];

    /// <summary>The value after each trajectory by a critic; 0 where it does not go on.</summary>
    public double[] EndValues(string critic = "critic") => [.. Enumerable.Range(0, Trajectories).Select(
        k => Batch("goes_on")[k] == 0 ? 0 : Value(critic, export.Row("end_observations", k), () => export.Row("end_actions", k)))];

    /// <summary>GAE by a critic's values, not normalised.</summary>
    public double[] Estimates(double[] values, double[] ends)
    {
        double[] result = new double[Rows];
        for (int k = 0; k < Trajectories; k++)
        {
            (int start, int end) = Place(k);
            for (int t = start; t < end; t++)
            {
                double weight = 1;
                for (int u = t; u < end; u++)
                {
                    double next = u + 1 < end ? values[u + 1] : ends[k];
                    result[t] += weight * (Batch("rewards")[u] + (Gamma * next) - values[u]);
                    weight *= Gamma * export.Text("gae_lambda").GetDouble();
                }
            }
        }

        return result;
    }

    /// <summary>Advantages as f_A reads them: their mean moves with the critic, their scale does not.</summary>
    public double[] Advantages()
    {
        double[] values = Values(), raw = Estimates(values, IsPpo ? EndValues() : Batch("end_values"));
        if (!export.Text("normalise_advantages").GetBoolean())
        {
            return raw;
        }

        double mean = raw.Average(), scale = export.Text("advantage_scale").GetDouble();
        return [.. raw.Select(a => (a - mean) / scale)];
    }

    /// <summary>Discounted rewards to go, with the value after a trajectory at its end.</summary>
    public double[] RewardsToGo()
    {
        double[] result = new double[Rows];
        for (int k = 0; k < Trajectories; k++)
        {
            (int start, int end) = Place(k);
            for (int t = start; t < end; t++)
            {
                result[t] = Enumerable.Range(t, end - t).Sum(u => Math.Pow(Gamma, u - t) * Batch("rewards")[u]) + (Math.Pow(Gamma, end - t) * Batch("end_values")[k]);
            }
        }

        return result;
    }

    private int Outputs => export.Text("actor").GetProperty("widths").EnumerateArray().Last().GetInt32();

    private double Gamma => export.Text("gamma").GetDouble();

    private double ValueCoefficient => IsPpo ? export.Text("value_coefficient").GetDouble() : 1;

    // AC's J by the critic is its mean value in all forms
    private bool HasMeanValue => !IsPpo || Response("critic_objective") == "mean-value";

    private double ActorLoss()
    {
        double[] logs = LogProbabilities();
        if (!IsPpo)
        {
            double[] psi = Form == "official" ? [.. Advantages().Select(a => a / Rows)] : Discounted(Form == "paper" ? Batch("targets") : Values());
            return -psi.Zip(logs, (p, l) => p * l).Sum();
        }

        return -Surrogate(logs, Limit(export.Text("clip"))).Average() - (export.Text("entropy_coefficient").GetDouble() * Entropy());
    }

    private double CriticLoss() => Values().Zip(Batch("targets"), (v, r) => (v - r) * (v - r)).Average();

    private double MeanValue() => -Values().Average();

    /// <summary>What of f_C depends on the actor.</summary>
    private double Response()
    {
        double[] logs = LogProbabilities(), values = Values(), targets = Batch("targets");
        if (IsPpo)
        {
            double[] errors = [.. targets.Zip(values, (r, v) => r - v)];
            double[] surrogate = Surrogate(logs, Limit(export.Text("response").GetProperty("clip")));
            double sum = 0;
            for (int t = 0; t < Rows; t++)
            {
                sum += surrogate[t] * (Response("form") == "per-step" ? errors[t] : Enumerable.Range(t, Rows - t).Sum(u => errors[u] / (u + 1)));
            }

            return (Response("sign") == "released" ? -2 : 2) * sum / (Response("reduction") == "mean" ? Rows : 1);
        }

        if (Form == "official")
        {
            return 2 * (targets[0] - values[0]) * logs.Zip(Batch("advantages"), (l, a) => l * a).Average();
        }

        double result = 0;
        double[] weights = Discounted(targets);
        for (int k = 0; k < Trajectories; k++)
        {
            (int start, int end) = Place(k);
            double error = targets[start] - values[start];
            for (int t = start; t < end; t++)
            {
                result += Form == "paper-q" && t == start ? error * error * logs[t] / Trajectories : 2 * error * weights[t] * logs[t];
            }
        }

        return result;
    }

    private double[] Surrogate(double[] logs, double clip)
    {
        double[] advantages = Advantages(), old = Batch("log_probabilities");
        return [.. logs.Select((l, t) =>
        {
            double ratio = Math.Exp(l - old[t]);
            return Math.Min(ratio * advantages[t], Math.Clamp(ratio, 1 - clip, 1 + clip) * advantages[t]);
        })];
    }

    /// <summary>γᵗ x_t over the number of trajectories, t from each one's start.</summary>
    private double[] Discounted(double[] x)
    {
        double[] result = new double[Rows];
        for (int k = 0; k < Trajectories; k++)
        {
            (int start, int end) = Place(k);
            for (int t = start; t < end; t++)
            {
                result[t] = Math.Pow(Gamma, t - start) * x[t] / Trajectories;
            }
        }

        return result;
    }

    private double LogProbability(int t)
    {
        double[] output = export.Run(export.Networks["actor"], "actor", export.Row("observations", t)), action = export.Row("actions", t);
        if (Word("policy") == "categorical")
        {
            return output[(int)action[0]] - Math.Log(output.Sum(Math.Exp));
        }

        double[] logStd = export.Networks["actor"][^1].Values;
        return output.Select((mean, j) => -(Math.Pow((action[j] - mean) / Math.Exp(logStd[j]), 2) / 2) - logStd[j] - (Math.Log(2 * Math.PI) / 2)).Sum();
    }

    private double Entropy()
    {
        if (Word("policy") == "gaussian")
        {
            return export.Networks["actor"][^1].Values.Sum(s => s + (Math.Log(2 * Math.PI * Math.E) / 2));
        }

        return Enumerable.Range(0, Rows).Average(t =>
        {
            double[] logits = export.Run(export.Networks["actor"], "actor", export.Row("observations", t));
            double log = Math.Log(logits.Sum(Math.Exp));
            return -logits.Sum(z => Math.Exp(z - log) * (z - log));
        });
    }

    private double Value(string critic, double[] s, Func<double[]> action)
    {
        double[] input = s;
        if (Form == "paper-q")
        {
            double[] a = action();
            input = [.. s, .. Word("policy") == "categorical" ? Enumerable.Range(0, Outputs).Select(j => j == (int)a[0] ? 1.0 : 0) : a];
        }

        if (export.Networks.TryGetValue("critic_features", out List<(int[], double[])>? features))
        {
            input = export.Run(features, "critic_features", input);
        }

        return export.Run(export.Networks[critic], "critic", input)[0];
    }

    /// <summary>(c/T) Σ gᵢ(gᵢ · x), gᵢ = ∇V and c = 2 for the critic, ∇log π and 1 for the actor.</summary>
    private double[] OuterProducts(double[] x)
    {
        Func<double[]> of = ActorLeads ? () => Values() : LogProbabilities;
        Move(x, Step);
        double[] above = of();
        Move(x, -2 * Step);
        double[] below = of();
        Move(x, Step);
        double[] along = [.. above.Zip(below, (a, b) => (ActorLeads ? 2 : 1) * (a - b) / (2 * Step * Rows))];
        return export.Differences("follower_networks", () => along.Zip(of(), (p, v) => p * v).Sum());
    }

    /// <summary>∂/∂p of the derivative along x over the follower's networks, for every parameter p of a list.</summary>
    private double[] Mixed(string list, double[] x, Func<double> value)
    {
        double length = Math.Sqrt(x.Sum(v => v * v));
        double[] direction = [.. x.Select(v => v / length)];
        double Along()
        {
            Move(direction, Step);
            double above = value();
            Move(direction, -2 * Step);
            double below = value();
            Move(direction, Step);
            return (above - below) / (2 * Step);
        }

        return [.. export.Differences(list, Along, Step).Select(d => length * d)];
    }

    private void Move(double[] direction, double by)
    {
        int i = 0;
        foreach (double[] values in export.Text("follower_networks").EnumerateArray().SelectMany(n => export.Networks[n.GetString()!]).Select(t => t.Values))
        {
            for (int j = 0; j < values.Length; j++)
            {
                values[j] += by * direction[i++];
            }
        }
    }

    private (int Start, int End) Place(int trajectory)
    {
        int start = (int)Batch("starts")[trajectory];
        return (start, start + (int)Batch("lengths")[trajectory]);
    }

    // null is a number JSON has no word for
    private static double Limit(JsonElement clip) => clip.ValueKind == JsonValueKind.Null ? double.PositiveInfinity : clip.GetDouble();

    private double[] Batch(string name) => export.Batch[name].Values;

    private string Word(string key) => export.Text(key).GetString()!;

    private string Response(string key) => export.Text("response").GetProperty(key).GetString()!;
}
