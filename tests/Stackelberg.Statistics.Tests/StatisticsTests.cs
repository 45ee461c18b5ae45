using Stackelberg.Primitives;

namespace Stackelberg.Statistics.Tests;

public sealed class StatisticsTests
{
    [Fact]
    public void Mean_and_standard_deviation_of_a_known_sample()
    {
        double[] sample = [2, 4, 4, 4, 5, 5, 7, 9];
        SampleStatistics.Mean(sample).ShouldBe(5);
        SampleStatistics.StandardDeviation(sample).ShouldBe(2);
        SampleStatistics.StandardDeviation([3.5]).ShouldBe(0);
        SampleStatistics.Mean([]).ShouldBe(double.NaN);
    }

    [Theory]
    [InlineData(new[] { 7.0 }, 7.0)]
    [InlineData(new[] { 1.0, 2, 90 }, 31.0)] // fewer than four: nothing is cut
    [InlineData(new[] { 100.0, 1, 2, -50 }, 1.5)]
    [InlineData(new[] { 5.0, 1, 2, 3, 1000 }, 10.0 / 3)] // one from each end
    [InlineData(new[] { 0.0, 0, 1, 2, 3, 4, 50, 50 }, 2.5)]
    [InlineData(new[] { 0.0, 0, 1, 2, 3, 4, 5, 50, 50 }, 3.0)] // nine: two from each end, not two and a quarter
    public void Interquartile_mean_cuts_a_whole_quarter_from_each_end(double[] sample, double expected)
    {
        SampleStatistics.InterquartileMean(sample).ShouldBe(expected, 1e-14);
    }

    [Fact]
    public void Interquartile_mean_leaves_its_sample_as_it_is()
    {
        double[] sample = [3, 1, 2, 0];
        SampleStatistics.InterquartileMean(sample);
        sample.ShouldBe([3, 1, 2, 0]);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 4)]
    [InlineData(0.5, 2.5)]
    [InlineData(0.25, 1.75)] // numpy.quantile([1, 2, 3, 4], 0.25)
    [InlineData(0.9, 3.7)]
    public void Quantiles_interpolate_between_order_statistics(double fraction, double expected) =>
        SampleStatistics.Quantile([4, 2, 1, 3], fraction).ShouldBe(expected, 1e-14);

    [Fact]
    public void Bootstrap_of_the_mean_matches_the_normal_interval()
    {
        // 400 scores with mean 0 and variance 1, exactly: the mean of a resample has standard deviation 1/20
        double[] scores = [.. Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? 1.0 : -1.0)];
        Interval interval = SampleStatistics.BootstrapInterval([scores], SampleStatistics.Mean, RandomStream.FromSeed(1), 20_000);

        // Monte Carlo error of a 2.5 % quantile with 20 000 draws is below 0.0012
        interval.Low.ShouldBe(-1.96 / 20, 0.005);
        interval.High.ShouldBe(1.96 / 20, 0.005);
    }

    [Fact]
    public void Bootstrap_draws_within_the_strata()
    {
        // tasks of very different scale, constant within: any resample that mixed them would move the mean
        Interval interval = SampleStatistics.BootstrapInterval([[1, 1, 1], [1000, 1000]], SampleStatistics.Mean, RandomStream.FromSeed(1));
        interval.ShouldBe(new Interval(2003.0 / 5, 2003.0 / 5));
    }

    [Fact]
    public void Bootstrap_is_a_function_of_its_stream()
    {
        double[] scores = [1, 5, 2, 8, 3];
        Interval Draw(ulong seed) => SampleStatistics.BootstrapInterval([scores], SampleStatistics.InterquartileMean, RandomStream.FromSeed(seed), 200);
        Draw(3).ShouldBe(Draw(3));
        Draw(3).Low.ShouldBeGreaterThanOrEqualTo(1);
        Draw(3).High.ShouldBeLessThanOrEqualTo(8);
        Draw(3).Low.ShouldBeLessThan(Draw(3).High);
    }

    [Fact]
    public void A_wider_confidence_gives_a_wider_interval()
    {
        double[] scores = [1, 5, 2, 8, 3, 9, 4];
        Interval narrow = SampleStatistics.BootstrapInterval([scores], SampleStatistics.Mean, RandomStream.FromSeed(3), 2000, 0.5);
        Interval wide = SampleStatistics.BootstrapInterval([scores], SampleStatistics.Mean, RandomStream.FromSeed(3), 2000, 0.99);
        wide.Low.ShouldBeLessThan(narrow.Low);
        wide.High.ShouldBeGreaterThan(narrow.High);
    }

    [Fact]
    public void Bootstrap_refuses_what_it_cannot_resample()
    {
        Should.Throw<ArgumentException>(() => SampleStatistics.BootstrapInterval([], SampleStatistics.Mean, RandomStream.FromSeed(0)));
        Should.Throw<ArgumentException>(() => SampleStatistics.BootstrapInterval([[1], []], SampleStatistics.Mean, RandomStream.FromSeed(0)));
        Should.Throw<ArgumentOutOfRangeException>(() => SampleStatistics.BootstrapInterval([[1]], SampleStatistics.Mean, RandomStream.FromSeed(0), 100, 1));
        Should.Throw<ArgumentException>(() => SampleStatistics.Quantile([], 0.5));
        Should.Throw<ArgumentOutOfRangeException>(() => SampleStatistics.Quantile([1], 1.5));
    }
}
