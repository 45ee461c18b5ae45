using System.Diagnostics;
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

    /// <summary>The folder of one, trained when it is first asked for.</summary>
    public static string Of(Attempt attempt, (string Algorithm, string Environment) member)
    {
        string place = Path.Combine(attempt.Shared, $"{member.Algorithm}-{member.Environment}");
        if (!Directory.Exists(place))
        {
            // prepared beside its place: another process may be at it too, and theirs is as good
            string folder = $"{place}.{Environment.ProcessId}";
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "weather.json"), Samples.Weather);
            var clock = Stopwatch.StartNew();
            CallResult call = RealProcess.Run(folder, attempt.Limit, Command(member));
            if (call.Code != 0)
            {
                throw new InvalidOperationException($"an undisturbed training ended with {call.Code}: {call.Error}");
            }

            File.WriteAllText(Path.Combine(folder, "seconds"), clock.Elapsed.TotalSeconds.ToString(CultureInfo.InvariantCulture));
            try
            {
                Directory.Move(folder, place);
            }
            catch (IOException)
            {
                Folders.Delete(folder);
            }
        }

        return SmallRun.Of(place, member.Algorithm, member.Environment, 0);
    }

    /// <summary>How long one took, in all.</summary>
    public static TimeSpan Time(Attempt attempt, (string Algorithm, string Environment) member)
    {
        Of(attempt, member);
        return TimeSpan.FromSeconds(double.Parse(File.ReadAllText(Path.Combine(attempt.Shared, $"{member.Algorithm}-{member.Environment}", "seconds")), CultureInfo.InvariantCulture));
    }

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
        IReadOnlyList<string> differences = Artifacts.Differences(Of(attempt, member), run);
        return differences.Count > 0 ? new Verdict(Outcome.Lost, $"{member.Algorithm} on {member.Environment}: missing or other than undisturbed: {string.Join(", ", differences.Take(5))}")
            : Artifacts.Debris(Path.GetDirectoryName(run)!) is [var left, ..] ? new Verdict(Outcome.Debris, $"left {left}")
            : new Verdict(Outcome.Equal);
    }
}
