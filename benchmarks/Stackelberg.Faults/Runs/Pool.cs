using Stackelberg.Faults.Framework;

namespace Stackelberg.Faults.Runs;

/// <summary>Small runs of varied algorithms, each with two seeds, finished and unfinished, and what undisturbed commands say of them.</summary>
internal static class Pool
{
    /// <summary>The runs.</summary>
    public static IReadOnlyList<(string Algorithm, string Environment)> Members { get; } =
        [("ac", "CartPole-v1"), ("stac", "CartPole-v1"), ("ddpg", "Pendulum-v1"), ("fsddpg", "Pendulum-v1"), ("sac", "Pendulum-v1"), ("ac", "weather.json")];

    /// <summary>Trains them.</summary>
    public static void Make(Attempt shared)
    {
        File.WriteAllText(shared["weather.json"], Samples.Weather);
        foreach ((string algorithm, string environment) in Members)
        {
            SmallRun.Train(shared, algorithm, environment);
            string finished = Of(shared.Folder, algorithm, environment, isFinished: true), unfinished = Of(shared.Folder, algorithm, environment, isFinished: false);
            Folders.Copy(finished, unfinished);
            for (int seed = 0; seed < 2; seed++)
            {
                Unfinish(Path.Combine(unfinished, $"seed-{seed}"));
            }

            foreach (bool isFinished in (bool[])[true, false])
            {
                string folder = Of(shared.Folder, algorithm, environment, isFinished);
                Note(shared, folder, "eval", Eval);
                Folders.Copy(folder, shared["resumed"]);
                Note(shared, folder, "resume", Resume, from: shared["resumed"]);
                Folders.Delete(shared["resumed"]);
            }
        }
    }

    /// <summary>The folder that holds the two seeds.</summary>
    public static string Of(string shared, string algorithm, string environment, bool isFinished) => Path.Combine(shared, isFinished ? "runs" : "unfinished", environment, algorithm);

    /// <summary>What an undisturbed command said of a seed's results, and its notes.</summary>
    public static (string Results, string[] Notes) Reference(string folder, int seed, string verb) =>
        (File.ReadAllText($"{folder}-{verb}-{seed}.txt"), File.ReadAllLines($"{folder}-{verb}-{seed}.notes"));

    public static string[] Eval(string run) => ["eval", run, "--episodes", "2", "--json"];

    public static string[] Resume(string run) => ["resume", run, "--json"];

    /// <summary>The state a kill leaves between two checkpoints: rows of tables beyond the newest, and no result.</summary>
    private static void Unfinish(string run)
    {
        File.Delete(Path.Combine(run, "result.json"));
        Folders.Delete(Artifacts.LastCheckpoint(run));
    }

    private static void Note(Attempt shared, string folder, string verb, Func<string, string[]> command, string? from = null)
    {
        for (int seed = 0; seed < 2; seed++)
        {
            CallResult call = shared.Call(command(Path.Combine(from ?? folder, $"seed-{seed}")));
            string results = call.Code == 0 ? Artifacts.Results(call.Output)! : throw new InvalidOperationException($"an undisturbed {verb} ended with {call.Code}: {call.Error}");
            File.WriteAllText($"{folder}-{verb}-{seed}.txt", results);
            File.WriteAllLines($"{folder}-{verb}-{seed}.notes", Artifacts.Notes(call));
        }
    }
}
