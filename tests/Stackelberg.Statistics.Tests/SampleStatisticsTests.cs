namespace Stackelberg.Statistics.Tests;

public sealed class SampleStatisticsTests
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
    public void Median_is_the_middle_value_or_between_the_two_in_the_middle()
    {
        SampleStatistics.Median([3, 1, 2]).ShouldBe(2);
        SampleStatistics.Median([4, 1, 2, 100]).ShouldBe(3);
        SampleStatistics.Median([]).ShouldBe(double.NaN);
    }

    [Fact]
    public void Sample_deviation_divides_by_one_less()
    {
        SampleStatistics.SampleDeviation([1, 2, 3, 4, 5]).ShouldBe(Math.Sqrt(2.5), 1e-15);
        SampleStatistics.SampleDeviation([1]).ShouldBe(double.NaN);
        SampleStatistics.SampleDeviation([]).ShouldBe(double.NaN);
    }

    [Theory]
    [InlineData(1, 0.5)] // 1 − (1 + 0.5 + 0)/3
    [InlineData(0.5, 1 / 6.0)]
    [InlineData(10, 8.5)] // 10 − (4 + 0.5 + 0)/3
    public void Optimality_gap_counts_nothing_beyond_its_target(double target, double expected) =>
        SampleStatistics.OptimalityGap([4, 0.5, 0], target).ShouldBe(expected, 1e-15);

    [Fact]
    public void Quantiles_refuse_what_has_none()
    {
        Should.Throw<ArgumentException>(() => SampleStatistics.Quantile([], 0.5));
        Should.Throw<ArgumentOutOfRangeException>(() => SampleStatistics.Quantile([1], 1.5));
        Should.Throw<ArgumentOutOfRangeException>(() => SampleStatistics.Quantile([1], double.NaN));
    }

    [Fact]
    public void Quantiles_of_infinite_values_are_no_NaN()
    {
        double[] sample = [1, 2, double.PositiveInfinity, double.PositiveInfinity];
        SampleStatistics.Quantile(sample, 1 / 3.0).ShouldBe(2);
        SampleStatistics.Quantile(sample, 0.9).ShouldBe(double.PositiveInfinity);
    }

    [Fact]
    public void What_orders_its_values_refuses_NaN_by_its_place()
    {
        Action[] calls =
        [
            () => SampleStatistics.Median([1, 2, double.NaN]), () => SampleStatistics.InterquartileMean([1, 2, double.NaN]),
            () => SampleStatistics.Quantile([1, 2, double.NaN], 0.5), () => SampleStatistics.OptimalityGap([1, 2, double.NaN]),
        ];
        calls.ShouldAllBe(call => Should.Throw<ArgumentException>(call).Message.StartsWith("sample[2] is NaN"));
        Should.Throw<ArgumentException>(() => SampleStatistics.OptimalityGap([1], double.NaN)).Message.ShouldStartWith("target is NaN");
        SampleStatistics.Mean([1, double.NaN]).ShouldBe(double.NaN);
        SampleStatistics.StandardDeviation([1, double.NaN]).ShouldBe(double.NaN);
    }
}
