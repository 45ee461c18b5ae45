using System.Text.Json;
using Stackelberg.Agents;
using Stackelberg.Agents.Replay;
using Stackelberg.Cli.Internals;
using Stackelberg.Environments;
using Stackelberg.Experiments;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Cli.Training;

/// <summary>Says what a run would be, having built its environment and its learner.</summary>
internal static class DryRun
{
    /// <summary>Builds environment and learner once, so that what cannot be built is told before a run's folder exists.</summary>
    /// <exception cref="UserErrorException">They do not go together, or do not fit into memory.</exception>
    public static void Check(ResolvedConfiguration configuration)
    {
        AlgorithmContext context = Context(configuration);
        using Built built = new(configuration, context);
        Warn(configuration, built.Algorithm, RunNeeds.Of(configuration, built.Algorithm, context.Environment.Spec));
    }

    public static void Describe(ResolvedConfiguration configuration, OutputMode output)
    {
        RunSettings run = configuration.Run;
        AlgorithmContext context = Context(configuration);
        string spaces = $"{context.Environment.ObservationSpace} to {context.Environment.ActionSpace}";
        using Built built = new(configuration, context);
        IAlgorithm algorithm = built.Algorithm;
        RunNeeds together = RunNeeds.Of(configuration, algorithm, context.Environment.Spec);
        Warn(configuration, algorithm, together);
        if (output.Json)
        {
            Json.Write(Console.Out, w =>
            {
                w.WriteString("command", "train --dry-run");
                w.WriteStartObject("networks");
                foreach ((string network, int parameters) in algorithm.Networks)
                {
                    w.WriteNumber(network, parameters);
                }

                w.WriteEndObject();
                if (algorithm.ReplayMemory is { } memory)
                {
                    w.WriteStartObject("replay_buffer");
                    w.WriteNumber("transitions", memory.Transitions);
                    w.WriteNumber("bytes_per_transition", memory.BytesPerTransition);
                    w.WriteNumber("bytes_per_episode_end", memory.BytesPerEnd);
                    w.WriteNumber("bytes", memory.TransitionBytes + RunNeeds.EndBytes(memory, context.Environment.Spec));
                    w.WriteNumber("bytes_at_most", memory.TransitionBytes + memory.MostEndBytes);
                    w.WriteEndObject();
                }

                Write(w, together);
                w.WriteString("configuration", configuration.ToYaml());
            });
            return;
        }

        Console.Out.Write(configuration.ToYaml());
        Console.Out.WriteLine();
        Console.Out.WriteLine($"environment: {run.Env}, {spaces}");
        foreach ((string network, int parameters) in algorithm.Networks)
        {
            Console.Out.WriteLine($"network: {network}, {parameters} parameters");
        }

        if (algorithm.ReplayMemory is { } needs)
        {
            Console.Out.WriteLine(ReplayBuffer(needs, context.Environment.Spec));
        }

        Console.Out.WriteLine($"runs: {run.Seeds.Length} of {run.TotalTimesteps} steps each, below {Path.Combine(run.Out, run.Env, run.Algo)}");
        Console.Out.WriteLine(together);
        Console.Out.WriteLine("nothing was trained; the same command without --dry-run does it");
    }

    private static AlgorithmContext Context(ResolvedConfiguration configuration)
    {
        RunSettings run = configuration.Run;
        return AlgorithmContext.For(() => configuration.Environments.Make(run.Env), (ulong)run.Seeds[0], run.TotalTimesteps);
    }

    private static void Warn(ResolvedConfiguration configuration, IAlgorithm algorithm, RunNeeds needs)
    {
        foreach (string warning in needs.Warnings(configuration.Run.Out, algorithm.ReplayMemory is not null))
        {
            Console.Error.WriteLine($"warning: {warning}");
        }
    }

    private static void Write(Utf8JsonWriter writer, RunNeeds needs)
    {
        writer.WriteStartObject("memory");
        writer.WriteNumber("runs_at_once", needs.AtOnce);
        writer.WriteNumber("bytes_each", needs.MemoryEach);
        writer.WriteNumber("bytes", needs.Memory);
        writer.WriteNumber("machine_bytes", needs.MachineMemory);
        writer.WriteEndObject();
        writer.WriteStartObject("disk");
        writer.WriteNumber("runs", needs.Runs);
        writer.WriteNumber("bytes_each", needs.DiskEach);
        writer.WriteNumber("bytes", needs.Disk);
        writer.Number("free_bytes", needs.FreeDisk ?? double.NaN);
        writer.WriteEndObject();
    }

    private static string ReplayBuffer(ReplayMemory memory, EnvironmentSpec environment)
    {
        string episodes = environment.MaxEpisodeSteps is { } steps
            ? $"{RunNeeds.Size(RunNeeds.EndBytes(memory, environment))} with episodes of {steps} steps, at most"
            : "at most";
        return $"replay buffer: {RunNeeds.Size(memory.TransitionBytes + RunNeeds.EndBytes(memory, environment))}; {memory.Transitions} transitions of {memory.BytesPerTransition} bytes " +
            $"are {RunNeeds.Size(memory.TransitionBytes)}, episode ends of {memory.BytesPerEnd} bytes {episodes} {RunNeeds.Size(memory.MostEndBytes)}";
    }

    private static IAlgorithm Build(ResolvedConfiguration configuration, AlgorithmContext context)
    {
        try
        {
            return configuration.MakeAlgorithm(context);
        }
        catch (LearnerException e)
        {
            context.Environment.Dispose();
            throw new UserErrorException(
                e.Message, "networks and buffers that fit into memory, and an action space the algorithm knows",
                $"'stackelberg algo show {configuration.Run.Algo}{string.Concat(configuration.Run.Plugins.Select(p => $" --plugin {ShellText.Path(p)}"))}' lists its options");
        }
    }

    /// <summary>A learner that will train nothing. One of a plug-in that cannot be given back is the plug-in's fault.</summary>
    private sealed class Built(ResolvedConfiguration configuration, AlgorithmContext context) : IDisposable
    {
        public IAlgorithm Algorithm { get; } = Build(configuration, context);

        public void Dispose()
        {
            try
            {
                Algorithm.Dispose();
            }
            catch (Exception e) when (configuration.AlgorithmPlugin is not null && e is not EnvironmentException { IsOfEnvironment: true })
            {
                throw PluginFaultException.Describe(configuration.Run.Algo, configuration.AlgorithmPlugin, nameof(IDisposable.Dispose), e);
            }
        }
    }
}
