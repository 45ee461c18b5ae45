using Stackelberg.Agents.Tests.Support;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Players;

public sealed class PlayerTests
{
    private static readonly ParameterLayout Layout = new([("weight", 3, 2), ("bias", 1, 2)]);

    [Fact]
    public void A_gradient_step_is_the_learning_rate_times_the_gradient_and_leaves_the_target()
    {
        Player<double> player = Make(ScalarGame.Sgd(0.25), polyak: 0.9);
        (double[] before, double[] target) = (player.Parameters.Span.ToArray(), player.Target.Span.ToArray());
        Fill(player.Gradient, 2);
        player.Step();
        for (int i = 0; i < before.Length; i++)
        {
            player.Parameters[i].ShouldBe(before[i] - (0.25 * player.Gradient[i]), 1e-16);
        }

        player.Target.Span.ToArray().ShouldBe(target);
    }

    [Theory]
    [InlineData(OptimiserKind.Adam)]
    [InlineData(OptimiserKind.Sgd)]
    public void Stepping_and_tracking_at_once_is_one_after_the_other(OptimiserKind optimiser)
    {
        NetworkOptions options = ScalarGame.Sgd(0.1) with { Optimiser = optimiser };
        Player<double> once = Make(options, 0.8), apart = Make(options, 0.8);
        for (ulong i = 0; i < 5; i++)
        {
            double[] target = once.Target.Span.ToArray();
            Fill(once.Gradient, i);
            Fill(apart.Gradient, i);
            once.Step(track: true);
            apart.Step();
            apart.Track();
            Twins.Same(apart.Parameters.Span, once.Parameters.Span, "parameters");
            Twins.Same(apart.Target.Span, once.Target.Span, "target");
            for (int j = 0; j < target.Length; j++)
            {
                once.Target[j].ShouldBe((0.8 * target[j]) + (0.2 * once.Parameters[j]), 1e-15);
            }
        }
    }

    [Fact]
    public void The_first_adam_step_is_the_learning_rate_against_the_sign_of_the_gradient()
    {
        Player<double> player = Make(ScalarGame.Sgd(0.1) with { Optimiser = OptimiserKind.Adam });
        double[] before = player.Parameters.Span.ToArray();
        Fill(player.Gradient, 2);
        player.Step();
        for (int i = 0; i < Layout.Coordinates.Count; i++)
        {
            int at = Layout.Coordinates[i];
            (player.Parameters[at] - before[at]).ShouldBe(-0.1 * Math.Sign(player.Gradient[at]), 1e-6);
        }
    }

    [Theory]
    [InlineData(RateSchedule.Constant, 0, 0.1)]
    [InlineData(RateSchedule.Constant, 777, 0.1)]
    [InlineData(RateSchedule.Linear, 0, 0.1)]
    [InlineData(RateSchedule.Linear, 250, 0.1 - (0.25 * 0.08))]
    [InlineData(RateSchedule.Linear, 1000, 0.02)]
    [InlineData(RateSchedule.Linear, 4000, 0.02)]
    [InlineData(RateSchedule.Exponential, 0, 0.1)]
    [InlineData(RateSchedule.Exponential, 400, 0.1 * 0.36787944117144233)]
    [InlineData(RateSchedule.Exponential, 1200, 0.1 * 0.049787068367863944)]
    public void The_learning_rate_follows_its_schedule_in_environment_steps(RateSchedule schedule, long step, double rate)
    {
        foreach (OptimiserKind optimiser in Enum.GetValues<OptimiserKind>())
        {
            Player<double> player = Make(new NetworkOptions
            {
                Optimiser = optimiser,
                LearningRate = 0.1,
                LearningRateSchedule = schedule,
                FinalLearningRate = 0.02,
                LearningRateDecay = 400,
            });
            Fill(player.Gradient, 1);
            player.LearningRate.ShouldBe(0.1);
            for (int i = 0; i < 3; i++)
            {
                // steps of the optimiser do not count, environment steps do
                player.Anneal(step, 1000);
                player.LearningRate.ShouldBe(rate, 1e-15);
                player.Step();
            }
        }
    }

