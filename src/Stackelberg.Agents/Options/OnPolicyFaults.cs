namespace Stackelberg.Agents;

/// <summary>What no range can say of the options of on-policy methods.</summary>
internal static class OnPolicyFaults
{
    /// <summary>The contradictions, with the key first; among them choices of the leader that belong to off-policy methods alone.</summary>
    public static IEnumerable<(string Key, string Message)> Of(LeaderOptions leading, CriticOptions critic)
    {
        if (critic is { Features: CriticFeatures.Fixed, Hidden: [] })
        {
            yield return ("critic.features", "fixed features are the outputs of hidden layers: give some in critic.hidden, or set critic.features=learned, which is linear without them.");
        }

        if (leading.Leader == LeaderRole.None)
        {
            yield break;
        }

        if (leading.Hypergradient.OuterProduct == OuterProduct.OfMeans)
        {
            yield return ("hypergradient.outer_product", "of-means is a choice of off-policy methods: leave this at per-sample here.");
        }

        if (!leading.Hypergradient.ErrorTerms)
        {
            yield return ("hypergradient.error_terms", "there are terms in the critic's error only in off-policy methods: leave this true here.");
        }

        if (leading.Hypergradient.Method == HypergradientMethod.Darts)
        {
            yield return ("hypergradient.method", "darts takes differences of ∂f2 by the leader, and of that only a sampled score exists here, whose weights move with the critic. Use unrolled, which differentiates the same step.");
        }

        foreach ((string Key, string Message) fault in HypergradientFaults.Of(leading))
        {
            yield return fault;
        }
    }
}

/// <summary>What no range can say of PPO's options.</summary>
internal static class PpoFaults
{
    private static readonly PpoOptions Default = new();

    /// <summary>The contradictions, with the key first.</summary>
    public static IEnumerable<(string Key, string Message)> Of(PpoOptions options)
    {
        bool leads = options.Leading.Leader != LeaderRole.None;
        if (leads && options.Advantages != AdvantageTiming.PerMinibatch)
        {
            yield return ("advantages", "a leader differentiates advantages by the critic as it is: set advantages=per-minibatch with leader=actor or critic.");
        }

        if (options.Advantages == AdvantageTiming.PerMinibatch && options.Minibatches != MinibatchKind.PerEnvironment)
        {
            yield return ("minibatches", "advantages=per-minibatch estimates advantages within a minibatch, whose steps must follow each other: set minibatches=per-environment with it.");
        }

        if (leads && !double.IsPositiveInfinity(options.ValueClip))
        {
            yield return ("value_clip", "a leader anticipates the critic's squared error, not the clipped one: set value_clip=infinity with it.");
        }

        foreach ((string Key, string Message) fault in OnPolicyFaults.Of(options.Leading, options.Critic))
        {
            yield return fault;
        }
    }

    /// <summary>Settings that differ from their defaults and that nothing reads, with the key first and who would read it.</summary>
    public static IEnumerable<(string Key, string Message)> UnreadOf(PpoOptions options)
    {
        if (options.Minibatches == MinibatchKind.PerEnvironment && options.MinibatchSize != Default.MinibatchSize)
        {
            yield return ("minibatch_size", "minibatches=per-environment makes one of each copy's rollout_steps.");
        }

        if (!options.NormaliseObservations && options.ObservationClip != Default.ObservationClip)
        {
            yield return ("observation_clip", "it belongs to normalise_observations=true.");
        }

        if (!options.NormaliseRewards && options.RewardClip != Default.RewardClip)
        {
            yield return ("reward_clip", "it belongs to normalise_rewards=true.");
        }

        if (double.IsPositiveInfinity(options.Clip) && options.ClipSchedule != Default.ClipSchedule)
        {
            yield return ("clip_schedule", "there is no range to change while clip is infinity.");
        }

        if (double.IsPositiveInfinity(options.TargetKl) && options.TargetKlStops != KlStop.Update)
        {
            yield return ("target_kl_stops", "nothing stops while target_kl is infinity.");
        }

        if (options.Leading.Leader == LeaderRole.None && options.Response != Default.Response)
        {
            yield return ("response", "nobody leads: set leader=actor or leader=critic to use it.");
        }

        foreach ((string Key, string Message) unread in
            (IEnumerable<(string, string)>)[.. options.Actor.Unread("actor"), .. options.Critic.Unread("critic"), .. HypergradientFaults.UnreadOf(options.Leading)])
        {
            yield return unread;
        }
    }
}
