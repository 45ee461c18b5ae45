using Stackelberg.Experiments;
using Stackelberg.Primitives;
using YamlDotNet.Core;

namespace Stackelberg.Reports.TensorBoard;

/// <summary>The event file of a run in training. The first fault of the file is noted, and ends it; the run hears of nothing.</summary>
internal sealed class LiveEvents(string folder, Action<string> note) : IDisposable
{
    private const double SpeedInterval = 1;

    private readonly Lock gate = new();
    private EventFile? file;
    private RunEvents? events;
    private double lastSpeed;
    private long lastSpeedStep;

    private static double Now => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds;

    /// <summary>Begins a file.</summary>
    /// <param name="steps">Environment steps that training goes on from; 0 for a start.</param>
    public void Begin(RunPlan plan, long steps)
    {
        lock (gate)
        {
            Try(() =>
            {
                bool isResumed = steps > 0 || EventFile.AnyIn(folder);
                file = EventFile.Begin(folder, Now, isResumed ? steps : null);
                events = new RunEvents(file, Tags.For(plan.Algorithm));
                lastSpeedStep = steps;
                events.Begin(Now, isResumed ? steps + 1 : 0, plan.ConfigurationText, plan.Seed);
                file.Flush();
            });
        }
    }

    /// <summary>A row of a table; see <see cref="RunEvents.Row"/>.</summary>
    public void Row(string table, long step, IEnumerable<(string Column, double Value)> cells) => Change(e => e.Row(Now, table, step, cells));

    /// <summary>The speed, at most once a second and once a step.</summary>
    public void Speed(long step, double stepsPerSecond) => Change(e =>
    {
        if (step > lastSpeedStep && Now - lastSpeed >= SpeedInterval)
        {
            (lastSpeed, lastSpeedStep) = (Now, step);
            e.Speed(Now, step, stepsPerSecond);
        }
    });

    /// <summary>Hands all events to the system.</summary>
    /// <param name="toDisk">Whether an iteration has ended and what is written must survive a loss of power.</param>
    public void Flush(bool toDisk = false) => Change(e =>
    {
        if (toDisk)
        {
            e.EndUpdates();
        }

        file!.Flush(toDisk);
    });

    /// <summary>Ends the file. Only a run that is finished says so: TensorBoard would go on showing any other end after the run has been resumed.</summary>
    public void End(RunResult result)
    {
        Change(e =>
        {
            e.EndUpdates();
            if (result.Status == RunStatus.Finished)
            {
                e.Finish(Now, result.Steps);
            }

            file!.Flush(toDisk: true);
        });
        Dispose();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            Close();
        }
    }

    private void Change(Action<RunEvents> work)
    {
        lock (gate)
        {
            if (events is { } open)
            {
                Try(() => work(open));
            }
        }
    }

    private void Try(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or YamlException)
        {
            Close();
            note($"Events for TensorBoard cannot be written to '{folder}': {(e is YamlException ? e.Message : FileFaultText.Of(e))}. The run goes on without them.");
        }
    }

    private void Close()
    {
        events = null;
        file?.Dispose();
        file = null;
    }
}
