using System.Globalization;
using Stackelberg.Faults.Framework;

namespace Stackelberg.Faults.Runs;

/// <summary>Trainings of one seed that last a second or two and write many checkpoints, each once undisturbed: what all disturbed ones must come to.</summary>
internal static class Undisturbed
{
    public const int Steps = 2000;

    /// <summary>The trainings.</summary>
    public static IReadOnlyList<(string Algorithm, string Environment)> Members { get; } =
    [
        ("ac", "CartPole-v1"), ("stac", "CartPole-v1"), ("ddpg", "Pendulum-v1"), ("fsddpg", "Pendulum-v1"), ("td3", "Pendulum-v1"), ("sac", "Pendulum-v1"), ("st-sac", "Pendulum-v1"), ("ac", "weather.json"),
    ];

    /// <summary>The command of one.</summary>
    public static string[] Command((string Algorithm, string Environment) member) => SmallRun.Command(member.Algorithm, member.Environment, seeds: "0", Steps, checkpoints: 40);

    /// <summary>Makes all, and notes how long each took.</summary>
    public static void Make(Attempt shared)
    {
        File.WriteAllText(shared["weather.json"], Samples.Weather);
        foreach ((string algorithm, string environment) in Members)
        {
            DateTimeOffset start = DateTimeOffset.UtcNow;
            CallResult call = RealProcess.Run(shared.Folder, shared.Limit, Command((algorithm, environment)));
            if (call.Code != 0)
            {
                throw new InvalidOperationException($"an undisturbed training ended with {call.Code}: {call.Error}");
            }

            File.WriteAllText(shared[$"{algorithm}-{environment}.seconds"], (DateTimeOffset.UtcNow - start).TotalSeconds.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>How long one took, in all.</summary>
    public static TimeSpan Time(Attempt attempt, (string Algorithm, string Environment) member) =>
        TimeSpan.FromSeconds(double.Parse(File.ReadAllText(Path.Combine(attempt.Shared, $"{member.Algorithm}-{member.Environment}.seconds")), CultureInfo.InvariantCulture));

    /// <summary>Goes on with what a disturbance left, and compares the end with the undisturbed run.</summary>
    /// <param name="under">The folder that the disturbed command was called in.</param>
    public static Verdict Complete(Attempt attempt, (string Algorithm, string Environment) member, string under)
    {
        string run = SmallRun.Of(under, member.Algorithm, member.Environment, 0);
        if (!File.Exists(Path.Combine(run, "result.json")))
        {
            string[] command = File.Exists(Path.Combine(run, "manifest.json")) ? ["resume", run] : Command(member);
            attempt.Tell($"$ stackelberg {string.Join(' ', command)}");
            CallResult call = RealProcess.Run(under, attempt.Limit, command);
            attempt.Tell($"exit code {call.Code}\n{call.Output}{call.Error}");
            if (Judge.Of(call, []) is { IsBroken: true } broken)
            {
                return broken;
            }
        }

        return Compare(attempt, member, run);
    }

    /// <summary>Compares a finished run with the undisturbed one.</summary>
    public static Verdict Compare(Attempt attempt, (string Algorithm, string Environment) member, string run)
    {
        IReadOnlyList<string> differences = Artifacts.Differences(SmallRun.Of(attempt.Shared, member.Algorithm, member.Environment, 0), run);
        return differences.Count > 0 ? new Verdict(Outcome.Lost, $"{member.Algorithm} on {member.Environment}: missing or other than undisturbed: {string.Join(", ", differences.Take(5))}")
            : Artifacts.Debris(Path.GetDirectoryName(run)!) is [var left, ..] ? new Verdict(Outcome.Debris, $"left {left}")
            : new Verdict(Outcome.Equal);
    }
}
