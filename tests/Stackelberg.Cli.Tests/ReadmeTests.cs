using System.Runtime.CompilerServices;
using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary>Every command that the README shows works, with short budgets.</summary>
public sealed class ReadmeTests : IDisposable
{
    private const string Prompt = "./stackelberg ";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Commands_work_in_the_order_they_are_shown()
    {
        string[] commands = [.. File.ReadLines(Path.Combine(Repository(), "README.md")).Where(l => l.StartsWith(Prompt, StringComparison.Ordinal)).Select(l => l[Prompt.Length..])];
        commands.ShouldContain("train --algo stac --env CartPole-v1");
        commands.Length.ShouldBeGreaterThan(8);

        foreach (string command in commands)
        {
            string[] arguments = command.Split(' ');
            string[] budget = arguments[0] switch
            {
                "train" when arguments.Contains("ppo") || arguments.Contains("blpo") => ["--total-timesteps", "400", "--eval-episodes", "1", "--set", "rollout_steps=50"],
                "train" => ["--total-timesteps", "400", "--eval-episodes", "1", "--set", "steps_per_iteration=200", "critic.updates=2"],
                "resume" when arguments.Contains("--total-timesteps") => ["--total-timesteps", "600"],
                "eval" => ["--episodes", "2"],
                "bench" => ["--rounds", "1", "--only", "gemm 100x16x16", "--peers", folder.Path],
                _ => [],
            };
            Command.Run(folder.Path, [.. Without(arguments, budget), .. budget]).ShouldSucceed();
        }

        Directory.GetDirectories(folder["runs"], "seed-*", SearchOption.AllDirectories).Length.ShouldBe(10);
    }

    [Fact]
    public void Run_folder_looks_as_shown()
    {
        Command.Run(folder.Path, "train", "--algo", "stac", "--env", "CartPole-v1", "--total-timesteps", "200", "--eval-episodes", "1", "--quiet").ShouldSucceed();

        string run = folder["runs", "CartPole-v1", "stac", "seed-0"];
        foreach (string file in new[] { "manifest.json", "config.yml", "progress.csv", "episodes.csv", "evaluations.csv", "hypergradient.csv" })
        {
            File.Exists(Path.Combine(run, file)).ShouldBeTrue(file);
        }

        string[] kinds = [.. Directory.GetFiles(Path.Combine(run, "checkpoints", "step-000000000200")).Select(Path.GetExtension).Distinct().Order()!];
        kinds.ShouldContain(".json");
        kinds.ShouldContain(".safetensors");
    }

    private static IEnumerable<string> Without(string[] arguments, string[] budget)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            // --set takes several values and may stay; other flags of the budget replace those shown.
            if (arguments[i] != "--set" && budget.Contains(arguments[i]))
            {
                i++;
                continue;
            }

            yield return arguments[i];
        }
    }

    private static string Repository([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
