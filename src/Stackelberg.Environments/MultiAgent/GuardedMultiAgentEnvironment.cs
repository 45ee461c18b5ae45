using Stackelberg.Environments.Internals;
using Stackelberg.Primitives;
using Stackelberg.Primitives.Internals;

namespace Stackelberg.Environments;

/// <summary>The counterpart of <see cref="Wrappers.GuardedEnvironment"/> for environments of several agents.</summary>
public sealed class GuardedMultiAgentEnvironment : IMultiAgentEnvironment
{
    private readonly CallGuard guard;
    private readonly (SpaceWatch Observations, SpaceWatch Actions)[] watches;

    /// <summary>Guards an environment, whose facts and agents are read once, now.</summary>
    /// <exception cref="EnvironmentException">They cannot be read, or an agent's actions are bounded more widely than single precision holds.</exception>
    public GuardedMultiAgentEnvironment(IMultiAgentEnvironment inner)
    {
        Inner = inner;
        Spec = Fact("The environment", nameof(Spec), () => inner.Spec);
        Agents = Fact(Spec.Id, nameof(Agents), () => inner.Agents);
        guard = new CallGuard(Spec.Id);
        watches = [.. Agents.Select(a => (
            new SpaceWatch(Spec.Id, $"observation (agent '{a.Name}')", a.ObservationSpace),
            new SpaceWatch(Spec.Id, $"action (agent '{a.Name}')", a.ActionSpace)))];
        foreach (AgentSpec agent in Agents)
        {
            if (SinglePrecision.FaultOf(agent.ActionSpace) is { } fault)
            {
                throw new EnvironmentException($"{Spec.Id}, agent '{agent.Name}': {fault}");
            }
        }
    }

    /// <summary>The environment inside.</summary>
    public IMultiAgentEnvironment Inner { get; }

    /// <inheritdoc/>
    public EnvironmentSpec Spec { get; }

    /// <inheritdoc/>
    public AgentRoster Agents { get; }

    internal CallGuard Guard => guard;

    /// <inheritdoc/>
    public void Reset(ulong? seed, Span<double> observations)
    {
        try
        {
            RequireAgents();
            Inner.Reset(seed, observations);
            RequireAgents();
        }
        catch (Exception e) when (guard.IsForeign(e))
        {
            throw guard.Failed(nameof(Reset), e);
        }

        guard.Begin(observations);
    }

    /// <inheritdoc/>
    public JointStepResult Step(ReadOnlySpan<double> actions, Span<double> observations, Span<double> rewards)
    {
        JointStepResult result;
        try
        {
            result = Inner.Step(actions, observations, rewards);
        }
        catch (Exception e) when (guard.IsForeign(e))
        {
            throw guard.Failed(guard.NextStep, e);
        }

        guard.Advance(observations, rewards);
        return result;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
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
    public void Load(StateReader reader)
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
    public void Dispose()
    {
        try
        {
            Inner.Dispose();
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

    private static TFact Fact<TFact>(string id, string name, Func<TFact?> read)
        where TFact : class
    {
        try
        {
            return read() ?? throw new InvalidOperationException("it is null");
        }
        catch (Exception e) when (e is not EnvironmentException)
        {
            throw EnvironmentException.Failed(id, name, e);
        }
    }

    private void RequireAgents()
    {
        AgentRoster now = Inner.Agents;
        if (ReferenceEquals(now, Agents))
        {
            return;
        }

        if (now is null || now.Count != Agents.Count)
        {
            throw new EnvironmentException($"{Spec.Id}: there were {Agents.Count} agents and are now {now?.Count ?? 0}. Make the roster once, in the constructor.");
        }

        for (int i = 0; i < now.Count; i++)
        {
            watches[i].Observations.Require(now[i].ObservationSpace);
            watches[i].Actions.Require(now[i].ActionSpace);
        }
    }
}

/// <summary>Walks through guards and time limits.</summary>
public static class MultiAgentEnvironmentExtensions
{
    /// <summary>The dynamics below guards and time limits.</summary>
    public static IMultiAgentEnvironment Unwrapped(this IMultiAgentEnvironment environment) => environment switch
    {
        MultiAgentTimeLimit limit => limit.Inner.Unwrapped(),
        GuardedMultiAgentEnvironment guarded => guarded.Inner.Unwrapped(),
        _ => environment,
    };
}
