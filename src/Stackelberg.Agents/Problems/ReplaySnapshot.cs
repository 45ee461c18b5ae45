using System.Numerics;
using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Internals;
using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Replay;
using static Stackelberg.Agents.Problems.SnapshotArrays;

namespace Stackelberg.Agents.Problems;

/// <summary>Takes the leader's total derivative of an off-policy learner with all it comes from.</summary>
internal static class ReplaySnapshot
{
    /// <summary>Draws a batch and differentiates there.</summary>
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
        OffPolicyLeaderOptions leading = options.Leading;
        LeaderGradientSnapshot.Require(leading);
        replay.Sample();
        var derived = DerivedVectors.Of(round, leading, learner.Steps, policy.Layout, critics.Layout);
        bool actorLeads = leading.Leader == LeaderRole.Actor;
        return new LeaderGradientSnapshot
        {
            Leader = leading.Leader,
            Hypergradient = derived.Hypergradient,
            Report = derived.Report,
            Steps = learner.Steps,
            Objectives = [.. Settings(options, policy, objectives)],
            Game =
            [
                new("follower_loss", leading.FollowerLoss),
                new("update_order", leading.UpdateOrder),
                new("follower_steps", leading.FollowerSteps),
            ],
            ActorLayout = policy.Layout,
            CriticLayout = critics.Layout,
            Networks = [.. AllNetworks(policy, objectives.Actor, critics)],
            LeaderNetworks = actorLeads ? ["actor"] : CriticNames(critics.Networks.Count),
            FollowerNetworks = actorLeads ? CriticNames(ActorCritics(objectives)) : ["actor"],
            Batch = [.. BatchArrays(policy, objectives)],
            Flags = [("terminated", Array.ConvertAll(replay.Batch.Continues, static c => c == T.Zero))],
            Results = [.. derived.Vectors, PerRow<T>("targets", objectives.Targets), .. derived.Start],
        };
    }

    private static IEnumerable<NamedSetting> Settings<T>(OffPolicyOptions options, ReparameterisedActor<T> policy, ReplayObjectives<T> objectives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        yield return new("base", options switch { SacOptions => "sac", Td3Options => "td3", _ => "ddpg" });
        yield return new("gamma", options.Gamma);
        // the weight of log π in loss and targets; 0 without entropy
        yield return new("alpha", objectives.Temperature?.Invoke() ?? 0);
        yield return new("target_policy", options.TargetPolicy);
        if (options is Td3Options td3)
        {
            yield return new("target_noise", td3.TargetNoise);
            yield return new("noise_clip", td3.NoiseClip);
        }

        if (options is SacOptions sac)
        {
            yield return new("entropy_units", sac.EntropyUnits);
            yield return new("log_std_range", new double[] { SquashedGaussianActor<double>.MinimumLogStd, SquashedGaussianActor<double>.MaximumLogStd });
        }

        yield return new("actor_critics", ActorCritics(objectives));
        yield return new("batch_size", options.BatchSize);
        yield return new("action_centre", Widen<T>(policy.Centre));
        yield return new("action_half_range", Widen<T>(policy.HalfRange));
    }

    /// <summary>How many critics, from the first, the actor's loss takes the minimum of.</summary>
    private static int ActorCritics<T>(ReplayObjectives<T> objectives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => objectives.CriticDimension / objectives.NetworkLength;

    private static string[] CriticNames(int count) => [.. Enumerable.Range(0, count).Select(CriticName)];

    private static string CriticName(int i) => i == 0 ? "critic" : $"critic{i + 1}";

    private static IEnumerable<NamedArray> BatchArrays<T>(ReparameterisedActor<T> policy, ReplayObjectives<T> objectives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReplayBatch<T> batch = objectives.Batch;
        int size = policy.Layout.Inputs;
        yield return Columns("observations", batch.Observations, batch.Rows, 0, size);
        yield return Columns("actions", batch.Inputs, batch.Rows, size, policy.ActionSize);
        yield return PerRow<T>("rewards", batch.Rewards);
        yield return Columns("next_observations", batch.NextObservations, batch.Rows, 0, size);
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
