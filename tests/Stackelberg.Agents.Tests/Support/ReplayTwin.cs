using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Critics;
using Stackelberg.Bilevel;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>The two objectives of DDPG, TD3 and SAC as recorded formulas of the batch, the draws and the targets that the fused problem used last.</summary>
internal sealed class ReplayTwin
{
    private readonly ReplayParts parts;
    private readonly int size;

    private ReplayTwin(ReplayParts parts) => (this.parts, size) = (parts, parts.Policy.ActionSize);

    /// <summary>Whether the mixed product loses its terms with the critic's error.</summary>
    private bool WithoutErrors => !parts.Options.Leading.Hypergradient.ErrorTerms;

    private bool IsBellman => parts.Options.Leading.FollowerLoss == FollowerLoss.Bellman;

    private bool CriticLeads => parts.Options.Leading.Leader == LeaderRole.Critic;

    private int Rows => parts.Batch.Rows;

    /// <summary>How many critics the actor's loss takes the minimum of.</summary>
    private int ActorCritics => parts.Options is SacOptions ? 2 : 1;

    public static TapeProblem<double> Of(ReplayParts parts)
    {
        var twin = new ReplayTwin(parts);
        Player<double> actor = parts.Objectives.Actor, critic = parts.Critics.Player;
        if (twin.CriticLeads)
        {
            return new TapeProblem<double>(critic.Layout, critic.Parameters, actor.Layout, actor.Parameters, (tape, w, theta) => twin.Losses(tape, theta.ToArray(), w.ToArray()));
        }

        bool joint = twin.ActorCritics == parts.Critics.Networks.Count;
        return new TapeProblem<double>(
            actor.Layout,
            actor.Parameters,
            joint ? critic.Layout : parts.Critics.Layout.Parameters,
            joint ? critic.Parameters : parts.Critics.Networks[0].Parameters,
            (tape, theta, w) => twin.Losses(tape, theta.ToArray(), w.ToArray()));
    }

    /// <summary>Σ_k mean (Q_k(s, a) − y)² over all critics at the targets held: what the critics descend.</summary>
    public static TapeProblem<double> Descent(ReplayParts parts)
    {
        var twin = new ReplayTwin(parts);
        Player<double> critic = parts.Critics.Player;
        return new TapeProblem<double>(critic.Layout, critic.Parameters, critic.Layout, critic.Parameters, (tape, w, _) =>
        {
            Variable loss = twin.BatchLoss(tape, w.ToArray(), twin.HeldTargets(tape), parts.Critics.Networks.Count);
            return (loss, loss);
        });
    }

    private BilevelLosses Losses(Tape<double> tape, Variable[] actor, Variable[] critic)
    {
        Variable observations = tape.Leaf(parts.Batch.Observations);
        (Variable action, Variable log) = Act(tape, observations, actor, parts.Objectives.AtObservations.Draws);
        Variable own = tape.Concat(observations, action);
        Variable[] values = [.. Enumerable.Range(0, ActorCritics).Select(k => Q(tape, k, own, critic))];
        Variable actorLoss = tape.Mean(tape.Subtract(tape.Scale(log, parts.Temperature), values.Aggregate(tape.Minimum)));
        Variable criticLoss = IsBellman ? BellmanLoss(tape, actor, critic) : PolicyLoss(tape, values);
        if (CriticLeads)
        {
            if (!IsBellman)
            {
                // by w the loss at the batch's actions, by θ the one at the actor's own
                Variable batch = BatchLoss(tape, critic, HeldTargets(tape), parts.Critics.Networks.Count);
                Variable[] held = [.. critic.Select(tape.StopGradient)];
                Variable policy = PolicyLoss(tape, [.. Enumerable.Range(0, ActorCritics).Select(k => Q(tape, k, own, held))]);
                criticLoss = tape.Add(policy, tape.Subtract(batch, tape.StopGradient(batch)));
            }

            // (2 / BA) JᵀJ of √(A/2) times the actions is their mean JᵀJ over B rows
            return new BilevelLosses(criticLoss, actorLoss) { Residuals = tape.Scale(Stack(tape, [.. Columns(tape, action)]), Math.Sqrt(size / 2.0)) };
        }

        Variable[] fitted = IsBellman ? [.. Enumerable.Range(0, ActorCritics).Select(k => Q(tape, k, tape.Leaf(parts.Batch.Inputs), critic))] : values;
        Variable[] errors = [.. fitted.Select(q => tape.Subtract(q, HeldTargets(tape)))];
        return new BilevelLosses(actorLoss, criticLoss) { Residuals = tape.Scale(Stack(tape, errors), Math.Sqrt(ActorCritics)) };
    }

