using Stackelberg.Agents.Replay;
using Stackelberg.Bilevel;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents;

/// <summary>
/// A learner. It is stepped in iterations; between two iterations its state is complete and can be saved.
/// </summary>
public interface IAlgorithm : IStateful, IDisposable
{
    /// <summary>Environment steps taken in training so far.</summary>
    long Steps { get; }

    /// <summary>Iterations completed so far.</summary>
    long Iterations { get; }

    /// <summary>Where the time went since construction; not part of the saved state.</summary>
    TrainingClock Clock { get; }

    /// <summary>The current policy. It reads the live parameters and has scratch space of its own.</summary>
    IPolicy Policy { get; }

    /// <summary>Total numbers of actor and critic parameters, padding not counted.</summary>
    IReadOnlyList<(string Network, int Parameters)> Networks { get; }

    /// <summary>The memory of the replay buffer when full, or null where there is none.</summary>
    ReplayMemory? ReplayMemory => null;

    /// <summary>Collects and learns once.</summary>
    /// <param name="maximumSteps">Environment steps this iteration may take at most; at least 1.</param>
    /// <param name="sink">Receives episodes, metrics and hypergradient reports.</param>
    /// <exception cref="NumericalException">NaN or infinity arose; the message names where.</exception>
    void Iterate(long maximumSteps, ITrainingSink sink);
}

/// <summary>How a policy picks actions.</summary>
public enum PolicyMode
{
    /// <summary>Draws from the policy's distribution.</summary>
    Stochastic,

    /// <summary>The mode of the distribution.</summary>
    Greedy,
}

/// <summary>Maps observations to actions.</summary>
public interface IPolicy
{
    /// <summary>Picks an action that the environment accepts.</summary>
    /// <param name="observation">Raw, as the environment returned it.</param>
    /// <param name="action">Receives the action.</param>
    /// <param name="random">Used in stochastic mode only.</param>
    void Act(ReadOnlySpan<double> observation, Span<double> action, PolicyMode mode, RandomStream random);
}

/// <summary>What an algorithm is built from.</summary>
/// <param name="Environment">The training environment; the algorithm owns and disposes it.</param>
/// <param name="Random">The root stream of this run; the algorithm splits named streams from it and saves those.</param>
/// <param name="TotalTimesteps">Planned environment steps, for schedules.</param>
/// <param name="Threads">Threads one update may use, at least 1. The result does not depend on it.</param>
public sealed record AlgorithmContext(IEnvironment Environment, RandomStream Random, long TotalTimesteps, int Threads)
{
    /// <summary>A context from what makes the environment and a seed: the first copy is made now, further ones when the learner wants them.</summary>
    /// <param name="makeEnvironment">Makes a new copy at every call.</param>
    /// <param name="seed">Of the root stream: the same seed trains the same learner to the bit.</param>
    /// <param name="totalSteps">Planned environment steps, at least 1; schedules end there, training does not.</param>
    /// <param name="threads">Threads one update may use, at least 1. The result does not depend on it.</param>
    public static AlgorithmContext For(Func<IEnvironment> makeEnvironment, ulong seed, long totalSteps, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(makeEnvironment);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(totalSteps);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        return new(makeEnvironment(), RandomStream.FromSeed(seed), totalSteps, threads) { MakeEnvironment = makeEnvironment };
    }

    /// <summary>Makes further copies of the environment, owned by the algorithm like the first; null where there is only the one.</summary>
    public Func<IEnvironment>? MakeEnvironment { get; init; }

    /// <summary>The linear solvers that the options can name, those of plug-ins included.</summary>
    public SolverCatalogue Solvers { get; init; } = SolverCatalogue.BuiltIn;
}

/// <summary>Seconds spent in the parts of training.</summary>
public sealed class TrainingClock
{
    /// <summary>In the environment's <c>Step</c> and <c>Reset</c>.</summary>
    public double EnvironmentSeconds { get; set; }

    /// <summary>Choosing actions.</summary>
    public double ActSeconds { get; set; }

    /// <summary>In updates, the hypergradient included.</summary>
    public double UpdateSeconds { get; set; }

    /// <summary>The part of <see cref="UpdateSeconds"/> spent on hypergradients.</summary>
    public double HypergradientSeconds { get; set; }

    /// <summary>The part of <see cref="HypergradientSeconds"/> spent on ∂₁f₁ and ∂₂f₁.</summary>
    public double HypergradientGradientSeconds { get; set; }

    /// <summary>The part of <see cref="HypergradientSeconds"/> spent in the linear solver.</summary>
    public double HypergradientSolveSeconds { get; set; }

    /// <summary>The part of <see cref="HypergradientSeconds"/> spent on the mixed product.</summary>
    public double HypergradientMixedSeconds { get; set; }

    /// <summary>Adds the time of one hypergradient.</summary>
    /// <param name="report">With the times of its parts.</param>
    /// <param name="seconds">All of it, any guard included.</param>
    public void Add(in HypergradientReport report, double seconds)
    {
        HypergradientSeconds += seconds;
        HypergradientGradientSeconds += report.GradientSeconds;
        HypergradientSolveSeconds += report.SolveSeconds;
        HypergradientMixedSeconds += report.MixedSeconds;
    }
}

/// <summary>NaN or infinity where a number was needed; the message names the quantity, the iteration and what to try.</summary>
public sealed class NumericalException(string message) : Exception(message);
