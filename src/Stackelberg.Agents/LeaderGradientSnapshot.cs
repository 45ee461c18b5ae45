using Stackelberg.Bilevel;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents;

/// <summary>
/// One total derivative of an off-policy leader with all it was computed from, so that it can be computed again elsewhere: parameters, batch, noise,
/// options, and the vectors of D f₁ = ∂₁f₁ − scale · (∂₁₂f₂)x, (∂₂₂f₂ + λI)x = ∂₂f₁.
/// </summary>
/// <remarks>
/// Vectors over parameters are dense: the networks named, one after the other, each layer by layer, its weight as [outputs × inputs] row by row and then
/// its bias.
/// </remarks>
public sealed record LeaderGradientSnapshot
{
    /// <summary>The learner's options, with the leader's in the properties below.</summary>
    public required OffPolicyOptions Options { get; init; }

    /// <summary>Who leads.</summary>
    public required LeaderRole Leader { get; init; }

    /// <summary>How the critic's loss depends on the actor.</summary>
    public required FollowerLoss FollowerLoss { get; init; }

    /// <summary>Who moves first in an update. The derivative is taken before either has moved.</summary>
    public required UpdateOrder UpdateOrder { get; init; }

    /// <summary>The follower's steps per update.</summary>
    public required int FollowerSteps { get; init; }

    /// <summary>How the implicit term was computed; where the guard acted, what it turned to.</summary>
    public required HypergradientOptions Hypergradient { get; init; }

    /// <summary>Whether the guard acted.</summary>
    public required bool Guarded { get; init; }

    /// <summary>What the computation did.</summary>
    public required HypergradientReport Report { get; init; }

    /// <summary>Environment steps so far, which the damping's schedule sees.</summary>
    public required long Steps { get; init; }

    /// <summary>α, the weight of log π in loss and targets; 0 without entropy.</summary>
    public required double Temperature { get; init; }

    /// <summary>Centre of the range of every action.</summary>
    public required double[] ActionCentre { get; init; }

    /// <summary>Half the range of every action.</summary>
    public required double[] ActionHalfRange { get; init; }

    /// <summary>The actor's network.</summary>
    public required MlpLayout ActorLayout { get; init; }

    /// <summary>The network of each critic.</summary>
    public required MlpLayout CriticLayout { get; init; }

    /// <summary>How many critics, from the first, the actor's loss takes the minimum of.</summary>
    public required int ActorCritics { get; init; }

    /// <summary>Every network by name, with its tensors: <c>actor</c>, <c>critic</c>, <c>target_actor</c>, … Methods without a target actor have none.</summary>
    public required IReadOnlyList<(string Name, IReadOnlyList<NamedArray> Tensors)> Networks { get; init; }

    /// <summary>The networks whose parameters are x₁, in the order of its vectors.</summary>
    public required IReadOnlyList<string> LeaderNetworks { get; init; }

    /// <summary>The networks whose parameters are x₂, in the order of its vectors.</summary>
    public required IReadOnlyList<string> FollowerNetworks { get; init; }

    /// <summary>
    /// <c>observations</c>, <c>actions</c>, <c>rewards</c>, <c>next_observations</c>, and standard normal draws where there are any: TD3's <c>noise</c>
    /// on next actions before it is scaled and clipped, a stochastic actor's <c>epsilon</c> at s and <c>next_epsilon</c> at s′.
    /// </summary>
    public required IReadOnlyList<NamedArray> Batch { get; init; }

    /// <summary>Which transitions of the batch terminated.</summary>
    public required bool[] Terminated { get; init; }

    /// <summary>
    /// <c>direct</c> ∂₁f₁, <c>right_hand_side</c> ∂₂f₁, <c>solution</c> x, <c>implicit</c> (∂₁₂f₂)x with the sign of the options in it and before the
    /// bound, <c>total</c> = direct − scale · implicit, <c>targets</c> y, and <c>initial_solution</c> where the solve was started from one.
    /// </summary>
    public required IReadOnlyList<NamedArray> Results { get; init; }

    /// <summary>Whether options are those of an off-policy method whose leader differentiates implicitly.</summary>
    public static bool CanBeTaken(object options) =>
        options is OffPolicyOptions { Leading: { Leader: not LeaderRole.None, Hypergradient.Method: HypergradientMethod.Implicit } };
}

/// <summary>A learner whose leader's derivative can be written out.</summary>
public interface ILeaderSnapshots
{
    /// <summary>
    /// Draws a batch and takes the leader's total derivative there, with both players where they are. Nobody moves; the streams of batch and noise go on.
    /// </summary>
    /// <exception cref="InvalidOperationException">The method has no leader, its hypergradient is not implicit, or the replay buffer is empty.</exception>
    LeaderGradientSnapshot TakeSnapshot();
}
