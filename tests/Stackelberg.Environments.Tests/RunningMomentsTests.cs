using MathNet.Numerics.Statistics;
using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests;

public sealed class RunningMomentsTests
{
    [Fact]
    public void Mean_and_variance_without_prior_are_those_of_the_sample()
    {
        double[] sample = Sample(500, 7);
        RunningMoments moments = new(1, priorCount: 0);
        foreach (double value in sample)
        {
            moments.Add([value]);
        }

        moments.Mean[0].ShouldBe(sample.Mean(), 1e-12);
        moments.Variance(0).ShouldBe(sample.PopulationVariance(), 1e-12);
        moments.Count.ShouldBe(500);
    }

    [Fact]
    public void The_prior_weighs_as_a_pseudo_observation_of_mean_zero_and_variance_one()
    {
        // Weighted second moments: E[x²] = (w·1 + Σx²)/(w + n), with w = 1/2.
        double[] sample = [3, 5, -1];
        RunningMoments moments = new(1, priorCount: 0.5);
        moments.Variance(0).ShouldBe(1);
        moments.AddBatch(sample);
        double mean = 7 / 3.5;
        moments.Mean[0].ShouldBe(mean, 1e-14);
        moments.Variance(0).ShouldBe(((0.5 + 35) / 3.5) - (mean * mean), 1e-14);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    public void Batches_of_any_size_give_what_single_vectors_give(int rows)
    {
        double[] sample = Sample(60 * 3, 11);
        RunningMoments single = new(3), batched = new(3);
        for (int start = 0; start < sample.Length; start += 3)
        {
            single.Add(sample.AsSpan(start, 3));
        }

        for (int start = 0; start < sample.Length; start += rows * 3)
        {
            batched.AddBatch(sample.AsSpan(start, Math.Min(rows * 3, sample.Length - start)));
        }

        for (int i = 0; i < 3; i++)
        {
            batched.Mean[i].ShouldBe(single.Mean[i], 1e-13);
            batched.Variance(i).ShouldBe(single.Variance(i), 1e-12);
        }
    }

    [Fact]
    public void A_large_offset_costs_no_digits_of_the_variance()
    {
        double[] sample = [1e9 + 1, 1e9 + 2, 1e9 + 3];
        RunningMoments moments = new(1, priorCount: 0);
        foreach (double value in sample)
        {
            moments.Add([value]);
        }

        moments.Variance(0).ShouldBe(2.0 / 3.0, 1e-6);
    }

    [Fact]
    public void Normalise_subtracts_the_mean_and_divides_by_the_deviation_row_by_row()
    {
        RunningMoments moments = new(2, priorCount: 0);
        moments.AddBatch([1, 10, 3, 30]);
        double[] rows = [3, 30, 2, 20];
        moments.Normalise(rows, 1e-8);
        rows[0].ShouldBe(1 / Math.Sqrt(1 + 1e-8), 1e-15);
        rows[1].ShouldBe(10 / Math.Sqrt(100 + 1e-8), 1e-15);
        rows[2..].ShouldBe([0.0, 0.0]);
    }

    [Fact]
    public void Saved_moments_continue_with_the_same_bits()
    {
        RunningMoments original = new(2), restored = new(2);
        original.AddBatch(Sample(20, 3));
        MemoryState.Of(original).Restore(restored);
        original.Add([0.1, 0.2]);
        restored.Add([0.1, 0.2]);
        MemoryState.Of(original).FirstDifference(MemoryState.Of(restored)).ShouldBeNull();
    }

    [Fact]
    public void Incomplete_vectors_and_bad_sizes_are_refused()
    {
        RunningMoments moments = new(2);
        Should.Throw<ArgumentException>(() => moments.Add([1, 2, 3, 4]));
        Should.Throw<ArgumentException>(() => moments.AddBatch([1, 2, 3]));
        Should.Throw<ArgumentOutOfRangeException>(() => new RunningMoments(0));
        Should.Throw<ArgumentOutOfRangeException>(() => new RunningMoments(1, -1));
    }

    private static double[] Sample(int count, ulong seed)
    {
        double[] sample = new double[count];
        RandomStream.FromSeed(seed).FillNormal(sample);
        return [.. sample.Select(s => 5 + (2 * s))];
    }
}
