using Stackelberg.Agents;
using Stackelberg.Experiments;

namespace Stackelberg.Cli.Training;

/// <summary>Keeps the latest of every run for a display that reads it at its own pace.</summary>
internal sealed class RunBoard : IRunObserver
{
    private readonly Lock gate = new();
    // by folder: runs of several environments or algorithms have seeds in common
    private readonly Dictionary<string, RunLine> lines = [];

    public RunBoard(IReadOnlyList<RunPlan> plans)
    {
        foreach (RunPlan plan in plans)
        {
            lines.Add(plan.Directory, new RunLine(plan));
        }
    }

    /// <summary>A consistent copy of all lines, in the order of the plans.</summary>
    public IReadOnlyList<RunLine> Snapshot()
    {
        lock (gate)
        {
            return [.. lines.Values];
        }
    }

    public void Started(RunPlan plan, long steps) => Change(plan, line => line with { Phase = "training", StartSteps = steps });

    public void Progressed(RunPlan plan, RunProgress progress) => Change(plan, line => line with { Progress = progress });

    public void Evaluated(RunPlan plan, long steps, EvaluationResult evaluation) => Change(plan, line => line with { Evaluation = evaluation });

    public void Ended(RunPlan plan, RunResult result) => Change(plan, line => line with { Phase = result.Status.ToString().ToLowerInvariant() });

    private void Change(RunPlan plan, Func<RunLine, RunLine> change)
    {
        lock (gate)
        {
            lines[plan.Directory] = change(lines[plan.Directory]);
        }
    }
}

/// <summary>What a display shows of one run.</summary>
internal sealed record RunLine(RunPlan Plan)
{
    public string Phase { get; init; } = "waiting";

    public long StartSteps { get; init; }

    public RunProgress? Progress { get; init; }

    public EvaluationResult? Evaluation { get; init; }
}
