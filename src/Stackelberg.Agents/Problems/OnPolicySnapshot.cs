using System.Numerics;
using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Internals;
using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Tensors;
using static Stackelberg.Agents.Problems.SnapshotArrays;

namespace Stackelberg.Agents.Problems;

/// <summary>Takes the leader's total derivative of an on-policy learner, on a rollout it has just collected, with all it comes from.</summary>
internal static class OnPolicySnapshot
{
    /// <summary>AC's, on the whole rollout: there the method takes it too.</summary>
    /// <param name="ends">How the rollout's trajectories ended.</param>
    public static LeaderGradientSnapshot Of<T>(
        ActorCritic<T> learner, AcOptions options, StochasticActor<T> policy, Critic<T> values, RolloutObjectives<T> objectives, RecordedEnds<T> ends)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Rollout<T> rollout = learner.Rollout;
        var derived = DerivedVectors.Of(learner.Round, options.Leading, learner.Steps, policy.Layout, values.Layout);
        double[] logs = new double[rollout.Count];
        policy.LogProbabilities(rollout.Actions, logs);
        bool isOfficial = options.Form == ActorCriticForm.Official;
        var endValues = new double[rollout.Trajectories.Length];
        for (int i = 0; i < endValues.Length; i++)
        {
            endValues[i] = rollout.Trajectories[i].Bootstrap;
        }

