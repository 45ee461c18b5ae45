using MathNet.Numerics.Statistics;
using Stackelberg.Primitives;

namespace Stackelberg.Statistics.Tests;

/// <summary>Summaries against their definitions on samples of every small size, and the laws they keep.</summary>
public sealed class SampleStatisticsLawTests
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

    // distinct with probability 1, of no order
    private static double[] Sample(int size)
    {
        double[] sample = new double[size];
        RandomStream.FromSeed((ulong)size).FillNormal(sample);
        return sample;
    }
}
