namespace Stackelberg.Agents.Algorithms;

/// <summary>DDPG with a leader.</summary>
public record StackelbergDdpgOptions : DdpgOptions, IStackelbergOptions
{
    /// <summary>Who leads.</summary>
    [Option("Who leads: the actor anticipates the critic's response, the critic the actor's, or nobody (the base alone).")]
    public Leader Leader { get; init; } = Leader.Actor;

    /// <summary>How the critic's loss depends on the actor.</summary>
    [Option("How the critic's loss depends on the actor: through the next action of its target (bellman) or the actor's own action (policy).")]
    public FollowerLoss FollowerLoss { get; init; } = FollowerLoss.Policy;

    /// <summary>Who moves first.</summary>
    [Option("Whether both take their gradients at the old point, or the critic moves first.")]
    public UpdateOrder UpdateOrder { get; init; } = UpdateOrder.CriticFirst;

    /// <summary>The follower's steps.</summary>
    [Option("Steps of the follower per update, on the same batch.", Minimum = 1, Maximum = 1000)]
    public int FollowerSteps { get; init; } = 1;

    /// <summary>Hypergradient.</summary>
    public OffPolicyHypergradientOptions Hypergradient { get; init; } = new();
}

/// <summary>TD3 with a leader.</summary>
public record StackelbergTd3Options : Td3Options, IStackelbergOptions
{
    /// <inheritdoc cref="StackelbergDdpgOptions.Leader"/>
    [Option("Who leads: the actor anticipates the critic's response, the critic the actor's, or nobody (the base alone).")]
    public Leader Leader { get; init; } = Leader.Actor;

    /// <inheritdoc cref="StackelbergDdpgOptions.FollowerLoss"/>
    [Option("How the critic's loss depends on the actor: through the next action of its target (bellman) or the actor's own action (policy).")]
    public FollowerLoss FollowerLoss { get; init; } = FollowerLoss.Policy;

    /// <inheritdoc cref="StackelbergDdpgOptions.UpdateOrder"/>
    [Option("Whether both take their gradients at the old point, or the critic moves first.")]
    public UpdateOrder UpdateOrder { get; init; } = UpdateOrder.CriticFirst;

    /// <inheritdoc cref="StackelbergDdpgOptions.FollowerSteps"/>
    [Option("Steps of the follower per update, on the same batch.", Minimum = 1, Maximum = 1000)]
    public int FollowerSteps { get; init; } = 1;

    /// <inheritdoc cref="StackelbergDdpgOptions.Hypergradient"/>
    public OffPolicyHypergradientOptions Hypergradient { get; init; } = new();
}

/// <summary>SAC with a leader.</summary>
public record StackelbergSacOptions : SacOptions, IStackelbergOptions
{
    /// <inheritdoc cref="StackelbergDdpgOptions.Leader"/>
    [Option("Who leads: the actor anticipates the critic's response, the critic the actor's, or nobody (the base alone).")]
    public Leader Leader { get; init; } = Leader.Actor;

    /// <inheritdoc cref="StackelbergDdpgOptions.FollowerLoss"/>
    [Option("How the critic's loss depends on the actor: through the next action of its target (bellman) or the actor's own action (policy).")]
    public FollowerLoss FollowerLoss { get; init; } = FollowerLoss.Bellman;

    /// <inheritdoc cref="StackelbergDdpgOptions.UpdateOrder"/>
    [Option("Whether both take their gradients at the old point, or the critic moves first.")]
    public UpdateOrder UpdateOrder { get; init; } = UpdateOrder.Simultaneous;

    /// <inheritdoc cref="StackelbergDdpgOptions.FollowerSteps"/>
    [Option("Steps of the follower per update, on the same batch.", Minimum = 1, Maximum = 1000)]
    public int FollowerSteps { get; init; } = 1;

    /// <inheritdoc cref="StackelbergDdpgOptions.Hypergradient"/>
    public OffPolicyHypergradientOptions Hypergradient { get; init; } = new() { Iterations = 10, Tolerance = 0 };
}
