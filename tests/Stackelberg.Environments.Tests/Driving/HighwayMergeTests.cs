using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.Driving;

public sealed class HighwayMergeTests
{
    private const double Tolerance = 5e-6;

    // recorded from an independent implementation of the published specification: leader 39 m/s, follower 39.5 m/s, constant joint actions
    [Theory]
    [InlineData(0, 0, 1, new[] { 254.502533, 4, 0, 39.829112 }, new[] { 254.244022, 8.947974, -.045280, 39.914556 }, HighwayOutcome.Open)]
    [InlineData(0, 0, 2, new[] { 294.417522, 4, 0, 39.970797 }, new[] { 294.064380, 6.311350, -.149954, 39.985399 }, HighwayOutcome.Open)]
    [InlineData(0, 0, 3, new[] { 297.082241, 4, 0, 39.974042 }, new[] { 296.700158, 5.913115, -.138592, 39.974042 }, HighwayOutcome.Crash)]
    [InlineData(3, 4, 1, new[] { 259.527862, 4, 0, 48.120229 }, new[] { 249.154336, 8.791727, -.035358, 31.623438 }, HighwayOutcome.Open)]
    [InlineData(3, 4, 2, new[] { 313.618068, 4, 0, 57.969887 }, new[] { 274.923119, 8.011060, -.006595, 21.986309 }, HighwayOutcome.LeaderFirst)]
    [InlineData(4, 3, 2, new[] { 275.216976, 4, 0, 21.971707 }, new[] { 313.276257, 5.152320, -.076424, 57.984488 }, HighwayOutcome.FollowerFirst)]
    [InlineData(0, 1, 2, new[] { 275.773295, 4, 0, 39.933397 }, new[] { 275.278601, 5.730464, -.144281, 39.933397 }, HighwayOutcome.Crash)]
    [InlineData(4, 4, 3, new[] { 286.605590, 4, 0, 20.768462 }, new[] { 286.106537, 6.337782, -.284668, 20.768462 }, HighwayOutcome.Crash)]
    public void Trajectories_are_the_published_ones(
        int leaderAction, int followerAction, int decisions, double[] leader, double[] follower, HighwayOutcome outcome)
    {
        using HighwayMerge road = new();
        double[] observations = new double[16], rewards = new double[2];
        road.ResetTo(39, 39.5, observations);
        for (int k = 1; k <= decisions; k++)
        {
            bool last = k == decisions && outcome != HighwayOutcome.Open;
            road.Step([leaderAction, followerAction], observations, rewards).ShouldBe(new JointStepResult(last, false));
            if (!last)
            {
                rewards.ShouldBe([0, 0]);
            }
        }

        ShouldBeAt(road.Leader, leader);
        ShouldBeAt(road.Follower, follower);
        road.Outcome.ShouldBe(outcome);
        rewards.ShouldBe(outcome switch
        {
            HighwayOutcome.LeaderFirst => [50, 10],
            HighwayOutcome.FollowerFirst => [10, 50],
            HighwayOutcome.Crash => [-5, -5],
            _ => [0, 0],
        });
        observations[6].ShouldBe((follower[0] - leader[0]) / 40, Tolerance);
        observations[7].ShouldBe((follower[3] - leader[3]) / 80, Tolerance);
    }

    [Fact]
    public void Observations_hold_the_decision_and_the_other_car_seen_from_each_side()
    {
        using HighwayMerge road = new(new HighwayMergeOptions { ObservationScale = HighwayObservationScale.Baselines });
        double[] observations = new double[16], rewards = new double[2];
        road.ResetTo(30, 37, observations);
        observations.ShouldBe([1, 0, 0, 0, 0, 0, 0, 0.05, 1, 0, 0, 0, 0, 0, 0, -0.05]);
        road.Step([4, 3], observations, rewards);
        observations[..6].ShouldBe([0, 1, 0, 0, 0, 0]);
        observations[6].ShouldBe((road.Follower.X - road.Leader.X) / 70);
        observations[8..14].ShouldBe([0, 1, 0, 0, 0, 0]);
        observations[14].ShouldBe(-observations[6]);
        observations[15].ShouldBe(-(road.Follower.Speed - road.Leader.Speed) / 140);
    }

    // the meta game of constant actions: whoever alone speeds up goes first, whoever alone slows down goes second, equals crash
    [Theory]
    [InlineData(38.2, 39.9)]
    [InlineData(39.9, 38.2)]
    public void Constant_actions_play_chicken_at_released_speeds(double leaderSpeed, double followerSpeed)
    {
        using HighwayMerge road = new();
        for (int leader = 0; leader < 5; leader++)
        {
            for (int follower = 0; follower < 5; follower++)
            {
                int haste = Haste(leader) - Haste(follower);
                Play(road, leaderSpeed, followerSpeed, leader, follower).ShouldBe(
                    haste > 0 ? HighwayOutcome.LeaderFirst : haste < 0 ? HighwayOutcome.FollowerFirst : HighwayOutcome.Crash,
                    $"actions {leader}, {follower}");
            }
        }
    }

