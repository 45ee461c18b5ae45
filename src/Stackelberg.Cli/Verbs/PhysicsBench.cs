using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Training;
using Stackelberg.Experiments.Benchmarks;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>bench --physics</c>.</summary>
internal static class PhysicsBench
{
    private const double Seconds = 0.5;

    /// <summary>Times the tasks whose id contains <paramref name="part"/>.</summary>
    public static int Run(string folder, int rounds, string part, bool json)
    {
        string[] tasks = [.. PhysicsComparison.Tasks.Where(t => t.Contains(part, StringComparison.OrdinalIgnoreCase))];
        if (tasks.Length == 0)
        {
            throw new UserErrorException($"no task contains '{part}'", string.Join(", ", PhysicsComparison.Tasks), "choose a part of one of these names");
        }

        using PhysicsPeer? peer = PhysicsPeer.Build(folder, out string reason);
        if (peer is null)
        {
            Console.Error.WriteLine($"note: no loop in C, our times alone: {reason}");
        }

        IReadOnlyList<PhysicsResult> results = PhysicsComparison.Run(tasks, peer, rounds, Seconds, Console.Error.WriteLine);
        if (json)
        {
            WriteJson(results);
        }
        else
        {
            Console.Out.WriteLine($"steps per second of processor time with random actions, resets included; medians of {rounds} alternating rounds of {Texts.Number(Seconds)} s");
            Columns.Write(Console.Out, ["task", "ours", "C", "ratio", "mean reward, ours", "C", "steps per episode, ours", "C"], [.. results.Select(r => new[]
            {
                r.Task, Texts.Number(r.OurSpeed, "F0"), Texts.Number(r.PeerSpeed, "F0"), Texts.Number(r.Ratio, "F3"), Reward(r.Ours), Reward(r.Peer), Length(r.Ours), Length(r.Peer),
            })]);
        }

        return ExitCode.Success;
    }

    private static string Reward(IReadOnlyList<PhysicsSpeed> runs) => Texts.Number(runs.Sum(r => r.MeanReward * r.Steps) / runs.Sum(r => (double)r.Steps), "F3");

    private static string Length(IReadOnlyList<PhysicsSpeed> runs) => Texts.Number(runs.Sum(r => (double)r.Steps) / runs.Sum(r => (double)r.Episodes));

    private static void WriteJson(IReadOnlyList<PhysicsResult> results) => Json.Write(Console.Out, w =>
    {
        w.WriteString("command", "bench");
        w.WriteStartArray("physics");
        foreach (PhysicsResult result in results)
        {
            w.WriteStartObject();
            w.WriteString("task", result.Task);
            w.Number("ours_steps_per_second", result.OurSpeed);
            w.Number("peer_steps_per_second", result.PeerSpeed);
            w.Number("ratio", result.Ratio);
            w.Numbers("ours", result.Ours.Select(r => r.StepsPerSecond));
            w.Numbers("peer", result.Peer.Select(r => r.StepsPerSecond));
            w.Numbers("ours_mean_reward", result.Ours.Select(r => r.MeanReward));
            w.Numbers("peer_mean_reward", result.Peer.Select(r => r.MeanReward));
            w.WriteEndObject();
        }

        w.WriteEndArray();
    });
}
