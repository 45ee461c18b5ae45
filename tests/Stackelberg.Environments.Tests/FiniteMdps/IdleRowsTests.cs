namespace Stackelberg.Environments.Tests.FiniteMdps;

/// <summary>Rows of terminal states, and of states that no start reaches, never act.</summary>
public sealed class IdleRowsTests
{
    // A goes to B or stays, B to the goal; the lone state is reached from nowhere
    private static readonly string[] States = ["A", "B", "goal", "lone"];

    [Theory]
    [InlineData("[[0.5, 0, 0.5, 0]]", "[[0.25, 0.25, 0.25, 0.25]]")]
    [InlineData("[[0, 0, 0, 0]]", "[[0, 0, 0, 0]]")]
    [InlineData("[[1, 1, 1, 1]]", "[[-3, 0, 0, 7]]")]
    public void What_they_hold_changes_nothing(string goal, string lone)
    {
        FiniteMdp idle = Parse(goal, lone), plain = Parse("[[0, 0, 1, 0]]", "[[0, 0, 0, 1]]");
        idle.IsDeterministic.ShouldBeTrue();
        States.Select((_, s) => idle.Acts(s)).ShouldBe([true, true, false, false]);
        double[] values = MdpPlanning.ValueIteration(idle.WithDiscount(0.9)), expected = MdpPlanning.ValueIteration(plain.WithDiscount(0.9));
        values[..3].ShouldBe(expected[..3]);

        // by hand: B is one step from the goal's 1, A two
        values[..3].ShouldBe([0.9, 1, 0], 1e-9);
        EnvironmentSpec spec = FiniteMdpEnvironment.SpecOf(idle, "idle");
        EnvironmentCheckReport report = EnvironmentChecker.Check(() => new FiniteMdpEnvironment(idle, spec: spec with { MaxEpisodeSteps = null }));
        report.Findings.Where(f => f.Severity == FindingSeverity.Error).ShouldBeEmpty();
        FiniteMdp read = FiniteMdpFile.Parse(FiniteMdpFile.Format(idle));
        States.Select((_, s) => read.Transition(s, 0).ToArray()).ShouldBe(States.Select((_, s) => idle.Transition(s, 0).ToArray()));
    }

    [Fact]
    public void A_row_that_acts_has_to_be_a_distribution_wherever_it_stands()
    {
        Should.Throw<FormatException>(() => FiniteMdpFile.Parse(Text("[[0, 0, 1, 0]]", "[[0, 0, 0, 2]]", "[0.5, 0, 0, 0.5]"))).Message.ShouldContain("transitions[3][0][3] is 2");
        Should.Throw<FormatException>(() => FiniteMdpFile.Parse(Text("[[0, 0, 1, 0]]", "[[0, 0, 0, 1]]", "[1, 0, 0, 0]").Replace("[[0, 0, 1, 0]],", "[[0, 0, 0.5, 0]],", StringComparison.Ordinal)))
            .Message.ShouldContain("transitions[1][0] sums to 0.5");
    }

    [Fact]
    public void Chance_that_acts_is_chance()
    {
        FiniteMdpFile.Parse(Text("[[0, 0, 1, 0]]", "[[0.5, 0, 0, 0.5]]", "[0.5, 0, 0, 0.5]")).IsDeterministic.ShouldBeFalse();
        FiniteMdpFile.Parse(Text("[[0, 0, 1, 0]]", "[[0.5, 0, 0, 0.5]]", "[0, 0, 0, 1]")).IsDeterministic.ShouldBeFalse();
    }

    [Fact]
    public void A_start_in_a_state_without_transitions_is_stopped_at_its_first_step()
    {
        using var environment = new FiniteMdpEnvironment(Parse("[[0, 0, 0, 0]]", "[[0, 0, 0, 0]]"));
        double[] observation = new double[4];
        environment.ResetTo([3], observation);
        Should.Throw<EnvironmentException>(() => environment.Step([0], observation)).Message.ShouldContain("state 3 ('lone') has no transition for action 0");
    }

    private static FiniteMdp Parse(string goal, string lone) => FiniteMdpFile.Parse(Text(goal, lone, "[1, 0, 0, 0]"));

    private static string Text(string goal, string lone, string initial) => $$"""
        {"states": ["A", "B", "goal", "lone"], "actions": 1, "terminal": ["goal"], "initial": {{initial}},
         "transitions": [[[0, 1, 0, 0]], [[0, 0, 1, 0]], {{goal}}, {{lone}}], "rewards": [[0], [1], [5], [0]]}
        """;
}
