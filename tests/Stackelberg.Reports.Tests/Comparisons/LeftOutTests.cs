using Stackelberg.Experiments;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Tests.Support;

namespace Stackelberg.Reports.Tests.Comparisons;

/// <summary>What is damaged, foreign, doubled or of another length is named, and never averaged in.</summary>
public sealed class LeftOutTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string> Damages => new()
    {
        { "evaluations.csv: a digit", "row 2 (line 3) is not what the run wrote" },
        { "evaluations.csv: last row cut", "has 1 rows" },
        { "evaluations.csv: half a row", "has 4 cells" },
        { "evaluations.csv: a row doubled", "has 3 rows" },
        { "evaluations.csv: rows exchanged", "not what the run wrote" },
        { "evaluations.csv: column renamed", "columns" },
        { "evaluations.csv: empty", "evaluations.csv" },
        { "evaluations.csv: gone", "is missing" },
        { "hypergradient.csv: a digit", "row 1 (line 2) is not what the run wrote" },
        { "hypergradient.csv: gone", "is missing" },
        { "result.json: a digit", "was altered" },
        { "result.json: no JSON", "result.json" },
        { "result.json: gone", "not finished" },
        { "result.json: of another seed", "is of another run, stac on CartPole-v1, seed 1" },
        { "manifest.json: no JSON", "manifest.json" },
        { "manifest.json: gone", "has lost its manifest.json" },
        { "config.yml: a line more", "config.yml was changed" },
        { "manifest.json: another setting", "its manifest.json and config.yml disagree: gamma is 0.5 and 0.99" },
        { "manifest.json: a setting less", "disagree: gamma is not set and 0.99" },
        { "config.yml: gone", "no such file or folder, 'config.yml'" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_run_is_named_and_the_others_are_compared(string damage, string reason)
    {
        WrittenRun[] runs = [.. WrittenRun.Seeds("stac", 10, 20, 30, 40).Select(r => r with { Settings = [("gamma", "0.99"), ("clip", "null")], Earlier = [(500, 5)], Solves = [Solve("0.5")] })];
        string[] folders = [.. runs.Select(r => r.Write(folder["runs"]))];
        Damage(folders, damage);

        Comparison found = Comparer.Compare([folder["runs"]], new ComparisonOptions());

        found.Groups.ShouldHaveSingleItem().Runs.Select(r => r.Seed).ShouldBe([1UL, 2, 3]);
        found.Groups[0].Summary.Mean.ShouldBe(30);
        LeftOut left = found.LeftOut.ShouldHaveSingleItem();
        left.Reason.ShouldContain(reason);
        left.Directory.ShouldStartWith(folders[0]);
    }

    [Fact]
    public void A_run_of_another_length_is_left_out_unless_a_common_step_is_asked_for()
    {
        new WrittenRun("ac", 0, 10) { Earlier = [(400, 1)] }.Write(folder["runs"]);
        new WrittenRun("ac", 1, 20) { Earlier = [(400, 2)] }.Write(folder["runs"]);
        string shorter = new WrittenRun("ac", 2, 30) { Steps = 400 }.Write(folder["runs"]);

        Comparison ends = Compare("algo"), common = Comparer.Compare([folder["runs"]], new ComparisonOptions { By = ["algo"], At = 400 });

        ends.Groups.ShouldHaveSingleItem().Summary.Mean.ShouldBe(15);
        ends.LeftOut.ShouldHaveSingleItem().Directory.ShouldBe(shorter);
        ends.LeftOut[0].Reason.ShouldContain("step 400");
        common.Groups.ShouldHaveSingleItem().Summary.Mean.ShouldBe(11);
        common.LeftOut.ShouldBeEmpty();
    }

    [Fact]
    public void The_same_run_twice_counts_once_whether_copied_or_linked_or_named_twice()
    {
        string run = new WrittenRun("ac", 0, 10).Write(folder["runs"]);
        new WrittenRun("ac", 0, 10) { Settings = [("out", "elsewhere"), ("log_every", "7")] }.WriteTo(folder["runs", "copy"]);
        Directory.CreateSymbolicLink(folder["runs", "link"], run);
        Directory.CreateSymbolicLink(folder["runs", "circle"], folder["runs"]);
        Directory.CreateDirectory(folder["runs", "empty"]);

        Comparison found = Comparer.Compare([folder["runs"], run, folder["runs", "CartPole-v1"]], new ComparisonOptions());

        found.Groups.ShouldHaveSingleItem().Summary.Count.ShouldBe(1);
        found.LeftOut.ShouldHaveSingleItem().Reason.ShouldContain("is the same run as");
    }

    [Fact]
    public void A_seed_copied_and_renamed_is_no_seed_more()
    {
        string run = new WrittenRun("ac", 0, 10).Write(folder["runs"]), copy = new WrittenRun("ac", 0, 10).Write(folder["copies"]);
        Directory.Move(copy, Path.Combine(Path.GetDirectoryName(run)!, "seed-1"));
        string forged = new WrittenRun("ac", 0, 10).Write(folder["copies"]), manifest = Path.Combine(forged, "manifest.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"seed\": 0", "\"seed\": 2", StringComparison.Ordinal));
        Directory.Move(forged, Path.Combine(Path.GetDirectoryName(run)!, "seed-2"));

        Comparison found = Compare();

        found.Groups.ShouldHaveSingleItem().Runs.Count.ShouldBe(1);
        found.LeftOut.Count.ShouldBe(2);
    }

    [Fact]
    public void A_place_with_quotes_in_its_name_is_named_whole()
    {
        string place = folder["it's 'mine'", "seed-0"];
        new WrittenRun("ac", 0, 10).WriteTo(place);
        new WrittenRun("ac", 1, 20).Write(folder["it's 'mine'"]);
        File.WriteAllText(Path.Combine(place, "manifest.json"), "{");

        Comparer.Compare([folder.Path], new ComparisonOptions()).LeftOut.ShouldHaveSingleItem().Directory.ShouldStartWith(place);
    }

    [Fact]
    public void Runs_of_versions_without_notes_are_compared_and_marked()
    {
        new WrittenRun("ac", 0, 10) { IsSealed = false }.Write(folder["runs"]);
        new WrittenRun("ac", 1, 20) { Version = "0.2.0" }.Write(folder["runs"]);

        Comparison found = Compare();

        found.Groups.ShouldHaveSingleItem().Summary.Mean.ShouldBe(15);
        found.Notes.ShouldContain(n => n.Contains("1 of 2 runs are of a version that did not note", StringComparison.Ordinal));
        found.Notes.ShouldContain(n => n.Contains("several versions: 0.1.0, 0.2.0", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("500,1,1,5,0,5,5,10,5", "nan,1,1,5,0,5,5,10,5")]
    [InlineData("500,1,1,5,0,5,5,10,5", "2000,1,1,5,0,5,5,10,5")]
    [InlineData("500,1,1,5,0,5,5,10,5", "500,1,1,five,0,5,5,10,5")]
    [InlineData("1000,1,1,10,0,10,10,10,10", "1000,1,1,11,0,10,10,10,10")]
    public void A_table_without_notes_that_makes_no_sense_is_left_out(string row, string altered)
    {
        string run = new WrittenRun("ac", 0, 10) { Earlier = [(500, 5)], IsSealed = false }.Write(folder["runs"]), table = Path.Combine(run, "evaluations.csv");
        new WrittenRun("ac", 1, 20).Write(folder["runs"]);
        File.WriteAllText(table, File.ReadAllText(table).Replace(row, altered, StringComparison.Ordinal));

        Comparison found = Compare();

        found.Groups.ShouldHaveSingleItem().Runs.Select(r => r.Seed).ShouldBe([1UL]);
        found.LeftOut.ShouldHaveSingleItem().Directory.ShouldBe(run);
    }

    [Fact]
    public void Paths_without_runs_are_refused()
    {
        Should.Throw<RunException>(() => Comparer.Compare([folder["nowhere"]], new ComparisonOptions())).Message.ShouldContain("no folder");
        Should.Throw<RunException>(() => Comparer.Compare([folder.Path], new ComparisonOptions())).Message.ShouldContain("no run");
    }

    private static string Solve(string residual) => $"1000,1,0,implicit,1,1,0.5,1,0,0,converged,3,{residual},0.1,0,";

    private static void Damage(string[] folders, string damage)
    {
        string[] words = damage.Split(": ");
        string file = Path.Combine(folders[0], words[0]), text = File.ReadAllText(file);
        string[] lines = text.TrimEnd('\n').Split('\n');
        string? made = words[1] switch
        {
            "a digit" => words[0] == "result.json" ? text.Replace("\"mean\": 10", "\"mean\": 90", StringComparison.Ordinal)
                : text.Replace(words[0] == "hypergradient.csv" ? "0.5,1,0,0" : ",10\n", words[0] == "hypergradient.csv" ? "0.6,1,0,0" : ",90\n", StringComparison.Ordinal),
            "last row cut" => string.Join('\n', lines[..^1]) + "\n",
            "half a row" => text[..(text.LastIndexOf("1000,1,1,10,", StringComparison.Ordinal) + 11)],
            "a row doubled" => text + lines[^1] + "\n",
            "rows exchanged" => string.Join('\n', [lines[0], lines[2], lines[1]]) + "\n",
            "column renamed" => text.Replace("length_mean", "length", StringComparison.Ordinal),
            "no JSON" => text[..^3],
            "of another seed" => File.ReadAllText(Path.Combine(folders[1], words[0])),
            "another setting" => text.Replace("\"gamma\": \"0.99\"", "\"gamma\": \"0.5\"", StringComparison.Ordinal),
            "a setting less" => text.Replace("\"gamma\": \"0.99\",", "", StringComparison.Ordinal),
            "a line more" => text + "gamma: 0.5\n",
            "empty" => "",
            _ => null,
        };
        if (made is null)
        {
            File.Delete(file);
        }
        else
        {
            made.ShouldNotBe(text);
            File.WriteAllText(file, made);
        }
    }

    private Comparison Compare(params string[] by) => Comparer.Compare([folder["runs"]], new ComparisonOptions { By = by });
}
