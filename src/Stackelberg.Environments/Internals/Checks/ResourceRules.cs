using Stackelberg.Primitives;

namespace Stackelberg.Environments.Internals.Checks;

internal sealed class AllocationRule : CheckRule
{
    private const int WarmUp = 100;

    public override string Name => "allocation";

    public override string Description => "Step allocates no memory (advice: collections cost time and make it uneven).";

    public override void Check(CheckRun run)
    {
        using IEnvironment environment = run.Create();
        double[] observation = run.Buffer();
        double[][] actions = run.Actions("allocation", WarmUp + run.Options.Steps);
        environment.Reset(run.Options.Seed, observation);
        long allocated = 0;
        for (int i = 0; i < actions.Length; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            StepResult result = environment.Step(actions[i], observation);
            if (i >= WarmUp)
            {
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            }

            if (result.Ended)
            {
                environment.Reset(null, observation);
            }
        }

        if (allocated > 0)
        {
            run.Report(this, FindingSeverity.Advice, $"{allocated / (double)run.Options.Steps:F0} bytes allocated per step", "0 bytes per step",
                "Make buffers once, in the constructor, and avoid LINQ, closures and boxing in Step.");
        }
    }
}

internal sealed class DisposalRule : CheckRule
{
    public override string Name => "disposal";

    public override string Description => "Dispose may be called twice, and before the first Reset.";

    public override void Check(CheckRun run)
    {
        IEnvironment environment = run.Create();
        environment.Dispose();
        try
        {
            environment.Dispose();
        }
        catch (Exception exception)
        {
            run.Error(this, $"a second Dispose failed: {ExceptionText.Of(exception)}", "no effect",
                "Remember in a flag that everything was released.");
        }
    }
}
