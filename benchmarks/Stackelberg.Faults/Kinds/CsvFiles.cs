using Stackelberg.Faults.Framework;
using Stackelberg.Faults.Runs;

namespace Stackelberg.Faults.Kinds;

/// <summary>Tables of rollouts for <c>replay</c>, and tables of actions.</summary>
public sealed class CsvFiles : FuzzedFile
{
    private static readonly string[] Environments = ["CartPole-v1", "Pendulum-v1", "MountainCar-v0", "Acrobot-v1", "Maintain-v0", "CooperativeGrid-v0", "HighwayMerge-v0", "mdp.json"];
    private static readonly string[] Words = ["t", "episode", "action0", "action1", "obs0", "reward", "reward0", "terminated", "truncated", "state0", ",", "\n", "1", "0"];

    /// <inheritdoc/>
    public override string Name => "csv";

    /// <inheritdoc/>
    public override string Title => "tables of rollouts and of actions, changed by token and by byte";

    /// <inheritdoc/>
    public override void Prepare(Attempt shared)
    {
        File.WriteAllText(shared["mdp.json"], Samples.Weather);
        foreach (string environment in Environments)
        {
            Made(shared, "env", "rollout", environment, "--steps", "6", "--episodes", "2", "--out", $"{environment}.csv");
        }
    }

    /// <inheritdoc/>
    public override Verdict Try(Attempt attempt)
    {
        string environment = attempt.Pick(Environments), other = attempt.Chance(0.9) ? environment : attempt.Pick(Environments);
        File.WriteAllText(attempt["mdp.json"], Samples.Weather);
        byte[] table = Change(attempt, File.ReadAllText(Path.Combine(attempt.Shared, environment + ".csv")), Words, [File.ReadAllText(Path.Combine(attempt.Shared, attempt.Pick(Environments) + ".csv"))]);
        File.WriteAllBytes(attempt["t.csv"], table);
        string[] call = attempt.Random.NextInt32(4) switch
        {
            0 => ["replay", "t.csv", "--out", "o.html"],
            1 => ["env", "rollout", other, "--actions", "t.csv", "--out", "o.csv"],
            2 => ["env", "rollout", other, "--actions", "t.csv", "--continue-after-termination", "--out", "o.csv", "--json"],
            _ => ["replay", "t.csv", "--out", "o.html", "--env", other],
        };
        return Judge.Of(attempt.Call(call), [2, 3]);
    }
}
