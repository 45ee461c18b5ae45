using Stackelberg.Agents.Algorithms;
using Stackelberg.Bilevel;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents;

/// <summary>
/// One total derivative of a leader with all it was computed from, so that it can be computed again elsewhere: parameters, batch, noise, settings, and the
/// vectors of D f₁ = ∂₁f₁ − scale · (∂₁₂f₂)x, (∂₂₂f₂ + λI)x = ∂₂f₁.
/// </summary>
/// <remarks>
/// The same record for every method: what a method has of its own are names of arrays and settings, described in docs/algorithms/export.md. Vectors over
/// parameters are dense: the networks named, one after the other, each layer by layer, its weight as [outputs × inputs] row by row and then its bias,
/// and behind the layers what else the network has, such as a Gaussian actor's log σ.
/// </remarks>
public sealed record LeaderGradientSnapshot
{
    /// <summary>Who leads.</summary>
    public required LeaderRole Leader { get; init; }

    /// <summary>How the implicit term was computed; where the guard acted, what it turned to.</summary>
    public required HypergradientOptions Hypergradient { get; init; }

    /// <summary>What the computation did.</summary>
    public required HypergradientReport Report { get; init; }

    /// <summary>Whether the guard acted.</summary>
    public bool Guarded => Report.Guarded;

    /// <summary>Environment steps so far, those of a rollout collected for the derivative included: what schedules see.</summary>
    public required long Steps { get; init; }

    /// <summary>What defines f₁ and f₂ on the batch; the first names the base method.</summary>
    public required IReadOnlyList<NamedSetting> Objectives { get; init; }

    /// <summary>Who moves when, and at which point the derivative was taken.</summary>
    public required IReadOnlyList<NamedSetting> Game { get; init; }

    /// <summary>The actor's network.</summary>
    public required MlpLayout ActorLayout { get; init; }

    /// <summary>The network of each critic.</summary>
    public required MlpLayout CriticLayout { get; init; }

    /// <summary>Every network by name, with its tensors: <c>actor</c>, <c>critic</c>, <c>target_actor</c>, … Methods without a target actor have none.</summary>
    public required IReadOnlyList<(string Name, IReadOnlyList<NamedArray> Tensors)> Networks { get; init; }

    /// <summary>The networks whose parameters are x₁, in the order of its vectors.</summary>
    public required IReadOnlyList<string> LeaderNetworks { get; init; }

    /// <summary>The networks whose parameters are x₂, in the order of its vectors.</summary>
    public required IReadOnlyList<string> FollowerNetworks { get; init; }

    /// <summary>The batch, its draws of noise included, as the objectives read it.</summary>
    public required IReadOnlyList<NamedArray> Batch { get; init; }

    /// <summary>Truth values that belong to the batch, such as which transitions terminated.</summary>
    public required IReadOnlyList<(string Name, bool[] Values)> Flags { get; init; }

    /// <summary>Whole numbers that belong to the batch, such as the rows where trajectories start.</summary>
    public IReadOnlyList<(string Name, long[] Values)> Indices { get; init; } = [];

    /// <summary>
    /// <c>direct</c> ∂₁f₁, <c>right_hand_side</c> ∂₂f₁, <c>solution</c> x, <c>implicit</c> (∂₁₂f₂)x with the sign of the options in it and before the
    /// bound, <c>total</c> = direct − scale · implicit, the <c>targets</c> of a replayed batch, and <c>initial_solution</c> where the solve was started
    /// from one.
    /// </summary>
    public required IReadOnlyList<NamedArray> Results { get; init; }

    /// <summary>The leader's part of a method's options; null where the method is none of this library's that can have a leader.</summary>
    public static LeaderOptions? LeadingOf(object options) => options switch
    {
        OffPolicyOptions o => o.Leading,
        AcOptions o => o.Leading,
        PpoOptions o => o.Leading,
        _ => null,
    };

    /// <summary>Whether options are those of a method whose leader differentiates implicitly.</summary>
    public static bool CanBeTaken(object options) => IsImplicit(LeadingOf(options));

    /// <summary>The same options with networks and updates in double precision; those of other methods as they are.</summary>
    public static object InDouble(object options) => options switch
    {
        OffPolicyOptions o => o with { Precision = Precision.Double },
        AcOptions o => o with { Precision = Precision.Double },
        PpoOptions o => o with { Precision = Precision.Double },
        _ => options,
    };

    /// <summary>Refuses leaders whose derivative cannot be taken apart.</summary>
    /// <exception cref="InvalidOperationException">There is no leader, or its hypergradient is not implicit.</exception>
    internal static void Require(LeaderOptions leading)
    {
        if (!IsImplicit(leading))
        {
            throw new InvalidOperationException(
                "There is no leader with an implicit hypergradient; set leader=actor or leader=critic, and hypergradient.method=implicit.");
        }
    }

    private static bool IsImplicit(LeaderOptions? leading) =>
        leading is { Leader: not LeaderRole.None, Hypergradient.Method: HypergradientMethod.Implicit };
}

/// <summary>A learner whose leader's derivative can be written out.</summary>
public interface ILeaderSnapshots
{
    /// <summary>
    /// Draws a batch, or collects a rollout, and takes the leader's total derivative there, at the point where the method takes it or before anybody has
    /// moved; <see cref="LeaderGradientSnapshot.Game"/> tells. Streams and environments go on: the learner is not to be trained afterwards.
    /// </summary>
    /// <exception cref="InvalidOperationException">The method has no leader, its hypergradient is not implicit, the replay buffer is empty, or PPO's clip range
    /// has come to 0.</exception>
    LeaderGradientSnapshot TakeSnapshot();
}
