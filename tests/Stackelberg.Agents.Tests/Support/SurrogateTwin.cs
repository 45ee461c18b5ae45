using Stackelberg.Bilevel;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>
/// PPO's objectives on a minibatch as two recorded formulas, f_A = −mean min(r Â(w), clip(r, 1 ± ε) Â(w)) − c H and f_C = mean (R − V_w)² +
/// Λ(θ, w) − Λ(θ₀, w), Λ = ∓2 Σ or mean of min(r Â(w), clip(r, 1 ± C) Â(w)) with errors R − V_w: Λ adds to mixed derivatives and to ∂_θ alone.
/// </summary>
internal sealed class SurrogateTwin
{
    private const int Rows = SurrogateParts.Count, First = SurrogateParts.First;
    private readonly SurrogateParts parts;
    private readonly double[] ofValues = new double[Rows * Rows], ofEnds = new double[Rows * Rows], ofRewards = new double[Rows];
    private readonly double[] ends = new double[Rows * SurrogateParts.ObservationSize];

    private SurrogateTwin(SurrogateParts parts)
    {
        this.parts = parts;
        double gamma = parts.Options.Gamma, decay = gamma * parts.Options.GaeLambda;
        for (int t = 0; t < Rows; t++)
        {
            // Â_t = Σ_l (γλ)^l (r_{t+l} + γ V_{t+l+1} − V_{t+l}), until the trajectory's end
            double weight = 1;
            for (int s = t; s < Rows; s++)
            {
                StepEnd end = SurrogateParts.EndOf(First + s);
                ofRewards[t] += weight * parts.Rollout.Rewards[First + s];
                ofValues[(t * Rows) + s] -= weight;
                if (end == StepEnd.None)
                {
                    ofValues[(t * Rows) + s + 1] += weight * gamma;
                    weight *= decay;
                    continue;
                }

                ofEnds[(t * Rows) + s] = end == StepEnd.Terminal ? 0 : weight * gamma;
                break;
            }

            parts.After.GetValueOrDefault(First + t)?.CopyTo(ends.AsSpan(t * SurrogateParts.ObservationSize));
        }
    }

    private ResponseOptions Response => parts.Options.Response;

    public static TapeProblem<double> Of(SurrogateParts parts)
    {
        var twin = new SurrogateTwin(parts);
        bool criticLeads = parts.Options.Leading.Leader == LeaderRole.Critic;
        (Player<double> first, Player<double> second) = criticLeads ? (parts.Critic, parts.Actor) : (parts.Actor, parts.Critic);
        return new TapeProblem<double>(first.Layout, first.Parameters, second.Layout, second.Parameters, (tape, x, y) =>
            criticLeads ? twin.CriticLeads(tape, x.ToArray(), y.ToArray()) : twin.ActorLeads(tape, x.ToArray(), y.ToArray()));
    }

    private BilevelLosses ActorLeads(Tape<double> tape, Variable[] actor, Variable[] critic)
    {
        (Variable log, Variable entropy) = Policy(tape, actor);
        (Variable value, Variable advantage) = Advantages(tape, critic);
        Variable error = Error(tape, value);
        return new BilevelLosses(ActorLoss(tape, log, entropy, value, advantage), CriticLoss(tape, log, error, advantage)) { Residuals = error };
    }

    /// <summary>The residuals are √½ log π_t: (2/N) JᵀJ of them is the mean of the scores' outer products over N steps.</summary>
    private BilevelLosses CriticLeads(Tape<double> tape, Variable[] critic, Variable[] actor)
    {
        (Variable log, Variable entropy) = Policy(tape, actor);
        (Variable value, Variable advantage) = Advantages(tape, critic);
        Variable criticLoss = tape.Scale(CriticLoss(tape, log, Error(tape, value), advantage), parts.Options.ValueCoefficient);
        return new BilevelLosses(criticLoss, ActorLoss(tape, log, entropy, value, advantage)) { Residuals = tape.Scale(log, Math.Sqrt(0.5)) };
    }

    private Variable ActorLoss(Tape<double> tape, Variable log, Variable entropy, Variable value, Variable advantage)
    {
        Variable ratio = Ratio(tape, log), bonus = tape.Scale(entropy, parts.Options.EntropyCoefficient);
        Variable full = Surrogate(ratio, advantage);
        if (Response.CriticObjective == CriticObjective.MeanValue)
        {
            // of w, f_A's own derivative is that of −mean V; the mixed one stays the surrogate's
            full = tape.Subtract(full, tape.Subtract(Surrogate(tape.StopGradient(ratio), advantage), tape.StopGradient(full)));
            full = tape.Subtract(full, tape.Mean(tape.Subtract(value, tape.StopGradient(value))));
        }

        return tape.Subtract(full, bonus);

        Variable Surrogate(Variable r, Variable a) => tape.Negate(tape.Mean(Terms(tape, r, a, parts.Objectives.Clip)));
    }

