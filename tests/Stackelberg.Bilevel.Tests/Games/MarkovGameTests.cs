using Stackelberg.Primitives;

namespace Stackelberg.Bilevel.Tests.Games;

public sealed class MarkovGameTests
{
    private static readonly Rational[] FromOnlyState = [1];

    // Zhang et al. 2020, supplement: (A, A) pays 0, 0 and (B, B) −1, −1 and both stay; (A, B) pays 0, 10 and (B, A) 10, 0 and both end
    private static FiniteMarkovGame Counterexample { get; } = new(1, 2, 2, (_, row, column) => (
        row == column ? -row : 10 * row, row == column ? -row : 10 * column, row == column ? [new(0, 1)] : [new(FiniteMarkovGame.End, 1)]));

    public static TheoryData<string, string> AboveATenth => new() { { "1/2", "1/2" }, { "9/10", "9/10" }, { "99/100", "99/100" }, { "101/1000", "101/1000" } };

    [Theory]
    [MemberData(nameof(AboveATenth))]
    public void Both_fixed_points_of_the_counterexample_are_found_and_only_one_is_the_optimum(string text, string again)
    {
        text.ShouldBe(again);
        Rational discount = Rational.Parse(text);
        GlobalBilevelResult optimum = GlobalBilevel.Find(Counterexample, discount, FromOnlyState);
        (optimum.LeaderPolicy[0], optimum.FollowerPolicy[0], optimum.LeaderValue, optimum.FollowerValues[0], optimum.Optima).ShouldBe((1, 0, (Rational)10, Rational.Zero, 1));
        BilevelValueIteration.FixedPoints(Counterexample, discount).Select(p => (p.Leader[0], p.Follower[0])).ShouldBe([(0, 1), (1, 0)]);

        BilevelValueIterationResult fromZero = BilevelValueIteration.Run(Counterexample, discount, FromOnlyState);
        (fromZero.Verdict, fromZero.LeaderPolicy[0], fromZero.FollowerPolicy[0], fromZero.LeaderValue).ShouldBe((BilevelVerdict.Optimum, 1, 0, (Rational)10));

        BilevelValueIterationResult elsewhere = BilevelValueIteration.Run(Counterexample, discount, FromOnlyState, [0], [10]);
        (elsewhere.Verdict, elsewhere.LeaderPolicy[0], elsewhere.FollowerPolicy[0]).ShouldBe((BilevelVerdict.SpuriousFixedPoint, 0, 1));
        (elsewhere.LeaderValue, elsewhere.FollowerValues[0], elsewhere.Optimum.LeaderValue).ShouldBe((Rational.Zero, (Rational)10, (Rational)10));
    }

    [Fact]
    public void Below_a_discount_of_a_tenth_the_false_fixed_point_is_gone()
    {
        foreach (string discount in new[] { "0", "1/20", "99/1000" })
        {
            BilevelValueIteration.FixedPoints(Counterexample, Rational.Parse(discount)).Select(p => (p.Leader[0], p.Follower[0])).ShouldBe([(1, 0)]);
            BilevelValueIteration.Run(Counterexample, Rational.Parse(discount), FromOnlyState, [0], [10]).Verdict.ShouldBe(BilevelVerdict.Optimum);
        }

        // at a tenth the follower is indifferent between its answers to B, and its ties decide
        Rational tenth = new(1, 10);
        BilevelValueIteration.FixedPoints(Counterexample, tenth).Count.ShouldBe(1);
        BilevelValueIteration.FixedPoints(Counterexample, tenth, FollowerTies.Pessimistic).Select(p => (p.Leader[0], p.Follower[0])).ShouldBe([(0, 1), (1, 0)]);
    }

