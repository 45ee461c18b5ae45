using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.FiniteMdps;

public sealed class FiniteMdpTests
{
    public static TheoryData<string, double[], double[], double[], string> Faults => new()
    {
        { "row", [0.5, 0.4, 0, 1], [0, 0, 0, 0], [1, 0], "transitions[0][0] sums to 0.9" },
        { "negative", [1, 0, -0.5, 1.5], [0, 0, 0, 0], [0.5, 0.5], "transitions[1][0][0] is -0.5" },
        { "NaN", [1, 0, double.NaN, 1], [0, 0, 0, 0], [0.5, 0.5], "transitions[1][0][0] is NaN" },
        { "reward", [1, 0, 0, 1], [0, 0, double.PositiveInfinity, 0], [1, 0], "rewards[1][0][0] is" },
        { "initial", [1, 0, 0, 1], [0, 0, 0, 0], [0.5, 0.6], "initial sums to 1.1" },
        { "length", [1, 0, 0], [0, 0, 0, 0], [1, 0], "transitions has 3 numbers; 2 states and 1 actions need 4" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_wrong_number_is_refused_with_its_place(string name, double[] transitions, double[] rewards, double[] initial, string message) =>
        Should.Throw<ArgumentException>(() => new FiniteMdp(name, ["x", "y"], ["a"], transitions, rewards, initial, [false, false]))
            .Message.ShouldStartWith($"MDP '{name}': {message}");

    [Fact]
    public void Names_discount_and_horizon_are_checked()
    {
        Should.Throw<ArgumentException>(() => One(["x", "x"])).Message.ShouldContain("state 1 is called 'x'");
        Should.Throw<ArgumentException>(() => One([])).Message.ShouldContain("no state");
        Should.Throw<ArgumentException>(() => One(["x"]).WithDiscount(1.1)).Message.ShouldContain("discount is 1.1");
        Should.Throw<ArgumentException>(() => new FiniteMdp("h", ["x"], ["a"], [1], [0], [1], [false]) { Horizon = 0 }).Message.ShouldContain("horizon is 0");

        static FiniteMdp One(string[] states) => new("n", states, ["a"], [1], [0], [1], [false]);
    }

    [Fact]
    public void Expected_rewards_average_over_the_next_state()
    {
        FiniteMdp mdp = PosterMdps.SimpleMdp2;
        mdp.ExpectedReward(0, 0).ShouldBe(0.1 - 0.03 + 0.3, 1e-15);
        mdp.ExpectedReward(1, 1).ShouldBe(0.25 - 0.025, 1e-15);
        (mdp.IsDeterministic, PosterMdps.FourStateMdp.IsDeterministic).ShouldBe((false, true));
    }

    [Fact]
    public void Random_transitions_are_uniform_distributions_and_all_else_stays()
    {
        // Dirichlet(1, 1, 1): each entry has mean 1/3 and variance 1/18, two entries have covariance −1/36; and P(entry > 1/2) = 1/4.
        FiniteMdp truth = PosterMdps.SimpleMdp2;
        RandomStream random = RandomStream.FromSeed(3);
        const int draws = 2000;
        double[] first = new double[draws], second = new double[draws];
        for (int i = 0; i < draws; i++)
        {
            FiniteMdp drawn = truth.WithRandomTransitions(random);
            (first[i], second[i]) = (drawn.Transition(1, 0)[0], drawn.Transition(0, 1)[2]);
            if (i == 0)
            {
                drawn.Transition(2, 0).ToArray().ShouldBe([0.0, 0, 1]);
                drawn.Transition(1, 1).ToArray().ShouldNotBe(drawn.Transition(1, 0).ToArray());
                (drawn.Reward(0, 0, 1), drawn.IsTerminal(2), drawn.Horizon, drawn.Initial[1]).ShouldBe((-0.05, true, 50, 1));
            }
        }

        foreach (double[] entries in (double[][])[first, second])
        {
            entries.Average().ShouldBe(1.0 / 3, 5 * Math.Sqrt(1.0 / 18 / draws));
            entries.Average(e => Math.Pow(e - (1.0 / 3), 2)).ShouldBe(1.0 / 18, 0.006);
            entries.Average(e => e > 0.5 ? 1.0 : 0.0).ShouldBe(0.25, 5 * Math.Sqrt(0.1875 / draws));
        }
    }

    [Fact]
    public void Garnet_problems_branch_as_told_repeat_with_their_stream_and_choose_every_state_alike()
    {
        RandomMdpOptions options = new() { States = 8, Actions = 2, Branching = 3, RewardDeviation = 2, Discount = 0.7 };
        RandomStream random = RandomStream.FromSeed(1);
        int[] chosen = new int[8];
        List<double> rewards = [];
        for (int problem = 0; problem < 300; problem++)
        {
            FiniteMdp mdp = RandomMdps.Garnet(random, options);
            mdp.Discount.ShouldBe(0.7);
            for (int s = 0; s < 8; s++)
            {
                for (int a = 0; a < 2; a++)
                {
                    mdp.Transition(s, a).ToArray().Count(p => p > 0).ShouldBe(3);
                    for (int next = 0; next < 8; next++)
                    {
                        chosen[next] += mdp.Transition(s, a)[next] > 0 ? 1 : 0;
                        mdp.Reward(s, a, next).ShouldBe(mdp.Reward(s, a, 0));
                    }

                    rewards.Add(mdp.Reward(s, a, 0));
                }
            }
        }

        // 4800 rows choose 3 of 8: 1800 each, variance 4800 · 3/8 · 5/8; rewards normal with deviation 2.
        chosen.ShouldAllBe(c => Math.Abs(c - 1800) < 5 * Math.Sqrt(4800 * 15.0 / 64));
        rewards.Average().ShouldBe(0, 5 * 2 / Math.Sqrt(4800));
        rewards.Average(r => r * r).ShouldBe(4, 5 * 4 * Math.Sqrt(2.0 / 4800));

        FiniteMdp one = RandomMdps.Garnet(RandomStream.FromSeed(5), options), two = RandomMdps.Garnet(RandomStream.FromSeed(5), options);
        FiniteMdpFile.Format(two).ShouldBe(FiniteMdpFile.Format(one));
        Should.Throw<ArgumentException>(() => RandomMdps.Garnet(random, options with { Branching = 9 })).Message.ShouldContain("Branching = 9");
        Should.Throw<ArgumentException>(() => RandomMdps.Garnet(random, options with { RewardDeviation = double.NaN }));
    }
}
