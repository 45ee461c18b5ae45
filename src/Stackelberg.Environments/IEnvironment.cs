using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>
/// A single-agent environment with Gymnasium's contract. Observations and actions are spans of <see cref="double"/>; a discrete action is
/// its index in a span of length one.
/// </summary>
/// <remarks>
/// <see cref="Step"/> after an episode has ended and before <see cref="Reset"/> throws. An environment does not reset itself. Not thread-safe.
/// Its saved state is complete: after <see cref="IStateful.Load"/> every later observation, reward and flag has the same bits.
/// </remarks>
public interface IEnvironment : IStateful, IDisposable
{
    /// <summary>Id, time limit and reward threshold.</summary>
    EnvironmentSpec Spec { get; }

    /// <summary>What <see cref="Reset"/> and <see cref="Step"/> write.</summary>
    Space ObservationSpace { get; }

    /// <summary>What <see cref="Step"/> accepts.</summary>
    Space ActionSpace { get; }

    /// <summary>Starts an episode.</summary>
    /// <param name="seed">Restarts the environment's random stream from this seed, or null to go on with the present one. An environment that
    /// was never seeded goes on from seed 0: nothing is random by accident.</param>
    /// <param name="observation">Receives the first observation; length <c>ObservationSpace.Size</c>.</param>
    void Reset(ulong? seed, Span<double> observation);

    /// <summary>Takes one step.</summary>
    /// <param name="action">Length <c>ActionSpace.Size</c>. Values outside the space are an error, except that continuous actions may be
    /// documented to be clipped by the dynamics.</param>
    /// <param name="observation">Receives the next observation, the final one included.</param>
    /// <exception cref="EnvironmentException">The action is not finite or not in the space, no episode is running, or the dynamics broke
    /// down. A refused action leaves the episode as it was.</exception>
    StepResult Step(ReadOnlySpan<double> action, Span<double> observation);
}

/// <summary>What one step returned.</summary>
/// <param name="Reward">The reward of this step.</param>
/// <param name="Terminated">The episode ended inside the problem: no future reward exists.</param>
/// <param name="Truncated">The episode was cut from outside, by a time limit: future reward exists and is to be bootstrapped.</param>
public readonly record struct StepResult(double Reward, bool Terminated, bool Truncated)
{
    /// <summary>Whether the episode is over for either reason.</summary>
    public bool Ended => Terminated || Truncated;
}

/// <summary>Registration facts of an environment.</summary>
/// <param name="Id">Gymnasium's id where the dynamics are Gymnasium's.</param>
/// <param name="MaxEpisodeSteps">Steps after which an episode is truncated; null for none.</param>
/// <param name="RewardThreshold">Episode return at which the task counts as solved; null for none.</param>
public sealed record EnvironmentSpec(string Id, int? MaxEpisodeSteps, double? RewardThreshold)
{
    /// <summary>One line on what the task is.</summary>
    public string Description { get; init; } = "";

    /// <summary>Whether every episode starts alike and runs without chance, so that seeds make no difference.</summary>
    public bool Deterministic { get; init; }
}
