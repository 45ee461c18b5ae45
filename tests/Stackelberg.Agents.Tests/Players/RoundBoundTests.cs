using Stackelberg.Agents.Tests.Support;

namespace Stackelberg.Agents.Tests.Players;

/// <summary>Bounded gradients, and a player that rests.</summary>
public sealed class RoundBoundTests
{
    private const double Rate = 0.1;

    [Fact]
    public void Players_that_move_at_once_are_bounded_by_their_joint_norm()
    {
        ScalarGame game = Play(PlayOrder.Simultaneous, 0.5);
        (double x, double y) = (ScalarGame.Direct(1, -0.5), ScalarGame.Descent(1, -0.5));
        double scale = 0.5 / Math.Sqrt((x * x) + (y * y));
        game.X.ShouldBe(1 - (Rate * scale * x), 1e-15);
        game.Y.ShouldBe(-0.5 - (Rate * scale * y), 1e-15);
    }

    [Theory]
    [InlineData(PlayOrder.LeaderFirst)]
    [InlineData(PlayOrder.FollowerFirst)]
    public void Players_that_move_one_after_the_other_are_bounded_each_by_its_own_norm(PlayOrder order)
    {
        // both gradients, 1.55 and −0.65 where play begins and little else later, are longer than the bound
        ScalarGame game = Play(order, 0.5);
        game.X.ShouldBe(1 - (Rate * 0.5), 1e-15);
        game.Y.ShouldBe(-0.5 + (Rate * 0.5), 1e-15);
    }

    [Theory]
    [InlineData(PlayOrder.Simultaneous, 1.7)]
    [InlineData(PlayOrder.Simultaneous, double.PositiveInfinity)]
    [InlineData(PlayOrder.FollowerFirst, 1.7)]
    public void A_gradient_within_the_bound_is_left_as_it_is(PlayOrder order, double bound)
    {
        ScalarGame game = Play(order, bound), free = Play(order, double.PositiveInfinity);
        (game.X, game.Y).ShouldBe((free.X, free.Y));
    }

    [Theory]
    [InlineData(PlayOrder.Simultaneous)]
    [InlineData(PlayOrder.LeaderFirst)]
    [InlineData(PlayOrder.FollowerFirst)]
    public void One_player_rests_while_the_other_plays_on_and_is_bounded_alone(PlayOrder order)
    {
        ScalarGame game = Play(order, 0.5, static round => round.FirstRests = true);
        (game.X, game.Y).ShouldBe((1, -0.5 + (Rate * 0.5)));
        ScalarGame other = Play(order, 0.5, static round => round.SecondRests = true);
        (other.X, other.Y).ShouldBe((1 - (Rate * 0.5), -0.5));
    }

    private static ScalarGame Play(PlayOrder order, double bound, Action<Round<double>>? prepare = null)
    {
        var game = new ScalarGame(ScalarGame.Sgd(Rate), ScalarGame.Sgd(Rate));
        var round = new Round<double>(game, game.First, game.Second, null, Primitives.RandomStream.FromSeed(1)) { Order = order, MaxGradientNorm = bound };
        prepare?.Invoke(round);
        round.Play(0, new TrainingClock(), new RecordingSink());
        return game;
    }
}
