using System.Numerics;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Internals;
using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Replay;
using Stackelberg.Bilevel;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Problems;

/// <summary>Takes the leader's total derivative of an off-policy learner with all it comes from.</summary>
internal static class ReplaySnapshot
{
    /// <summary>Draws a batch and differentiates there.</summary>
    /// <remarks>Conjugate gradients are kept orthogonal, so that the number of iterations determines the result.</remarks>
    public static LeaderGradientSnapshot Of<T>(
        Learner<T> learner,
        OffPolicyOptions options,
        ReparameterisedActor<T> policy,
        QCritics<T> critics,
        Replay<T> replay,
        ReplayObjectives<T> objectives,
        Round<T> round)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!LeaderGradientSnapshot.CanBeTaken(options))
        {
            throw new InvalidOperationException(
                "There is no leader with an implicit hypergradient; set leader=actor or leader=critic, and hypergradient.method=implicit.");
        }

        OffPolicyLeaderOptions leading = options.Leading;
        Leader<T> leader = round.Leader!.CopyReorthogonalised();
        T[] last = ((ImplicitHypergradient<T>)leader.Applied).Solution.ToArray();
        replay.Sample();
        round.Problem.Linearise();
        var direct = new T[round.Problem.LeaderDimension];
        var total = new T[round.Problem.LeaderDimension];
        round.Problem.DirectGradient(direct);
        HypergradientReport report = leader.Compute(round.Problem, learner.Steps, total);
        var applied = (ImplicitHypergradient<T>)leader.Applied;
        bool actorLeads = leading.Leader == LeaderRole.Actor;
        List<NamedArray> results =
        [
            OverParameters("direct", direct, actorLeads),
            OverParameters("right_hand_side", applied.RightHandSide, !actorLeads),
            OverParameters("solution", applied.Solution, !actorLeads),
            // the term of a solve of no use was dropped
            OverParameters("implicit", report.Dropped ? new T[direct.Length] : applied.ImplicitTerm, actorLeads),
            OverParameters("total", total, actorLeads),
            PerRow("targets", objectives.Targets),
        ];
        if (leading.Hypergradient.WarmStart && !leader.FellBack && last.Length > 0)
        {
            results.Add(OverParameters("initial_solution", last, !actorLeads));
        }

        return new LeaderGradientSnapshot
        {
            Options = options,
            Leader = leading.Leader,
            FollowerLoss = leading.FollowerLoss,
            UpdateOrder = leading.UpdateOrder,
            FollowerSteps = leading.FollowerSteps,
            Hypergradient = leader.FellBack ? Leader<T>.FallbackOf(leading.Hypergradient) : leading.Hypergradient,
            Guarded = report.Guarded,
            Report = report,
            Steps = learner.Steps,
            Temperature = objectives.Temperature?.Invoke() ?? 0,
            ActionCentre = Widen(policy.Centre),
            ActionHalfRange = Widen(policy.HalfRange),
            ActorLayout = policy.Layout,
            CriticLayout = critics.Layout,
            ActorCritics = objectives.CriticDimension / objectives.NetworkLength,
            Networks = [.. AllNetworks(policy, objectives.Actor, critics)],
            LeaderNetworks = actorLeads ? ["actor"] : CriticNames(critics.Networks.Count),
            FollowerNetworks = actorLeads ? CriticNames(objectives.CriticDimension / objectives.NetworkLength) : ["actor"],
            Batch = [.. BatchArrays(policy, objectives)],
            Terminated = Array.ConvertAll(replay.Batch.Continues, static c => c == T.Zero),
            Results = results,
        };

        NamedArray OverParameters(string name, ReadOnlySpan<T> vector, bool actor)
        {
            ParameterLayout layout = (actor ? policy.Layout : critics.Layout).Parameters;
            var values = new List<double>();
            for (int offset = 0; offset < vector.Length; offset += layout.Length)
            {
                values.AddRange(NetworkState.Flatten(layout, vector.Slice(offset, layout.Length)));
            }

            return new NamedArray(name, [values.Count], [.. values]);
        }
    }

    private static string[] CriticNames(int count) => [.. Enumerable.Range(0, count).Select(CriticName)];

    private static string CriticName(int i) => i == 0 ? "critic" : $"critic{i + 1}";

    private static double[] Widen<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] wide = new double[values.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = double.CreateTruncating(values[i]);
        }

        return wide;
    }

    private static NamedArray PerRow<T>(string name, T[] values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(name, [values.Length], Widen<T>(values));

    private static NamedArray Columns<T>(string name, Matrix<T> matrix, int first, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new List<double>();
        for (int i = 0; i < matrix.Rows; i++)
        {
            values.AddRange(Widen<T>(matrix.Row(i).Slice(first, count)));
        }

        return new NamedArray(name, [matrix.Rows, count], [.. values]);
    }

    private static IEnumerable<NamedArray> BatchArrays<T>(ReparameterisedActor<T> policy, ReplayObjectives<T> objectives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReplayBatch<T> batch = objectives.Batch;
        int size = policy.Layout.Inputs;
        yield return Columns("observations", batch.Observations, 0, size);
        yield return Columns("actions", batch.Inputs, size, policy.ActionSize);
        yield return PerRow("rewards", batch.Rewards);
        yield return Columns("next_observations", batch.NextObservations, 0, size);
        if (objectives.Smoothing is { } smoothing)
        {
            yield return Draws("noise", smoothing.Draws);
        }

        if (objectives.AtObservations.Draws.Length > 0)
        {
            yield return Draws("epsilon", objectives.AtObservations.Draws);
            yield return Draws("next_epsilon", objectives.AtNext.Draws);
        }

        NamedArray Draws(string name, ReadOnlySpan<T> values) => new(name, [batch.Rows, policy.ActionSize], Widen(values));
    }

    private static IEnumerable<(string Name, IReadOnlyList<NamedArray> Tensors)> AllNetworks<T>(ReparameterisedActor<T> policy, Player<T> actor, QCritics<T> critics)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        yield return ("actor", NetworkState.Tensors(policy.Layout.Parameters, actor.Parameters));
        if (actor.HasTarget)
        {
            yield return ("target_actor", NetworkState.Tensors(policy.Layout.Parameters, actor.Target));
        }

        for (int i = 0; i < critics.Networks.Count; i++)
        {
            yield return (CriticName(i), NetworkState.Tensors(critics.Layout.Parameters, critics.Networks[i].Parameters));
            yield return ("target_" + CriticName(i), NetworkState.Tensors(critics.Layout.Parameters, critics.Networks[i].Target));
        }
    }
}
