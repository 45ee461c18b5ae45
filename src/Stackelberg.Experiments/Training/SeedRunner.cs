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

    private SeedRunner(RunPlan plan, RunFolder folder, IRunObserver observer, RunResult? finished, SessionOptions options)
    {
        (this.plan, this.folder, this.observer, this.finished) = (plan, folder, observer, finished);
        if (options.Mode == RunMode.Resume && finished is null)
        {
            if (folder.DescribeChange(plan) is { } change)
            {
                notices.Add(change);
            }

            checkpoint = Open(options.FromScratch);
        }
    }

    /// <summary>Claims the plan's folder.</summary>
    /// <exception cref="RunException">It is in the way, locked, damaged or not writable.</exception>
    public static SeedRunner Claim(RunPlan plan, SessionOptions options, IRunObserver observer)
    {
        bool isResumed = options.Mode == RunMode.Resume;
        RunResult? finished = isResumed && RunDirectory.ReadResult(plan.Directory) is { } result && plan.Options.TotalTimesteps <= result.Steps ? result : null;
        RunFolder folder = isResumed ? RunFolder.Open(plan, isWritten: finished is null) : RunFolder.Create(plan, options.Mode == RunMode.Overwrite);
        try
        {
            return new SeedRunner(plan, folder, observer, finished, options);
        }
        catch (Exception e)
        {
            folder.Dispose();
            throw e is IOException or UnauthorizedAccessException ? new RunException($"The run '{folder.Path}' cannot be taken up: {FileFaultText.Of(e)}.", e) : e;
        }
    }

    /// <summary>The result of a run that could not be claimed.</summary>
    public static RunResult Unclaimed(RunPlan plan, RunException fault) => new()
    {
        Seed = plan.Seed,
        Directory = Path.GetFullPath(plan.Directory),
        Status = RunStatus.Failed,
        Failure = new RunFailure(RunFailureKind.Storage, fault.Message, 0, 0, null) { System = SystemFault.Of(fault) },
    };

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

    /// <summary>Whether the run is to go on to another total than it had.</summary>
    public bool IsRetargeted => finished is null && folder.IsRetargeted(plan);

    /// <summary>Makes a changed total the run's own before any run of the command is trained: those that wait their turn must not lose it to a kill.</summary>
    /// <exception cref="RunException">The folder cannot be written.</exception>
    public void NoteTotal()
    {
        if (!IsRetargeted)
        {
            return;
        }

        try
        {
            folder.NoteTotal(plan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"The run '{folder.Path}' cannot be written: {FileFaultText.Of(e)}. Make room or give rights, and resume it again.", e);
        }
    }

    /// <summary>Gives the folder back untrained; a new one is removed.</summary>
    public void Abandon() => folder.Abandon();

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    private Checkpoint? Open(bool mayStartOver)
    {
        try
        {
            return folder.Checkpoints.OpenNewest(notices, c => Trainer.Verify(c, plan)) ?? (folder.HadCheckpoints
                ? throw new CheckpointException(
                    $"The run '{folder.Path}' had checkpoints, and none is left. Put one back from a copy, or train the run again from step 0 with 'resume --from-scratch'.")
                : null);
        }
        catch (CheckpointException e) when (mayStartOver)
        {
            folder.StartOver();
            notices.Add($"{e.Message} It was asked for: training begins at step 0.");
            return null;
        }
    }

    private RunResult RunClaimed(int threads, CancellationToken cancellation)
    {
        var timer = new RunTimer(default);
        try
        {
            RunTimes earlier = TimingRecord.Read(folder.Path, notices.Add);
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
        var system = SystemFault.Of(fault);
        RunFailureKind kind = fault switch
        {
            _ when system is { IsMemory: true } => RunFailureKind.System,
            NumericalException => RunFailureKind.Numerical,
            EnvironmentException => RunFailureKind.Environment,
            LearnerException => RunFailureKind.Configuration,
            PluginFaultException or SolverException => RunFailureKind.Plugin,
            RunException or StateException or IOException or UnauthorizedAccessException => RunFailureKind.Storage,
            _ => RunFailureKind.Unexpected,
        };
        long iteration = trainer is null ? 0 : trainer.Algorithm.Iterations + 1;
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
        string message = system is { IsMemory: true } ? system.Problem : fault.Message;
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

        return new RunFailure(kind, message, iteration, steps, report) { System = kind is RunFailureKind.System or RunFailureKind.Storage ? system : null };
    }
}
