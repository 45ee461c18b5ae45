using Stackelberg.Cli.Internals;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Tables;

namespace Stackelberg.Cli.Verbs;

/// <summary>A comparison on the console, and as JSON.</summary>
internal static class ComparisonText
{
    // more pairs than this are in the page and in the JSON; nobody reads them in a terminal
    private const int MostPairs = 24;

    public static void Write(Comparison comparison, bool quiet, TextWriter output, TextWriter error)
    {
        string confidence = $"{100 * comparison.Options.Confidence:0.##} % interval";
        output.WriteLine($"{comparison.Quantity}; groups by {string.Join(", ", comparison.GroupedBy)}");
        output.WriteLine();
        Columns.Write(output, ["environment", "group", "seeds", "IQM", confidence, "mean", "deviation", "median", "minimum", "maximum"], [.. comparison.Groups.Select(Row)]);
        if (comparison.Pairs.Count > 0)
        {
            output.WriteLine();
            Columns.Write(output, ["environment", "A", "B", "P(A > B)", confidence, "Welch p", "permutation p", "verdict"], [.. comparison.Pairs.Take(MostPairs).Select(Row)]);
            if (comparison.Pairs.Count > MostPairs)
            {
                output.WriteLine($"... and {comparison.Pairs.Count - MostPairs} more pairs: --html shows all, --json prints them");
            }
        }

        if (!quiet)
        {
            foreach (string note in comparison.Notes)
            {
                error.WriteLine($"note: {Faults.OneLine(note)}");
            }
        }

        WriteLeftOut(comparison, error);
    }

    public static void WriteJson(Comparison comparison, TextWriter output) => Json.Write(output, w =>
    {
        w.WriteString("command", "compare");
        w.WriteString("quantity", comparison.Quantity);
        w.WriteStartArray("grouped_by");
        comparison.GroupedBy.ToList().ForEach(w.WriteStringValue);
        w.WriteEndArray();
        w.WriteStartArray("groups");
        foreach (RunGroup group in comparison.Groups)
        {
            WriteGroup(w, group);
        }

        w.WriteEndArray();
        w.WriteStartArray("pairs");
        foreach (GroupPair pair in comparison.Pairs)
        {
            WritePair(w, pair);
        }

        w.WriteEndArray();
        w.WriteStartArray("left_out");
        foreach (LeftOut left in comparison.LeftOut)
        {
            w.WriteStartObject();
            w.WriteString("directory", left.Directory);
            w.WriteString("reason", left.Reason);
            w.WriteEndObject();
        }

        w.WriteEndArray();
        w.WriteStartArray("notes");
        comparison.Notes.ToList().ForEach(w.WriteStringValue);
        w.WriteEndArray();
    });

    /// <summary>What was found and not used, on standard error.</summary>
    public static void WriteLeftOut(Comparison comparison, TextWriter error)
    {
        foreach (LeftOut left in comparison.LeftOut)
        {
            error.WriteLine($"left out: {Faults.OneLine(left.Directory)}: {Faults.OneLine(left.Reason)}");
        }
    }

    private static string[] Row(RunGroup group)
    {
        ScoreSummary s = group.Summary;
        return
        [
            group.Environment, group.Label, $"{s.Count}", NumberTexts.Short(s.InterquartileMean), s.Count > 1 ? NumberTexts.Interval(s.Low, s.High) : "one seed",
            NumberTexts.Short(s.Mean), NumberTexts.Short(s.Deviation), NumberTexts.Short(s.Median), NumberTexts.Short(s.Minimum), NumberTexts.Short(s.Maximum),
        ];
    }

    private static string[] Row(GroupPair pair) =>
    [
        pair.Environment, $"{pair.A} (n={pair.CountA})", $"{pair.B} (n={pair.CountB})", NumberTexts.Share(pair.ProbabilityOfImprovement),
        $"[{NumberTexts.Share(pair.Low)}, {NumberTexts.Share(pair.High)}]", NumberTexts.P(pair.WelchP), NumberTexts.P(pair.PermutationP), pair.Verdict,
    ];

    private static void WriteGroup(System.Text.Json.Utf8JsonWriter w, RunGroup group)
    {
        ScoreSummary s = group.Summary;
        w.WriteStartObject();
        w.WriteString("algo", group.Algorithm);
        w.WriteString("env", group.Environment);
        w.WriteString("label", group.Label);
        w.WriteNumber("n", s.Count);
        w.Number("mean", s.Mean);
        w.Number("standard_deviation", s.Deviation);
        w.Number("median", s.Median);
        w.Number("iqm", s.InterquartileMean);
        w.Number("iqm_low", s.Low);
        w.Number("iqm_high", s.High);
        w.Number("minimum", s.Minimum);
        w.Number("maximum", s.Maximum);
        w.WriteStartArray("seeds");
        group.Runs.ToList().ForEach(r => w.WriteNumberValue(r.Seed));
        w.WriteEndArray();
        w.Numbers("scores", group.Runs.Select(r => r.Score));
        w.WriteStartObject("keys");
        foreach ((string key, string value) in group.Keys)
        {
            w.WriteString(key, value);
        }

        w.WriteEndObject();
        w.WriteEndObject();
    }

    private static void WritePair(System.Text.Json.Utf8JsonWriter w, GroupPair pair)
    {
        w.WriteStartObject();
        w.WriteString("a", pair.A);
        w.WriteString("b", pair.B);
        w.WriteString("env", pair.Environment);
        w.WriteNumber("n_a", pair.CountA);
        w.WriteNumber("n_b", pair.CountB);
        w.Number("probability_of_improvement", pair.ProbabilityOfImprovement);
        w.Number("low", pair.Low);
        w.Number("high", pair.High);
        w.Number("welch_p", pair.WelchP);
        w.Number("permutation_p", pair.PermutationP);
        w.WriteString("verdict", pair.Verdict);
        w.WriteEndObject();
    }
}
