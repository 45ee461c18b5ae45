using Stackelberg.Reports.Reproductions;
using Stackelberg.Reports.Tests.Support;

namespace Stackelberg.Reports.Tests.Reproductions;

/// <summary>Entries written by somebody who knows nothing of the machinery.</summary>
public sealed class EntryReaderTests : IDisposable
{
    private const string Whole = """
        id: made
        paper: own
        title: One of my own
        quantity: {metric: return, kind: evaluation}
        environments: [CartPole-v1, Acrobot-v1]
        settings: {eval_episodes: 1}
        scales:
          smoke: {total_timesteps: 600, seeds: 0}
          standard: {total_timesteps: 1200, seeds: 0..4}
        arms:
          - id: ac
            algo: ac
          - id: stac
            algo: stac
            settings: {hypergradient.damping: 1}
        claims:
          - claim: it is better
            published: above
            kind: better
            a: stac
            b: ac
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "title: One", "titel: One", "made.yml:3:1: 'titel' is no key here; did you mean 'title'?" },
        { "    algo: stac", "    algoo: stac", "made.yml:14:5: 'algoo' is no key here; did you mean 'algo'?" },
        { "id: made", "id: made\nid: made", "made.yml:2:1: " },
        { "id: made", "id: 'My Entry'", "id 'My Entry'" },
        { "id: made", "id: ..", "id '..'" },
        { "  - id: ac\n", "  - id: ../ac\n", "arm '../ac'" },
        { "  - id: ac\n", "  - id: ..\n", "arm '..'" },
        { "  - id: stac", "  - id: ac", "two arms are called 'ac'" },
        { "  smoke:", "  smok:", "'smok' is no scale; did you mean 'smoke'?" },
        { "    settings: {hypergradient.damping: 1}", "    scales: {smok: {seeds: 1}}", "'smok' is no scale; did you mean 'smoke'?" },
        { "environments: [CartPole-v1, Acrobot-v1]", "environments: []", "has no environment" },
        { "environments: [CartPole-v1, Acrobot-v1]", "environments: [a/two.json, b/two.json]", "the arm 'ac' has two environments called 'two.json'" },
        { "environments: [CartPole-v1, Acrobot-v1]", "environments: [CartPole-v1, CartPole-v1]", "two environments called 'CartPole-v1'" },
        { "kind: better", "kind: beter", "the kind 'beter'; did you mean 'better'?" },
        { "kind: evaluation", "kind: evaluations", "the kind 'evaluations'; did you mean 'evaluation'?" },
        { "kind: evaluation}", "kind: evaluation, at: soon}", "the step 'soon'" },
        { "a: stac", "a: stak", "about the arm 'stak', which there is not; did you mean 'stac'?" },
        { "a: stac", "a: stac\n    environments: [CartPole-v0]", "the environment 'CartPole-v0', on which no arm is run; did you mean 'CartPole-v1'?" },
        { "a: stac", "a: stac\n    at_least: 3", "at least 3 environments, and there are 2" },
        { "kind: better", "kind: range\n    low: 1", "kind 'range' is about one environment" },
        { "kind: better", "kind: range\n    environments: [CartPole-v1]", "needs low, high or both" },
        { "kind: better", "kind: range\n    environments: [CartPole-v1]\n    low: 2\n    high: 1", "low 2 above high 1" },
        { "kind: better", "kind: computed\n    low: 1\n    computation: lemma-5-distance-degree-9", "did you mean 'lemma-5-distance-degree-1'?" },
        { "    a: stac", "    low: much\n    a: stac", "made.yml:20:10: " },
        { "arms:\n  - id: ac", "arms:\nclaims2:\n  - id: ac", "made.yml:" },
        { "settings: {eval_episodes: 1}", "settings:", "made.yml:6:10: 'settings' has no value" },
        { "algo: ac\n", "algo:\n", "made.yml:12:10: 'algo' has no value" },
        { "{total_timesteps: 600, seeds: 0}", "null", "made.yml:8:10: 'smoke' has no value" },
        { "  - id: ac\n    algo: ac\n", "  -\n", "made.yml:11:4: an item of 'arms' has no value" },
        { "arms:", "arms: [", "made.yml:" },
        { "title: One of my own", "title: \"", "made.yml:" },
        { "title: One of my own", "title: *nobody", "made.yml:" },
        { "title: One of my own", "title: {a: b}", "made.yml:3:" },
    };

    [Fact]
    public void A_whole_entry_is_read()
    {
        ReproductionEntry entry = EntryReader.Read(Whole, "made.yml");

        (entry.Id, entry.Arms.Count, entry.Claims.Count, entry.Quantity.Name).ShouldBe(("made", 2, 1, "return evaluation final"));
        entry.Find("stac")!.Settings["hypergradient.damping"].ShouldBe("1");
        entry.ScaleNames.ShouldBe(["smoke", "standard", "full"]);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named_with_what_was_probably_meant(string right, string wrong, string message)
    {
        Whole.ShouldContain(right);

        ReproductionException e = Should.Throw<ReproductionException>(() => EntryReader.Read(Whole.Replace(right, wrong, StringComparison.Ordinal), "made.yml"));

        e.Message.ShouldContain(message);
        e.Allowed.ShouldNotBeEmpty();
        e.Next.ShouldNotBeEmpty();
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        string text = Whole.Replace("kind: better", "kind: beter", StringComparison.Ordinal).Replace("a: stac", "a: nobody", StringComparison.Ordinal);

        string message = Should.Throw<ReproductionException>(() => EntryReader.Read(text, "made.yml")).Message;

        message.ShouldContain("'beter'");
        message.ShouldContain("'nobody'");
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("just a text")]
    [InlineData("- a\n- b\n")]
    [InlineData("\u0000")]
    [InlineData("a: &a [*a]")]
    public void What_is_no_entry_is_refused(string text) => Should.Throw<ReproductionException>(() => EntryReader.Read(text, "made.yml")).Message.ShouldContain("made.yml");

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Should.Throw<ReproductionException>(() => EntryReader.Read(new string('[', 200_000), "made.yml"));

    [Fact]
    public void The_best_of_one_arm_is_no_claim()
    {
        const string Text = """
            id: alone
            scales: {smoke: {seeds: 0}, standard: {seeds: 0}}
            arms: [{id: ac, algo: ac, environments: [CartPole-v1]}]
            claims: [{claim: best, kind: best, a: ac}]
            """;

        Should.Throw<ReproductionException>(() => EntryReader.Read(Text, "made.yml")).Message.ShouldContain("has no other arm to be better than");
    }

    [Fact]
    public void A_path_stands_for_the_entry_in_it()
    {
        string path = folder["made.yml"];
        File.WriteAllText(path, Whole);

        ReproductionCatalogue.Find(path).Id.ShouldBe("made");
        ReproductionCatalogue.TextOf(path).ShouldBe(Whole);
        Should.Throw<ReproductionException>(() => ReproductionCatalogue.Find(folder["none.yml"])).Message.ShouldContain("there is no file");
    }
}
