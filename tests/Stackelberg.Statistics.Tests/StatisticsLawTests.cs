using MathNet.Numerics.Statistics;
using Stackelberg.Primitives;

namespace Stackelberg.Statistics.Tests;

/// <summary>Summaries against their definitions on samples of every small size, and the laws they keep.</summary>
public sealed class StatisticsLawTests
{
    public static TheoryData<int> Sizes => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Interquartile_mean_is_the_mean_of_what_stays_when_a_quarter_is_taken_from_each_end(int size)
    {
        List<double> left = [.. Sample(size)];
        for (int taken = 0; 4 * (taken + 1) <= size; taken++)
        {
            left.Remove(left.Min());
            left.Remove(left.Max());
        }

        SampleStatistics.InterquartileMean(Sample(size)).ShouldBe(left.Sum() / left.Count, 1e-14);
        left.Count.ShouldBe(size - (2 * (size / 4)));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Interquartile_mean_ignores_order_and_outliers_and_follows_shift_and_scale(int size)
    {
        double[] sample = Sample(size);
        double mean = SampleStatistics.InterquartileMean(sample);

        SampleStatistics.InterquartileMean([.. sample.Reverse()]).ShouldBe(mean);
        SampleStatistics.InterquartileMean([.. sample.Select(x => 5 - (4 * x))]).ShouldBe(5 - (4 * mean), 1e-13);
        int largest = Array.IndexOf(sample, sample.Max());
        sample[largest] = 1e12;
        (SampleStatistics.InterquartileMean(sample) == mean).ShouldBe(size >= 4);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Deviation_is_that_of_all_pairs(int size)
    {
        // Σ_i (x_i − x̄)² / n = Σ_{i<j} (x_i − x_j)² / n²
        double[] sample = Sample(size);
        double pairs = sample.SelectMany((x, i) => sample.Skip(i + 1).Select(y => (x - y) * (x - y))).Sum();
        SampleStatistics.StandardDeviation(sample).ShouldBe(Math.Sqrt(pairs) / size, 1e-13);
        SampleStatistics.StandardDeviation([.. sample.Select(x => x + 1000)]).ShouldBe(Math.Sqrt(pairs) / size, 1e-11);
        SampleStatistics.Mean(sample).ShouldBe(ArrayStatistics.Mean(sample), 1e-14);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Quantiles_are_those_of_another_library(int size)
    {
        double[] sample = Sample(size);
        for (int i = 0; i <= 20; i++)
        {
            // R-7 is what NumPy calls linear
            SampleStatistics.Quantile(sample, i / 20.0).ShouldBe(SortedArrayStatistics.QuantileCustom([.. sample.Order()], i / 20.0, QuantileDefinition.R7), 1e-13);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Quantiles_rise_and_are_mirrored_by_a_change_of_sign(int size)
    {
        double[] sample = Sample(size), mirrored = [.. sample.Select(x => -x)];
        double before = double.NegativeInfinity;
        for (int i = 0; i <= 64; i++)
        {
            double quantile = SampleStatistics.Quantile(sample, i / 64.0);
            quantile.ShouldBeGreaterThanOrEqualTo(before);
            SampleStatistics.Quantile(mirrored, 1 - (i / 64.0)).ShouldBe(-quantile, 1e-13);
            before = quantile;
        }

        SampleStatistics.Quantile(sample, 0).ShouldBe(sample.Min());
        SampleStatistics.Quantile(sample, 1).ShouldBe(sample.Max());
    }

    [Theory]
    [InlineData(0.4, 0.5, 0.5)] // 30 % and 70 % of {0: ¼, ½: ½, 1: ¼}
    [InlineData(0.9, 0, 1)]
    [InlineData(0.99, 0, 1)]
    public void Bootstrap_of_two_values_is_that_of_their_four_resamples(double confidence, double low, double high) =>
        SampleStatistics.BootstrapInterval([[0, 1]], SampleStatistics.Mean, RandomStream.FromSeed(5), 4000, confidence).ShouldBe(new Interval(low, high));

    [Fact]
    public void Bootstrap_of_the_maximum_has_the_probabilities_of_drawing_it()
    {
        // the largest of ten is missed by ten draws with probability 0.9¹⁰ = 0.349: the 40 % quantile is the largest, the 30 % quantile is not
        double[] scores = [.. Enumerable.Range(0, 10).Select(i => (double)i)];
        Interval wide = SampleStatistics.BootstrapInterval([scores], Max, RandomStream.FromSeed(6), 4000, 0.4);
        Interval narrow = SampleStatistics.BootstrapInterval([scores], Max, RandomStream.FromSeed(6), 4000, 0.2);
        wide.Low.ShouldBeLessThan(9);
        narrow.ShouldBe(new Interval(9, 9));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(20)]
    public void Interval_of_the_interquartile_mean_holds_it_and_lies_within_the_scores(int size)
    {
        double[][] strata = [Sample(size), Sample(size + 1)];
        double[] pooled = [.. strata.SelectMany(s => s)];
        Interval interval = SampleStatistics.BootstrapInterval(strata, SampleStatistics.InterquartileMean, RandomStream.FromSeed(7), 500);

        double mean = SampleStatistics.InterquartileMean(pooled);
        interval.Low.ShouldBeLessThan(mean);
        interval.High.ShouldBeGreaterThan(mean);
        interval.Low.ShouldBeGreaterThanOrEqualTo(pooled.Min());
        interval.High.ShouldBeLessThanOrEqualTo(pooled.Max());
        SampleStatistics.BootstrapInterval(strata, SampleStatistics.InterquartileMean, RandomStream.FromSeed(7), 500).ShouldBe(interval);
        SampleStatistics.BootstrapInterval(strata, SampleStatistics.InterquartileMean, RandomStream.FromSeed(8), 500).ShouldNotBe(interval);
    }

    [Fact]
    public void Resamples_have_the_size_of_each_stratum_and_values_of_it_alone()
    {
        double[][] strata = [[1, 2, 3], [10, 20], [100]];
        int calls = 0;
        double Check(ReadOnlySpan<double> sample)
        {
            calls++;
            sample.Length.ShouldBe(6);
            sample[..3].ToArray().ShouldAllBe(v => strata[0].Contains(v));
            sample[3..5].ToArray().ShouldAllBe(v => strata[1].Contains(v));
            sample[5].ShouldBe(100);
            return sample[0];
        }

        SampleStatistics.BootstrapInterval(strata, Check, RandomStream.FromSeed(9), 300, 0.999).ShouldBe(new Interval(1, 3));
        calls.ShouldBe(300);
    }

    private static double Max(ReadOnlySpan<double> sample) => sample.ToArray().Max();

    // distinct with probability 1, of no order
    private static double[] Sample(int size)
    {
        double[] sample = new double[size];
        RandomStream.FromSeed((ulong)size).FillNormal(sample);
        return sample;
    }
}
