namespace Stackelberg.Bilevel.Tests;

/// <summary>Golden values: independent runs of the closed-form recurrences, simultaneous steps, equal rates, to the digits printed.</summary>
public sealed class ToyPlayTests
{
    [Theory]
    [InlineData("1", 0.1, ToyMethod.Ddpg, 0, "0.0035", "0.0035", "4.00")]
    [InlineData("1", 0.1, ToyMethod.Sddpg, 0, "2.532", "2.532", "2.72")]
    [InlineData("1", 0.1, ToyMethod.Fsddpg, 0.01, "0.802", "0.000", "3.56")]
    [InlineData("1", 0.1, ToyMethod.Fsddpg, 0.1, "0.00009", "0.00009", "3.58")]
    [InlineData("1", 0.01, ToyMethod.Ddpg, 0, "0.287", "0.0678", "4.88")]
    [InlineData("1", 0.01, ToyMethod.Sddpg, 0, "3.314", "3.314", "4.73")]
    [InlineData("1", 0.01, ToyMethod.Fsddpg, 0.1, "1.034", "0.0003", "4.84")]
    [InlineData("2", 0.1, ToyMethod.Ddpg, 0, "0.278", "0.013", "9.03")]
    [InlineData("2", 0.1, ToyMethod.Sddpg, 0, "0.283", "0.036", "2.88")]
    [InlineData("2", 0.1, ToyMethod.Fsddpg, 1, "0.170", "0.010", "7.89")]
    [InlineData("2", 0.05, ToyMethod.Ddpg, 0, "0.290", "0.051", "7.01")]
    [InlineData("2", 0.05, ToyMethod.Sddpg, 0, "0.226", "0.0605", "2.72")]
    [InlineData("2", 0.05, ToyMethod.Fsddpg, 1, "0.909", "0.029", "7.57")]
    public void Distances_are_those_of_the_closed_forms(
        string game, double rate, ToyMethod method, double damping, string at100, string at1000, string afterTheStart)
    {
        ToyTrajectory way = Play(game, method, new ToyOptions(1000, rate) { Damping = damping });
        way.DivergedAt.ShouldBeNull();
        ShouldPrint(way.Distance(100), at100);
        ShouldPrint(way.Distance(1000), at1000);
        ShouldPrint(way.LargestDistance(), afterTheStart);
    }

    [Theory]
    [InlineData("1", 0.1, ToyMethod.Ddpg, 0, 0, -0.9405, 4)]
    [InlineData("1", 0.1, ToyMethod.Sddpg, 0, 0, 0.5914, 4)]
    [InlineData("1", 0.1, ToyMethod.Fsddpg, 0.01, 0, -1, 4)]
    [InlineData("1", 0.1, ToyMethod.Fsddpg, 0.1, 0, -0.9906, 4)]
    [InlineData("2", 0.1, ToyMethod.Ddpg, 0, -0.067, 0.006, 3)]
    [InlineData("2", 0.1, ToyMethod.Sddpg, 0, 0.027, -0.082, 3)]
    [InlineData("2", 0.1, ToyMethod.Fsddpg, 1, 0.062, 0.007, 3)]
    public void Ends_after_5000_steps_are_those_of_the_closed_forms(
        string game, double rate, ToyMethod method, double damping, double theta, double w, int digits)
    {
        ToyPoint end = Play(game, method, new ToyOptions(5000, rate) { Damping = damping }).Points[5000];
        end.Theta.ShouldBe(theta, 0.51 * Math.Pow(10, -digits));
        end.W.ShouldBe(w, 0.51 * Math.Pow(10, -digits));
    }

    [Theory]
    [InlineData(0.01, 273)]
    [InlineData(0.1, 47)]
    public void Fsddpg_reaches_a_hundredth_when_the_closed_form_does(double damping, int step) =>
        Play("1", ToyMethod.Fsddpg, new ToyOptions(1000, 0.1) { Damping = damping }).FirstWithin(0.01).ShouldBe(step);

