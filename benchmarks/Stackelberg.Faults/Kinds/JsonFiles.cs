using Stackelberg.Faults.Framework;
using Stackelberg.Faults.Fuzzing;
using Stackelberg.Faults.Runs;

namespace Stackelberg.Faults.Kinds;

/// <summary>Models, games, problems, initial states, and the small files of run folders.</summary>
public sealed class JsonFiles : FuzzedFile
{
    private static readonly string[] Words =
        ["\"states\"", "\"actions\"", "\"initial\"", "\"terminal\"", "\"horizon\"", "\"discount\"", "\"transitions\"", "\"rewards\"", "\"players\"", "\"payoffs\"", "\"name\"", "\"n\"", "\"Q\"", "\"seed\"", "\"format\""];

    private static readonly string[] RunFiles = ["manifest.json", "result.json", "timing.json", "state.json", ".lock", "failure.json"];

    /// <inheritdoc/>
    public override string Name => "json";

    /// <inheritdoc/>
    public override string Title => "models, games, problems, initial states, files of run folders, changed by structure, token and byte";

    /// <inheritdoc/>
    public override void Prepare(Attempt shared)
    {
        File.WriteAllText(shared["mdp-weather.json"], Samples.Weather);
        File.WriteAllText(shared["mdp-counted.json"], Samples.Counted);
        File.WriteAllText(shared["game-two.json"], Samples.Game);
        File.WriteAllText(shared["game-three.json"], Samples.GameOfThree);
        File.WriteAllText(shared["problem-a.json"], Samples.Problem);
        File.WriteAllText(shared["initial-cart.json"], Samples.CartPoleStates);
        SmallRun.Train(shared, "ac", "CartPole-v1", seeds: "0");
        File.WriteAllText(shared[".lock"], "{\"Host\":\"nowhere\",\"Boot\":\"b\",\"ProcessId\":1,\"Started\":1}");
        File.WriteAllText(shared["failure.json"], "{\"kind\":\"numerical\",\"message\":\"m\",\"exception\":\"x\",\"iteration\":1,\"steps\":2}");
    }

    /// <inheritdoc/>
    public override Verdict Try(Attempt attempt)
    {
        if (attempt.Chance(0.3))
        {
            return TryRun(attempt);
        }

        IReadOnlyList<string> seeds = Seeds(attempt, "*-*.json");
        string seed = attempt.Pick(seeds), kind = Path.GetFileName(seed).Split('-')[0];
        Write(attempt, attempt["f.json"], File.ReadAllText(seed), File.ReadAllText(attempt.Pick(seeds)));
        string[] call = kind switch
        {
            "problem" => ["hypergradient", "check", "--problem", "f.json", .. attempt.Pick<string[]>([[], ["--json"], ["--damping", "1"]])],
            "initial" => ["env", "rollout", "CartPole-v1", "--initial-state", "f.json", "--steps", "3", "--out", "o.csv"],
            _ => attempt.Random.NextInt32(6) switch
            {
                0 => ["env", "check", "f.json"],
                1 => ["env", "rollout", "f.json", "--steps", "5", "--out", "o.csv"],
                2 => ["train", "--algo", "ac", "--env", "f.json", "--dry-run"],
                3 => ["config", "validate", "--algo", "ac", "--env", "f.json"],
                _ => ["env", "show", "f.json"],
            },
        };
        // an ill-conditioned problem is a result, and so is a check that found something
        return Judge.Of(attempt.Call(call), [2, 3]);
    }

    private static Verdict TryRun(Attempt attempt)
    {
        string name = attempt.Pick(RunFiles), from = SmallRun.Of(attempt.Shared, "ac", "CartPole-v1", 0), run = attempt["seed-0"];
        Folders.Copy(from, run);
        string file = name == "state.json" ? attempt.Pick(Directory.GetFiles(run, name, SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray()) : Path.Combine(run, name);
        string seed = name is ".lock" or "failure.json" ? Path.Combine(attempt.Shared, name) : file;
        Write(attempt, file, File.ReadAllText(seed), File.ReadAllText(attempt.Pick(Seeds(attempt, "*-*.json"))));
        if (name is "manifest.json" or "timing.json" or ".lock" && attempt.Chance(0.5))
        {
            File.Delete(Path.Combine(run, "result.json"));
        }

        return Judge.Of(attempt.Call(attempt.Random.NextInt32(4) switch
        {
            0 => ["eval", "seed-0", "--episodes", "1"],
            1 => ["env", "rollout", "CartPole-v1", "--policy", "seed-0", "--steps", "3", "--out", "o.csv"],
            _ => ["resume", "seed-0"],
        }), [2, 3]);
    }

    private static void Write(Attempt attempt, string file, string text, string other) =>
        File.WriteAllBytes(file, Change(attempt, text, Words, [other], text.Length > 0 ? new JsonMutator(attempt.Random).Change : null));
}