    [Fact]
    public void Fixed_points_are_feasible_and_never_better_than_the_optimum()
    {
        RandomStream random = RandomStream.FromSeed(7);
        (int spurious, int optimal) = (0, 0);
        for (int k = 0; k < 200; k++)
        {
            FiniteMarkovGame game = Draw(random);
            Rational[] start = [new(1, 3), new(2, 3)];
            Rational discount = new(9, 10);
            GlobalBilevelResult optimum = GlobalBilevel.Find(game, discount, start);
            optimum.LeaderValue.ShouldBe(BruteForce(game, discount, start));
            foreach ((IReadOnlyList<int> leader, IReadOnlyList<int> follower) in BilevelValueIteration.FixedPoints(game, discount))
            {
                (Rational[] values, Rational[] follows) = game.Evaluate(leader, follower, discount);
                foreach (int[] other in GlobalBilevel.Policies(2, 2))
                {
                    Rational[] deviating = game.Evaluate(leader, other, discount).Follower;
                    follows.Zip(deviating).ShouldAllBe(v => v.First >= v.Second);
                }

                GlobalBilevel.Expected(start, values).ShouldBeLessThanOrEqualTo(optimum.LeaderValue);
            }

            BilevelValueIterationResult run = BilevelValueIteration.Run(game, discount, start);
            spurious += run.Verdict == BilevelVerdict.SpuriousFixedPoint ? 1 : 0;
            optimal += run.Verdict == BilevelVerdict.Optimum ? 1 : 0;
            if (run.Verdict != BilevelVerdict.NotConverged)
            {
                BilevelValueIteration.FixedPoints(game, discount).ShouldContain(p => p.Leader.SequenceEqual(run.LeaderPolicy) && p.Follower.SequenceEqual(run.FollowerPolicy));
                (run.Verdict == BilevelVerdict.Optimum).ShouldBe(run.LeaderValue == optimum.LeaderValue);
            }
        }

        spurious.ShouldBeGreaterThan(5);
        optimal.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Play_that_never_settles_is_told()
    {
        foreach (int seed in Enumerable.Range(0, 300))
        {
            FiniteMarkovGame drawn = Draw(RandomStream.FromSeed((ulong)seed));
            if (BilevelValueIteration.FixedPoints(drawn, new Rational(9, 10)).Count == 0)
            {
                BilevelValueIteration.Run(drawn, new Rational(9, 10), [1, 0]).Verdict.ShouldBe(BilevelVerdict.NotConverged);
                return;
            }
        }

        Assert.Fail("no game without fixed point was drawn");
    }

    [Fact]
    public void One_stage_is_the_stage_game_itself()
    {
        foreach (GoldenGame golden in GoldenGames.All)
        {
            BimatrixGame game = golden.Game;
            FiniteMarkovGame once = new(1, game.Rows, game.Columns, (_, i, j) => (game.Leader(i, j), game.Follower(i, j), [new(FiniteMarkovGame.End, 1)]));
            FeedbackResult led = FeedbackEquilibrium.Stackelberg(once, 1), nash = FeedbackEquilibrium.Nash(once, 1);
            led.LeaderValue(0).ShouldBe(PureCommitment.Find(game).Value);
            led.IsOnlyValue.ShouldBe(PureCommitment.Find(game).Commitments.Select(c => c.Play.FollowerValue).Distinct().Count() == 1);
            IReadOnlyList<StrategyPair> all = VertexEnumeration.Find(game).Equilibria;
            nash.LeaderValue(0).ShouldBe(all.Max(e => e.LeaderValue));
            nash.Stages[0][0].Play.IsNash(game).ShouldBeTrue();
            nash.IsOnlyValue.ShouldBe(all.Select(e => (e.LeaderValue, e.FollowerValue)).Distinct().Count() == 1);
            FeedbackEquilibrium.Nash(once, 1, selection: StageSelection.LargestSum).Stages[0][0].Play.LeaderValue.ShouldBe(
                all.OrderByDescending(e => e.LeaderValue + e.FollowerValue).ThenByDescending(e => e.LeaderValue).First().LeaderValue);
            FeedbackEquilibrium.Nash(once, 1, selection: StageSelection.FollowerBest).FollowerValue(0).ShouldBe(all.Max(e => e.FollowerValue));
        }
    }

    [Fact]
    public void Maintain_played_three_times_is_worth_three_times_as_much()
    {
        BimatrixGame game = GoldenGames.Find("Maintain").Game;
        FiniteMarkovGame repeated = new(1, 3, 3, (_, i, j) => (game.Leader(i, j), game.Follower(i, j), [new(0, 1)]));
        FeedbackResult led = FeedbackEquilibrium.Stackelberg(repeated, 3), nash = FeedbackEquilibrium.Nash(repeated, 3);
        (led.LeaderValue(0), led.FollowerValue(0), led.IsOnlyValue).ShouldBe(((Rational)60, (Rational)45, true));
        (nash.LeaderValue(0), nash.FollowerValue(0), nash.IsOnlyValue).ShouldBe(((Rational)30, (Rational)15, false));
        FeedbackResult discounted = FeedbackEquilibrium.Stackelberg(repeated, 3, new Rational(1, 2));
        discounted.LeaderValue(0).ShouldBe(20 * new Rational(7, 4));
        discounted.Stages.Select(s => s[0].Play.LeaderValue).ShouldBe([35, 30, 20]);
    }

    [Fact]
    public void Counterexample_of_finite_horizon_ends_at_once()
    {
        // (B, A) at every stage: with one stage left the follower does not answer B with B, and before that it may wait for nothing
        FeedbackResult result = FeedbackEquilibrium.Stackelberg(Counterexample, 5);
        result.Stages.ShouldAllBe(s => s[0].Play.LeaderValue == 10 && s[0].Play.FollowerValue == 0 && s[0].Play.Leader[1] == 1 && s[0].Play.Follower[0] == 1);
    }

    [Fact]
    public void Chance_weighs_what_follows()
    {
        // one action each; state 0 leads to state 1, which pays 6 and 3, with probability 1/3 and otherwise ends
        FiniteMarkovGame game = new(2, 1, 1, (s, _, _) => s == 0
            ? (1, 0, [new(1, new Rational(1, 3)), new(FiniteMarkovGame.End, new Rational(2, 3))])
            : (6, 3, [new(FiniteMarkovGame.End, 1)]));
        FeedbackResult result = FeedbackEquilibrium.Nash(game, 2, new Rational(1, 2));
        (result.LeaderValue(0), result.FollowerValue(0), result.LeaderValue(1)).ShouldBe(((Rational)2, new Rational(1, 2), (Rational)6));
        GlobalBilevel.Find(game, new Rational(1, 2), [1, 0]).LeaderValue.ShouldBe(2);
    }

    [Fact]
    public void Games_and_requests_that_make_no_sense_are_refused()
    {
        Should.Throw<ArgumentException>(() => new FiniteMarkovGame(0, 1, 1, (_, _, _) => default));
        Should.Throw<ArgumentException>(() => new FiniteMarkovGame(1000, 1000, 1000, (_, _, _) => default));
        Should.Throw<ArgumentException>(() => new FiniteMarkovGame(1, 1, 1, (_, _, _) => (0, 0, []))).Message.ShouldContain("add up to 0");
        Should.Throw<ArgumentException>(() => new FiniteMarkovGame(1, 1, 1, (_, _, _) => (0, 0, [new(1, 1)]))).Message.ShouldContain("state 1");
        Should.Throw<ArgumentException>(() => new FiniteMarkovGame(1, 1, 1, (_, _, _) => (0, 0, [new(0, 2), new(0, -1)]))).Message.ShouldContain("probability");
        Should.Throw<ArgumentOutOfRangeException>(() => FeedbackEquilibrium.Nash(Counterexample, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => FeedbackEquilibrium.Stackelberg(Counterexample, 1, new Rational(11, 10)));
        Should.Throw<ArgumentException>(() => GlobalBilevel.Find(Counterexample, 1, FromOnlyState)).Message.ShouldContain("discount");
        Should.Throw<ArgumentException>(() => GlobalBilevel.Find(Counterexample, 0, [new Rational(1, 2)])).Message.ShouldContain("distribution");
        Should.Throw<ArgumentException>(() => BilevelValueIteration.Run(Counterexample, 0, FromOnlyState, [0, 0])).Message.ShouldContain("first value");
        FiniteMarkovGame large = new(20, 3, 1, (_, _, _) => (0, 0, [new(FiniteMarkovGame.End, 1)]));
        Should.Throw<GameLimitException>(() => GlobalBilevel.Find(large, 0, StrategyPair.Pure(20, 0))).Message.ShouldContain("3^20");
    }

    private static FiniteMarkovGame Draw(RandomStream random) => new(2, 2, 2, (_, _, _) =>
    {
        Rational stay = new(random.NextInt32(4), 3);
        List<MarkovTransition> next = [];
        if (stay.Sign > 0)
        {
            next.Add(new MarkovTransition(0, stay));
        }

        if (stay != 1)
        {
            next.Add(new MarkovTransition(1, 1 - stay));
        }

        return (random.NextInt32(11) - 5, random.NextInt32(11) - 5, next);
    });

    // every leader's policy with every answer that is optimal from all states
    private static Rational BruteForce(FiniteMarkovGame game, Rational discount, Rational[] start)
    {
        Rational? best = null;
        foreach (int[] leader in GlobalBilevel.Policies(2, 2).Select(p => p.ToArray()).ToList())
        {
            List<(Rational[] Leader, Rational[] Follower)> plays = [.. GlobalBilevel.Policies(2, 2).Select(answer => game.Evaluate(leader, answer, discount))];
            foreach ((Rational[] values, Rational[] follower) in plays)
            {
                Rational value = GlobalBilevel.Expected(start, values);
                if (plays.TrueForAll(p => p.Follower.Zip(follower).All(v => v.First <= v.Second)) && (best is null || value > best))
                {
                    best = value;
                }
            }
        }

        return best!.Value;
    }
}