    [Fact]
    public void Without_damping_the_actor_of_fsddpg_does_not_move()
    {
        ToyTrajectory way = Play("1", ToyMethod.Fsddpg, new ToyOptions(200, 0.1));
        way.Points[200].Theta.ShouldBe(1, 1e-12);
        way.Points[200].W.ShouldBe(-1, 1e-9);
    }

    [Fact]
    public void Sign_of_the_listing_without_damping_doubles_the_rate_of_ddpg()
    {
        ToyTrajectory listing = Play("2", ToyMethod.Fsddpg, new ToyOptions(300, 0.05) { Sign = ToySign.Plus });
        ToyTrajectory doubled = Play("2", ToyMethod.Ddpg, new ToyOptions(300, 0.05) { ActorLearningRate = 0.1 });
        for (int step = 0; step <= 300; step++)
        {
            listing.Points[step].Theta.ShouldBe(doubled.Points[step].Theta, 1e-9);
            listing.Points[step].W.ShouldBe(doubled.Points[step].W, 1e-9);
        }
    }

    [Theory]
    [InlineData(ToyMethod.Sddpg)]
    [InlineData(ToyMethod.Fsddpg)]
    public void Infinite_damping_is_ddpg(ToyMethod method) =>
        Play("2", method, new ToyOptions(300, 0.1) { Damping = 1e300 }).Points.ShouldBe(Play("2", ToyMethod.Ddpg, new ToyOptions(300, 0.1)).Points);

    [Fact]
    public void Critic_first_gives_the_actor_the_moved_critic()
    {
        // game 2 from (2, 2): w ← 2 − 0.1 · 2(4 + 4)2 = −1.2, then θ ← 2 + 0.1 · (−1.2)
        ToyPoint first = Play("2", ToyMethod.Ddpg, new ToyOptions(1, 0.1) { Order = ToyOrder.CriticFirst }).Points[1];
        first.W.ShouldBe(-1.2, 1e-14);
        first.Theta.ShouldBe(1.88, 1e-14);
        Play("2", ToyMethod.Ddpg, new ToyOptions(1, 0.1)).Points[1].Theta.ShouldBe(2.2, 1e-14);
    }

    [Fact]
    public void Divergence_ends_the_trajectory_with_finite_points_and_its_step()
    {
        // w ← 1 − 3 · 4 = −11, θ ← 1 + 3 · 2 = 7; then |w| grows by 3 · 2 · 7⁴ · 10
        ToyTrajectory way = Play("1", ToyMethod.Ddpg, new ToyOptions(100, 3));
        way.DivergedAt.ShouldBe(3);
        way.Points.Count.ShouldBe(3);
        way.Points[1].ShouldBe(new ToyPoint(7, -11));
        way.Points[2].W.ShouldBe(-11 + (3 * 2 * 2401 * 10.0));
        way.Points.ShouldAllBe(p => double.IsFinite(p.Theta) && double.IsFinite(p.W));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Play("1", ToyMethod.Ddpg, new ToyOptions(-1, 0.1)));
        Should.Throw<ArgumentOutOfRangeException>(() => Play("1", ToyMethod.Ddpg, new ToyOptions(1, 0)));
        Should.Throw<ArgumentOutOfRangeException>(() => Play("1", ToyMethod.Ddpg, new ToyOptions(1, 0.1) { CriticLearningRate = double.NaN }));
        Should.Throw<ArgumentOutOfRangeException>(() => Play("1", ToyMethod.Ddpg, new ToyOptions(1, 0.1) { Damping = -1 }));
    }

    private static ToyTrajectory Play(string game, ToyMethod method, ToyOptions options) => ToyPlay.Run(ToyGame.All.Single(g => g.Name == game), method, options);

    // the golden value has as many digits as its text
    private static void ShouldPrint(double value, string printed) =>
        value.ToString($"F{printed.Length - 2}", System.Globalization.CultureInfo.InvariantCulture).ShouldBe(printed);
}
