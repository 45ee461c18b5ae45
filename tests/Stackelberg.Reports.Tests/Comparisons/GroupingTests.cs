using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Tests.Support;

namespace Stackelberg.Reports.Tests.Comparisons;

/// <summary>Which runs belong together, and what they are called.</summary>
public sealed class GroupingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Keys_that_differ_are_found_and_name_the_groups()
    {
        Write("a", new WrittenRun("stac", 0, 1) { Settings = [("hypergradient.damping", "1.0e+00"), ("gamma", "0.99")] });
        Write("b", new WrittenRun("stac", 0, 2) { Settings = [("hypergradient.damping", "500.0"), ("gamma", "0.99")] });
        Write("c", new WrittenRun("ac", 0, 3) { Settings = [("gamma", "0.99")] });

        Comparison found = Compare();

        found.GroupedBy.ShouldBe(["algo", "hypergradient.damping"]);
        found.Groups.Select(g => (g.Label, g.Summary.Mean)).ShouldBe([("ac", 3), ("stac damping=1", 1), ("stac damping=500", 2)]);
    }

    [Fact]
    public void Keys_of_one_last_part_are_written_in_full()
    {
        Write("a", new WrittenRun("ac", 0, 1) { Settings = [("actor.learning_rate", "0.1"), ("critic.learning_rate", "0.2")] });
        Write("b", new WrittenRun("ac", 0, 2) { Settings = [("actor.learning_rate", "0.3"), ("critic.learning_rate", "0.4")] });

        Compare().Groups.Select(g => g.Label).ShouldBe(
            ["ac actor.learning_rate=0.1 critic.learning_rate=0.2", "ac actor.learning_rate=0.3 critic.learning_rate=0.4"]);
    }

    [Theory]
    [InlineData("0.00012341", "0.00012342")]
    [InlineData("1.0000001", "1.0000002")]
    [InlineData("12345678", "12345679")]
    public void Groups_of_nearly_equal_values_have_names_of_their_own(string one, string other)
    {
        Write("a", new WrittenRun("ac", 0, 1) { Settings = [("rate", one)] });
        Write("b", new WrittenRun("ac", 0, 2) { Settings = [("rate", other)] });

        Compare().Groups.Select(g => g.Label).ShouldBe([$"ac rate={one}", $"ac rate={other}"]);
    }

    [Theory]
    [InlineData("out")]
    [InlineData("eval_every")]
    [InlineData("hypergradient.log_every")]
    [InlineData("threads")]
    public void Keys_that_no_learner_sees_part_no_seeds(string key)
    {
        Write("a", new WrittenRun("ac", 0, 1) { Settings = [(key, "1")] });
        Write("b", new WrittenRun("ac", 1, 2) { Settings = [(key, "2")] });

        Comparison found = Compare();

        found.GroupedBy.ShouldBe(["algo"]);
        found.Groups.ShouldHaveSingleItem().Runs.Count.ShouldBe(2);
    }

    [Fact]
    public void Runs_of_one_group_that_differ_are_named_in_a_note()
    {
        Write("a", new WrittenRun("stac", 0, 1) { Settings = [("hypergradient.damping", "1")] });
        Write("b", new WrittenRun("stac", 1, 2) { Settings = [("hypergradient.damping", "2")] });

        Comparison found = Compare("algo");

        found.Groups.ShouldHaveSingleItem().Label.ShouldBe("stac");
        found.Notes.ShouldContain(n => n.Contains("stac on CartPole-v1 averages over runs that differ in hypergradient.damping", StringComparison.Ordinal));
    }

    [Fact]
    public void A_group_over_several_algorithms_says_so()
    {
        Write("a", new WrittenRun("ac", 0, 1) { Settings = [("gamma", "0.9")] }, new WrittenRun("stac", 1, 3) { Settings = [("gamma", "0.9")] });
        Write("b", new WrittenRun("ac", 0, 5) { Settings = [("gamma", "0.5")] });

        Comparison found = Compare("gamma");

        found.Groups.Select(g => (g.Label, g.Algorithm, g.Summary.Mean)).ShouldBe([("gamma=0.5", "ac", 5), ("gamma=0.9", "ac+stac", 2)]);
        found.Notes.ShouldContain(n => n.Contains("gamma=0.9 on CartPole-v1 averages over runs that differ in algo", StringComparison.Ordinal));
    }

    [Fact]
    public void Environments_are_never_averaged_whatever_the_key()
    {
        Write("a", new WrittenRun("ac", 0, 1), new WrittenRun("ac", 0, 3) { Environment = "Acrobot-v1" });

        Comparison found = Compare("algo");

        found.Groups.Select(g => (g.Environment, g.Label, g.Summary.Mean)).ShouldBe([("Acrobot-v1", "ac", 3), ("CartPole-v1", "ac", 1)]);
        found.GroupedBy.ShouldBe(["algo", "env"]);
        found.Pairs.ShouldBeEmpty();
    }

    [Fact]
    public void Files_of_one_name_and_two_contents_are_two_environments()
    {
        WrittenRun run = new("ac", 0, 1) { Environment = "game.json", EnvironmentContent = "{\"one\": 1}" };
        Write("a", run, run with { Seed = 1, Final = 3 });
        Write("b", run with { EnvironmentContent = "{\"two\": 2}", Final = 10 });

        Comparison found = Compare();

        found.LeftOut.ShouldBeEmpty();
        found.GroupedBy.ShouldBe(["algo", "env_file"]);
        found.Groups.Select(g => g.Summary.Mean).ShouldBe([2, 10], ignoreOrder: true);
        found.Groups.ShouldAllBe(g => g.Label.StartsWith("ac env_file=sha256:"));
    }

    [Fact]
    public void An_unknown_key_is_answered_with_the_nearest_one()
    {
        Write("a", new WrittenRun("stac", 0, 1) { Settings = [("hypergradient.damping", "1")] });

        ComparisonException e = Should.Throw<ComparisonException>(() => Compare("hypergradient.dampin"));

        e.Message.ShouldContain("--by 'hypergradient.dampin'");
        e.Allowed.ShouldContain("hypergradient.damping");
        e.Next.ShouldBe("did you mean 'hypergradient.damping'?");
    }

    [Fact]
    public void Where_no_run_can_be_compared_that_is_said_and_not_that_a_key_is_unknown()
    {
        string run = new WrittenRun("ac", 0, 1).Write(folder["runs"]);
        File.Delete(Path.Combine(run, "result.json"));

        ComparisonException e = Should.Throw<ComparisonException>(() => Compare("algo"));

        e.Message.ShouldContain("not finished");
        e.Allowed.ShouldNotBeEmpty();
    }

    private void Write(string place, params WrittenRun[] runs) => runs.ToList().ForEach(r => r.Write(folder["runs", place]));

    private Comparison Compare(params string[] by) => Comparer.Compare([folder["runs"]], new ComparisonOptions { By = by });
}
