using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Tables;
using Stackelberg.Reports.Tests.Fakes;

namespace Stackelberg.Reports.Tests.Tables;

/// <summary>Tables for other programs, read back by readers that know nothing of the writer.</summary>
public sealed class ComparisonTablesTests : IDisposable
{
    private const string Hostile = "a \"quoted\", piped | and\nbroken_name & 50% {x} \\ ~ ^ # $ <y>";

    private readonly Support.TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Csv_has_a_row_per_group_with_all_digits()
    {
        string[][] rows = ReadCsv(ComparisonTables.Csv(Known()));

        rows[0].ShouldBe(["environment", "label", "algorithm", "seeds", "iqm", "iqm_low", "iqm_high", "mean", "standard_deviation", "median", "minimum", "maximum", "gamma"]);
        rows[1].ShouldBe(["CartPole-v1", "ac", "ac", "5", "0.1", "0.05", "0.30000000000000004", "2", "0.5", "1.5", "-3", "4", "0.9"]);
        rows.Length.ShouldBe(2);
    }

    [Fact]
    public void Csv_has_an_empty_cell_for_what_is_not_known()
    {
        Comparison known = Known();
        RunGroup group = known.Groups[0] with { Summary = known.Groups[0].Summary with { Deviation = double.NaN }, Keys = new Dictionary<string, string>() };

        string[] row = ReadCsv(ComparisonTables.Csv(known with { Groups = [group] }))[1];

        (row[8], row[12]).ShouldBe(("", ""));
    }

    [Fact]
    public void Csv_gives_hostile_names_back_as_they_were()
    {
        string[][] rows = ReadCsv(ComparisonTables.Csv(Hostilely()));

        rows.Length.ShouldBe(2);
        rows.ShouldAllBe(r => r.Length == rows[0].Length);
        (rows[1][0], rows[1][1], rows[1][^1]).ShouldBe((Hostile, Hostile, Hostile));
    }

    [Fact]
    public void Latex_has_methods_by_environments_with_interval_and_seeds()
    {
        Comparison made = MadeComparison.Of(Group("Acrobot-v1", "ac", 5), Group("CartPole-v1", "ac", 5), Group("CartPole-v1", "stac", 1));

        string[] lines = ComparisonTables.Latex(made).TrimEnd('\n').Split('\n');

        lines[0].ShouldStartWith("% ");
        lines[1].ShouldBe(@"\begin{tabular}{lrr}");
        lines[3].ShouldBe(@" & Acrobot-v1 & CartPole-v1 \\");
        lines[5].ShouldBe(@"ac & $0.100$ $[0.050, 0.300]$ ($n = 5$) & $0.100$ $[0.050, 0.300]$ ($n = 5$) \\");
        lines[6].ShouldBe(@"stac & -- & $0.100$ ($n = 1$) \\");
        lines[^2..].ShouldBe([@"\bottomrule", @"\end{tabular}"]);
    }

    [Fact]
    public void Latex_escapes_all_that_means_something_to_it()
    {
        string text = ComparisonTables.Latex(Hostilely());

        string row = text.Split('\n')[5];
        row.ShouldStartWith(
            @"a ""quoted"", piped \textbar{} and broken\_name \& 50\% \{x\} \textbackslash{} \textasciitilde{} \textasciicircum{} \# \$ \textless{}y\textgreater{} & ");
        // comment, begin, rule, head, rule, row, rule, end: a name with a line end breaks no row
        text.TrimEnd('\n').Split('\n').Length.ShouldBe(8);
    }

    [Fact]
    public void Files_appear_whole_in_folders_that_are_made()
    {
        string csv = folder["new", "folder", "table.csv"], latex = folder["table.tex"];

        ComparisonTables.WriteCsv(Known(), csv);
        ComparisonTables.WriteLatex(Known(), latex);

        File.ReadAllText(csv).ShouldBe(ComparisonTables.Csv(Known()));
        File.ReadAllText(latex).ShouldBe(ComparisonTables.Latex(Known()));
        Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Length.ShouldBe(4);
    }

    [Fact]
    public void A_place_that_is_a_folder_is_refused_and_stays()
    {
        Directory.CreateDirectory(folder["table.csv"]);

        Should.Throw<IOException>(() => ComparisonTables.WriteCsv(Known(), folder["table.csv"]));

        Directory.GetFileSystemEntries(folder.Path).ShouldBe([folder["table.csv"]]);
    }

    private static RunGroup Group(string environment, string label, int seeds) =>
        MadeComparison.Group(environment, label, seeds, 2, 1) with { Summary = new ScoreSummary(seeds, 2, 0.5, 1.5, 0.1, 0.05, 0.1 + 0.2, -3, 4) };

    private static Comparison Known()
    {
        RunGroup group = Group("CartPole-v1", "ac", 5) with { Keys = new Dictionary<string, string> { ["algo"] = "ac", ["gamma"] = "0.9" } };
        return MadeComparison.Of(group) with { GroupedBy = ["algo", "gamma", "env"] };
    }

    private static Comparison Hostilely()
    {
        RunGroup group = Group(Hostile, Hostile, 5) with { Keys = new Dictionary<string, string> { ["gamma"] = Hostile } };
        return MadeComparison.Of(group) with { GroupedBy = ["gamma"], Quantity = "two\nlines" };
    }

    // RFC 4180, by a machine of its own
    private static string[][] ReadCsv(string text)
    {
        List<string[]> rows = [];
        List<string> row = [];
        System.Text.StringBuilder cell = new();
        bool isQuoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (isQuoted)
            {
                if (c != '"')
                {
                    cell.Append(c);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append(text[++i]);
                }
                else
                {
                    isQuoted = false;
                }
            }
            else if (c == '"')
            {
                isQuoted = true;
            }
            else if (c is ',' or '\n')
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (c == '\n')
                {
                    rows.Add([.. row]);
                    row.Clear();
                }
            }
            else
            {
                cell.Append(c);
            }
        }

        (row.Count, cell.Length).ShouldBe((0, 0), "the last line has no end");
        return [.. rows];
    }
}
