namespace Stackelberg.Environments.Tests.MultiAgent;

public sealed class AgentRosterTests
{
    private static readonly DiscreteSpace Three = new(3);

    [Fact]
    public void Buffers_are_cut_in_the_order_of_play()
    {
        AgentRoster roster = new(new("a", 0, new BoxSpace(2, -1, 1), Three), new("b", 1, Three, new BoxSpace(3, 0, 1)), new("c", 1, Three, Three));
        (roster.ObservationSize, roster.ActionSize, roster.Levels, roster.Count).ShouldBe((4, 5, 2, 3));
        double[] actions = [10, 11, 12, 13, 14];
        roster.ActionOf(1, actions.AsSpan()).ToArray().ShouldBe([11, 12, 13]);
        roster.ActionOf(2, (ReadOnlySpan<double>)actions).ToArray().ShouldBe([14]);
        roster.ObservationOf(2, [0, 1, 2, 3]).ToArray().ShouldBe([3]);
        roster.Select(a => a.Role).ShouldBe([AgentRole.Leader, AgentRole.Follower, AgentRole.Follower]);
    }

    [Theory]
    [InlineData("a", 0, "a", 1, "a name of its own")]
    [InlineData("a", 0, " ", 1, "a name of its own")]
    [InlineData("a", 1, "b", 2, "from level 0")]
    [InlineData("a", 0, "b", 2, "without gaps")]
    [InlineData("a", 0, "b", -1, "order of play")]
    public void Wrong_names_and_levels_are_refused(string first, int level, string second, int next, string message) =>
        Should.Throw<ArgumentException>(() => new AgentRoster(new(first, level, Three, Three), new AgentSpec(second, next, Three, Three)))
            .Message.ShouldContain(message);

    [Fact]
    public void An_empty_roster_is_refused() => Should.Throw<ArgumentException>(() => new AgentRoster()).Message.ShouldContain("at least one agent");
}