    private Variable CriticLoss(Tape<double> tape, Variable log, Variable error, Variable advantage)
    {
        Variable ratio = Ratio(tape, log);
        Variable change = tape.Subtract(Dependence(ratio), Dependence(tape.StopGradient(ratio)));
        return tape.Add(tape.Mean(tape.Square(error)), change);

        Variable Dependence(Variable r)
        {
            Variable terms = Terms(tape, r, advantage, Response.Clip);
            if (Response.Form == ResponseForm.RunningMean)
            {
                double[] means = new double[Rows * Rows];
                for (int t = 0; t < Rows; t++)
                {
                    means.AsSpan(t * Rows, t + 1).Fill(1.0 / (t + 1));
                }

                terms = tape.MatMul(tape.Constant(means, Rows, Rows), terms);
            }

            Variable products = tape.Multiply(terms, error);
            return tape.Scale(
                Response.Reduction == ResponseReduction.Sum ? tape.Sum(products) : tape.Mean(products),
                Response.Sign == ResponseSign.Released ? -2 : 2);
        }
    }

    /// <summary>min(r Â, clip(r, 1 ± range) Â)</summary>
    private static Variable Terms(Tape<double> tape, Variable ratio, Variable advantage, double range) => double.IsPositiveInfinity(range)
        ? tape.Multiply(ratio, advantage)
        : tape.Minimum(tape.Multiply(ratio, advantage), tape.Multiply(tape.Clamp(ratio, 1 - range, 1 + range), advantage));

    private Variable Ratio(Tape<double> tape, Variable log) =>
        tape.Exp(tape.Subtract(log, tape.Constant(parts.Rollout.LogProbabilities.AsSpan(First, Rows), Rows, 1)));

    private Variable Error(Tape<double> tape, Variable value) => tape.Subtract(tape.Constant(parts.Rollout.Targets.AsSpan(First, Rows), Rows, 1), value);

    private (Variable Value, Variable Advantage) Advantages(Tape<double> tape, Variable[] critic)
    {
        Variable value, after;
        if (parts.Values.HasFixedFeatures)
        {
            (value, after) = (Linear(parts.Values.Inputs, First, critic), Linear(parts.Values.EndInputs, 0, critic));
            Variable all = tape.Constant(Placed(), Rows, parts.After.Count);
            after = tape.MatMul(all, after);
        }
        else
        {
            value = tape.Mlp(parts.Values.Layout, Observations(tape), critic);
            after = tape.Mlp(parts.Values.Layout, tape.Constant(ends, Rows, SurrogateParts.ObservationSize), critic);
        }

        Variable advantage = tape.Add(
            tape.Constant(ofRewards, Rows, 1),
            tape.Add(tape.MatMul(tape.Constant(ofValues, Rows, Rows), value), tape.MatMul(tape.Constant(ofEnds, Rows, Rows), after)));
        if (parts.Options.NormaliseAdvantages)
        {
            Variable centred = tape.Subtract(advantage, tape.BroadcastScalar(tape.Mean(advantage), Rows, 1));
            Variable deviation = tape.AddScalar(tape.Sqrt(tape.Mean(tape.Square(centred))), 1e-8);
            advantage = tape.Divide(centred, tape.BroadcastScalar(tape.StopGradient(deviation), Rows, 1));
        }

        return (value, advantage);

        Variable Linear(Matrix<double> features, int start, Variable[] w)
        {
            int rows = start == 0 ? parts.After.Count : Rows;
            double[] own = new double[rows * parts.Values.Layout.Inputs];
            for (int t = 0; t < rows; t++)
            {
                features.Row(start + t).CopyTo(own.AsSpan(t * parts.Values.Layout.Inputs));
            }

            return tape.Mlp(parts.Values.Layout, tape.Constant(own, rows, parts.Values.Layout.Inputs), w);
        }
    }

    /// <summary>Which of the rollout's ends lies behind each step.</summary>
    private double[] Placed()
    {
        double[] placed = new double[Rows * parts.After.Count];
        int[] order = [.. parts.After.Keys.Order()];
        for (int i = 0; i < order.Length; i++)
        {
            if (order[i] >= First && order[i] < First + Rows)
            {
                placed[((order[i] - First) * order.Length) + i] = 1;
            }
        }

        return placed;
    }

    private Variable Observations(Tape<double> tape)
    {
        double[] own = new double[Rows * SurrogateParts.ObservationSize];
        for (int t = 0; t < Rows; t++)
        {
            parts.Rollout.Observations.Row(First + t).CopyTo(own.AsSpan(t * SurrogateParts.ObservationSize));
        }

        return tape.Constant(own, Rows, SurrogateParts.ObservationSize);
    }

    private (Variable Log, Variable Entropy) Policy(Tape<double> tape, Variable[] actor)
    {
        Variable output = tape.Mlp(parts.Policy.Layout, Observations(tape), actor);
        if (actor.Length == 2 * parts.Policy.Layout.Layers)
        {
            int[] taken = [.. Enumerable.Range(First, Rows).Select(t => (int)parts.Rollout.Actions.Row(t)[0])];
            return (tape.CategoricalLogProbability(output, taken), tape.Mean(tape.CategoricalEntropy(output)));
        }

        double[] actions = [.. Enumerable.Range(First, Rows).SelectMany(t => parts.Rollout.Actions.Row(t).ToArray())];
        Variable scale = tape.BroadcastRow(actor[^1], Rows);
        return (tape.GaussianLogProbability(output, scale, tape.Constant(actions, Rows, 2)), tape.Mean(tape.GaussianEntropy(scale)));
    }
}
