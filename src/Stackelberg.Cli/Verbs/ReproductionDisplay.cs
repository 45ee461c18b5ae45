using Stackelberg.Experiments;

namespace Stackelberg.Cli.Verbs;

/// <summary>One line for each run that ends: entries have dozens of runs, and a table of all would scroll away.</summary>
internal sealed class ReproductionDisplay(TextWriter output) : IRunObserver
{
    private int ended;

    public void Ended(RunPlan plan, RunResult result)
    {
        string what = result.Status switch
        {
            RunStatus.Finished => $"{Training.Texts.Number(result.FinalEvaluation!.Mean)} in {Training.Texts.Duration(result.Times.WallSeconds)}",
            RunStatus.Interrupted => $"interrupted at step {result.Steps}",
            _ => $"failed: {result.Failure?.Message}",
        };
        string arm = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(plan.Directory)))) ?? "";
        string line = $"{Interlocked.Increment(ref ended),4}  {arm}  {plan.Environment}  seed {plan.Seed}: {Internals.Faults.OneLine(what)}";
        lock (output)
        {
            output.WriteLine(line);
        }
    }
}
