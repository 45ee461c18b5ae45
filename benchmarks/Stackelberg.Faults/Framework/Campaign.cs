using System.Diagnostics;

namespace Stackelberg.Faults.Framework;

/// <summary>Makes the tries of one kind in processes that may be lost, and collects the verdicts.</summary>
public static class Campaign
{
    private const int ChunkAtMost = 500;

    /// <summary>All tries of a kind.</summary>
    /// <param name="progress">Receives a line for every broken promise.</param>
    /// <exception cref="InvalidOperationException">The kind cannot be prepared: the command does not even do what is undisturbed.</exception>
    public static KindReport Run(FaultKind kind, CampaignOptions options, Action<string> progress)
    {
        Stopwatch clock = Stopwatch.StartNew();
        // short: paths of sockets and lines of messages stay readable
        string scratch = Path.Combine(options.Scratch, $"stackelberg-faults-{Environment.ProcessId}-{kind.Name}");
        Directory.CreateDirectory(scratch);
        try
        {
            Prepare(kind, options, scratch);
            int first = options.Only ?? 0, end = options.Only + 1 ?? options.Tries ?? kind.Length;
            int chunk = Math.Clamp((end - first) / (4 * options.Workers), 1, ChunkAtMost);
            KindReport report = new(kind.Name, kind.Title);
            Lock gate = new();
            int next = first;
            void Work(int worker)
            {
                while (Interlocked.Add(ref next, chunk) - chunk is var start && start < end)
                {
                    WorkerProcess process = new(kind, options, scratch, worker);
                    process.Run(start, Math.Min(end, start + chunk), (index, verdict) =>
                    {
                        lock (gate)
                        {
                            report.Add(index, verdict);
                            if (verdict.IsBroken)
                            {
                                progress($"{kind.Name} {index}: {verdict.Outcome}: {verdict.Detail}");
                            }
                        }
                    });
                }
            }

            Thread[] threads = [.. Enumerable.Range(0, options.Workers).Select(w => new Thread(() => Work(w)))];
            Array.ForEach(threads, t => t.Start());
            Array.ForEach(threads, t => t.Join());
            report.Seconds = clock.Elapsed.TotalSeconds;
            return report;
        }
        finally
        {
            Folders.Delete(scratch);
        }
    }

    private static void Prepare(FaultKind kind, CampaignOptions options, string scratch)
    {
        Verdict? verdict = null;
        new WorkerProcess(kind, options with { Keep = null }, scratch, 0).Run(WorkerProcess.Preparation, WorkerProcess.Preparation + 1, (_, v) => verdict = v);
        if (verdict is not { Outcome: Outcome.Done })
        {
            throw new InvalidOperationException($"'{kind.Name}' cannot be prepared: {verdict?.Detail}");
        }
    }
}
