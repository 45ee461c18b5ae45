using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Stackelberg.Faults.Framework;

/// <summary>A process that makes tries one after the other, watched from here: when it hangs, dies or grows, the try it was at has its verdict, and another goes on.</summary>
internal sealed class WorkerProcess(FaultKind kind, CampaignOptions options, string scratch, int number)
{
    /// <summary>In the place of a try's number: make what all tries need.</summary>
    public const int Preparation = -1;

    /// <summary>Managed memory of a worker, and memory in all: an input that asks for more than it should is seen as a failure.</summary>
    private const long HeapBytes = 3L << 30, AllBytes = 6L << 30;

    // there may be thousands of these, much alike
    private const int MostFormsKept = 50;

    private static int formsKept;

    private readonly string folder = Path.Combine(scratch, $"w{number}");

    /// <summary>Tries <paramref name="first"/> to <paramref name="end"/>, the last not included.</summary>
    public void Run(int first, int end, Action<int, Verdict> report)
    {
        for (int next = first; next < end;)
        {
            Directory.CreateDirectory(folder);
            using Process process = Start(next, end);
            next = Watch(process, next, report);
        }
    }

    private Process Start(int first, int end)
    {
        string[] arguments =
        [
            typeof(WorkerProcess).Assembly.Location, "worker", kind.Name, Text(options.Seed), Text(first), Text(end), folder, Path.Combine(scratch, "shared"), Text(options.SecondsPerTry),
        ];
        ProcessStartInfo start = new("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapBytes.ToString("X", CultureInfo.InvariantCulture);
        // crash reports of the runtime are of no use here, and cost seconds
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        return Process.Start(start)!;
    }

    // returns the number of the try that has not been made yet
    private int Watch(Process process, int next, Action<int, Verdict> report)
    {
        TimeSpan limit = TimeSpan.FromSeconds((options.SecondsPerTry * kind.Patience * (next == Preparation ? 12 : 1)) + 5);
        while (true)
        {
            Task<string?> line = process.StandardOutput.ReadLineAsync();
            string? reason = Wait(process, line, limit);
            if (reason is null && line.Result is { } text && JsonSerializer.Deserialize<Message>(text) is { } message)
            {
                Verdict verdict = new(message.Outcome, message.Detail);
                Settle(message.Index, verdict);
                report(message.Index, verdict);
                next = message.Index + 1;
                continue;
            }

            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            process.WaitForExit();
            if (reason is null && process.ExitCode == 0)
            {
                return int.MaxValue;
            }

            string last = Capture.Last(folder);
            Verdict lost = new(reason is "hang" ? Outcome.Hang : Outcome.Crash, $"{reason ?? $"exit code {process.ExitCode}"}: {LastCall(next)} {last[..Math.Min(last.Length, 400)]}".ReplaceLineEndings(" "));
            Settle(next, lost);
            report(next, lost);
            return next + 1;
        }
    }

    private static string? Wait(Process process, Task line, TimeSpan limit)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!line.Wait(200))
        {
            if (clock.Elapsed > limit)
            {
                return "hang";
            }

            if (MemoryOf(process) > AllBytes)
            {
                return $"more than {AllBytes >> 30} GB of memory";
            }
        }

        return null;
    }

    // a process that has ended, perhaps just now, takes none
    private static long MemoryOf(Process process)
    {
        try
        {
            process.Refresh();
            return process.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }

    private string LastCall(int index)
    {
        string story = Path.Combine(folder, Text(index) + ".txt");
        return File.Exists(story) ? File.ReadLines(story).LastOrDefault(l => l.StartsWith("$ ", StringComparison.Ordinal)) ?? "" : "";
    }

    // keeps what is to be looked at, removes the rest
    private void Settle(int index, Verdict verdict)
    {
        string work = Path.Combine(folder, Text(index)), story = work + ".txt";
        if (verdict.IsBroken && options.Keep is { } keep && index != Preparation && (verdict.Outcome != Outcome.Form || Interlocked.Increment(ref formsKept) <= MostFormsKept))
        {
            string place = Path.Combine(keep, $"{kind.Name}-{index}");
            Folders.Delete(place);
            Directory.CreateDirectory(place);
            File.WriteAllText(Path.Combine(place, "verdict.txt"), $"{verdict.Outcome}: {verdict.Detail}\n");
            if (File.Exists(story))
            {
                File.Copy(story, Path.Combine(place, "story.txt"));
            }

            if (Directory.Exists(work))
            {
                Folders.Copy(work, Path.Combine(place, "work"));
            }
        }

        File.Delete(story);
        Folders.Delete(work);
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    /// <summary>What a worker says of one try.</summary>
    public sealed record Message(int Index, Outcome Outcome, string Detail);
}
