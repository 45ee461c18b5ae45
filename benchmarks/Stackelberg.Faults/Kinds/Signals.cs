using System.Diagnostics;
using Stackelberg.Faults.Framework;
using Stackelberg.Faults.Runs;

namespace Stackelberg.Faults.Kinds;

/// <summary>SIGTERM, SIGINT and SIGHUP, once and twice: a checkpoint and exit code 130, then <c>resume</c> to the undisturbed run's bytes. An ignored SIGHUP changes nothing.</summary>
public sealed class Signals : FaultKind
{
    private const int Hup = 1, Interrupt = 2, Terminate = 15, Interrupted = 130;

    /// <inheritdoc/>
    public override string Name => "signals";

    /// <inheritdoc/>
    public override string Title => "SIGTERM, SIGINT, SIGHUP at random moments, once and twice, and an ignored SIGHUP";

    /// <inheritdoc/>
    public override int Length => 300;

    /// <inheritdoc/>
    public override int Patience => 12;

    /// <inheritdoc/>
    public override Verdict Try(Attempt attempt)
    {
        (string Algorithm, string Environment) member = attempt.Pick(Undisturbed.Members);
        string run = SmallRun.Of(attempt.Folder, member.Algorithm, member.Environment, 0);
        TimeSpan whole = Undisturbed.Time(attempt, member);
        File.WriteAllText(attempt["weather.json"], Samples.Weather);
        int signal = attempt.Pick([Hup, Interrupt, Terminate]);
        bool ignored = signal == Hup && attempt.Chance(0.5), twice = attempt.Chance(0.3);
        string[] command = Undisturbed.Command(member);
        string line = $"{(ignored ? "trap '' HUP; " : "")}exec $COMMAND {string.Join(' ', command)}";
        attempt.Tell($"$ {line}\nsignal {signal}{(twice ? ", twice" : "")}");
        using Process process = RealProcess.StartShell(attempt.Folder, line);
        Moment.Await(attempt, process, Path.Combine(run, "checkpoints"), whole);
        // before the first step there is nothing to keep, and the system's own end is as good
        bool trains = File.Exists(Path.Combine(run, "progress.csv"));
        Native.Signal(process.Id, signal);
        if (twice)
        {
            Thread.Sleep(TimeSpan.FromSeconds(attempt.Random.NextUniform(0, 0.05)));
            Native.Signal(process.Id, signal);
        }

        CallResult call = RealProcess.Finish(process, attempt.Limit, command);
        attempt.Tell($"trains: {trains}; exit code {call.Code}\n{call.Output}{call.Error}");
        int[] codes = ignored ? [] : trains ? [Interrupted] : [Interrupted, 128 + signal];
        if (Judge.Of(call, codes) is { IsBroken: true } broken)
        {
            return broken;
        }

        // the outcome's row of seed 0: at step 0 there is nothing to keep yet
        bool hasStepped = !call.Output.Split('\n').Any(l => l.StartsWith("0     0 ", StringComparison.Ordinal));
        if (call.Code == Interrupted && trains && hasStepped && !twice && Artifacts.Checkpoints(run).Count == 0)
        {
            return new Verdict(Outcome.Lost, Judge.First(call, "no checkpoint after a signal"));
        }

        return ignored && !File.Exists(Path.Combine(run, "result.json"))
            ? new Verdict(Outcome.Lost, Judge.First(call, "an ignored SIGHUP ended the training"))
            : Undisturbed.Complete(attempt, member, attempt.Folder);
    }
}