    [Fact]
    public void An_annealed_rate_is_the_one_of_the_next_step()
    {
        Player<double> player = Make(ScalarGame.Sgd(0.1) with { LearningRateSchedule = RateSchedule.Linear, FinalLearningRate = 0 });
        Fill(player.Gradient, 1);
        double before = player.Parameters[0];
        player.Anneal(50, 100);
        player.Step();
        player.Parameters[0].ShouldBe(before - (0.05 * player.Gradient[0]), 1e-16);
        player.Anneal(100, 100);
        before = player.Parameters[0];
        player.Step();
        player.Parameters[0].ShouldBe(before);
    }

    [Theory]
    [InlineData(OptimiserKind.Adam, 0.9)]
    [InlineData(OptimiserKind.Adam, null)]
    [InlineData(OptimiserKind.Sgd, 0.9)]
    public void A_player_goes_on_from_its_state_bit_for_bit(OptimiserKind optimiser, double? polyak)
    {
        NetworkOptions options = ScalarGame.Sgd(0.1) with { Optimiser = optimiser };
        Player<double> player = Make(options, polyak);
        Play(player, 1, 3);
        Player<double> resumed = Make(options, polyak, seed: 99);
        MemoryState.Of(player).Restore(resumed);
        Twins.Same(player.Gradient.Span, resumed.Gradient.Span, "gradient, as tables show it where a player rests");
        Twins.Same(player.Target.Span, resumed.Target.Span, "target");
        Play(player, 7, 3);
        Play(resumed, 7, 3);
        MemoryState.Of(player).FirstDifference(MemoryState.Of(resumed)).ShouldBeNull();
        Twins.Same(player.Parameters.Span, resumed.Parameters.Span, "parameters");
    }

    [Fact]
    public void A_target_begins_as_a_copy_and_a_player_without_one_has_none()
    {
        Player<double> with = Make(ScalarGame.Sgd(0.1), 0.5), without = Make(ScalarGame.Sgd(0.1));
        Twins.Same(with.Parameters.Span, with.Target.Span, "target");
        with.Parameters[0] += 1;
        with.Target[0].ShouldNotBe(with.Parameters[0]);
        (with.HasTarget, without.HasTarget).ShouldBe((true, false));
        without.Target.Length.ShouldBe(0);
        Enumerable.Range(0, 4).ShouldAllBe(i => !without.Tracks(i));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Delays_count_rounds_from_one(int delay)
    {
        Player<double> player = new("p", Layout, new FlatVector<double>(Layout.Length), ScalarGame.Sgd(1), 0.5) { Delay = delay, TrackingDelay = delay + 1 };
        for (int round = 0; round < 30; round++)
        {
            player.Moves(round).ShouldBe(round % delay == delay - 1);
            player.Tracks(round).ShouldBe(round % (delay + 1) == delay);
        }
    }

    [Fact]
    public void A_vector_that_does_not_fit_and_a_share_out_of_range_are_refused()
    {
        ArgumentException length = Should.Throw<ArgumentException>(static () => new Player<double>("hero", Layout, new FlatVector<double>(Layout.Length + 1), ScalarGame.Sgd(1)));
        length.Message.ShouldContain("'hero' has " + (Layout.Length + 1));
        foreach (double polyak in new[] { -0.1, 1.1, double.NaN })
        {
            Should.Throw<ArgumentOutOfRangeException>(() => Make(ScalarGame.Sgd(1), polyak));
        }
    }

    private static Player<double> Make(NetworkOptions options, double? polyak = null, ulong seed = 11)
    {
        var parameters = new FlatVector<double>(Layout.Length);
        Fill(parameters, seed);
        return new Player<double>("hero", Layout, parameters, options, polyak);
    }

    private static void Fill(FlatVector<double> vector, ulong seed) => Twins.Direction(Layout.Coordinates, Layout.Length, seed).CopyTo(vector.Span);

    private static void Play(Player<double> player, ulong seed, int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            Fill(player.Gradient, seed + (ulong)i);
            player.Step(track: player.HasTarget);
        }
    }
}
