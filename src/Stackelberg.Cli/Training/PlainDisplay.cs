using Stackelberg.Experiments;

namespace Stackelberg.Cli.Training;

/// <summary>One line per interval: the interval of evaluations, or a twentieth of the run when there are none.</summary>
internal sealed class PlainDisplay(TextWriter output) : IRunObserver
{
    private readonly Lock gate = new();
    private readonly Dictionary<ulong, (long Mark, RunProgress? Progress)> latest = [];

    public void Started(RunPlan plan, long steps)
    {
        lock (gate)
        {
            latest[plan.Seed] = (steps / Interval(plan), null);
            if (steps > 0)
            {
                output.WriteLine($"seed {plan.Seed}  goes on from step {steps}");
            }
        }
    }

    public void Progressed(RunPlan plan, RunProgress progress)
    {
        lock (gate)
        {
            long mark = progress.Steps / Interval(plan);
            bool print = plan.Options.EvaluateEvery == 0 && mark > latest[plan.Seed].Mark;
            latest[plan.Seed] = (mark, progress);
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
            WriteLine(plan, steps, latest[plan.Seed].Progress, evaluation);
        }
    }

    public void Noticed(RunPlan plan, string message)
    {
        lock (gate)
        {
            output.WriteLine($"seed {plan.Seed}  note: {message}");
        }
    }

    private void WriteLine(RunPlan plan, long steps, RunProgress? progress, EvaluationResult? evaluation)
    {
        string line = $"seed {plan.Seed}  step {steps}/{plan.Options.TotalTimesteps}";
        if (evaluation is not null)
        {
            line += $"  evaluation {Texts.Number(evaluation.Mean)}";
        }

        if (progress is not null)
        {
            line += $"  return {Texts.Number(progress.MeanReturn)}  {Texts.Count(progress.StepsPerSecond)} steps/s  {Texts.Split(progress.Times)}";
            if (progress.Hypergradient is { } report)
            {
                line += $"  residual {Texts.Number(report.Solve.RelativeResidual, "G2")} ({report.Method} {report.Solve.Iterations})";
            }

            line += $"  left {Texts.Duration(Texts.Remaining(plan, progress))}";
        }

        output.WriteLine(line);
    }

    private static long Interval(RunPlan plan) =>
        plan.Options.EvaluateEvery > 0 ? plan.Options.EvaluateEvery : Math.Max(1, plan.Options.TotalTimesteps / 20);
}
