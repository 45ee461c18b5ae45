using Stackelberg.Agents.Tests.Support;
using Stackelberg.Environments;
using Stackelberg.Environments.Wrappers;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Games;

/// <summary>Several agents as one environment, and what each of them got.</summary>
public sealed class AgentReturnsTests
{
    [Fact]
    public void A_joint_environment_is_its_agents_side_by_side()
    {
        using var joint = new JointEnvironment(TabularGames.Once(MatrixGames.Maintain));
        joint.ActionSpace.ShouldBeOfType<ProductSpace>().Parts.Count.ShouldBe(2);
        (joint.ObservationSpace.Size, joint.ActionSpace.Size).ShouldBe((2, 2));
        joint.ActionSpace.Contains([2, 2]).ShouldBeTrue();
        joint.ActionSpace.Contains([2, 3]).ShouldBeFalse();
        joint.ActionSpace.Contains([2]).ShouldBeFalse();
        joint.ActionSpace.Contains([2, 2, 2]).ShouldBeFalse();
        double[] observation = new double[2];
        joint.Reset(1, observation);
        StepResult step = joint.Step([1, 0], observation);
        (step.Reward, step.Terminated, step.Truncated).ShouldBe((30, true, false));
        joint.Rewards.ToArray().ShouldBe([30, 0]);
        joint.Joint().ShouldBeSameAs(joint);
        joint.Guarded().Joint().ShouldBeSameAs(joint);
    }

    [Fact]
    public void Samples_of_a_product_are_in_it_and_use_one_stream_in_order()
    {
        var product = new ProductSpace(new DiscreteSpace(3), new BoxSpace(2, -1, 1));
        RandomStream random = RandomStream.FromSeed(2), same = RandomStream.FromSeed(2);
        double[] element = new double[3], parts = new double[3];
        for (int i = 0; i < 50; i++)
        {
            product.Sample(random, element);
            product.Parts[0].Sample(same, parts.AsSpan(0, 1));
            product.Parts[1].Sample(same, parts.AsSpan(1));
            element.ShouldBe(parts);
            product.Contains(element).ShouldBeTrue();
        }

        Should.Throw<ArgumentException>(() => new ProductSpace());
    }

    [Fact]
    public void State_is_kept_below_the_time_limit_and_the_guard()
    {
        static IEnvironment Make() => new TimeLimit(new JointEnvironment(new MultiAgentTimeLimit(new MarkovGameEnvironment(TabularGames.Mixed()), 9)), 5).Guarded();
        using IEnvironment whole = Make(), resumed = Make();
        double[] observation = new double[2], other = new double[2];
        whole.Reset(4, observation);
        whole.Step([0, 1], observation);
        whole.Step([1, 0], observation);
        resumed.Reset(5, other);
        MemoryState.Of(whole).Restore(resumed);
        for (int t = 2; t < 30; t++)
        {
            StepResult step = whole.Step([t % 2, t / 2 % 2], observation);
            resumed.Step([t % 2, t / 2 % 2], other).ShouldBe(step);
            other.ShouldBe(observation);
            resumed.Joint()!.Rewards.ToArray().ShouldBe(whole.Joint()!.Rewards.ToArray());
            if (step.Ended)
            {
                whole.Reset(null, observation);
                resumed.Reset(null, other);
                other.ShouldBe(observation);
            }
        }
    }

    [Fact]
    public void Episodes_tell_what_every_agent_got()
    {
        TabularGames.Noting? game = null;
        using IAlgorithm learner = TabularGames.Create(
            "independent-q", () => game = new TabularGames.Noting(new MultiAgentTimeLimit(new MarkovGameEnvironment(TabularGames.Mixed()), 6)), 1, o => o);
        var sink = new Returns();
        learner.Advance(200, sink);

        sink.Episodes.Count.ShouldBeGreaterThan(30);
        int at = 0;
        foreach ((EpisodeSummary episode, double[] returns) in sink.Episodes)
        {
            TabularGames.Joint[] steps = [.. game!.Steps.Skip(at).Take(episode.Length)];
            at += episode.Length;
            returns.ShouldBe([steps.Sum(s => s.Rewards[0]), steps.Sum(s => s.Rewards[1])]);
            episode.Return.ShouldBe(returns[0]);
            episode.Step.ShouldBe(at);
        }
    }

    [Fact]
    public void Episodes_are_equal_where_all_numbers_are()
    {
        var episode = new EpisodeSummary(10, 3, 5, true) { AgentReturns = new double[] { 3, 4 } };
        episode.ShouldBe(episode with { AgentReturns = new double[] { 3, 4 } });
        episode.ShouldNotBe(episode with { AgentReturns = new double[] { 3, 5 } });
        episode.ShouldNotBe(episode with { AgentReturns = default });
        episode.ShouldNotBe(episode with { Return = 4 });
        (episode with { AgentReturns = default }).ShouldBe(new EpisodeSummary(10, 3, 5, true) { AgentReturns = Array.Empty<double>() });
    }

    [Fact]
    public void Evaluations_tell_what_every_agent_got()
    {
        using IAlgorithm learner = TabularGames.Create("bilevel-q", () => TabularGames.Once(MatrixGames.Maintain), 1, o => o);
        learner.Advance(2000);
        EvaluationResult result = Evaluator.Evaluate(
            learner.Policy, static () => new JointEnvironment(TabularGames.Once(MatrixGames.Maintain)), RandomStream.FromSeed(1), 3, PolicyMode.Greedy);
        result.Agents.Select(a => a.Name).ShouldBe(["leader", "follower"]);
        result.Agents[0].Returns.ShouldBe([20, 20, 20]);
        result.Agents[1].Returns.ShouldBe([15, 15, 15]);
        result.Agents[1].Mean().ShouldBe(15);
        result.Returns.ShouldBe(result.Agents[0].Returns);
    }

    private sealed class Returns : ITrainingSink
    {
        public List<(EpisodeSummary Episode, double[] Returns)> Episodes { get; } = [];

        public void Episode(in EpisodeSummary episode) => Episodes.Add((episode, episode.AgentReturns.ToArray()));
    }
}