    [Theory]
    [InlineData(30, 0.411, 0.391, 0.199)]
    [InlineData(38, 0.374, 0.359, 0.267)]
    public void Random_play_ends_as_often_each_way_as_measured(double slowest, double leaderFirst, double followerFirst, double crash)
    {
        const int Episodes = 20_000;
        using HighwayMerge road = new(new HighwayMergeOptions { SpeedLow = slowest });
        int[] outcomes = PlayRandomly(road, Episodes, 5);
        foreach ((HighwayOutcome outcome, double share) in
            ((HighwayOutcome, double)[])[(HighwayOutcome.LeaderFirst, leaderFirst), (HighwayOutcome.FollowerFirst, followerFirst), (HighwayOutcome.Crash, crash)])
        {
            // four standard errors, ours and the 0.1 % of the measurement with its rounding
            double error = Math.Sqrt(share * (1 - share) / Episodes);
            (outcomes[(int)outcome] / (double)Episodes).ShouldBe(share, (4 * error) + 0.0015, outcome.ToString());
        }
    }

    [Fact]
    public void Crashes_pay_by_the_leaders_position_or_flat()
    {
        Dictionary<double, int> byPosition = [], flat = [];
        foreach ((HighwayCrashReward kind, Dictionary<double, int> counts) in
            ((HighwayCrashReward, Dictionary<double, int>)[])[(HighwayCrashReward.ByPosition, byPosition), (HighwayCrashReward.Flat, flat)])
        {
            using HighwayMerge road = new(new HighwayMergeOptions { SpeedLow = 38, CrashReward = kind });
            RandomStream random = RandomStream.FromSeed(3);
            double[] observations = new double[16], rewards = new double[2];
            for (int episode = 0; episode < 2000; episode++)
            {
                road.Reset(episode == 0 ? 1UL : null, observations);
                while (!road.Step([random.NextInt32(5), random.NextInt32(5)], observations, rewards).Ended)
                {
                }

                if (road.Outcome == HighwayOutcome.Crash)
                {
                    rewards[1].ShouldBe(rewards[0]);
                    counts[rewards[0]] = counts.GetValueOrDefault(rewards[0]) + 1;
                    double expected = road.Leader.X >= 275 ? -5 : road.Leader.X >= 270 ? -10 : -15;
                    rewards[0].ShouldBe(kind == HighwayCrashReward.Flat ? -10 : expected);
                }
            }
        }

        flat.Keys.ShouldBe([-10]);
        // measured: 82 % of the crashes of random play pay -5, the others -10
        byPosition.Keys.Order().ShouldBe([-10, -5]);
        (byPosition[-5] / (double)byPosition.Values.Sum()).ShouldBe(0.82, 4 * Math.Sqrt(0.82 * 0.18 / byPosition.Values.Sum()));
    }

    [Fact]
    public void Steps_allocate_nothing()
    {
        using HighwayMerge road = new();
        PlayRandomly(road, 2000, 1);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        PlayRandomly(road, 10_000, 2);
        // a stream and three buffers are made per call, nothing per step
        (GC.GetAllocatedBytesForCurrentThread() - allocated).ShouldBeLessThan(2000);
    }

    [Theory]
    [InlineData(0, 40)]
    [InlineData(41, 40)]
    [InlineData(30, 71)]
    [InlineData(double.NaN, 40)]
    public void Impossible_speeds_are_refused(double low, double high)
    {
        Should.Throw<ArgumentException>(() => new HighwayMerge(new HighwayMergeOptions { SpeedLow = low, SpeedHigh = high })).Message.ShouldContain("m/s");
        Should.Throw<ArgumentException>(() => new HighwayMerge().ResetTo(double.NaN, 30, new double[16])).Message.ShouldContain("1 to 70");
    }

    private static int Haste(int action) => action switch { 3 => 1, 4 => -1, _ => 0 };

    private static HighwayOutcome Play(HighwayMerge road, double leaderSpeed, double followerSpeed, int leader, int follower)
    {
        double[] observations = new double[16], rewards = new double[2];
        road.ResetTo(leaderSpeed, followerSpeed, observations);
        while (!road.Step([leader, follower], observations, rewards).Ended)
        {
        }

        return road.Outcome;
    }

    private static int[] PlayRandomly(HighwayMerge road, int episodes, ulong seed)
    {
        RandomStream random = RandomStream.FromSeed(seed);
        int[] outcomes = new int[4];
        double[] observations = new double[16], rewards = new double[2], actions = new double[2];
        for (int episode = 0; episode < episodes; episode++)
        {
            road.Reset(episode == 0 ? seed : null, observations);
            do
            {
                (actions[0], actions[1]) = (random.NextInt32(5), random.NextInt32(5));
            }
            while (!road.Step(actions, observations, rewards).Ended);
            outcomes[(int)road.Outcome]++;
        }

        return outcomes;
    }

    private static void ShouldBeAt(HighwayVehicle car, double[] expected)
    {
        double[] actual = [car.X, car.Y, car.Heading, car.Speed];
        for (int i = 0; i < 4; i++)
        {
            actual[i].ShouldBe(expected[i], Tolerance, $"entry {i} of {car}");
        }
    }
}
