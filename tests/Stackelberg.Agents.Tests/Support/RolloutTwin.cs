using Stackelberg.Agents.Algorithms;
using Stackelberg.Bilevel;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>
/// f_A = −J and f_C = L on a rollout as two recorded formulas. What is only sampled through scores is recorded as (log π − its value) times something:
/// zero as a number, the right score as a derivative.
/// </summary>
internal sealed class RolloutTwin
{
    private readonly RolloutParts parts;
    private readonly int rows;
    private readonly double[] returns;
    private readonly double[] discounts;
    private readonly int[] starts;

    private RolloutTwin(RolloutParts parts)
    {
        this.parts = parts;
        rows = parts.Rollout.Count;
        (returns, discounts, starts) = (new double[rows], new double[rows], new int[rows]);
        foreach (Agents.Rollouts.Trajectory trajectory in parts.Rollout.Trajectories)
        {
            for (int t = trajectory.Start; t < trajectory.End; t++)
            {
                starts[t] = trajectory.Start;
                discounts[t] = Math.Pow(parts.Options.Gamma, t - trajectory.Start);
                returns[t] = Math.Pow(parts.Options.Gamma, trajectory.End - t) * trajectory.Bootstrap;
                for (int s = t; s < trajectory.End; s++)
                {
                    returns[t] += Math.Pow(parts.Options.Gamma, s - t) * parts.Rollout.Rewards[s];
                }
            }
        }
    }

    private int Trajectories => parts.Rollout.Trajectories.Length;

    private ActorCriticForm Form => parts.Options.Form;

    public static TapeProblem<double> Of(RolloutParts parts)
    {
        var twin = new RolloutTwin(parts);
        (Player<double> first, Player<double> second) = parts.Options.Leading.Leader == LeaderRole.Critic
            ? (parts.Critic, parts.Actor) : (parts.Actor, parts.Critic);
        return new TapeProblem<double>(first.Layout, first.Parameters, second.Layout, second.Parameters, (tape, x, y) =>
            parts.Options.Leading.Leader == LeaderRole.Critic ? twin.CriticLeads(tape, x.ToArray(), y.ToArray()) : twin.ActorLeads(tape, x.ToArray(), y.ToArray()));
    }

    private BilevelLosses ActorLeads(Tape<double> tape, Variable[] actor, Variable[] critic)
    {
        Variable log = Log(tape, actor), value = Value(tape, critic);
        return new BilevelLosses(ActorLoss(tape, log, value), CriticLoss(tape, log, value)) { Residuals = tape.Subtract(value, Column(tape, returns)) };
    }

    /// <summary>The residuals are √½ log π_t: (2/N) JᵀJ of them is the mean of the scores' outer products over N steps.</summary>
    private BilevelLosses CriticLeads(Tape<double> tape, Variable[] critic, Variable[] actor)
    {
        Variable log = Log(tape, actor), value = Value(tape, critic);
        return new BilevelLosses(CriticLoss(tape, log, value), ActorLoss(tape, log, value)) { Residuals = tape.Scale(log, Math.Sqrt(0.5)) };
    }

    private Variable ActorLoss(Tape<double> tape, Variable log, Variable value)
    {
        Variable psi = Psi(tape, value), heldPsi = tape.StopGradient(psi);
        Variable sampled = tape.Negate(tape.Sum(tape.Multiply(heldPsi, log)));
        Variable mixed = tape.Negate(tape.Sum(tape.Multiply(tape.Subtract(psi, heldPsi), Zero(tape, log))));
        Variable visited = tape.Negate(tape.Mean(Zero(tape, value)));
        return tape.Add(sampled, tape.Add(mixed, visited));
    }

    private Variable CriticLoss(Tape<double> tape, Variable log, Variable value)
    {
        Variable error = tape.Subtract(Column(tape, returns), value);
        Variable regression = tape.Mean(tape.Square(error));

        // row t of the selection holds 1 at the first step whose error weighs the score of step t
        double[] selection = new double[rows * rows];
        for (int t = 0; t < rows; t++)
        {
            selection[(t * rows) + (Form == ActorCriticForm.Official ? 0 : starts[t])] = 1;
        }

        Variable first = tape.MatMul(tape.Constant(selection, rows, rows), error);
        Variable weights;
        if (Form == ActorCriticForm.Official)
        {
            weights = tape.Multiply(tape.Scale(first, 2.0), tape.StopGradient(Psi(tape, value)));
        }
        else
        {
            double[] later = new double[rows], start = new double[rows];
            for (int t = 0; t < rows; t++)
            {
                (later[t], start[t]) = (starts[t] == t ? 0 : 2 * discounts[t] * returns[t] / Trajectories, starts[t] == t ? 1.0 / Trajectories : 0);
            }

            Variable squared = tape.Square(first);
            if (Form == ActorCriticForm.Paper)
            {
                // Proposition 1's mixed product takes the return at the first step too; the first derivative stays Theorem 1's
                Variable byReturn = tape.Multiply(tape.Scale(first, 2.0), Column(tape, returns));
                squared = tape.Add(byReturn, tape.StopGradient(tape.Subtract(squared, byReturn)));
            }

            weights = tape.Add(tape.Multiply(Column(tape, later), first), tape.Multiply(Column(tape, start), squared));
        }

        return tape.Add(regression, tape.Sum(tape.Multiply(Zero(tape, log), weights)));
    }

