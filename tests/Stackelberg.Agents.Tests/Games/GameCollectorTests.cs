using Stackelberg.Agents.Games;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Games;

/// <summary>Exploration: a chooser that always takes action 0 of 3, so that anything else was explored.</summary>
public sealed class GameCollectorTests
{
    private const int Steps = 20_000;

    // with one coin both explore in 30 % of the steps, and neither in 70 %: (0, 0) in 0.7 + 0.3 / 9, only one at 0 in 4 × 0.3 / 9
    // with two, each is at 0 in 0.7 + 0.3 / 3 = 0.8, independently
    [Theory]
    [InlineData(true, 0.7333, 0.1333)]
    [InlineData(false, 0.64, 0.32)]
    public void Agents_explore_together_or_each_by_itself(bool together, double bothStay, double oneMoves)
    {
        List<double[]> taken = Collect(new ExplorationOptions { Epsilon = 0.3, Together = together }, Steps);
        Share(taken, a => a[0] == 0 && a[1] == 0).ShouldBe(bothStay, 0.02);
        Share(taken, a => a[0] == 0 != (a[1] == 0)).ShouldBe(oneMoves, 0.02);
        Share(taken, a => a[0] == 2).ShouldBe(0.1, 0.01);
    }

    [Fact]
    public void Random_steps_are_uniform_and_epsilon_falls_afterwards()
    {
        var options = new ExplorationOptions { RandomSteps = 9000, Epsilon = 0.6, Decay = 0.5, DecaySteps = 3000, Minimum = 0.2 };
        List<double[]> taken = Collect(options, 18_000);
        for (int joint = 0; joint < 9; joint++)
        {
            Share(taken.Take(9000), a => (3 * a[0]) + a[1] == joint).ShouldBe(1 / 9.0, 0.012);
        }

        // 0.6, 0.3 and then the least: two thirds of the explored actions are seen
        Share(taken.Skip(9000).Take(3000), a => a[0] != 0).ShouldBe(0.4, 0.03);
        Share(taken.Skip(12_000).Take(3000), a => a[0] != 0).ShouldBe(0.2, 0.03);
        Share(taken.Skip(15_000), a => a[0] != 0).ShouldBe(0.4 / 3, 0.03);
        ((long[])[0, 8999, 9000, 11_999, 12_000, 15_000, 999_999]).Select(options.At).ShouldBe([1, 1, 0.6, 0.6, 0.3, 0.2, 0.2]);
    }

    [Fact]
    public void Nobody_explores_where_epsilon_is_zero_and_no_number_is_drawn()
    {
        Collect(new ExplorationOptions { Epsilon = 0 }, 500).ShouldAllBe(a => a[0] == 0 && a[1] == 0);
        using GameCollector collector = Make(new ExplorationOptions { Epsilon = 0 });
        MemoryState before = MemoryState.Of(collector);
        collector.Collect(10, static (in Transition _) => { }, new TabularGames.Quiet(), new TrainingClock());
        MemoryState.Of(collector).FirstDifference(before)!.ShouldNotContain("exploration");
    }

    [Fact]
    public void Collecting_goes_on_after_loading_with_the_same_bits()
    {
        var options = new ExplorationOptions { RandomSteps = 30, Epsilon = 0.5, Decay = 0.9, DecaySteps = 10 };
        using GameCollector whole = Make(options), resumed = Make(options, seed: 99);
        Collect(whole, 37);
        MemoryState.Of(whole).Restore(resumed);
        resumed.Epsilon.ShouldBe(whole.Epsilon);
        Collect(resumed, 50).ShouldBe(Collect(whole, 50));
        MemoryState.Of(resumed).FirstDifference(MemoryState.Of(whole)).ShouldBeNull();
    }

    [Fact]
    public void An_environment_of_one_agent_is_refused() =>
        Should.Throw<NotSupportedException>(() => new GameCollector(
            AlgorithmContext.For(() => new Drift(discrete: true, 5), 1, 10), new TakesTheFirst(), new ExplorationOptions(), 1)).Message.ShouldContain("one agent");

    private static GameCollector Make(ExplorationOptions options, ulong seed = 3) => new(
        AlgorithmContext.For(static () => new JointEnvironment(new MultiAgentTimeLimit(new MarkovGameEnvironment(MatrixGames.Escape.Repeated()), 7)), seed, 10), new TakesTheFirst(), options, 1);

    private static List<double[]> Collect(ExplorationOptions options, int steps)
    {
        using GameCollector collector = Make(options);
        return Collect(collector, steps);
    }

    private static List<double[]> Collect(GameCollector collector, int steps)
    {
        List<double[]> taken = [];
        collector.Collect(steps, (in Transition t) => taken.Add(t.Action.ToArray()), new TabularGames.Quiet(), new TrainingClock());
        return taken;
    }

    private static double Share(IEnumerable<double[]> taken, Func<double[], bool> holds) => taken.Average(a => holds(a) ? 1.0 : 0);

    private sealed class TakesTheFirst : IAgentChooser
    {
        public void Choose(int agent, ReadOnlySpan<double> observations, Span<double> actions, PolicyMode mode, RandomStream random) => actions[agent] = 0;
    }
}
