using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Stackelberg.Experiments.Internals;
using Stackelberg.Experiments.Runs;

namespace Stackelberg.Reports.Reproductions;

/// <summary>All that verdicts, tables and figures of an entry are made from: every seed's score. The file <c>summary.json</c>, small enough to be committed.</summary>
public sealed partial record EntrySummary
{
    /// <summary>The form of the file.</summary>
    public const string CurrentFormat = "stackelberg-summary-1";

    /// <summary>Name of the file in an entry's folder.</summary>
    public const string FileName = "summary.json";

    /// <inheritdoc cref="CurrentFormat"/>
    public string Format { get; init; } = CurrentFormat;

    /// <summary>Id of the entry.</summary>
    public required string Id { get; init; }

    /// <summary>Scale it was run at.</summary>
    public required string Scale { get; init; }

    /// <summary>The command that made it.</summary>
    public required string Command { get; init; }

    /// <summary>Day of the newest run, as year-month-day.</summary>
    public required string Date { get; init; }

    /// <summary>Machines the runs were made on.</summary>
    public required IReadOnlyList<string> Machines { get; init; }

    /// <summary>Versions of the program the runs were made with.</summary>
    public required IReadOnlyList<string> Versions { get; init; }

    /// <summary>What a reader must know of these numbers, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>With which settings the runs were made; null in summaries that are older than this field.</summary>
    public SummarySettings? Settings { get; init; }

    /// <summary>Every quantity that the entry's tables and claims need, of every arm, environment and seed.</summary>
    public required IReadOnlyList<ScoreList> Scores { get; init; }

    /// <summary>Curves of the entry's own quantity.</summary>
    public IReadOnlyList<SummaryCurve> Curves { get; init; } = [];

    /// <summary>Scores of an arm on an environment; empty where there are none.</summary>
    public double[] Find(string quantity, string arm, string environment) =>
        [.. Scores.FirstOrDefault(s => s.Quantity == quantity && s.Arm == arm && s.Environment == environment)?.Values ?? []];

    /// <summary>Reads the file.</summary>
    /// <exception cref="ReproductionException">It is none.</exception>
    public static EntrySummary Read(string path)
    {
        try
        {
            EntrySummary? summary = JsonSerializer.Deserialize<EntrySummary>(File.ReadAllBytes(path), Json.Options);
            return summary is not { Format: CurrentFormat } ? throw new JsonException($"the format is '{summary?.Format}'")
                : Fault(summary) is { } fault ? throw new JsonException(fault)
                : summary;
        }
        // the last two for texts that no character stands for
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new ReproductionException($"'{path}' is no summary of an entry: {e.Message.Split(" Path:")[0]}", $"a {FileName} that 'stackelberg reproduce run' wrote", "run the entry again");
        }
    }

    private static string? Fault(EntrySummary summary)
    {
        foreach (ScoreList list in summary.Scores)
        {
            string name = $"'{list.Quantity}' of '{list.Arm}' on {list.Environment}";
            if (list.Seeds.Count != list.Values.Count || list.Seeds.Distinct().Count() != list.Seeds.Count)
            {
                return $"{name} has not one score for each of its seeds";
            }

            if (!list.Values.All(double.IsFinite))
            {
                return $"{name} has a score that is no finite number";
            }
        }

        return summary.Scores.GroupBy(s => (s.Quantity, s.Arm, s.Environment)).FirstOrDefault(g => g.Skip(1).Any()) is { Key: var twice }
            ? $"'{twice.Quantity}' of '{twice.Arm}' on {twice.Environment} is there twice"
            : null;
    }

    /// <summary>Writes the file, which appears under its name when it is complete.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string path) => WholeFile.Write(path, NumberList().Replace(Encoding.UTF8.GetString(Json.Write(this)), static list => Blanks().Replace(list.Value, " ").Replace("[ ", "[", StringComparison.Ordinal).Replace(" ]", "]", StringComparison.Ordinal)));

    // lists of numbers in one line each: curves have hundreds
    [GeneratedRegex(@"\[[-+0-9.eE,\s]+\]")]
    private static partial Regex NumberList();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}

/// <summary>Scores of one arm on one environment.</summary>
/// <param name="Quantity">Name of the quantity.</param>
/// <param name="Seeds">Which seeds.</param>
/// <param name="Values">Their scores, in the order of the seeds.</param>
public sealed record ScoreList(string Quantity, string Arm, string Environment, IReadOnlyList<ulong> Seeds, IReadOnlyList<double> Values);

/// <summary>A curve of one arm on one environment: interquartile mean and its interval on a grid.</summary>
public sealed record SummaryCurve(
    string Arm, string Environment, IReadOnlyList<double> Steps, IReadOnlyList<double> Iqm, IReadOnlyList<double> Low, IReadOnlyList<double> High, IReadOnlyList<int> Seeds);
