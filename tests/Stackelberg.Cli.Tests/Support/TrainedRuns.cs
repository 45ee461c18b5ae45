using System.Text.Json;

namespace Stackelberg.Cli.Tests.Support;

/// <summary>Two algorithms, two seeds each.</summary>
public sealed class TrainedRuns : IDisposable
{
    public TrainedRuns()
    {
        foreach (string algorithm in new[] { "ac", "stac" })
        {
            Command.Run(
                Folder.Path, "train", "--algo", algorithm, "--env", "CartPole-v1", "--seeds", "0..1", "--total-timesteps", "600", "--eval-episodes", "2", "--quiet",
                "--set", "steps_per_iteration=200", "critic.updates=2", "actor.hidden=8", "critic.hidden=8").ShouldSucceed();
        }
    }

    internal TemporaryFolder Folder { get; } = new();

    public void Dispose() => Folder.Dispose();

    public double Final(string algorithm, int seed) => JsonDocument.Parse(File.ReadAllText(Folder["runs", "CartPole-v1", algorithm, $"seed-{seed}", "result.json"]))
        .RootElement.GetProperty("final_evaluation").GetProperty("mean").GetDouble();

    public void CopyTo(string place)
    {
        foreach (string file in Directory.EnumerateFiles(Folder["runs"], "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(place, Path.GetRelativePath(Folder["runs"], file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
