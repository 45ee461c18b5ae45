using System.Globalization;
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
    public static void Check(ResolvedConfiguration configuration) => Build(configuration, Context(configuration)).Dispose();

    public static void Describe(ResolvedConfiguration configuration, OutputMode output)
    {
        RunSettings run = configuration.Run;
        AlgorithmContext context = Context(configuration);
        string spaces = $"{context.Environment.ObservationSpace} to {context.Environment.ActionSpace}";
        using IAlgorithm algorithm = Build(configuration, context);
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
                    w.WriteNumber("bytes", memory.TransitionBytes + EndBytes(memory, context.Environment));
                    w.WriteNumber("bytes_at_most", memory.TransitionBytes + memory.MostEndBytes);
                    w.WriteEndObject();
                }

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
            Console.Out.WriteLine(ReplayBuffer(needs, context.Environment));
        }

        Console.Out.WriteLine($"runs: {run.Seeds.Length} of {run.TotalTimesteps} steps each, below {Path.Combine(run.Out, run.Env, run.Algo)}");
        Console.Out.WriteLine("nothing was trained; the same command without --dry-run does it");
    }

    private static AlgorithmContext Context(ResolvedConfiguration configuration)
    {
        RunSettings run = configuration.Run;
        return AlgorithmContext.For(() => configuration.Environments.Make(run.Env), (ulong)run.Seeds[0], run.TotalTimesteps);
    }

    private static string ReplayBuffer(ReplayMemory memory, IEnvironment environment)
    {
        string episodes = environment.Spec.MaxEpisodeSteps is { } steps
            ? $"{Megabytes(EndBytes(memory, environment))} with episodes of {steps} steps, at most"
            : "at most";
        return $"replay buffer: {Megabytes(memory.TransitionBytes + EndBytes(memory, environment))}; {memory.Transitions} transitions of {memory.BytesPerTransition} bytes " +
            $"are {Megabytes(memory.TransitionBytes)}, episode ends of {memory.BytesPerEnd} bytes {episodes} {Megabytes(memory.MostEndBytes)}";
    }

    // without a time limit nothing says that an episode ends
    private static long EndBytes(ReplayMemory memory, IEnvironment environment) =>
        environment.Spec.MaxEpisodeSteps is { } steps ? memory.EndBytes(steps) : 0;

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0##} MB");

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
                $"'stackelberg algo show {configuration.Run.Algo}{string.Concat(configuration.Run.Plugins.Select(p => $" --plugin {p}"))}' lists its options");
        }
    }
}
