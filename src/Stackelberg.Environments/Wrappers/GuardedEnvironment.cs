using Stackelberg.Environments.Internals;
using Stackelberg.Primitives;
using Stackelberg.Primitives.Internals;

namespace Stackelberg.Environments.Wrappers;

/// <summary>
/// An environment whose author may have made mistakes: whatever it throws becomes an <see cref="EnvironmentException"/> that names environment and call, and
/// numbers that single precision cannot hold, or spaces that change, stop it before anybody learns from them.
/// </summary>
/// <remarks>
/// <see cref="EnvironmentCatalogue.Make"/> puts one around the bare dynamics. It leaves no trace in saved state: what was saved without it loads with it.
/// </remarks>
public sealed class GuardedEnvironment : EnvironmentWrapper
{
    private readonly CallGuard guard;
    private readonly EnvironmentSpec spec;
    private readonly SpaceWatch observations, actions;

    /// <summary>Guards an environment, whose facts and spaces are read once, now.</summary>
    /// <exception cref="EnvironmentException">They cannot be read, or the actions are bounded more widely than single precision holds.</exception>
    public GuardedEnvironment(IEnvironment inner)
        : base(inner)
    {
        spec = Facts("", "Spec", () => inner.Spec);
        guard = new CallGuard(spec.Id);
        observations = new SpaceWatch(spec.Id, "observation", Facts(spec.Id, nameof(ObservationSpace), () => inner.ObservationSpace));
        actions = new SpaceWatch(spec.Id, "action", Facts(spec.Id, nameof(ActionSpace), () => inner.ActionSpace));
        if (SinglePrecision.FaultOf(actions.Space) is { } fault)
        {
            throw new EnvironmentException($"{spec.Id}: {fault}");
        }
    }

    /// <inheritdoc/>
    public override EnvironmentSpec Spec => spec;

    /// <inheritdoc/>
    public override Space ObservationSpace => observations.Space;

    /// <inheritdoc/>
    public override Space ActionSpace => actions.Space;

    internal CallGuard Guard => guard;

    /// <inheritdoc/>
    public override void Reset(ulong? seed, Span<double> observation)
    {
        try
        {
            RequireSpaces();
            Inner.Reset(seed, observation);
            RequireSpaces();
        }
        catch (Exception e) when (guard.IsForeign(e))
        {
            throw guard.Failed(nameof(Reset), e);
        }

        guard.Begin(observation);
    }

    /// <inheritdoc/>
    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        StepResult result;
        try
        {
            result = Inner.Step(action, observation);
        }
        catch (Exception e) when (guard.IsForeign(e))
        {
            throw guard.Failed(guard.NextStep, e);
        }

        double reward = result.Reward;
        guard.Advance(observation, new ReadOnlySpan<double>(in reward));
        return result;
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        StorageFault storage = new();
        try
        {
            Inner.Save(new WatchedWriter(writer, storage));
        }
        catch (Exception e) when (e != storage.Cause && guard.IsForeign(e))
        {
            throw guard.Failed(nameof(Save), e);
        }
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        StorageFault storage = new();
        try
        {
            Inner.Load(new WatchedReader(reader, storage));
        }
        catch (Exception e) when (e != storage.Cause && e is not StateException && guard.IsForeign(e))
        {
            throw guard.Failed(nameof(Load), e);
        }

        guard.Resume();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        try
        {
            base.Dispose();
        }
        catch (Exception) when (guard.HasFailed)
        {
            // the fault before this one is told already
        }
        catch (Exception e) when (guard.IsForeign(e))
        {
            throw guard.Failed(nameof(Dispose), e);
        }
    }

    private static TFact Facts<TFact>(string id, string name, Func<TFact?> read)
        where TFact : class
    {
        try
        {
            return read() ?? throw new InvalidOperationException("it is null");
        }
        catch (Exception e) when (e is not EnvironmentException)
        {
            throw EnvironmentException.Failed(id.Length > 0 ? id : "The environment", name, e);
        }
    }

    private void RequireSpaces()
    {
        observations.Require(Inner.ObservationSpace);
        actions.Require(Inner.ActionSpace);
    }
}
