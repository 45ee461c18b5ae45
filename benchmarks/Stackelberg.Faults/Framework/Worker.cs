using System.Globalization;
using System.Text;
using System.Text.Json;
using Stackelberg.Primitives;

namespace Stackelberg.Faults.Framework;

/// <summary>The other end of <see cref="WorkerProcess"/>: makes the tries and says what came of each.</summary>
internal static class Worker
{
    /// <summary>Runs to the end of its range.</summary>
    /// <param name="arguments">Kind, seed, first and last number, own folder, shared folder, seconds.</param>
    public static int Run(IReadOnlyList<string> arguments)
    {
        FaultKind kind = Catalogue.Find(arguments[0]);
        RandomStream root = RandomStream.FromSeed(ulong.Parse(arguments[1], CultureInfo.InvariantCulture)).Split(kind.Name);
        int first = int.Parse(arguments[2], CultureInfo.InvariantCulture), end = int.Parse(arguments[3], CultureInfo.InvariantCulture);
        (string folder, string shared) = (arguments[4], arguments[5]);
        var limit = TimeSpan.FromSeconds(kind.Patience * double.Parse(arguments[6], CultureInfo.InvariantCulture));
        using Stream answers = Capture.Begin(folder);
        for (int index = first; index < end; index++)
        {
            bool prepares = index == WorkerProcess.Preparation;
            Attempt attempt = new(index, root.Split("try", index), prepares ? shared : Path.Combine(folder, index.ToString(CultureInfo.InvariantCulture)), shared, limit);
            Directory.CreateDirectory(attempt.Folder);
            Verdict verdict = prepares ? Prepare(kind, attempt) : Try(kind, attempt);
            answers.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new WorkerProcess.Message(index, verdict.Outcome, verdict.Detail)) + "\n"));
            answers.Flush();
        }

        return 0;
    }

    private static Verdict Prepare(FaultKind kind, Attempt shared)
    {
        try
        {
            kind.Prepare(shared);
            return new Verdict(Outcome.Done);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new Verdict(Outcome.Lost, e.ToString());
        }
    }

    private static Verdict Try(FaultKind kind, Attempt attempt)
    {
        try
        {
            return kind.Try(attempt);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // a fault of the campaign's own, to be mended here
            return new Verdict(Outcome.Crash, $"the campaign itself: {e}".ReplaceLineEndings(" "));
        }
    }
}
