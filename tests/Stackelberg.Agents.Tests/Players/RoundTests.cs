using Stackelberg.Agents.Tests.Support;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Players;

/// <summary>Rounds of two numbers that take plain gradient steps, against their recursions written out.</summary>
public sealed class RoundTests
{
    private const double LeaderRate = 0.1, FollowerRate = 0.2, Damping = 0.3;

    private static readonly HypergradientOptions Exact = new() { Solver = "cholesky", Damping = Damping, Guard = false };

    public static TheoryData<PlayOrder, int, int, bool> Orders()
    {
        var cases = new TheoryData<PlayOrder, int, int, bool>();
        foreach (PlayOrder order in Enum.GetValues<PlayOrder>())
        {
            foreach ((int leaderSteps, int followerSteps) in new[] { (1, 1), (1, 3), (3, 1), (2, 2) })
            {
                cases.Add(order, leaderSteps, followerSteps, true);
                cases.Add(order, leaderSteps, followerSteps, false);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Iterates_and_losses_follow_the_recursion_of_the_order(PlayOrder order, int leaderSteps, int followerSteps, bool leads)
    {
        ScalarGame game = new(ScalarGame.Sgd(LeaderRate), ScalarGame.Sgd(FollowerRate));
        Round<double> round = Seat(game, leads ? Exact : null, order, leaderSteps, followerSteps);
        (double x, double y) = (game.X, game.Y);
        for (int i = 0; i < 4; i++)
        {
            RoundLosses losses = round.Play(0, new TrainingClock(), new RecordingSink());
            (x, y, RoundLosses expected) = Recursion(x, y, order, leaderSteps, followerSteps, leads);
            game.X.ShouldBe(x, 1e-14);
            game.Y.ShouldBe(y, 1e-14);
            losses.LeaderFirst.ShouldBe(expected.LeaderFirst, 1e-14);
            losses.LeaderLast.ShouldBe(expected.LeaderLast, 1e-14);
            losses.FollowerFirst.ShouldBe(expected.FollowerFirst, 1e-14);
            losses.FollowerLast.ShouldBe(expected.FollowerLast, 1e-14);
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public void A_player_with_a_delay_moves_in_every_delay_th_round_and_nobody_meets_a_loss_in_between(int firstDelay, int secondDelay)
    {
        foreach (PlayOrder order in Enum.GetValues<PlayOrder>())
        {
            ScalarGame game = new(ScalarGame.Sgd(LeaderRate), ScalarGame.Sgd(FollowerRate), firstDelay: firstDelay, secondDelay: secondDelay);
            Round<double> round = Seat(game, Exact, order);
            for (int i = 1; i <= 6; i++)
            {
                (double x, double y) = (game.X, game.Y);
                RoundLosses losses = round.Play(0, new TrainingClock(), new RecordingSink());
                (game.X != x).ShouldBe(i % firstDelay == 0, $"{order}, round {i}");
                (game.Y != y).ShouldBe(i % secondDelay == 0, $"{order}, round {i}");
                double.IsNaN(losses.LeaderFirst).ShouldBe(i % firstDelay != 0);
                double.IsNaN(losses.LeaderLast).ShouldBe(i % firstDelay != 0);
                double.IsNaN(losses.FollowerFirst).ShouldBe(i % secondDelay != 0);
                double.IsNaN(losses.FollowerLast).ShouldBe(i % secondDelay != 0);
            }
        }
    }

    [Theory]
    [InlineData(OptimiserKind.Sgd, 1)]
    [InlineData(OptimiserKind.Sgd, 2)]
    [InlineData(OptimiserKind.Adam, 1)]
    [InlineData(OptimiserKind.Adam, 2)]
    public void Targets_follow_once_in_a_round_after_the_players_last_step(OptimiserKind optimiser, int trackingDelay)
    {
        const double Polyak = 0.6;
        foreach (PlayOrder order in Enum.GetValues<PlayOrder>())
        {
            NetworkOptions options = ScalarGame.Sgd(LeaderRate) with { Optimiser = optimiser };
            ScalarGame game = new(options, options, Polyak, trackingDelay: trackingDelay);
            Round<double> round = Seat(game, Exact, order, leaderSteps: 2, followerSteps: 3);
            (double first, double second) = (game.First.Target[0], game.Second.Target[0]);
            for (int i = 1; i <= 4; i++)
            {
                round.Play(0, new TrainingClock(), new RecordingSink());
                if (i % trackingDelay == 0)
                {
                    (first, second) = ((Polyak * first) + ((1 - Polyak) * game.X), (Polyak * second) + ((1 - Polyak) * game.Y));
                }

                game.First.Target[0].ShouldBe(first, 1e-15, $"{order}, round {i}");
                game.Second.Target[0].ShouldBe(second, 1e-15, $"{order}, round {i}");
            }
        }
    }

    [Theory]
    [InlineData(PlayOrder.FollowerFirst, false, true)]
    [InlineData(PlayOrder.FollowerFirst, true, false)]
    [InlineData(PlayOrder.LeaderFirst, false, false)]
    [InlineData(PlayOrder.Simultaneous, true, false)]
    public void The_leader_sees_a_followers_target_that_has_moved_only_if_the_follower_was_first_and_nothing_depends_on_it(
        PlayOrder order, bool differentiatesTarget, bool seesMoved)
    {
        ScalarGame game = new(ScalarGame.Sgd(LeaderRate), ScalarGame.Sgd(FollowerRate), polyak: 0.5);
        var round = new Round<double>(game, game.First, game.Second, Exact, RandomStream.FromSeed(1)) { Order = order, DifferentiatesTarget = differentiatesTarget };
        double before = game.Second.Target[0], y = game.Y;
        round.Play(0, new TrainingClock(), new RecordingSink());
        game.Second.Target[0].ShouldBe(0.5 * (y + game.Y), 1e-15);
        game.TargetsAtMixedProducts.ShouldBe([seesMoved ? game.Second.Target[0] : before]);
    }

    [Fact]
    public void A_target_that_waits_for_the_leader_follows_even_where_the_leader_rests()
    {
        ScalarGame game = new(ScalarGame.Sgd(LeaderRate), ScalarGame.Sgd(FollowerRate), polyak: 0.5, firstDelay: 2);
        var round = new Round<double>(game, game.First, game.Second, Exact, RandomStream.FromSeed(1)) { Order = PlayOrder.FollowerFirst, DifferentiatesTarget = true };
        double target = game.Second.Target[0];
        for (int i = 0; i < 4; i++)
        {
            round.Play(0, new TrainingClock(), new RecordingSink());
            target = 0.5 * (target + game.Y);
            game.Second.Target[0].ShouldBe(target, 1e-15);
        }
    }

    [Theory]
    [InlineData(HypergradientMethod.Unrolled)]
    [InlineData(HypergradientMethod.Darts)]
    [InlineData(HypergradientMethod.FirstOrder)]
    public void Methods_that_look_elsewhere_leave_the_follower_its_gradient_at_the_old_point(HypergradientMethod method)
    {
        const double Rate = 0.05;
        foreach (PlayOrder order in Enum.GetValues<PlayOrder>())
        {
            ScalarGame game = new(ScalarGame.Sgd(LeaderRate), ScalarGame.Sgd(FollowerRate));
            Round<double> round = Seat(game, new HypergradientOptions { Method = method, UnrollSteps = 1, UnrollLearningRate = Rate }, order);
            (double x, double y) = (game.X, game.Y);
            round.Play(0, new TrainingClock(), new RecordingSink());

            double Total(double atX, double atY)
            {
                double ahead = atY - (Rate * ScalarGame.Descent(atX, atY));
                return method == HypergradientMethod.FirstOrder
                    ? ScalarGame.Direct(atX, atY)
                    : ScalarGame.Direct(atX, ahead) - (Rate * ScalarGame.P * ((ScalarGame.B * atX) + ScalarGame.C));
            }

            double movedY = y - (FollowerRate * ScalarGame.Descent(order == PlayOrder.LeaderFirst ? game.X : x, y));
            game.Y.ShouldBe(movedY, 1e-13, $"{order}");
            game.X.ShouldBe(x - (LeaderRate * Total(x, order == PlayOrder.FollowerFirst ? movedY : y)), 1e-11, $"{order}");
        }
    }

    [Theory]
    [InlineData(PlayOrder.Simultaneous)]
    [InlineData(PlayOrder.LeaderFirst)]
    [InlineData(PlayOrder.FollowerFirst)]
    public void Adaptive_damping_compares_one_function_with_itself_while_the_target_stands(PlayOrder order)
    {
        ScalarGame game = new(ScalarGame.Sgd(LeaderRate), ScalarGame.Sgd(FollowerRate), polyak: 0.5);
        var round = new Round<double>(
            game, game.First, game.Second, Exact with { DampingSchedule = DampingKind.Adaptive }, RandomStream.FromSeed(1))
        {
            Order = order,
            DifferentiatesTarget = true,
        };
        double target = game.Second.Target[0];
        round.Play(0, new TrainingClock(), new RecordingSink());
        game.TargetsAtFollowerLosses.ShouldBe([target, target]);
        game.Second.Target[0].ShouldBe(0.5 * (target + game.Y), 1e-15);
    }

    [Fact]
    public void A_played_round_goes_on_from_its_state_bit_for_bit()
    {
        HypergradientOptions options = Exact with { Solver = "cg", Iterations = 1, Tolerance = 0, WarmStart = true, DampingSchedule = DampingKind.Adaptive };
        ScalarGame one = new(ScalarGame.Sgd(LeaderRate), ScalarGame.Sgd(FollowerRate), 0.7, firstDelay: 3, trackingDelay: 2);
        ScalarGame other = new(ScalarGame.Sgd(LeaderRate), ScalarGame.Sgd(FollowerRate), 0.7, firstDelay: 3, trackingDelay: 2);
        Round<double> round = Seat(one, options, PlayOrder.FollowerFirst);
        Round<double> resumed = Seat(other, options, PlayOrder.FollowerFirst);
        Play(round, 4);
        MemoryState.Of(round).Restore(resumed);
        MemoryState.Of(one.First).Restore(other.First);
        MemoryState.Of(one.Second).Restore(other.Second);
        Play(round, 5);
        Play(resumed, 5);
        MemoryState.Of(one.First).FirstDifference(MemoryState.Of(other.First)).ShouldBeNull();
        MemoryState.Of(one.Second).FirstDifference(MemoryState.Of(other.Second)).ShouldBeNull();
        MemoryState.Of(round).FirstDifference(MemoryState.Of(resumed)).ShouldBeNull();
    }

    private static void Play(Round<double> round, int times)
    {
        for (int i = 0; i < times; i++)
        {
            round.Play(i, new TrainingClock(), new RecordingSink());
        }
    }

    private static Round<double> Seat(ScalarGame game, HypergradientOptions? options, PlayOrder order, int leaderSteps = 1, int followerSteps = 1) =>
        new(game, game.First, game.Second, options, RandomStream.FromSeed(1)) { Order = order, LeaderSteps = leaderSteps, FollowerSteps = followerSteps };

    private static (double X, double Y, RoundLosses Losses) Recursion(double x, double y, PlayOrder order, int leaderSteps, int followerSteps, bool leads)
    {
        double leaderFirst = double.NaN, leaderLast = double.NaN, followerFirst = double.NaN, followerLast = double.NaN;
        switch (order)
        {
            case PlayOrder.LeaderFirst:
                Lead(ScalarGame.Direct(x, y), HeldTerm(), ScalarGame.F1(x, y));
                Follow(followerSteps);
                break;
            case PlayOrder.FollowerFirst:
                Follow(followerSteps);
                Lead(ScalarGame.Direct(x, y), HeldTerm(), ScalarGame.F1(x, y));
                break;
            default:
                (double direct, double held, double loss) = (ScalarGame.Direct(x, y), HeldTerm(), ScalarGame.F1(x, y));
                Follow(1);
                Lead(direct, held, loss);
                Follow(followerSteps - 1);
                break;
        }

        return (x, y, new RoundLosses(leaderFirst, leaderLast, followerFirst, followerLast));

        double HeldTerm() => leads ? ScalarGame.Implicit(x, Damping) : 0;

        void Lead(double direct, double held, double loss)
        {
            leaderFirst = loss;
            for (int k = 0; k < leaderSteps; k++)
            {
                (direct, loss) = k == 0 ? (direct, loss) : (ScalarGame.Direct(x, y), ScalarGame.F1(x, y));
                leaderLast = loss;
                x -= LeaderRate * (direct + held);
            }
        }

        void Follow(int steps)
        {
            for (int k = 0; k < steps; k++)
            {
                followerLast = ScalarGame.F2(x, y);
                followerFirst = double.IsNaN(followerFirst) ? followerLast : followerFirst;
                y -= FollowerRate * ScalarGame.Descent(x, y);
            }
        }
    }
}
