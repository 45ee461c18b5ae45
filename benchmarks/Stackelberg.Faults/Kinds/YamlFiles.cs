using Stackelberg.Faults.Framework;

namespace Stackelberg.Faults.Kinds;

/// <summary>Configuration files.</summary>
public sealed class YamlFiles : FuzzedFile
{
    private static readonly (string Algorithm, string Environment)[] Runs =
        [("ac", "CartPole-v1"), ("stac", "CartPole-v1"), ("td3", "Pendulum-v1"), ("fsddpg", "Pendulum-v1"), ("st-sac", "Pendulum-v1"), ("sddpg-bd", "MountainCarContinuous-v0")];

    private static readonly string[] Words =
        ["algo", "env", "preset", "seeds", "plugins", "env_options", "hypergradient", "solver", "damping", "actor", "critic", "hidden", "total_timesteps", "stac", "sac", "paper", "CartPole-v1", "nystrom", "leader", "gamma"];

    /// <inheritdoc/>
    public override string Name => "yaml";

    /// <inheritdoc/>
    public override string Title => "configuration files, changed by token and by byte";

    /// <inheritdoc/>
    public override void Prepare(Attempt shared)
    {
        foreach ((string algorithm, string environment) in Runs)
        {
            File.WriteAllText(shared[$"{algorithm}.yml"], Made(shared, "config", "show", "--algo", algorithm, "--env", environment, "--yaml"));
        }

        File.WriteAllText(shared["short.yml"], "algo: stac\nenv: CartPole-v1\nseeds: 0..4\ntotal_timesteps: 1e5\nhypergradient: {solver: nystrom, rank: 5}\n");
        File.WriteAllText(shared["flow.yml"], "{algo: sac, env: Pendulum-v1, seeds: [0, 1], actor: {hidden: [64, 64]}, \"critic\": {\"hidden\": [64, 64]}}\n");
    }

    /// <inheritdoc/>
    public override Verdict Try(Attempt attempt)
    {
        IReadOnlyList<string> seeds = Seeds(attempt, "*.yml");
        string text = File.ReadAllText(attempt.Pick(seeds)), other = File.ReadAllText(attempt.Pick(seeds));
        File.WriteAllBytes(attempt["c.yml"], Change(attempt, text, Words, [other]));
        string[] call = attempt.Random.NextInt32(8) switch
        {
            0 => ["config", "show", "-c", "c.yml"],
            1 => ["config", "show", "-c", "c.yml", "--json"],
            2 => ["train", "-c", "c.yml", "--dry-run"],
            3 => ["config", "show", "-c", "c.yml", "--yaml"],
            _ => ["config", "validate", "-c", "c.yml"],
        };
        return Judge.Of(attempt.Call(call), [2, 3]);
    }
}
