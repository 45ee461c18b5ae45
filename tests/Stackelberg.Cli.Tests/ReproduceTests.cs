using System.Text.Json;
using Stackelberg.Cli.Tests.Support;
using Stackelberg.Reports.Reproductions;

namespace Stackelberg.Cli.Tests;

/// <summary>The verb <c>reproduce</c>, by the executable.</summary>
public sealed class ReproduceTests : IDisposable
{
    private const string Tiny = """
        id: tiny
        title: AC and STAC for a moment
        environments: [CartPole-v1]
        settings: {eval_episodes: 1, steps_per_iteration: 200, checkpoint_every: 400, critic.updates: 2, actor.hidden: 8, critic.hidden: 8}
        scales:
          smoke: {total_timesteps: 2000, seeds: 0..2}
          standard: {total_timesteps: 800, seeds: 0..1}
        arms:
          - {id: ac, algo: ac}
          - {id: stac, algo: stac, settings: {hypergradient.damping: 1}}
        claims:
          - {claim: STAC | is "better", published: above, kind: better, a: stac, b: ac}
          - {claim: λ is 11, published: '11', kind: computed, computation: lemma-5-distance-degree-1, low: 10, high: 12}
        """;

    // a busy machine takes many times as long as an idle one
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder folder = new();

    public ReproduceTests() => folder.Write("tiny.yml", Tiny);

    public static TheoryData<string> Ids => [.. ReproductionCatalogue.All.Select(e => e.Id)];

    public static TheoryData<string, string> BadInputs => new()
    {
        { "reproduce", "list, show, run" },
        { "reproduce runn", "did you mean 'run'?" },
        { "reproduce show", "id" },
        { "reproduce show stac-figur-1", "did you mean 'stac-figure-1'?" },
        { "reproduce show none.yml", "there is no file 'none.yml'" },
        { "reproduce run", "id" },
        { "reproduce run nothing-like-it", "is no entry" },
        { "reproduce run stac-toy --scale smok", "smoke, standard, full" },
        { "reproduce run stac-toy --jobs -1", "--jobs" },
        { "reproduce run tiny.yml --seeds 1..", "seeds" },
        { "reproduce run tiny.yml --seeds 0,0", "seeds" },
        { "reproduce run tiny.yml --out tiny.yml", "tiny.yml" },
        { "reproduce run tiny.yml --out /proc/x", "/proc/x" },
        { "reproduce run stac-toy --out /proc/x", "/proc/x" },
        { "reproduce run broken.yml", "broken.yml:1:1: 'idd' is no key here; did you mean 'id'?" },
        { "reproduce run setting.yml", "hypergradient.damping" },
        { "reproduce run algorithm.yml", "did you mean 'stac'?" },
        { "reproduce ledger nowhere", "there is no folder 'nowhere'" },
        { "reproduce ledger pages", "has no end" },
    };

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_list_has_every_entry_with_paper_scales_and_claims()
    {
        JsonElement[] entries = [.. Command.Run(folder.Path, "reproduce", "list", "--json").ShouldSucceed().Json.GetProperty("entries").EnumerateArray()];

        entries.Select(e => e.GetProperty("id").GetString()).ShouldBe(ReproductionCatalogue.All.Select(e => e.Id));
        JsonElement toy = entries.Single(e => e.GetProperty("id").GetString() == "stac-toy");
        (toy.GetProperty("paper").GetString(), toy.GetProperty("claims").GetInt32()).ShouldBe(("stac", 3));
        toy.GetProperty("title").GetString().ShouldNotBeNullOrWhiteSpace();
        toy.GetProperty("scales").EnumerateArray().Select(s => s.GetString()).ShouldBe(["smoke", "standard", "full"]);
    }

