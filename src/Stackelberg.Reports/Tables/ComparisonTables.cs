using System.Globalization;
using System.Text;
using Stackelberg.Experiments.Internals;
using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Reports.Tables;

/// <summary>A comparison as files for other programs.</summary>
public static class ComparisonTables
{
    private static readonly string[] Columns =
        ["environment", "label", "algorithm", "seeds", "iqm", "iqm_low", "iqm_high", "mean", "standard_deviation", "median", "minimum", "maximum"];

    /// <summary>Writes <see cref="Csv"/> to a file, which appears under its name when it is complete.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteCsv(Comparison comparison, string path) => WholeFile.Write(path, Csv(comparison));

    /// <summary>Writes <see cref="Latex"/> to a file, which appears under its name when it is complete.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteLatex(Comparison comparison, string path) => WholeFile.Write(path, Latex(comparison));

    /// <summary>One row per group, with the keys that tell groups apart as columns on the right; all digits.</summary>
    public static string Csv(Comparison comparison)
    {
        string[] keys = [.. comparison.GroupedBy.Where(k => k is not ("algo" or "env"))];
        StringBuilder text = new();
        AppendRow(text, [.. Columns, .. keys]);
        foreach (RunGroup group in comparison.Groups)
        {
            ScoreSummary s = group.Summary;
            AppendRow(
                text,
                [
                    group.Environment, group.Label, group.Algorithm, s.Count.ToString(CultureInfo.InvariantCulture),
                    .. new[] { s.InterquartileMean, s.Low, s.High, s.Mean, s.Deviation, s.Median, s.Minimum, s.Maximum }.Select(NumberTexts.Exact),
                    .. keys.Select(k => group.Keys.GetValueOrDefault(k, "")),
                ]);
        }

        return text.ToString();
    }

    /// <summary>A table for a paper (package booktabs): methods by environments, interquartile mean, interval and seeds in each cell.</summary>
    public static string Latex(Comparison comparison)
    {
        string[] environments = [.. comparison.Groups.Select(g => g.Environment).Distinct()];
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"% {Line(comparison.Quantity)}: interquartile mean, [{100 * comparison.Options.Confidence:0.##} % bootstrap interval], n seeds\n");
        text.Append("\\begin{tabular}{l").Append('r', environments.Length).Append("}\n\\toprule\n");
        text.Append(string.Concat(environments.Select(e => $" & {Escape(e)}"))).Append(" \\\\\n\\midrule\n");
        foreach (string label in comparison.Groups.Select(g => g.Label).Distinct())
        {
            text.Append(Escape(label));
            foreach (string environment in environments)
            {
                RunGroup? group = comparison.Groups.FirstOrDefault(g => g.Label == label && g.Environment == environment);
                text.Append(" & ").Append(group is null ? "--" : Cell(group.Summary));
            }

            text.Append(" \\\\\n");
        }

        return text.Append("\\bottomrule\n\\end{tabular}\n").ToString();
    }

    private static string Cell(ScoreSummary s) => s.Count == 1
        ? $"${Number(s.InterquartileMean)}$ ($n = 1$)"
        : $"${Number(s.InterquartileMean)}$ $[{Number(s.Low)}, {Number(s.High)}]$ ($n = {s.Count}$)";

    private static string Number(double value) => NumberTexts.Short(value).Replace("–", "\\text{--}", StringComparison.Ordinal);

    private static string Line(string text) => text.ReplaceLineEndings(" ");

    private static string Escape(string text)
    {
        StringBuilder escaped = new();
        foreach (char c in Line(text))
        {
            escaped.Append(c switch
            {
                '\\' => "\\textbackslash{}",
                '~' => "\\textasciitilde{}",
                '^' => "\\textasciicircum{}",
                '<' => "\\textless{}",
                '>' => "\\textgreater{}",
                '|' => "\\textbar{}",
                '&' or '%' or '$' or '#' or '_' or '{' or '}' => "\\" + c,
                _ => c.ToString(),
            });
        }

        return escaped.ToString();
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Quoted)).Append('\n');

    private static string Quoted(string cell) => cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
