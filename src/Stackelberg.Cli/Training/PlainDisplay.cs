using Stackelberg.Experiments;

namespace Stackelberg.Cli.Training;

/// <summary>One line per interval: the interval of evaluations, or a twentieth of the run when there are none.</summary>
internal sealed class PlainDisplay(TextWriter output) : IRunObserver
{
    private readonly Lock gate = new();
    private readonly Dictionary<ulong, long> printed = [];

    public void Started(RunPlan plan, long steps)
    {
        lock (gate)
        {
            printed[plan.Seed] = steps / Interval(plan);
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
            if (mark <= printed.GetValueOrDefault(plan.Seed))
            {
                return;
            }

            printed[plan.Seed] = mark;
            string solve = progress.Hypergradient is { } report
                ? $"  residual {Texts.Number(report.Solve.RelativeResidual, "G2")} ({report.Method} {report.Solve.Iterations})"
                : "";
            output.WriteLine(
                $"seed {plan.Seed}  step {progress.Steps}/{plan.Options.TotalTimesteps}  return {Texts.Number(progress.MeanReturn)}"
                + (progress.Evaluation is { } evaluation ? $"  evaluation {Texts.Number(evaluation.Mean)}" : "")
                + $"  {Texts.Count(progress.StepsPerSecond)} steps/s  {Texts.Split(progress.Times)}{solve}  left {Texts.Duration(Texts.Remaining(plan, progress))}");
        }
    }

    public void Noticed(RunPlan plan, string message)
    {
        lock (gate)
        {
            output.WriteLine($"seed {plan.Seed}  note: {message}");
        }
    }

    private static long Interval(RunPlan plan) =>
        plan.Options.EvaluateEvery > 0 ? plan.Options.EvaluateEvery : Math.Max(1, plan.Options.TotalTimesteps / 20);
}
