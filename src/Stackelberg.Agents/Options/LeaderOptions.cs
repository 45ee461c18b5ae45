namespace Stackelberg.Agents;

/// <summary>Who anticipates whom.</summary>
public enum LeaderRole
{
    /// <summary>Nobody: both take their own gradient.</summary>
    None,

    /// <summary>The actor anticipates the critic's response.</summary>
    Actor,

    /// <summary>The critic anticipates the actor's response.</summary>
    Critic,
}

/// <summary>In what way the critic's loss depends on the actor.</summary>
public enum FollowerLoss
{
    /// <summary>
    /// L(θ, w) = mean (Q_w(s, a) − y_θ)² at the batch's actions, where y bootstraps at the current actor's next action: the released ST-DDPG and ST-SAC.
    /// </summary>
    Bellman,

    /// <summary>
    /// L(θ, w) = mean (Q_w(s, a_θ(s)) − y)² at the actor's own actions, with y held fixed: what the FSDDPG paper differentiates (section 3). The critic
    /// itself still descends the loss at the batch's actions.
    /// </summary>
    Policy,
}

/// <summary>Which of the two players moves first in an update.</summary>
public enum UpdateOrder
{
    /// <summary>Both gradients are taken at the old point, then both move (ST-DDPG).</summary>
    Simultaneous,

    /// <summary>The critic moves, then the actor looks at the new critic (DDPG, TD3, SAC, FSDDPG's algorithm 1).</summary>
    CriticFirst,
}

/// <summary>What makes a method a Stackelberg one: who leads, and how the leader differentiates the follower's response.</summary>
public record LeaderOptions
{
    /// <summary>Who leads.</summary>
    [Option("Who leads: the actor anticipates the critic's response, the critic the actor's, or nobody (the base alone).")]
    public LeaderRole Leader { get; init; } = LeaderRole.None;

    /// <summary>Hypergradient.</summary>
    public HypergradientOptions Hypergradient { get; init; } = new();
}

/// <summary>What further choices there are where both players move in every update.</summary>
public sealed record OffPolicyLeaderOptions : LeaderOptions
{
    /// <summary>No guard, as in the released ST-DDPG.</summary>
    public OffPolicyLeaderOptions() => Hypergradient = new() { Guard = false };

    /// <summary>How the critic's loss depends on the actor.</summary>
    [Option("How the critic's loss depends on the actor: through the next action of its target (bellman) or the actor's own action (policy).")]
    public FollowerLoss FollowerLoss { get; init; } = FollowerLoss.Policy;

    /// <summary>Who moves first.</summary>
    [Option("Whether both take their gradients at the old point, or the critic moves first.")]
    public UpdateOrder UpdateOrder { get; init; } = UpdateOrder.CriticFirst;

    /// <summary>The follower's steps.</summary>
    [Option("Steps of the follower per update, on the same batch.", Minimum = 1, Maximum = 1000)]
    public int FollowerSteps { get; init; } = 1;
}
