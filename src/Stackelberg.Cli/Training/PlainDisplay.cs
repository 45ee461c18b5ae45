using Stackelberg.Agents;
using Stackelberg.Cli.Internals;
using Stackelberg.Experiments;

namespace Stackelberg.Cli.Training;

/// <summary>One line per interval: the interval of evaluations, or a twentieth of the run when there are none.</summary>
internal sealed class PlainDisplay(TextWriter output, IReadOnlyList<RunPlan> plans) : IRunObserver
{
    private readonly Lock gate = new();
    private readonly bool isMixed = Texts.IsMixed(plans);
    private readonly Dictionary<string, (long Mark, RunProgress? Progress)> latest = [];

    public void Started(RunPlan plan, long steps)
    {
        lock (gate)
        {
            latest[plan.Directory] = (steps / Interval(plan), null);
            if (steps > 0)
            {
                output.WriteLine($"{Name(plan)}  goes on from step {steps}");
            }
        }
    }

    public void Progressed(RunPlan plan, RunProgress progress)
    {
        lock (gate)
        {
            long mark = progress.Steps / Interval(plan);
            bool print = plan.Options.EvaluateEvery == 0 && mark > latest[plan.Directory].Mark;
            latest[plan.Directory] = (mark, progress);
            if (print)
            {
                WriteLine(plan, progress.Steps, progress, null);
            }
        }
    }

    public void Evaluated(RunPlan plan, long steps, EvaluationResult evaluation)
    {
        lock (gate)
        {
            WriteLine(plan, steps, latest[plan.Directory].Progress, evaluation);
        }
    }

    public void Noticed(RunPlan plan, string message)
    {
        lock (gate)
        {
            output.WriteLine($"{Name(plan)}  note: {Faults.OneLine(message)}");
        }
    }

    private void WriteLine(RunPlan plan, long steps, RunProgress? progress, EvaluationResult? evaluation)
    {
        string line = $"{Name(plan)}  step {steps}/{plan.Options.TotalTimesteps}";
        if (evaluation is not null)
        {
            line += $"  evaluation {Texts.Number(evaluation.Mean)}";
        }

        if (progress is not null)
        {
            line += $"  return {Texts.Returns(progress)}  {Texts.Count(progress.StepsPerSecond)} steps/s  {Texts.Split(progress.Times)}";
            if (progress.Hypergradient is { } report)
            {
                line += $"  residual {Texts.Number(report.Solve.RelativeResidual, "G2")} ({report.Method} {report.Solve.Iterations})";
            }

            line += $"  left {Texts.Duration(Texts.Remaining(plan, progress))}";
        }

        output.WriteLine(line);
    }

    private string Name(RunPlan plan) => Texts.Name(plan, isMixed);

    private static long Interval(RunPlan plan) =>
        plan.Options.EvaluateEvery > 0 ? plan.Options.EvaluateEvery : Math.Max(1, plan.Options.TotalTimesteps / 20);
}