    private Variable Psi(Tape<double> tape, Variable value) => Form switch
    {
        ActorCriticForm.Official => tape.Scale(NormalisedAdvantages(tape, value), 1.0 / rows),
        ActorCriticForm.Paper => Column(tape, [.. returns.Select((r, t) => discounts[t] * r / Trajectories)]),
        _ => tape.Multiply(Column(tape, [.. discounts.Select(d => d / Trajectories)]), value),
    };

    /// <summary>GAE written out: Â_t = Σ_l (γλ)^l (r_{t+l} + γ V_{t+l+1} − V_{t+l}), a linear map of the values; the deviation is held.</summary>
    private Variable NormalisedAdvantages(Tape<double> tape, Variable value)
    {
        double gamma = parts.Options.Gamma, lambda = parts.Options.GaeLambda;
        double[] slope = new double[rows * rows], constant = new double[rows];
        foreach (Agents.Rollouts.Trajectory trajectory in parts.Rollout.Trajectories)
        {
            for (int t = trajectory.Start; t < trajectory.End; t++)
            {
                for (int s = t; s < trajectory.End; s++)
                {
                    double weight = Math.Pow(gamma * lambda, s - t);
                    slope[(t * rows) + s] -= weight;
                    constant[t] += weight * parts.Rollout.Rewards[s];
                    if (s + 1 < trajectory.End)
                    {
                        slope[(t * rows) + s + 1] += weight * gamma;
                    }
                    else
                    {
                        constant[t] += weight * gamma * trajectory.Bootstrap;
                    }
                }
            }
        }

        Variable advantages = tape.Add(tape.MatMul(tape.Constant(slope, rows, rows), value), Column(tape, constant));
        Variable centred = tape.Subtract(advantages, tape.BroadcastScalar(tape.Mean(advantages), rows, 1));
        Variable deviation = tape.StopGradient(tape.Sqrt(tape.Mean(tape.Square(centred))));
        return tape.Divide(centred, tape.BroadcastScalar(deviation, rows, 1));
    }

    private Variable Value(Tape<double> tape, Variable[] critic)
    {
        Variable observations = tape.Leaf(parts.Rollout.Observations, rows);
        if (Form != ActorCriticForm.PaperQ)
        {
            return tape.Mlp(parts.Values.Layout, observations, critic);
        }

        int width = parts.Values.Layout.Inputs - RolloutParts.ObservationSize;
        double[] codes = new double[rows * width];
        for (int t = 0; t < rows; t++)
        {
            ReadOnlySpan<double> action = parts.Rollout.Actions.Row(t);
            if (action.Length == width)
            {
                action.CopyTo(codes.AsSpan(t * width));
            }
            else
            {
                codes[(t * width) + (int)action[0]] = 1;
            }
        }

        return tape.Mlp(parts.Values.Layout, tape.Concat(observations, tape.Constant(codes, rows, width)), critic);
    }

    private Variable Log(Tape<double> tape, Variable[] actor)
    {
        Variable output = tape.Mlp(parts.Policy.Layout, tape.Leaf(parts.Rollout.Observations, rows), actor);
        if (actor.Length == 2 * parts.Policy.Layout.Layers)
        {
            int[] taken = [.. Enumerable.Range(0, rows).Select(t => (int)parts.Rollout.Actions.Row(t)[0])];
            return tape.CategoricalLogProbability(output, taken);
        }

        return tape.GaussianLogProbability(output, tape.BroadcastRow(actor[^1], rows), tape.Leaf(parts.Rollout.Actions, rows));
    }

    private Variable Column(Tape<double> tape, double[] values) => tape.Constant(values, rows, 1);

    /// <summary>x minus its value.</summary>
    private static Variable Zero(Tape<double> tape, Variable x) => tape.Subtract(x, tape.StopGradient(x));
}
