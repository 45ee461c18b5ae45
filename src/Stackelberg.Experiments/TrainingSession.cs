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
    /// <exception cref="RunException">A new run's folder is in the way, locked or not writable, or a setting is out of range; nothing was trained.
    /// A run to be gone on with whose folder is locked, damaged or not writable is a failed result instead, and the others go on.</exception>
    public static IReadOnlyList<RunResult> Run(
        IReadOnlyList<RunPlan> plans, SessionOptions options, IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        Check(plans, options);
        var results = new RunResult[plans.Count];
        SeedRunner?[] runners = Claim(plans, options, observer ?? new SilentObserver(), results);
        int threads = options.Threads > 0 ? options.Threads : Math.Min(Environment.ProcessorCount, plans.Count);
        int threadsPerRun = Math.Max(1, threads / plans.Count);
        int next = -1;
        Exception? fault = null;
        void Work()
        {
            try
            {
                for (int i = Interlocked.Increment(ref next); i < results.Length; i = Interlocked.Increment(ref next))
                {
                    results[i] = runners[i]?.Run(threadsPerRun, cancellation) ?? results[i];
                }
            }
            catch (Exception e)
            {
                // faults of a run are in its result; what arrives here came from the observer
                Interlocked.CompareExchange(ref fault, e, null);
            }
        }

        foreach (Thread worker in Start(Math.Min(threads, plans.Count), Work))
        {
            worker.Join();
        }

        return fault is null ? results : throw new InvalidOperationException($"The observer of the runs failed: {fault.Message}", fault);
    }

    // As many as the system allows: the results do not depend on their number.
    private static List<Thread> Start(int count, Action work)
    {
        var started = new List<Thread>();
        while (started.Count < count)
        {
            var worker = new Thread(() => work()) { IsBackground = true };
            try
            {
                worker.Start();
            }
            catch (OutOfMemoryException) when (started.Count > 0)
            {
                break;
            }

            started.Add(worker);
        }

        return started;
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

    // Runs that cannot be gone on with have their result already and no runner.
    private static SeedRunner?[] Claim(IReadOnlyList<RunPlan> plans, SessionOptions options, IRunObserver observer, RunResult[] results)
    {
        var runners = new SeedRunner?[plans.Count];
        try
        {
            ForEach(i => runners[i] = SeedRunner.Claim(plans[i], options, observer));
            RunResult? refused = results.FirstOrDefault(r => r is not null);
            if (refused is not null && runners.Any(r => r is { IsRetargeted: true }))
            {
                // a new total is given to all runs of the command or to none
                throw new RunException(refused.Failure!.Message);
            }

            ForEach(i => runners[i]?.NoteTotal());
            return runners;
        }
        catch
        {
            foreach (SeedRunner? runner in runners)
            {
                runner?.Abandon();
            }

            throw;
        }

        void ForEach(Action<int> step)
        {
            for (int i = 0; i < runners.Length; i++)
            {
                try
                {
                    step(i);
                }
                catch (RunException e) when (options.Mode == RunMode.Resume)
                {
                    runners[i]?.Dispose();
                    (runners[i], results[i]) = (null, SeedRunner.Unclaimed(plans[i], e));
                }
            }
        }
    }

    private sealed class SilentObserver : IRunObserver;
}
