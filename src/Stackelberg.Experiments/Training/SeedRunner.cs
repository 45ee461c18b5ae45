using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Environments;
using Stackelberg.Experiments.Checkpoints;
using Stackelberg.Experiments.Runs;
using Stackelberg.MuJoCo;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Training;

/// <summary>
/// Holds one run's folder from the moment it is claimed, trains it on a thread that may be lost, and turns whatever happens into a result.
/// </summary>
internal sealed class SeedRunner : IDisposable
{
    private readonly RunPlan plan;
    private readonly RunFolder folder;
    private readonly IRunObserver observer;
    private readonly RunResult? finished;
    private readonly Checkpoint? checkpoint;
    private readonly List<string> notices = [];
    private Trainer? trainer;

    private SeedRunner(RunPlan plan, RunFolder folder, IRunObserver observer, bool isResumed)
    {
        (this.plan, this.folder, this.observer) = (plan, folder, observer);
        finished = RunDirectory.ReadResult(folder.Path) is { } result && plan.Options.TotalTimesteps <= result.Steps ? result : null;
        checkpoint = isResumed && finished is null ? folder.Checkpoints.OpenNewest(notices) : null;
    }

    /// <summary>Claims the plan's folder.</summary>
    /// <exception cref="RunException">It is in the way, locked, damaged or not writable.</exception>
    public static SeedRunner Claim(RunPlan plan, RunMode mode, IRunObserver observer)
    {
        RunFolder folder = mode == RunMode.Resume ? RunFolder.Open(plan) : RunFolder.Create(plan, mode == RunMode.Overwrite);
        try
        {
            return new SeedRunner(plan, folder, observer, mode == RunMode.Resume);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Trains, and gives the folder back. Does not throw for faults of the run.</summary>
    public RunResult Run(int threads, CancellationToken cancellation)
    {
        RunResult result = RunClaimed(threads, cancellation);
        try
        {
            Dispose();
        }
        catch (RunException e)
        {
            notices.Add(e.Message);
        }

        observer.Ended(plan, result);
        return result;
    }

    /// <summary>Makes a changed total the run's own before any run of the command is trained: those that wait their turn must not lose it to a kill.</summary>
    /// <exception cref="RunException">The folder cannot be written.</exception>
    public void NoteTotal()
    {
        if (finished is not null || !folder.IsRetargeted(plan))
        {
            return;
        }

        try
        {
            folder.NoteTotal(plan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"The run '{folder.Path}' cannot be written: {e.Message} Make room or give rights, and resume it again.", e);
        }
    }

    /// <summary>Gives the folder back untrained; a new one is removed.</summary>
    public void Abandon() => folder.Abandon();

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    private RunResult RunClaimed(int threads, CancellationToken cancellation)
    {
        var timer = new RunTimer(default);
        try
        {
            RunTimes earlier = Json.Read<TimingRecord>(folder.FileOf(TimingRecord.FileName))?.ToTimes() ?? default;
            if (finished is not null)
            {
                return finished with { Seed = plan.Seed, WasFinished = true, Notices = notices };
            }

            foreach (string notice in notices)
            {
                observer.Noticed(plan, notice);
            }

            timer = new RunTimer(earlier);
            observer.Started(plan, checkpoint?.Info.Step ?? 0);
            if (cancellation.IsCancellationRequested)
            {
                return Result(RunStatus.Interrupted, timer);
            }

            if (folder.IsResumed)
            {
                folder.NoteResumption(plan, checkpoint?.Info.Step ?? 0);
            }

            EvaluationResult? final = PhysicsThread.Run(() => Train(timer, threads, cancellation));
            folder.Write(TimingRecord.FileName, TimingRecord.Of(timer.Total(trainer?.Algorithm.Clock)));
            return Result(final is null ? RunStatus.Interrupted : RunStatus.Finished, timer) with { FinalEvaluation = final };
        }
        catch (Exception e)
        {
            return Result(RunStatus.Failed, timer) with { Failure = Describe(e) };
        }
    }

    private EvaluationResult? Train(RunTimer timer, int threads, CancellationToken cancellation)
    {
        using var running = new Trainer(plan, folder, checkpoint, timer, threads, observer, Notice);
        trainer = running;
        return running.Run(cancellation);
    }

    private void Notice(string message)
    {
        notices.Add(message);
        observer.Noticed(plan, message);
    }

    private RunResult Result(RunStatus status, RunTimer timer) => new()
    {
        Seed = plan.Seed,
        Directory = folder.Path,
        Status = status,
        Steps = trainer?.Algorithm.Steps ?? checkpoint?.Info.Step ?? 0,
        Iterations = trainer?.Algorithm.Iterations ?? 0,
        Episodes = trainer?.Log.Window.Count ?? 0,
        Times = timer.Total(trainer?.Algorithm.Clock),
        CheckpointHash = (trainer?.LastCheckpoint ?? checkpoint?.Info)?.Hash,
        Notices = notices,
    };

    private RunFailure Describe(Exception fault)
    {
        RunFailureKind kind = fault switch
        {
            NumericalException => RunFailureKind.Numerical,
            EnvironmentException => RunFailureKind.Environment,
            LearnerException => RunFailureKind.Configuration,
            PluginFaultException or SolverException => RunFailureKind.Plugin,
            RunException or StateException or IOException or UnauthorizedAccessException => RunFailureKind.Storage,
            _ => RunFailureKind.Unexpected,
        };
        long iteration = (trainer?.Algorithm.Iterations ?? 0) + 1;
        long steps = trainer?.Algorithm.Steps ?? checkpoint?.Info.Step ?? 0;
        var record = new FailureRecord
        {
            Kind = kind,
            Message = fault.Message,
            Exception = fault.GetType().Name,
            Iteration = iteration,
            Steps = steps,
            LastCheckpoint = (trainer?.LastCheckpoint ?? checkpoint?.Info)?.Path,
            Metrics = new Dictionary<string, double>(trainer?.Log.Metrics.Snapshot() ?? []),
            Hypergradient = trainer?.Log.LastHypergradient,
            StackTrace = kind is RunFailureKind.Unexpected or RunFailureKind.Plugin || (kind == RunFailureKind.Environment && fault.InnerException is not null) ? fault.ToString() : null,
        };
        string? report = folder.FileOf(FailureRecord.FileName);
        try
        {
            folder.Write(FailureRecord.FileName, record);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // a full disk is often the very fault; the result still carries the message
            report = null;
        }

        return new RunFailure(kind, fault.Message, iteration, steps, report);
    }
}
