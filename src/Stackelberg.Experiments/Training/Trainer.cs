using System.Diagnostics;
using System.Globalization;
using Stackelberg.Agents;
using Stackelberg.Environments;
using Stackelberg.Experiments.Checkpoints;
using Stackelberg.Experiments.Runs;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Training;

/// <summary>
/// Trains one seed from its start or a checkpoint to its end: iterate, log, evaluate, checkpoint. Everything is decided at iteration
/// boundaries from the step counts alone, so that an interrupted run makes the same decisions as one that was left alone.
/// </summary>
internal sealed class Trainer : IDisposable
{
    private const string UnsettledKey = "unsettled_from";

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private readonly RunPlan plan;
    private readonly RunFolder folder;
    private readonly IRunObserver observer;
    private readonly Action<string> notice;
    private readonly IAlgorithm algorithm;
    private readonly IReadOnlyList<string> agents;
    private readonly RunLog log;
    private readonly RunTimer timer;
    private readonly long startSteps;
    private long lastProgress = Stopwatch.GetTimestamp();
    private long lastFlush = Stopwatch.GetTimestamp();
    private EvaluationResult? evaluation;
    private long evaluatedAt = -1;
    private double bestMean = double.NegativeInfinity;
    private long bestStep = -1;
    private bool completed;

    // The step at which the iteration began whose evaluation and checkpoint are still to be made; -1 when there is none. A run interrupted in an
    // evaluation resumes there.
    private long unsettledFrom = -1;
    private long savedUnsettledFrom = -1;

    /// <summary>Builds the learner and, with a checkpoint, puts it and the tables where they were.</summary>
    /// <exception cref="CheckpointException">The checkpoint is of another run or does not fit the learner.</exception>
    public Trainer(RunPlan plan, RunFolder folder, Checkpoint? checkpoint, RunTimer timer, int threads, IRunObserver observer, Action<string> notice)
    {
        (this.plan, this.folder, this.timer, this.observer, this.notice) = (plan, folder, timer, observer, notice);
        algorithm = Build(plan, threads, out agents);
        try
        {
            StateReader? saved = checkpoint is null ? null : Restore(checkpoint, plan, algorithm);
            log = new RunLog(folder.Path, algorithm, notice, saved?.Group("log"), RowFollower.For(plan, observer), agents);
            if (saved is not null)
            {
                evaluatedAt = saved.ReadInt64("evaluated_at");
                bestStep = saved.ReadInt64("best_step");
                bestMean = bestStep < 0 ? bestMean : saved.ReadDouble("best_mean");
                unsettledFrom = savedUnsettledFrom = saved.Contains(UnsettledKey) ? saved.ReadInt64(UnsettledKey) : -1;
                LastCheckpoint = checkpoint!.Info;
            }
        }
        catch
        {
            log?.Dispose();
            algorithm.Dispose();
            throw;
        }

        startSteps = algorithm.Steps;
    }

    public IAlgorithm Algorithm => algorithm;

    public RunLog Log => log;

    /// <summary>The newest checkpoint of the run; null while there is none.</summary>
    public CheckpointInfo? LastCheckpoint { get; private set; }

    /// <summary>Trains until the plan is fulfilled or the token is cancelled. Returns the final evaluation, or null when cancelled.</summary>
    public EvaluationResult? Run(CancellationToken cancellation)
    {
        TrainingOptions options = plan.Options;
        Settle(cancellation);
        while (algorithm.Steps < options.TotalTimesteps && !cancellation.IsCancellationRequested)
        {
            unsettledFrom = algorithm.Steps;
            Iterate(options.TotalTimesteps - algorithm.Steps);
            if (options.LogEvery == 0 || IsDue(options.LogEvery, unsettledFrom))
            {
                log.Progress();
            }

            Settle(cancellation);
            Report();
        }

        if (algorithm.Steps > 0 && (LastCheckpoint?.Step, savedUnsettledFrom) != (algorithm.Steps, unsettledFrom))
        {
            Save();
        }

        EvaluationResult? final = unsettledFrom >= 0 || algorithm.Steps < options.TotalTimesteps ? null : Finish(cancellation);
        completed = true;
        return final;
    }

