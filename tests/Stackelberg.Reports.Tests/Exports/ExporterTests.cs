using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Exports;
using Stackelberg.Reports.Tests.Support;

namespace Stackelberg.Reports.Tests.Exports;

public sealed class ExporterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private WrittenRuns Runs => new(folder);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void There_are_five_formats() => Exporter.Formats.ShouldBe(["marl-eval", "rliable", "sb3", "spinningup", "tensorboard"]);

    [Fact]
    public void Every_format_returns_the_files_it_has_written_and_leaves_nothing_else()
    {
        Comparison comparison = WrittenRuns.Compare(Runs.Run("ac", "A-v0", 0));
        foreach (string format in Exporter.Formats)
        {
            IReadOnlyList<string> files = Exporter.Write(comparison, format, folder["out", format]);
            files.ShouldNotBeEmpty();
            files.ShouldBe(Directory.GetFiles(folder["out", format], "*", SearchOption.AllDirectories), ignoreOrder: true);
        }

        Directory.GetFileSystemEntries(folder["out"]).Length.ShouldBe(Exporter.Formats.Count);
    }

    [Fact]
    public void A_format_that_is_not_known_is_refused_with_the_nearest() =>
        Refusal(WrittenRuns.Compare(Runs.Run("ac", "A-v0", 0)), "rliabel").Next.ShouldBe("did you mean 'rliable'?");

    [Fact]
    public void Nothing_to_export_is_refused() => Refusal(WrittenRuns.Compare(), "sb3").Message.ShouldContain("no run");

    [Fact]
    public void A_folder_in_use_is_refused_and_kept()
    {
        Directory.CreateDirectory(folder["out"]);
        File.WriteAllText(folder["out", "mine"], "mine");
        Refusal(WrittenRuns.Compare(Runs.Run("ac", "A-v0", 0)), "sb3").Message.ShouldContain("not empty");
        Directory.GetFileSystemEntries(folder["out"]).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_file_in_the_folders_place_is_refused()
    {
        File.WriteAllText(folder["out"], "");
        Refusal(WrittenRuns.Compare(Runs.Run("ac", "A-v0", 0)), "sb3").Message.ShouldContain("is a file");
    }

    [Fact]
    public void An_empty_folder_is_taken()
    {
        Directory.CreateDirectory(folder["out"]);
        Exporter.Write(WrittenRuns.Compare(Runs.Run("ac", "A-v0", 0)), "rliable", folder["out"] + "/").Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("marl-eval", "evaluations.csv")]
    [InlineData("sb3", "episodes.csv")]
    [InlineData("spinningup", "evaluations.csv")]
    [InlineData("tensorboard", "hypergradient.csv")]
    [InlineData("tensorboard", "config.yml")]
    public void A_file_that_is_missing_is_named_and_nothing_is_left(string format, string file)
    {
        ComparedRun run = Runs.Run("ac", "A-v0", 0);
        File.Delete(Path.Combine(run.Directory, file));
        Refusal(WrittenRuns.Compare(run), format).Message.ShouldContain(Path.Combine(run.Directory, file));
        Directory.GetFileSystemEntries(folder.Path).ShouldBe([folder["in"]]);
    }

    [Theory]
    [InlineData("500,1,2,x,0.5,1,2,20,1;2", "(line 2) has 'x' for return_mean")]
    [InlineData("500,1,2,1.5,0.5,1,2,20", "(line 2) has 8 cells")]
    [InlineData("5e2,1,2,1.5,0.5,1,2,20,1;2", "(line 2) has '5e2' for step")]
    public void A_damaged_row_is_named(string row, string problem) =>
        Refusal(WrittenRuns.Compare(Runs.Run("ac", "A-v0", 0, evaluations: [row])), "spinningup").Message.ShouldContain(problem);

    [Theory]
    [InlineData("marl-eval", "evaluations.csv")]
    [InlineData("sb3", "episodes.csv")]
    [InlineData("spinningup", "evaluations.csv")]
    [InlineData("tensorboard", "progress.csv")]
    public void A_table_that_was_altered_after_the_comparison_is_not_exported(string format, string file)
    {
        new WrittenRun("ac", 0, 12.5).Write(folder["in"]);
        Comparison comparison = Comparer.Compare([folder["in"]], new ComparisonOptions());
        string table = Path.Combine(comparison.Groups[0].Runs[0].Directory, file);
        string[] lines = File.ReadAllLines(table);
        lines[1] += "1";
        File.WriteAllLines(table, lines);

        Refusal(comparison, format).Message.ShouldContain("was altered: row 1 (line 2)");
    }

    [Theory]
    [InlineData("sb3")]
    [InlineData("spinningup")]
    [InlineData("tensorboard")]
    public void Names_that_would_be_one_folder_are_refused(string format) =>
        Refusal(WrittenRuns.Compare(Runs.Run("ac", "A-v0", 0), Runs.Run("AC", "A-v0", 0)), format).Message.ShouldContain("'ac' and 'AC'");

    [Fact]
    public void Two_runs_of_one_seed_are_refused_by_their_folders()
    {
        ComparedRun run = Runs.Run("ac", "A-v0", 3);
        foreach (string format in Exporter.Formats)
        {
            Refusal(WrittenRuns.Compare(run, run with { Directory = "elsewhere" }), format).Message.ShouldContain($"seed 3: '{run.Directory}', 'elsewhere'");
        }
    }

    [Fact]
    public void Folders_of_others_beside_the_place_are_kept()
    {
        Directory.CreateDirectory(folder["out.partial"]);
        Exporter.Write(WrittenRuns.Compare(Runs.Run("ac", "A-v0", 0)), "sb3", folder["out"]);
        Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).ShouldBe(["in", "out", "out.partial"], ignoreOrder: true);
    }

    [Fact]
    public void Names_cannot_lead_out_of_the_folder()
    {
        ComparedRun run = Runs.Run("ac", "A-v0", 0);
        foreach (string name in new[] { "..", "a/../../b", "", "c:d" })
        {
            Exporter.Write(WrittenRuns.Compare(run with { Algorithm = name }), "sb3", folder["out"]);
            Directory.Delete(folder["out"], recursive: true);
            Directory.GetFileSystemEntries(folder.Path).ShouldBe([folder["in"]]);
        }
    }

    private ExportException Refusal(Comparison comparison, string format)
    {
        ExportException e = Should.Throw<ExportException>(() => Exporter.Write(comparison, format, folder["out"]));
        e.Allowed.ShouldNotBeEmpty();
        e.Next.ShouldNotBeEmpty();
        return e;
    }
}