    /// <summary>Σ_k mean (Q_k(s, a) − y_θ)² with y_θ recorded through the next action of the current actor.</summary>
    private Variable BellmanLoss(Tape<double> tape, Variable[] actor, Variable[] critic)
    {
        Variable next = tape.Leaf(parts.Batch.NextObservations);
        (Variable action, Variable log) = Act(tape, next, actor, parts.Objectives.AtNext.Draws, smoothed: parts.Options is Td3Options);
        Variable input = tape.Concat(next, action);
        Variable smallest = parts.Critics.Networks
            .Select(network => tape.Mlp(parts.Critics.Layout, input, Leaves(tape, network)))
            .Aggregate(tape.Minimum);
        Variable soft = tape.Subtract(smallest, tape.Scale(log, parts.Temperature));
        Variable discount = tape.Constant([.. parts.Batch.Continues.Select(c => parts.Options.Gamma * c)], Rows, 1);
        Variable target = tape.Add(tape.Constant(parts.Batch.Rewards, Rows, 1), tape.Multiply(discount, soft));
        return BatchLoss(tape, critic, target, CriticLeads ? parts.Critics.Networks.Count : ActorCritics);
    }

    private Variable BatchLoss(Tape<double> tape, Variable[] critic, Variable target, int count) => Sum(tape, Enumerable.Range(0, count).Select(
        k => tape.Mean(tape.Square(tape.Subtract(Q(tape, k, tape.Leaf(parts.Batch.Inputs), critic), target)))));

    /// <summary>Σ_k mean (Q_k(s, a_θ(s)) − y)²; without errors less its linearisation, so that only products of first derivatives remain.</summary>
    private Variable PolicyLoss(Tape<double> tape, Variable[] values) => Sum(tape, values.Select(q =>
    {
        Variable error = tape.Subtract(q, HeldTargets(tape));
        Variable loss = tape.Mean(tape.Square(error));
        return WithoutErrors ? tape.Subtract(loss, tape.Scale(tape.Mean(tape.Multiply(tape.StopGradient(error), q)), 2)) : loss;
    }));

    /// <summary>a_θ and log π of it, written out from their definitions.</summary>
    private (Variable Action, Variable Log) Act(Tape<double> tape, Variable observations, Variable[] actor, ReadOnlySpan<double> draws, bool smoothed = false)
    {
        Variable output = tape.Mlp(parts.Policy.Layout, observations, actor);
        if (parts.Options is not SacOptions)
        {
            Variable unit = output;
            if (smoothed)
            {
                var td3 = (Td3Options)parts.Options;
                double[] noise = [.. parts.Objectives.Smoothing!.Draws.ToArray().Select(e => Math.Clamp(td3.TargetNoise * e, -td3.NoiseClip, td3.NoiseClip))];
                unit = tape.Clamp(tape.Add(unit, tape.Constant(noise, Rows, size)), -1, 1);
            }

            return (ToBox(tape, unit), tape.Constant(0, Rows, 1));
        }

        Variable epsilon = tape.Constant(draws, Rows, size);
        Variable mean = tape.SliceColumns(output, 0, size), logStd = tape.Clamp(tape.SliceColumns(output, size, size), -20, 2);
        Variable u = tape.Add(mean, tape.Multiply(epsilon, tape.Exp(logStd)));

        // log(1 − tanh² u) = 2 (log 2 − u − log(1 + e^(−2u)))
        Variable slope = tape.Affine(tape.Add(u, tape.Softplus(tape.Scale(u, -2))), -2, 2 * Math.Log(2));
        Variable gaussian = tape.Affine(tape.Add(tape.Scale(tape.Square(epsilon), 0.5), logStd), -1, -0.5 * Math.Log(2 * Math.PI));
        return (ToBox(tape, tape.Tanh(u)), tape.SumOverColumns(tape.Subtract(gaussian, slope)));
    }

    private Variable ToBox(Tape<double> tape, Variable unit)
    {
        // the box of the actions is [−2, 1] × [−0.5, 1.5]
        Variable half = tape.BroadcastRow(tape.Constant([1.5, 1.0], 1, 2), Rows), centre = tape.BroadcastRow(tape.Constant([-0.5, 0.5], 1, 2), Rows);
        return tape.Add(centre, tape.Multiply(half, unit));
    }

    private Variable Q(Tape<double> tape, int k, Variable input, Variable[] critics)
    {
        int tensors = parts.Critics.Layout.Parameters.Blocks.Count;
        return tape.Mlp(parts.Critics.Layout, input, critics.AsSpan(k * tensors, tensors));
    }

    private Variable HeldTargets(Tape<double> tape) => tape.Constant(parts.Objectives.Targets, Rows, 1);

    private Variable[] Leaves(Tape<double> tape, QNetwork<double> network)
    {
        var leaves = new Variable[parts.Critics.Layout.Parameters.Blocks.Count];
        tape.Leaves(parts.Critics.Layout.Parameters, network.Target, leaves);
        return leaves;
    }

    private IEnumerable<Variable> Columns(Tape<double> tape, Variable matrix) => Enumerable.Range(0, size).Select(j => tape.SliceColumns(matrix, j, 1));

    /// <summary>Columns one below the other.</summary>
    private Variable Stack(Tape<double> tape, Variable[] columns) =>
        Sum(tape, columns.Select((column, i) => tape.PadRows(column, i * Rows, columns.Length * Rows)));

    private Variable Sum(Tape<double> tape, IEnumerable<Variable> terms) => terms.Aggregate(tape.Add);
}
