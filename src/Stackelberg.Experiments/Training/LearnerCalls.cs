using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Primitives.Internals;

namespace Stackelberg.Experiments.Training;

/// <summary>
/// Calls into learners whose authors may have made mistakes. What a plug-in's throws becomes a <see cref="PluginFaultException"/>; faults that have
/// their own kind (numbers, environments, solvers, run folders) stay what they are, and so does whatever a learner of this library throws.
/// </summary>
internal static class LearnerCalls
{
    /// <summary>Makes a learner.</summary>
    /// <exception cref="LearnerException">It cannot be made as configured, or is a plug-in's and threw.</exception>
    public static IAlgorithm Create(string algorithm, string environment, string? plugin, Func<IAlgorithm> create)
    {
        try
        {
            return create() ?? throw new InvalidOperationException("Create returned null.");
        }
        catch (Exception e) when (e is ArgumentException or OverflowException or OutOfMemoryException or NotSupportedException or SolverException || (plugin is not null && !HasKind(e)))
        {
            string whose = plugin is null ? $"'{algorithm}'" : $"'{algorithm}' of the plug-in '{plugin}'";
            string what = plugin is null || e is SolverException ? ExceptionText.Of(e) : $"Create failed: {ExceptionText.Of(e)}";
            throw new LearnerException($"{whose} cannot be built for {environment}: {what}", e) { IsOfPlugin = plugin is not null };
        }
    }

    /// <summary><see cref="IAlgorithm.Iterate"/>.</summary>
    /// <exception cref="PluginFaultException">The learner is a plug-in's and threw.</exception>
    public static void Iterate(RunPlan plan, IAlgorithm algorithm, long maximumSteps, ITrainingSink sink)
    {
        if (plan.AlgorithmPlugin is null)
        {
            algorithm.Iterate(maximumSteps, sink);
            return;
        }

        // a full disk is met in the sink, within the learner's call, and is not the learner's fault
        var watched = new WatchedSink(sink);
        try
        {
            algorithm.Iterate(maximumSteps, watched);
        }
        catch (Exception e) when (e != watched.Fault && !HasKind(e))
        {
            throw PluginFaultException.Describe(plan.Algorithm, plan.AlgorithmPlugin, nameof(algorithm.Iterate), e);
        }
    }

    /// <summary><see cref="IStateful.Save"/>; the faults of the files it is saved to stay what they are.</summary>
    /// <exception cref="PluginFaultException">The learner is a plug-in's and threw.</exception>
    public static void Save(RunPlan plan, IAlgorithm algorithm, StateWriter writer)
    {
        StorageFault storage = new();
        Guard(plan, nameof(algorithm.Save), () => algorithm.Save(plan.AlgorithmPlugin is null ? writer : new WatchedWriter(writer, storage)), storage);
    }

    /// <summary><see cref="IStateful.Load"/>; the faults of the files it is loaded from, and state that does not fit, stay what they are.</summary>
    /// <exception cref="PluginFaultException">The learner is a plug-in's and threw.</exception>
    public static void Load(RunPlan plan, IAlgorithm algorithm, StateReader reader)
    {
        StorageFault storage = new();
        Guard(plan, nameof(algorithm.Load), () => algorithm.Load(plan.AlgorithmPlugin is null ? reader : new WatchedReader(reader, storage)), storage);
    }

    /// <summary>Makes a call.</summary>
    /// <param name="plan">The learner's run.</param>
    /// <param name="call">Its name, for the message.</param>
    /// <param name="work">The call.</param>
    /// <param name="storage">Knows what the files threw that are read or written in it, if there are any.</param>
    /// <exception cref="PluginFaultException">The learner is a plug-in's and threw.</exception>
    public static void Guard(RunPlan plan, string call, Action work, StorageFault? storage = null)
    {
        try
        {
            work();
        }
        catch (Exception e) when (plan.AlgorithmPlugin is not null && !HasKind(e) && e is not StateException && e != storage?.Cause)
        {
            throw PluginFaultException.Describe(plan.Algorithm, plan.AlgorithmPlugin, call, e);
        }
    }

    /// <summary>The learner's policy, its calls guarded.</summary>
    public static IPolicy Policy(RunPlan plan, IAlgorithm algorithm)
    {
        if (plan.AlgorithmPlugin is null)
        {
            return algorithm.Policy;
        }

        IPolicy? policy = null;
        Guard(plan, nameof(algorithm.Policy), () => policy = algorithm.Policy ?? throw new InvalidOperationException("Policy is null."));
        return new GuardedPolicy(plan, policy!);
    }

    // an environment's exception that came out of no environment is the learner's own
    private static bool HasKind(Exception e) =>
        e is NumericalException or EnvironmentException { IsOfEnvironment: true } or SolverException or PluginFaultException or LearnerException;

    /// <summary>Remembers what the sink itself threw.</summary>
    private sealed class WatchedSink(ITrainingSink sink) : ITrainingSink
    {
        public Exception? Fault { get; private set; }

        public void Episode(in EpisodeSummary episode)
        {
            try
            {
                sink.Episode(episode);
            }
            catch (Exception e) when (Note(e))
            {
                throw;
            }
        }

        public void Metric(string name, double value)
        {
            // found here while it is known who said it: the table that refuses the name is written later
            if (string.IsNullOrWhiteSpace(name) || name.AsSpan().ContainsAny(",\"\r\n"))
            {
                throw new ArgumentException($"A metric cannot be called '{name}': names are not empty and have no comma, quotation mark or line end.", nameof(name));
            }

            sink.Metric(name, value);
        }

        public void Hypergradient(in HypergradientReport report)
        {
            try
            {
                sink.Hypergradient(report);
            }
            catch (Exception e) when (Note(e))
            {
                throw;
            }
        }

        public void Notice(string message) => sink.Notice(message);

        private bool Note(Exception e)
        {
            Fault = e;
            return true;
        }
    }

    private sealed class GuardedPolicy(RunPlan plan, IPolicy policy) : IPolicy
    {
        public void Act(ReadOnlySpan<double> observation, Span<double> action, PolicyMode mode, RandomStream random)
        {
            try
            {
                policy.Act(observation, action, mode, random);
            }
            catch (Exception e) when (!HasKind(e))
            {
                throw PluginFaultException.Describe(plan.Algorithm, plan.AlgorithmPlugin!, "Policy.Act", e);
            }
        }
    }
}