    /// <summary>Requires that a checkpoint is of the plan's run.</summary>
    /// <exception cref="CheckpointException">It is of another.</exception>
    public static void Verify(Checkpoint checkpoint, RunPlan plan)
    {
        StateReader trainer = checkpoint.Section("trainer");
        (string Environment, string Algorithm, ulong Seed) run = (trainer.ReadString("environment"), trainer.ReadString("algorithm"), trainer.ReadUInt64("seed"));
        if (run != (plan.Environment, plan.Algorithm, plan.Seed))
        {
            throw new CheckpointException(
                $"The checkpoint '{checkpoint.Info.Path}' is of {run.Algorithm} on {run.Environment} with seed {run.Seed}, not of {plan.Algorithm} on {plan.Environment} with seed {plan.Seed}.");
        }
    }

    /// <summary>Loads a checkpoint into a fresh learner and returns the trainer's own part of it.</summary>
    /// <param name="widen">Whether state of single precision may be loaded into a learner of double precision.</param>
    /// <exception cref="CheckpointException">The checkpoint is of another run or does not fit the learner.</exception>
    public static StateReader Restore(Checkpoint checkpoint, RunPlan plan, IAlgorithm algorithm, bool widen = false)
    {
        try
        {
            Verify(checkpoint, plan);
            StateReader state = checkpoint.Section("algorithm");
            LearnerCalls.Load(plan, algorithm, widen ? new WideningStateReader(state) : state);
            return checkpoint.Section("trainer");
        }
        catch (StateException e)
        {
            throw new CheckpointException(
                $"The checkpoint '{checkpoint.Info.Path}' does not fit the configuration or this version: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        log.Dispose();
        try
        {
            LearnerCalls.Guard(plan, nameof(algorithm.Dispose), algorithm.Dispose);
        }
        catch (Exception e) when (e is PluginFaultException || (e is EnvironmentException && !completed))
        {
            // what was trained is saved by now, and a fault before this one must not be hidden by it
            notice(e.Message);
        }
    }

    /// <summary>Builds the plan's learner with a fresh environment.</summary>
    /// <exception cref="LearnerException">It cannot be built as configured.</exception>
    public static IAlgorithm Build(RunPlan plan, int threads) => Build(plan, threads, out _);

    /// <param name="plan">Of the run.</param>
    /// <param name="threads">Threads one update may use.</param>
    /// <param name="agents">Names of the agents in the order of play; empty where there is one.</param>
    /// <inheritdoc cref="Build(RunPlan, int)"/>
    private static IAlgorithm Build(RunPlan plan, int threads, out IReadOnlyList<string> agents)
    {
        IEnvironment environment = plan.MakeEnvironment();
        agents = [.. (environment.Joint()?.Agents ?? Enumerable.Empty<AgentSpec>()).Select(a => a.Name)];
        try
        {
            return LearnerCalls.Create(plan.Algorithm, plan.Environment, plan.AlgorithmPlugin, () => plan.MakeAlgorithm(new AlgorithmContext(
                environment, RandomStream.FromSeed(plan.Seed), plan.Options.TotalTimesteps, threads) { MakeEnvironment = plan.MakeEnvironment }));
        }
        catch
        {
            environment.Dispose();
            throw;
        }
    }

    private void Iterate(long maximumSteps)
    {
        long before = algorithm.Steps;
        LearnerCalls.Iterate(plan, algorithm, maximumSteps, log);
        long taken = algorithm.Steps - before;
        if (taken < 1 || taken > maximumSteps)
        {
            string fault = $"An iteration of '{plan.Algorithm}' took {taken} environment steps; at least 1 and at most {maximumSteps} were allowed.";
            throw plan.AlgorithmPlugin is { } plugin ? new PluginFaultException($"{fault} The algorithm is of the plug-in '{plugin}'.") : new InvalidOperationException(fault);
        }
    }

    private bool IsDue(long interval, long before) => interval > 0 && algorithm.Steps / interval > before / interval;

    // What falls due with the iteration just made. Left unsettled when its evaluation is interrupted.
    private void Settle(CancellationToken cancellation)
    {
        if (unsettledFrom < 0 || (IsDue(plan.Options.EvaluateEvery, unsettledFrom) && Evaluate(cancellation) is null))
        {
            return;
        }

        bool isCheckpointDue = IsDue(plan.Options.CheckpointEvery, unsettledFrom);
        unsettledFrom = -1;
        if (isCheckpointDue)
        {
            if (evaluatedAt == algorithm.Steps && evaluation!.Mean > bestMean)
            {
                (bestMean, bestStep) = (evaluation.Mean, algorithm.Steps);
            }

            Save();
        }
    }

    // null when it was interrupted
    private EvaluationResult? Evaluate(CancellationToken cancellation)
    {
        // the stream depends on seed and step alone: evaluating disturbs nothing, and a resumed run gets the same numbers
        RandomStream random = RandomStream.FromSeed(plan.Seed).Split(string.Create(CultureInfo.InvariantCulture, $"evaluation/{algorithm.Steps}"));
        try
        {
            evaluation = timer.Evaluation(() => Evaluator.Evaluate(
                LearnerCalls.Policy(plan, algorithm), plan.MakeEnvironment, random, plan.Options.EvaluationEpisodes, plan.Options.EvaluationMode, timer.EvaluationClock, cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }

        if (evaluatedAt != algorithm.Steps)
        {
            evaluatedAt = algorithm.Steps;
            log.Evaluation(evaluation);
        }

        observer.Progressed(plan, Progress());
        observer.Evaluated(plan, algorithm.Steps, evaluation);
        return evaluation;
    }

    private EvaluationResult? Finish(CancellationToken cancellation)
    {
        if ((evaluation is not null && evaluatedAt == algorithm.Steps ? evaluation : Evaluate(cancellation)) is not { } final)
        {
            return null;
        }

        log.Flush(toDisk: true);
        CheckpointInfo last = LastCheckpoint!;
        folder.Write(ResultRecord.FileName, new ResultRecord(
            algorithm.Steps, algorithm.Iterations, log.Window.Count, EvaluationRecord.Of(final), Path.GetFileName(last.Path), last.Hash)
        {
            Tables = log.Seals(),
        }.Sealed(folder.Manifest));
        return final;
    }

    private void Save()
    {
        observer.Saving(plan, algorithm.Steps);
        LastCheckpoint = timer.Checkpoint(() =>
        {
            // the tables first: a checkpoint must never know of rows that a crash can still take away
            log.Flush(toDisk: true);
            CheckpointInfo saved = folder.Checkpoints.Save(algorithm.Steps, [("trainer", SaveOwn), ("algorithm", w => LearnerCalls.Save(plan, algorithm, w))]);
            savedUnsettledFrom = unsettledFrom;
            folder.NoteCheckpoint();
            folder.Checkpoints.Prune(plan.Options.KeepCheckpoints, bestStep);
            return saved;
        });
        folder.Write(TimingRecord.FileName, TimingRecord.Of(timer.Total(algorithm.Clock)));
        observer.Saved(plan, LastCheckpoint);
    }

    private void SaveOwn(StateWriter writer)
    {
        writer.Write("environment", plan.Environment);
        writer.Write("algorithm", plan.Algorithm);
        writer.Write("seed", plan.Seed);
        writer.Write("evaluated_at", evaluatedAt);
        // no checkpoint holds an infinity, not even one that says "none yet"
        writer.Write("best_mean", bestStep < 0 ? 0 : bestMean);
        writer.Write("best_step", bestStep);
        writer.Write(UnsettledKey, unsettledFrom);
        log.Save(writer.Group("log"));
    }

    private void Report()
    {
        if (Stopwatch.GetElapsedTime(lastProgress) < ProgressInterval)
        {
            return;
        }

        lastProgress = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(lastFlush) >= FlushInterval)
        {
            lastFlush = lastProgress;
            log.Flush();
        }

        observer.Progressed(plan, Progress());
    }

    private RunProgress Progress() => new()
    {
        Steps = algorithm.Steps,
        Iterations = algorithm.Iterations,
        Episodes = log.Window.Count,
        LastReturn = log.Window.LastReturn,
        MeanReturn = log.Window.MeanReturn,
        AgentReturns = [.. agents.Select((a, i) => KeyValuePair.Create(a, log.Window.MeanReturnOf(i)))],
        StepsPerSecond = (algorithm.Steps - startSteps) / timer.TrainingSecondsHere,
        Times = timer.Total(algorithm.Clock),
        Metrics = log.Metrics.Snapshot(),
        Hypergradient = log.LastHypergradient,
        Evaluation = evaluation,
    };
}
