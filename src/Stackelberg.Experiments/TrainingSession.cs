using Stackelberg.Experiments.Runs;
using Stackelberg.Experiments.Training;

namespace Stackelberg.Experiments;

/// <summary>Trains several seeds, in parallel where threads allow.</summary>
public static class TrainingSession
{
    /// <summary>
    /// Trains or resumes every plan and returns one result for each, in their order. All folders are claimed before the first step is
    /// taken, so that a folder in the way stops the command at once.
    /// </summary>
    /// <remarks>
    /// A run that fails does not stop the others. Cancelling <paramref name="cancellation"/> ends every run at its next iteration boundary
    /// with a checkpoint. The outcome of a seed depends neither on the number of threads nor on the other seeds.
    /// </remarks>
    /// <exception cref="RunException">A folder is in the way, locked, damaged or not writable, or a setting is out of range; nothing was trained.
    /// </exception>
    public static IReadOnlyList<RunResult> Run(
        IReadOnlyList<RunPlan> plans, SessionOptions options, IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        Check(plans, options);
        IReadOnlyList<SeedRunner> runners = Claim(plans, options.Mode, observer ?? new SilentObserver());
        int threads = options.Threads > 0 ? options.Threads : Math.Min(Environment.ProcessorCount, plans.Count);
        int threadsPerRun = Math.Max(1, threads / plans.Count);
        var results = new RunResult[plans.Count];
        int next = -1;
        Exception? fault = null;
        void Work()
        {
            try
            {
                for (int i = Interlocked.Increment(ref next); i < results.Length; i = Interlocked.Increment(ref next))
                {
                    results[i] = runners[i].Run(threadsPerRun, cancellation);
                }
            }
            catch (Exception e)
            {
                // faults of a run are in its result; what arrives here came from the observer
                Interlocked.CompareExchange(ref fault, e, null);
            }
        }

        Thread[] workers = [.. Enumerable.Range(0, Math.Min(threads, plans.Count)).Select(_ => new Thread(Work) { IsBackground = true })];
        foreach (Thread worker in workers)
        {
            worker.Start();
        }

        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        return fault is null ? results : throw new InvalidOperationException($"The observer of the runs failed: {fault.Message}", fault);
    }

    private static void Check(IReadOnlyList<RunPlan> plans, SessionOptions options)
    {
        if (plans.Count == 0)
        {
            throw new RunException("There is nothing to train: no seed was given.");
        }

        if (options.Threads < 0)
        {
            throw new RunException($"Threads is {options.Threads}; allowed is 0 (the smaller of cores and seeds) or more.");
        }

        var directories = new HashSet<string>(StringComparer.Ordinal);
        foreach (RunPlan plan in plans)
        {
            plan.Options.Validate();
            if (!directories.Add(Path.GetFullPath(plan.Directory)))
            {
                throw new RunException($"Two runs ask for the folder '{plan.Directory}'; give each seed once.");
            }

            if (options.Mode != RunMode.Resume)
            {
                RunFolder.CheckFree(Path.GetFullPath(plan.Directory), options.Mode == RunMode.Overwrite);
            }
        }
    }

    private static List<SeedRunner> Claim(IReadOnlyList<RunPlan> plans, RunMode mode, IRunObserver observer)
    {
        var runners = new List<SeedRunner>();
        try
        {
            foreach (RunPlan plan in plans)
            {
                runners.Add(SeedRunner.Claim(plan, mode, observer));
            }

            runners.ForEach(r => r.NoteTotal());
            return runners;
        }
        catch
        {
            foreach (SeedRunner runner in runners)
            {
                runner.Abandon();
            }

            throw;
        }
    }

    private sealed class SilentObserver : IRunObserver;
}