    [Fact]
    public void An_entry_that_is_shown_as_yaml_can_be_shown_from_the_file_again()
    {
        string text = Command.Run(folder.Path, "reproduce", "show", "stac-damping", "--yaml").ShouldSucceed().Output;
        folder.Write("copy.yml", text);

        Command.Run(folder.Path, "reproduce", "show", "copy.yml", "--yaml").ShouldSucceed().Output.ShouldBe(text);
        string shown = Command.Run(folder.Path, "reproduce", "show", "copy.yml").ShouldSucceed().Output;
        shown.ShouldContain("stac-1e9");
        shown.ShouldContain("next: stackelberg reproduce run copy.yml --scale smoke");
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_entry_of_the_catalogue_runs_at_the_smoke_scale(string id)
    {
        JsonElement json = Finish(Start(id)).ShouldSucceed().Json;

        ReproductionEntry entry = ReproductionCatalogue.Find(id);
        (json.GetProperty("id").GetString(), json.GetProperty("scale").GetString()).ShouldBe((id, "smoke"));
        JsonElement[] claims = [.. json.GetProperty("claims").EnumerateArray()];
        claims.Select(c => c.GetProperty("claim").GetString()).ShouldBe(entry.Claims.Select(c => c.Claim));
        foreach ((JsonElement claim, ClaimText text) in claims.Zip(entry.Claims))
        {
            claim.GetProperty("n").GetInt32().ShouldBeGreaterThan(0, text.Claim);
            claim.GetProperty("measured").ValueKind.ShouldBe(JsonValueKind.Number, text.Claim);
            claim.GetProperty("low").GetDouble().ShouldBeLessThanOrEqualTo(claim.GetProperty("high").GetDouble());
            claim.GetProperty("verdict").GetString().ShouldBeOneOf(text.Kind == "computed" ? ["reproduced", "not reproduced"] : ["cannot be decided"]);
        }

        string place = folder["out", id, "smoke"];
        EntrySummary.Read(Path.Combine(place, "summary.json")).Id.ShouldBe(id);
        new FileInfo(Path.Combine(place, "report.html")).Length.ShouldBeGreaterThan(1000);
        File.Exists(Path.Combine(place, "figure.svg")).ShouldBe(entry.Arms.Count > 0);
    }

    [Fact]
    public void A_killed_command_loses_no_finished_run_and_ends_like_one_left_alone()
    {
        RunningCommand killed = Start("tiny.yml", "--jobs", "1");
        DateTime until = DateTime.UtcNow + Patience;
        while (Results().Length < 2 && !killed.Process.HasExited && DateTime.UtcNow < until)
        {
            Thread.Sleep(5);
        }

        killed.Process.Kill(entireProcessTree: true);
        killed.Process.WaitForExit();
        Dictionary<string, string> finished = Results().ToDictionary(r => r, r => File.ReadAllText(Path.Combine(Path.GetDirectoryName(r)!, "manifest.json")));
        JsonElement json = Finish(Start("tiny.yml", "--jobs", "1")).ShouldSucceed().Json;
        Finish(Command.Start(folder.Path, null, "reproduce", "run", "tiny.yml", "--scale", "smoke", "--out", "alone", "--json", "--quiet")).ShouldSucceed();

        finished.Count.ShouldBeInRange(2, 5);
        finished.ShouldAllBe(f => File.ReadAllText(Path.Combine(Path.GetDirectoryName(f.Key)!, "manifest.json")) == f.Value);
        json.GetProperty("claims").EnumerateArray().Select(c => c.GetProperty("n").GetInt32()).ShouldBe([3, 1]);
        Tables("out").ShouldBe(Tables("alone"), ignoreOrder: true);
        EntrySummary one = EntrySummary.Read(folder["out", "tiny", "smoke", "summary.json"]), two = EntrySummary.Read(folder["alone", "tiny", "smoke", "summary.json"]);
        JsonSerializer.Serialize(one.Scores).ShouldBe(JsonSerializer.Serialize(two.Scores));
        JsonSerializer.Serialize(one.Curves).ShouldBe(JsonSerializer.Serialize(two.Curves));
    }

    [Fact]
    public void An_interrupt_ends_with_its_own_code_and_the_same_command_goes_on()
    {
        RunningCommand command = Start("tiny.yml", "--jobs", "1");
        DateTime until = DateTime.UtcNow + Patience;
        while (Results().Length < 1 && !command.Process.HasExited && DateTime.UtcNow < until)
        {
            Thread.Sleep(5);
        }

        command.Signal("INT");
        CommandResult stopped = Finish(command);

        stopped.ExitCode.ShouldBe(130, stopped.Error);
        Results().Length.ShouldBeInRange(1, 5);
        Finish(Start("tiny.yml")).ShouldSucceed().Json.GetProperty("claims")[0].GetProperty("n").GetInt32().ShouldBe(3);
        Results().Length.ShouldBe(6);
    }

    [Fact]
    public void A_learner_that_breaks_down_has_the_exit_code_of_training_and_costs_no_other_run()
    {
        folder.Write("tiny.yml", Tiny.Replace("hypergradient.damping: 1", "critic.learning_rate: 1e30", StringComparison.Ordinal));

        CommandResult result = Finish(Start("tiny.yml"));

        result.ShouldRefuse(4, Path.Combine("stac", "seed-2"));
        result.Json.GetProperty("failed").GetArrayLength().ShouldBe(3);
        result.Json.GetProperty("claims")[0].GetProperty("detail").GetString()!.ShouldContain("was not run");
        Results().Length.ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(BadInputs))]
    public void What_is_wrong_is_told_in_three_lines(string arguments, string words)
    {
        folder.Write("broken.yml", Tiny.Replace("id: tiny", "idd: tiny", StringComparison.Ordinal));
        folder.Write("setting.yml", Tiny.Replace("hypergradient.damping", "hypergradient.dampin", StringComparison.Ordinal));
        folder.Write("algorithm.yml", Tiny.Replace("algo: stac", "algo: stack", StringComparison.Ordinal));
        Directory.CreateDirectory(folder["pages"]);
        File.WriteAllText(folder["pages", "page.md"], "<!-- generated: claims stac-toy -->\n");

        Command.Run(folder.Path, arguments.Split(' ')).ShouldRefuse(2, words).Output.ShouldBeEmpty();

        Directory.Exists(folder["reproductions"]).ShouldBeFalse();
    }

