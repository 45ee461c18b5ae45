using Stackelberg.Agents;
using Stackelberg.Cli.Internals;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Primitives;

namespace Stackelberg.Cli.Training;

/// <summary>Says what a run would be, having built its environment and its learner.</summary>
internal static class DryRun
{
    public static void Describe(ResolvedConfiguration configuration, OutputMode output)
    {
        RunSettings run = configuration.Run;
        AlgorithmContext context = new(configuration.Environments.Make(run.Env), RandomStream.FromSeed((ulong)run.Seeds[0]), run.TotalTimesteps, 1);
        string spaces = $"{context.Environment.ObservationSpace} to {context.Environment.ActionSpace}";
        using IAlgorithm algorithm = configuration.Algorithm.Create(context, configuration.Options);
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

        Console.Out.WriteLine($"runs: {run.Seeds.Length} of {run.TotalTimesteps} steps each, below {Path.Combine(run.Out, run.Env, run.Algo)}");
        Console.Out.WriteLine("nothing was trained; the same command without --dry-run does it");
    }
}
