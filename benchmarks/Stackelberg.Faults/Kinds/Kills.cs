using System.Diagnostics;
using Stackelberg.Faults.Framework;
using Stackelberg.Faults.Runs;

namespace Stackelberg.Faults.Kinds;

/// <summary>SIGKILL at a random moment, in training, in checkpoints, in resumption; then <c>resume</c> comes to the undisturbed run's bytes.</summary>
public sealed class Kills : FaultKind
{
    private const int Kill = 9, MostKills = 3;

    /// <inheritdoc/>
    public override string Name => "kills";

    /// <inheritdoc/>
    public override string Title => "trainings killed up to three times at random moments, half of them while a checkpoint is written, then resumed";

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
        for (int kills = 1 + attempt.Random.NextInt32(MostKills); kills > 0; kills--)
        {
            string[] command = File.Exists(Path.Combine(run, "manifest.json")) ? ["resume", run] : Undisturbed.Command(member);
            attempt.Tell($"$ stackelberg {string.Join(' ', command)}");
            using Process process = RealProcess.Start(attempt.Folder, command);
            Moment.Await(attempt, process, Path.Combine(run, "checkpoints"), whole);
            Native.Signal(process.Id, Kill);
            CallResult call = RealProcess.Finish(process, attempt.Limit, command);
            attempt.Tell($"exit code {call.Code}\n{call.Output}{call.Error}");
            if (call.Code is not (0 or 128 + Kill))
            {
                return Judge.Of(call, []);
            }
        }

        return Undisturbed.Complete(attempt, member, attempt.Folder);
    }
}
