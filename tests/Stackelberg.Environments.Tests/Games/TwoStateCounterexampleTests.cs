using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.Games;

public sealed class TwoStateCounterexampleTests
{
    private static readonly MarkovGame Game = TwoStateCounterexample.Create();

    [Fact]
    public void Both_the_solution_and_the_false_outcome_solve_the_bilevel_Bellman_equation()
    {
        // joint actions AA, AB, BA, BB; values as published for discount 1
        Values(0, 10, 1).Leader.ShouldBe([0, 0, 10, -1]);
        Values(0, 10, 1).Follower.ShouldBe([10, 10, 0, 9]);
        foreach (double discount in (double[])[0.2, 0.5, 0.99])
        {
            Outcome(Values(10, 0, discount)).ShouldBe(2, $"(B,A) at discount {discount}");
            Outcome(Values(0, 10, discount)).ShouldBe(1, $"(A,B) at discount {discount}");
        }

        Outcome(Values(0, 10, 0.05)).ShouldBe(2, "below discount 0.1 the false outcome does not hold itself up");
    }

    [Fact]
    public void Playing_it_ends_only_where_the_actions_differ()
    {
        using MarkovGameEnvironment environment = new(Game);
        double[] observations = new double[2], rewards = new double[2];
        environment.Reset(0, observations);
        environment.Step([0, 0], observations, rewards).Ended.ShouldBeFalse();
        rewards.ShouldBe([0, 0]);
        environment.Step([1, 1], observations, rewards).Ended.ShouldBeFalse();
        rewards.ShouldBe([-1, -1]);
        observations.ShouldBe([0, 0]);
        environment.Step([1, 0], observations, rewards).ShouldBe(new JointStepResult(true, false));
        rewards.ShouldBe([10, 0]);
        observations.ShouldBe([1, 1]);
        environment.Reset(null, observations);
        environment.Step([0, 1], observations, rewards).ShouldBe(new JointStepResult(true, false));
        rewards.ShouldBe([0, 10]);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void Tabular_bilevel_learning_falls_for_the_false_outcome_as_often_as_measured(double discount)
    {
        const int Seeds = 200;
        int spurious = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            spurious += Learn((ulong)seed, discount) == 1 ? 1 : 0;
        }

        // measured: 23.8 % of 100 000 runs; three standard errors
        (spurious / (double)Seeds).ShouldBe(0.238, 3 * Math.Sqrt(0.238 * 0.762 / Seeds));
    }

    private static int Learn(ulong seed, double discount)
    {
        RandomStream random = RandomStream.FromSeed(seed);
        double[] leader = new double[4], follower = new double[4];
        using MarkovGameEnvironment environment = new(Game);
        double[] observations = new double[2], rewards = new double[2];
        environment.Reset(seed, observations);
        for (int step = 0; step < 4000; step++)
        {
            int joint = random.NextDouble() < 0.1 ? random.NextInt32(4) : Outcome((leader, follower));
            bool ended = environment.Step([joint / 2, joint % 2], observations, rewards).Ended;
            int next = Outcome((leader, follower));
            leader[joint] += 0.1 * (rewards[0] + (ended ? 0 : discount * leader[next]) - leader[joint]);
            follower[joint] += 0.1 * (rewards[1] + (ended ? 0 : discount * follower[next]) - follower[joint]);
            if (ended)
            {
                environment.Reset(null, observations);
            }
        }

        return Outcome((leader, follower));
    }

    /// <summary>The action values when the game goes on with the given values of s1.</summary>
    private static (double[] Leader, double[] Follower) Values(double leader, double follower, double discount)
    {
        double[] first = new double[4], second = new double[4];
        for (int joint = 0; joint < 4; joint++)
        {
            double ahead = Game.Terminates(0, joint) ? 0 : discount;
            (first[joint], second[joint]) = (Game.Reward(0, joint, 0) + (ahead * leader), Game.Reward(0, joint, 1) + (ahead * follower));
        }

        return (first, second);
    }

    private static int Outcome((double[] Leader, double[] Follower) values)
    {
        int withA = values.Follower[1] > values.Follower[0] ? 1 : 0, withB = values.Follower[3] > values.Follower[2] ? 3 : 2;
        return values.Leader[withB] > values.Leader[withA] ? withB : withA;
    }
}