        return Snapshot(options.Leading, derived, learner.Steps, learner.Round, policy, values, objectives.Actor, objectives.Critic) with
        {
            Objectives =
            [
                new("base", "ac"),
                new("form", options.Form),
                new("gamma", options.Gamma),
                new("gae_lambda", options.GaeLambda),
                new("time_limit", options.TimeLimit),
                new("normalise_advantages", isOfficial),
                .. isOfficial ? [new("advantage_scale", objectives.AdvantageScale)] : Array.Empty<NamedSetting>(),
                .. PolicySettings(policy, values, rollout.Count),
            ],
            Game = [.. Game(learner.Round)],
            Batch =
            [
                Columns("observations", rollout.Observations, rollout.Count, 0, policy.Layout.Inputs),
                Columns("actions", rollout.Actions, rollout.Count, 0, policy.ActionSize),
                First("rewards", rollout.Rewards, rollout.Count),
                First("log_probabilities", logs, rollout.Count),
                First("values", rollout.Values, rollout.Count),
                .. isOfficial ? [First("advantages", rollout.Advantages, rollout.Count)] : Array.Empty<NamedArray>(),
                First("targets", rollout.Returns, rollout.Count),
                Rows("end_observations", ends.Observations, policy.Layout.Inputs),
                .. values.TakesActions ? [Rows("end_actions", ends.Actions, policy.ActionSize)] : Array.Empty<NamedArray>(),
                First("end_values", endValues, endValues.Length),
            ],
            Flags = [("terminated", ends.Terminated), ("truncated", ends.Truncated), ("goes_on", ends.GoesOn)],
            Indices = [.. Places(rollout.Trajectories)],
        };
    }

    /// <summary>PPO's, on the minibatch that was loaded last.</summary>
    /// <param name="collecting">w of the critic that collected; null where the critic has not moved since.</param>
    /// <param name="ends">How the rollout's trajectories ended.</param>
    /// <param name="start">Row of the rollout at which the minibatch begins.</param>
    /// <param name="normalisers">Settings of the normalisers there are.</param>
    public static LeaderGradientSnapshot Of<T>(
        Ppo<T> learner,
        PpoOptions options,
        StochasticActor<T> policy,
        Critic<T> values,
        FlatVector<T>? collecting,
        SurrogateObjectives<T> objectives,
        Minibatch<T> batch,
        RecordedEnds<T> ends,
        int start,
        IEnumerable<NamedSetting> normalisers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var derived = DerivedVectors.Of(learner.Round, options.Leading, learner.Steps, policy.Layout, values.Layout);
        // the minibatch holds trajectories one after the other, as the rollout does
        int first = 0;
        while (learner.Rollout.Trajectories[first].Start < start)
        {
            first++;
        }

        Range own = first..(first + batch.Trajectories.Length);
        var endObservations = new double[batch.Trajectories.Length][];
        for (int i = 0; i < endObservations.Length; i++)
        {
            int row = learner.Rollout.Trajectories[first + i].EndRow;
            endObservations[i] = row < 0 ? new double[policy.Layout.Inputs] : Widen<T>(learner.Rollout.EndObservations.Row(row));
        }

        LeaderGradientSnapshot snapshot = Snapshot(options.Leading, derived, learner.Steps, learner.Round, policy, values, objectives.Actor, objectives.Critic);
        return snapshot with
        {
            Objectives =
            [
                new("base", "ppo"),
                new("gamma", options.Gamma),
                new("gae_lambda", options.GaeLambda),
                new("time_limit", options.TimeLimit),
                new("clip", objectives.Clip),
                new("entropy_coefficient", options.EntropyCoefficient),
                new("value_coefficient", options.ValueCoefficient),
                new("normalise_advantages", options.NormaliseAdvantages),
                new("advantage_scale", objectives.AdvantageScale),
                new("response", new List<NamedSetting>
                {
                    new("form", options.Response.Form),
                    new("reduction", options.Response.Reduction),
                    new("clip", options.Response.Clip),
                    new("sign", options.Response.Sign),
                    new("weights", options.Response.Weights),
                    new("critic_objective", options.Response.CriticObjective),
                }),
                .. normalisers,
                .. PolicySettings(policy, values, batch.Count),
            ],
            Game = [new("update_order", options.UpdateOrder), .. Game(learner.Round)],
            Networks =
            [
                .. snapshot.Networks,
                .. collecting is null ? [] : Network("collecting_critic", values.Layout.Parameters, collecting),
            ],
            Batch =
            [
                Columns("observations", batch.Observations, batch.Count, 0, policy.Layout.Inputs),
                Columns("actions", batch.Actions, batch.Count, 0, policy.ActionSize),
                First("rewards", batch.Rewards, batch.Count),
                First("log_probabilities", batch.LogProbabilities, batch.Count),
                First("values", batch.Values, batch.Count),
                PerRow("advantages", objectives.Advantages),
                PerRow<T>("targets", batch.Targets.AsSpan(0, batch.Count)),
                Rows("end_observations", endObservations, policy.Layout.Inputs),
            ],
            Flags = [("terminated", ends.Terminated[own]), ("truncated", ends.Truncated[own]), ("goes_on", ends.GoesOn[own])],
            Indices = [.. Places(batch.Trajectories)],
        };
    }

    /// <summary>What snapshots of both have in common; batch and settings are still missing.</summary>
    private static LeaderGradientSnapshot Snapshot<T>(
        LeaderOptions leading, DerivedVectors derived, long steps, Round<T> round, StochasticActor<T> policy, Critic<T> values, Player<T> actor, Player<T> critic)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool actorLeads = leading.Leader == LeaderRole.Actor;
        return new LeaderGradientSnapshot
        {
            Leader = leading.Leader,
            Hypergradient = derived.Hypergradient,
            Report = derived.Report,
            Steps = steps,
            Objectives = [],
            Game = [],
            ActorLayout = policy.Layout,
            CriticLayout = values.Layout,
            Networks =
            [
                .. Network("actor", policy.Layout.Parameters, actor.Parameters),
                .. Network("critic", values.Layout.Parameters, critic.Parameters),
                .. values.FixedLayers is var (layout, parameters) ? Network("critic_features", layout.Parameters, parameters) : [],
            ],
            LeaderNetworks = [actorLeads ? "actor" : "critic"],
            FollowerNetworks = [actorLeads ? "critic" : "actor"],
            Batch = [],
            Flags = [],
            Results = [.. derived.Vectors, .. derived.Start],
        };
    }

    private static IEnumerable<NamedSetting> PolicySettings<T>(StochasticActor<T> policy, Critic<T> values, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        yield return new("policy", policy is CategoricalActor<T> ? "categorical" : "gaussian");
        if (values.FixedLayers is var (layout, _))
        {
            yield return new("critic_features", new List<NamedSetting>
            {
                new("widths", Array.ConvertAll(layout.Widths, static w => (double)w)),
                new("hidden_activation", layout.HiddenActivation),
                new("output_activation", layout.OutputActivation),
            });
        }

        yield return new("batch_size", rows);
    }

    private static IEnumerable<NamedSetting> Game<T>(Round<T> round)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        yield return new("play_order", round.Order);
        yield return new("leader_steps", round.LeaderSteps);
        yield return new("follower_steps", round.FollowerSteps);
        yield return new("point", round.Order == PlayOrder.FollowerFirst ? "after-followers-steps" : "before-any-step");
    }

    private static IEnumerable<(string Name, long[] Values)> Places(ReadOnlySpan<Trajectory> trajectories)
    {
        long[] starts = new long[trajectories.Length], lengths = new long[trajectories.Length];
        for (int i = 0; i < starts.Length; i++)
        {
            (starts[i], lengths[i]) = (trajectories[i].Start, trajectories[i].Length);
        }

        return [("starts", starts), ("lengths", lengths)];
    }

    private static (string Name, IReadOnlyList<NamedArray> Tensors)[] Network<T>(string name, ParameterLayout layout, FlatVector<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [(name, NetworkState.Tensors(layout, parameters))];

    private static NamedArray First(string name, double[] values, int count) => new(name, [count], values[..count]);

    private static NamedArray Rows(string name, IReadOnlyList<double[]> rows, int width) => new(name, [rows.Count, width], [.. rows.SelectMany(static r => r)]);
}