    [Fact]
    public void A_ledger_is_written_and_its_check_fails_when_a_number_is_changed()
    {
        string page = folder["pages", "page.md"];
        Directory.CreateDirectory(folder["pages"]);
        File.WriteAllText(page, "<!-- generated: claims fsddpg-lemma-5 -->\n<!-- end -->\n");

        Command.Run(folder.Path, "reproduce", "ledger", "pages", "--check").ShouldRefuse(2, "1 page disagrees");
        Command.Run(folder.Path, "reproduce", "ledger", "pages").ShouldSucceed();
        Command.Run(folder.Path, "reproduce", "ledger", "pages", "--check").ShouldSucceed().Output.ShouldBeEmpty();
        File.WriteAllText(page, File.ReadAllText(page).Replace("8.2", "8.3", StringComparison.Ordinal));
        Command.Run(folder.Path, "reproduce", "ledger", "pages", "--check").ShouldRefuse(2, "1 page disagrees").Output.ShouldContain("page.md");
    }

    [Theory]
    [InlineData("tiny.yml", "tiny.yml")]
    [InlineData("my entry.yml", "\"my entry.yml\"")]
    [InlineData("fsddpg-lemma-5", "fsddpg-lemma-5")]
    public void The_summary_names_the_command_that_makes_it_again(string given, string typed)
    {
        folder.Write("my entry.yml", Tiny);

        Command.Run(folder.Path, "reproduce", "run", given, "--judge", "--seeds", "0..1", "--out", "out").ShouldSucceed();

        string id = given.EndsWith(".yml", StringComparison.Ordinal) ? "tiny" : given;
        EntrySummary.Read(folder["out", id, "standard", "summary.json"]).Command.ShouldBe($"stackelberg reproduce run {typed} --scale standard --seeds 0..1");
    }

    private static CommandResult Finish(RunningCommand command) => Command.FinishWithin(Patience, command);

    private RunningCommand Start(string id, params string[] more) =>
        Command.Start(folder.Path, null, ["reproduce", "run", id, "--scale", "smoke", "--out", "out", "--json", "--quiet", .. more]);

    private string[] Results() => Directory.Exists(folder["out"]) ? Directory.GetFiles(folder["out"], "result.json", SearchOption.AllDirectories) : [];

    private Dictionary<string, string> Tables(string root) => Directory.EnumerateFiles(folder[root], "*", SearchOption.AllDirectories)
        .Where(f => Path.GetExtension(f) == ".csv" || Path.GetFileName(f) == "result.json").ToDictionary(f => Path.GetRelativePath(folder[root], f), File.ReadAllText);
}
