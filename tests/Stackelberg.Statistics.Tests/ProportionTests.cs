namespace Stackelberg.Statistics.Tests;

public sealed class ProportionTests
{
    [Fact]
    public void A_hundred_of_a_hundred_runs_are_no_certainty()
    {
        Interval wilson = Proportion.Wilson(100, 100), exact = Proportion.ClopperPearson(100, 100);
        wilson.Low.ShouldBe(0.9630, 5e-5);
        exact.Low.ShouldBe(0.9638, 5e-5);
        // all successes: n/(n + z²), and the n-th root of the tail
        wilson.Low.ShouldBe(100 / (100 + (1.959963984540054 * 1.959963984540054)), 1e-14);
        exact.Low.ShouldBe(Math.Pow(0.025, 0.01), 1e-14);
        (wilson.High, exact.High).ShouldBe((1, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(30)]
    [InlineData(1000)]
    public void Intervals_hold_the_share_rise_with_it_are_mirrored_and_never_have_width_zero(int count)
    {
        foreach (Func<int, int, double, Interval> interval in new Func<int, int, double, Interval>[] { Proportion.Wilson, Proportion.ClopperPearson })
        {
            Interval before = new(-1, -1);
            for (int k = 0; k <= count; k += Math.Max(1, count / 30))
            {
                Interval now = interval(k, count, 0.95), mirrored = interval(count - k, count, 0.95), wider = interval(k, count, 0.99);
                now.Low.ShouldBeGreaterThan(before.Low);
                now.High.ShouldBeGreaterThan(before.High);
                now.Low.ShouldBeLessThan(now.High);
                now.Low.ShouldBeGreaterThanOrEqualTo(0);
                now.High.ShouldBeLessThanOrEqualTo(1);
                (k / (double)count).ShouldBeInRange(now.Low, now.High);
                mirrored.Low.ShouldBe(1 - now.High, 1e-13);
                wider.Low.ShouldBeLessThanOrEqualTo(now.Low);
                wider.High.ShouldBeGreaterThanOrEqualTo(now.High);
                before = now;
            }
        }
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    public void Exact_interval_holds_the_truth_as_often_as_promised(double truth)
    {
        const int n = 20;
        double covered = 0, weight = Math.Pow(1 - truth, n);
        for (int k = 0; k <= n; k++)
        {
            Interval interval = Proportion.ClopperPearson(k, n);
            covered += interval.Low <= truth && truth <= interval.High ? weight : 0;
            weight *= (n - k) / (k + 1.0) * truth / (1 - truth);
        }

        covered.ShouldBeGreaterThanOrEqualTo(0.95);
    }

    [Theory]
    [InlineData(0, 0, 0.95)]
    [InlineData(-1, 5, 0.95)]
    [InlineData(6, 5, 0.95)]
    [InlineData(2, 5, 1)]
    public void What_is_no_proportion_is_refused(int successes, int count, double confidence)
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Proportion.Wilson(successes, count, confidence));
        Should.Throw<ArgumentOutOfRangeException>(() => Proportion.ClopperPearson(successes, count, confidence));
    }
}
