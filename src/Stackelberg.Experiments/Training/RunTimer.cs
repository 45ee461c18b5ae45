using System.Diagnostics;
using Stackelberg.Agents;

namespace Stackelberg.Experiments.Training;

/// <summary>Adds up where the time of a run goes, on top of what earlier processes spent on it.</summary>
internal sealed class RunTimer(RunTimes earlier)
{
    private readonly long start = Stopwatch.GetTimestamp();

    public double EvaluationSeconds { get; private set; }

    /// <summary>Where the time of evaluations goes.</summary>
    public TrainingClock EvaluationClock { get; } = new();

    public double CheckpointSeconds { get; private set; }

    /// <summary>Seconds of training proper since this process began the run.</summary>
    public double TrainingSecondsHere => Elapsed - EvaluationSeconds - CheckpointSeconds;

    private double Elapsed => Stopwatch.GetElapsedTime(start).TotalSeconds;

    public TResult Evaluation<TResult>(Func<TResult> work)
    {
        long begin = Stopwatch.GetTimestamp();
        TResult result = work();
        EvaluationSeconds += Stopwatch.GetElapsedTime(begin).TotalSeconds;
        return result;
    }

    public TResult Checkpoint<TResult>(Func<TResult> work)
    {
        long begin = Stopwatch.GetTimestamp();
        TResult result = work();
        CheckpointSeconds += Stopwatch.GetElapsedTime(begin).TotalSeconds;
        return result;
    }

    /// <summary>The totals now.</summary>
    /// <param name="clock">The learner's clock; null before it exists.</param>
    public RunTimes Total(TrainingClock? clock) => new()
    {
        WallSeconds = earlier.WallSeconds + Elapsed,
        EnvironmentSeconds = earlier.EnvironmentSeconds + (clock?.EnvironmentSeconds ?? 0),
        ActSeconds = earlier.ActSeconds + (clock?.ActSeconds ?? 0),
        UpdateSeconds = earlier.UpdateSeconds + (clock?.UpdateSeconds ?? 0),
        HypergradientSeconds = earlier.HypergradientSeconds + (clock?.HypergradientSeconds ?? 0),
        HypergradientGradientSeconds = earlier.HypergradientGradientSeconds + (clock?.HypergradientGradientSeconds ?? 0),
        HypergradientSolveSeconds = earlier.HypergradientSolveSeconds + (clock?.HypergradientSolveSeconds ?? 0),
        HypergradientMixedSeconds = earlier.HypergradientMixedSeconds + (clock?.HypergradientMixedSeconds ?? 0),
        EvaluationSeconds = earlier.EvaluationSeconds + EvaluationSeconds,
        EvaluationEnvironmentSeconds = earlier.EvaluationEnvironmentSeconds + EvaluationClock.EnvironmentSeconds,
        CheckpointSeconds = earlier.CheckpointSeconds + CheckpointSeconds,
    };
}
