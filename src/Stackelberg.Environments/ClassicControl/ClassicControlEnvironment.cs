using System.Globalization;
using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>What the classic control tasks share: episodes, random stream, checked actions and saved state around a vector of dynamics.</summary>
/// <remarks>
/// Dynamics are kept in double precision; observations are their values rounded to single, as Gymnasium returns them. The time limit is the
/// wrapper's affair. Actions outside a box are clipped by the tasks themselves; actions that are not finite are refused.
/// </remarks>
public abstract class ClassicControlEnvironment : IEnvironment, IInitialState, IStateColumns, IContinueAfterTermination, IPoseSource
{
    private readonly double[] dynamics;
    private RandomStream random = StreamOf(0);
    private bool running;
    private bool terminated;

    private protected ClassicControlEnvironment(EnvironmentSpec spec, int dynamicsSize, Space observationSpace, Space actionSpace)
    {
        dynamics = new double[dynamicsSize];
        Spec = spec;
        ObservationSpace = observationSpace;
        ActionSpace = actionSpace;
        StateColumns = [.. Enumerable.Range(0, dynamicsSize).Select(i => string.Create(CultureInfo.InvariantCulture, $"state{i}"))];
    }

    /// <inheritdoc/>
    public EnvironmentSpec Spec { get; }

    /// <inheritdoc/>
    public Space ObservationSpace { get; }

    /// <inheritdoc/>
    public Space ActionSpace { get; }

    /// <summary>The physical quantities in full precision, in the order each task documents.</summary>
    public ReadOnlySpan<double> Dynamics => dynamics;

    /// <summary>One part, <c>state</c>: the numbers of <see cref="Dynamics"/>; <c>observation</c> says the same where observations are these numbers.</summary>
    public IReadOnlyList<StatePart> InitialStateParts => [new("state", dynamics.Length) { Synonym = ObservesDynamics ? "observation" : null }];

    /// <summary><c>state0</c> …: the numbers of <see cref="Dynamics"/>.</summary>
    public IReadOnlyList<string> StateColumns { get; }

    /// <summary>Whether an earlier step of the episode terminated it, and it was made to go on.</summary>
    private protected bool BeyondTermination { get; private set; }

    /// <summary>Whether an observation is the dynamics rounded, entry by entry.</summary>
    private protected virtual bool ObservesDynamics => false;

    /// <inheritdoc/>
    public void Reset(ulong? seed, Span<double> observation)
    {
        RequireLength(observation);
        if (seed is ulong value)
        {
            random = StreamOf(value);
        }

        SampleStart(random, dynamics);
        Begin();
        Observe(dynamics, observation);
    }

    /// <summary>Starts an episode from given dynamics instead of sampled ones.</summary>
    /// <param name="start">As many finite numbers as <see cref="Dynamics"/>.</param>
    /// <param name="observation">Receives the first observation.</param>
    /// <exception cref="ArgumentException">The length is wrong, or a number is not finite.</exception>
    public void ResetTo(ReadOnlySpan<double> start, Span<double> observation)
    {
        RequireLength(observation);
        if (start.Length != dynamics.Length || !AllFinite(start))
        {
            throw new ArgumentException(
                $"{Spec.Id} starts from {dynamics.Length} finite numbers; got [{string.Join(", ", start.ToArray())}].", nameof(start));
        }

        start.CopyTo(dynamics);
        Begin();
        Observe(dynamics, observation);
    }

    /// <inheritdoc/>
    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        RequireLength(observation);
        if (!running)
        {
            throw EnvironmentException.NoEpisodeRunning(Spec.Id);
        }

        bool accepted = ActionSpace is DiscreteSpace ? ActionSpace.Contains(action) : action.Length == ActionSpace.Size && AllFinite(action);
        if (!accepted)
        {
            throw EnvironmentException.InvalidAction(Spec.Id, ActionSpace, action);
        }

        (double reward, terminated) = Advance(dynamics, action, random);
        running = !terminated;
        RequireFinite();
        Observe(dynamics, observation);
        return new StepResult(reward, terminated, false);
    }

    /// <summary>The task's own view; a pose is <see cref="Dynamics"/>.</summary>
    public abstract SceneDescription Scene { get; }

    /// <inheritdoc/>
    public void WritePose(Span<double> pose) => dynamics.CopyTo(pose);

    /// <inheritdoc/>
    public void WriteState(Span<double> values) => dynamics.CopyTo(values);

    /// <inheritdoc/>
    public void ContinueAfterTermination()
    {
        if (!terminated)
        {
            throw new EnvironmentException($"{Spec.Id}: there is no terminated episode to go on with. Call it after a step that reported termination.");
        }

        terminated = false;
        BeyondTermination = true;
        running = true;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.WriteArray("dynamics", dynamics);
        writer.Write("running", running);
        writer.Write("terminated", terminated);
        writer.Write("beyond_termination", BeyondTermination);
        writer.Write("random", random);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        reader.ReadArray("dynamics", dynamics);
        running = reader.ReadBoolean("running");
        terminated = reader.ReadBoolean("terminated");
        BeyondTermination = reader.ReadBoolean("beyond_termination");
        reader.Read("random", random);
    }

    /// <inheritdoc/>
    public void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Draws the dynamics an episode starts from.</summary>
    private protected abstract void SampleStart(RandomStream random, Span<double> dynamics);

    /// <summary>Advances the dynamics by one step with an action that was found valid.</summary>
    private protected abstract (double Reward, bool Terminated) Advance(
        Span<double> dynamics, ReadOnlySpan<double> action, RandomStream random);

    /// <summary>Writes the observation of the dynamics, rounded to single precision.</summary>
    private protected abstract void Observe(ReadOnlySpan<double> dynamics, Span<double> observation);

    private protected static void RequireInterval(double low, double high)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high) || low > high)
        {
            throw new ArgumentException($"Reset bounds {low} and {high} are not a finite interval; give ResetLow <= ResetHigh.");
        }
    }

    private void Begin()
    {
        running = true;
        terminated = false;
        BeyondTermination = false;
    }

    private static bool AllFinite(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    // Cannot happen from a sampled start; a start chosen by the caller may be anything.
    private void RequireFinite()
    {
        if (!AllFinite(dynamics))
        {
            running = false;
            terminated = false;
            throw new EnvironmentException(
                $"{Spec.Id}: the dynamics diverged to [{string.Join(", ", dynamics)}]. The step's outcome is void; call Reset to start a new episode.");
        }
    }

    private static RandomStream StreamOf(ulong seed) => RandomStream.FromSeed(seed).Split("environment");

    private void RequireLength(Span<double> observation)
    {
        if (observation.Length != ObservationSpace.Size)
        {
            throw EnvironmentException.WrongObservationLength(Spec.Id, ObservationSpace, observation.Length);
        }
    }
}
