using System.Text.Json;
using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary>The verb <c>compare</c> on runs that were trained for a moment.</summary>
public sealed class CompareTests(TrainedRuns trained) : IClassFixture<TrainedRuns>, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Command lines, what is quoted back, and what is allowed or next.</summary>
    public static TheoryData<string, string> BadInputs => new()
    {
        { "compare", "paths" },
        { "compare nowhere", "no folder" },
        { "compare runs/CartPole-v1/ac/seed-0/config.yml", "is a file" },
        { "compare runs/CartPole-v1/ac/seed-0/checkpoints", "no run" },
        { "compare runs --by gama", "did you mean 'gamma'?" },
        { "compare runs --metric returns", "no column 'returns'" },
        { "compare runs --kind training", "evaluation, training-last100" },
        { "compare runs --at 601", "before step 601" },
        { "compare runs --at 0", "--at '0' is no step" },
        { "compare runs --at -5", "--at" },
        { "compare runs --at soon", "--at 'soon' is no step" },
        { "compare runs --at 1e30", "--at '1e30' is no step" },
        { "compare runs --at 0,5", "--at '0,5' is no step" },
        { "compare runs --at 300 --metric wall_seconds", "has no value at step 300" },
        { "compare runs --seed -1", "--seed" },
        { "compare runs --csv runs", "it is a folder" },
        { "compare runs --latex runs/CartPole-v1/ac/seed-0/config.yml/x.tex", "x.tex" },
        { "compare runs --html /proc/x.html", "/proc/x.html" },
        { "compare runs --figure figure.doc", "svg" },
        { "compare runs --kind evaluation --metric critic/loss_before", "is of no kind of episodes" },
        { "compare runs --csv a.txt --latex ./a.txt", "two flags write to" },
        { "compare runs --bye algo", "did you mean '--by'?" },
    };

    [Fact]
    public void Json_has_groups_and_pairs_with_the_numbers_of_the_results()
    {
        JsonElement json = Run("compare runs --json").ShouldSucceed().Json;

        JsonElement[] groups = [.. json.GetProperty("groups").EnumerateArray()];
        groups.Select(g => g.GetProperty("label").GetString()).ShouldBe(["ac", "stac"]);
        foreach (JsonElement group in groups)
        {
            string algorithm = group.GetProperty("algo").GetString()!;
            double[] scores = [.. new[] { 0, 1 }.Select(seed => trained.Final(algorithm, seed))];
            group.GetProperty("env").GetString().ShouldBe("CartPole-v1");
            group.GetProperty("n").GetInt32().ShouldBe(2);
            group.GetProperty("mean").GetDouble().ShouldBe((scores[0] + scores[1]) / 2);
            // of two scores nothing is cut, and resamples have nothing else than the two
            group.GetProperty("iqm").GetDouble().ShouldBe((scores[0] + scores[1]) / 2);
            group.GetProperty("iqm_low").GetDouble().ShouldBe(scores.Min());
            group.GetProperty("iqm_high").GetDouble().ShouldBe(scores.Max());
        }

        JsonElement pair = json.GetProperty("pairs").EnumerateArray().ShouldHaveSingleItem();
        (pair.GetProperty("a").GetString(), pair.GetProperty("b").GetString(), pair.GetProperty("env").GetString()).ShouldBe(("ac", "stac", "CartPole-v1"));
        double expected = new[] { 0, 1 }.Average(a => new[] { 0, 1 }.Average(b => Beats(trained.Final("ac", a), trained.Final("stac", b))));
        pair.GetProperty("probability_of_improvement").GetDouble().ShouldBe(expected);
        pair.GetProperty("low").GetDouble().ShouldBeLessThanOrEqualTo(expected);
        pair.GetProperty("high").GetDouble().ShouldBeGreaterThanOrEqualTo(expected);
        pair.GetProperty("verdict").GetString()!.ShouldContain("too few seeds");
    }

    [Fact]
    public void The_table_shows_the_number_of_seeds_and_says_what_was_left_out()
    {
        Directory.CreateDirectory(folder["copies"]);
        trained.CopyTo(folder["copies"]);
        File.Delete(folder["copies", "CartPole-v1", "ac", "seed-1", "result.json"]);

        CommandResult result = Command.Run(folder.Path, "compare", "copies").ShouldSucceed();

        string[] lines = result.Output.Split('\n');
        lines[0].ShouldStartWith("episode return in evaluation at the end of training; groups by algo");
        lines[2].ShouldMatch("^environment +group +seeds +IQM +95 % interval +mean");
        lines[4].ShouldMatch(@"^CartPole-v1 +ac +1 +\S+ +one seed ");
        lines[5].ShouldMatch(@"^CartPole-v1 +stac +2 +\S+ +\[");
        result.Output.ShouldNotContain("better");
        result.Error.ShouldContain($"left out: {folder["copies", "CartPole-v1", "ac", "seed-1"]}: it is not finished");
        result.Error.ShouldContain("note: Groups of fewer than 5 seeds");
    }

    [Fact]
    public void Every_file_is_written_and_has_the_same_bytes_a_second_time()
    {
        foreach (string place in new[] { "one", "two" })
        {
            Run($"compare runs --csv {folder[place]}/t.csv --latex {folder[place]}/t.tex --html {folder[place]}/p.html --figure {folder[place]}/f.svg").ShouldSucceed()
                .Output.ShouldContain($"written: {folder[place]}/f.svg");
        }

        string[] names = [.. Directory.GetFiles(folder["one"]).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
        names.ShouldBe(["f.svg", "p.html", "t.csv", "t.tex"]);
        foreach (string name in names)
        {
            File.ReadAllBytes(folder["two", name]).ShouldBe(File.ReadAllBytes(folder["one", name]), name);
        }

        Table csv = new(folder["one", "t.csv"]);
        csv.Column("label").ShouldBe(["ac", "stac"]);
        csv.Numbers("seeds").ShouldBe([2, 2]);
        csv.Numbers("mean")[0].ShouldBe((trained.Final("ac", 0) + trained.Final("ac", 1)) / 2);
    }

    [Fact]
    public void A_folder_without_a_name_is_refused() => Command.Run(trained.Folder.Path, "compare", "runs", "--export", "rliable", "--out", "").ShouldRefuse(2, "--out");

    [Theory]
    [MemberData(nameof(BadInputs))]
    public void What_is_wrong_is_told_in_three_lines(string arguments, string words) => Run(arguments).ShouldRefuse(2, words).Output.ShouldBeEmpty();

    private static double Beats(double a, double b) => a > b ? 1 : a == b ? 0.5 : 0;

    private CommandResult Run(string arguments) => Command.Run(trained.Folder.Path, arguments.Split(' '));
}
