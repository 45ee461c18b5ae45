using Stackelberg.Reports.Reproductions;
using Stackelberg.Reports.Tests.Support;

namespace Stackelberg.Reports.Tests.Reproductions;

/// <summary>Summaries of other days or machines count, and only for the runs they are of.</summary>
public sealed class KnownScoresTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Two_halves_make_the_scores_and_verdicts_of_the_whole_and_train_nothing_twice()
    {
        EntrySummary first = Read(TinyEntry.Run(folder["first"], new ReproductionOptions { Seeds = "0" }).Summary);

        ReproductionResult joined = TinyEntry.Run(folder["second"], new ReproductionOptions { Known = [first] });
        ReproductionResult whole = TinyEntry.Run(folder["whole"]);

        Directory.EnumerateDirectories(folder["second"], "seed-*", SearchOption.AllDirectories).Select(Path.GetFileName).ShouldBe(["seed-1", "seed-1"]);
        Scores(joined.Summary).ShouldBe(Scores(whole.Summary));
        joined.Claims.ShouldBe(whole.Claims);
        joined.Summary.Command.ShouldBe(whole.Summary.Command);
        joined.Summary.Settings!.Common.ShouldBe(whole.Summary.Settings!.Common);
    }

    [Fact]
    public void Seeds_of_every_summary_stand_in_the_command()
    {
        EntrySummary first = Read(TinyEntry.Run(folder["first"], new ReproductionOptions { Seeds = "0..1" }).Summary);

        EntrySummary joined = TinyEntry.Run(folder["second"], new ReproductionOptions { Seeds = "2", Known = [first] }).Summary;

        joined.Command.ShouldEndWith("--seeds 0..2");
        joined.Scores.ShouldAllBe(s => s.Seeds.SequenceEqual(new ulong[] { 0, 1, 2 }));
    }

    [Fact]
    public void A_score_that_two_places_tell_otherwise_is_the_own_one_and_noted()
    {
        EntrySummary own = TinyEntry.Run(folder["out"]).Summary;
        EntrySummary other = own with { Scores = [.. own.Scores.Select((s, i) => i == 0 ? s with { Values = [s.Values[0], -1] } : s)] };

        EntrySummary joined = TinyEntry.Run(folder["out"], new ReproductionOptions { Known = [other] }).Summary;

        Scores(joined).ShouldBe(Scores(own));
        joined.Notes.ShouldHaveSingleItem().ShouldContain("seed 1: ");
    }

    [Fact]
    public void A_quantity_that_the_summary_has_not_is_trained_for()
    {
        EntrySummary first = TinyEntry.Run(folder["first"]).Summary;
        EntrySummary without = first with { Scores = [.. first.Scores.Where(s => s.Arm != "stac")] };

        TinyEntry.Run(folder["second"], new ReproductionOptions { Known = [without] });

        Directory.EnumerateDirectories(folder["second", "tiny", "smoke"]).Select(Path.GetFileName).ShouldBe(["stac"]);
    }

    [Theory]
    [InlineData("damping: 1", "damping: 2", "hypergradient.damping is 1", "and 2 here")]
    [InlineData("id: tiny", "id: small", "of another entry or scale", "small, smoke")]
    [InlineData("paper: own", "paper: own\nis_timed: true", "compares times", "--with")]
    public void A_summary_of_something_else_is_refused_and_nothing_is_trained(string right, string wrong, string problem, string more)
    {
        EntrySummary first = TinyEntry.Run(folder["first"], new ReproductionOptions { Seeds = "0" }).Summary;
        ReproductionEntry changed = EntryReader.Read(TinyEntry.Text.Replace(right, wrong, StringComparison.Ordinal), "tiny.yml");

        ReproductionException e = Should.Throw<ReproductionException>(() => TinyEntry.Run(folder["second"], new ReproductionOptions { Known = [first] }, changed));

        $"{e.Message} {e.Allowed} {e.Next}".ShouldContain(problem);
        $"{e.Message} {e.Allowed} {e.Next}".ShouldContain(more);
        Directory.Exists(folder["second"]).ShouldBeFalse();
    }

    [Fact]
    public void A_summary_without_settings_is_refused()
    {
        EntrySummary first = TinyEntry.Run(folder["first"], new ReproductionOptions { Seeds = "0" }).Summary with { Settings = null };

        Should.Throw<ReproductionException>(() => TinyEntry.Run(folder["second"], new ReproductionOptions { Known = [first] })).Message.ShouldContain("does not tell the settings");
    }

    [Fact]
    public void A_key_that_earlier_runs_have_not_must_have_its_default()
    {
        OrderedRun run = RunOrder.Of(TinyEntry.Entry, "smoke", folder["out"], TinyEntry.Request, "0", []).Single(r => r.Arm.Id == "stac");
        Dictionary<string, string> was = run.Plan.Settings.ToDictionary();

        RunOrder.Differences(run, was).ShouldBeEmpty();
        was.Remove("hypergradient.bound").ShouldBeTrue();
        RunOrder.Differences(run, was).ShouldBeEmpty();
        was.Remove("hypergradient.damping").ShouldBeTrue();
        RunOrder.Differences(run, was).ShouldHaveSingleItem().ShouldBe("hypergradient.damping is not set there and 1 here");
    }

    // as a user would: through the file
    private EntrySummary Read(EntrySummary summary)
    {
        summary.Write(folder["summary.json"]);
        return EntrySummary.Read(folder["summary.json"]);
    }

    private static string[] Scores(EntrySummary summary) => [.. summary.Scores.Select(s => $"{s.Quantity} {s.Arm} {s.Environment} {string.Join(' ', s.Seeds)}: {string.Join(' ', s.Values.Select(BitConverter.DoubleToInt64Bits))}")];
}
