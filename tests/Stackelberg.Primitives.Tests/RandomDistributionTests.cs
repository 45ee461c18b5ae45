using MathNet.Numerics.Distributions;

namespace Stackelberg.Primitives.Tests;

/// <summary>
/// Distributions of the drawn numbers. Seeds are fixed, so a test passes always or never; thresholds are those a correct generator misses once in a
/// thousand seeds or less.
/// </summary>
public sealed class RandomDistributionTests
{
    private const int Draws = 400_000;

    // Kolmogorov: P(√n D > 1.95) = 0.001
    private const double KolmogorovLimit = 1.95;

    [Fact]
    public void Doubles_are_uniform() => Distributions.KolmogorovDistance(Sample(s => s.NextDouble()), x => x).ShouldBeLessThan(KolmogorovLimit);

    [Fact]
    public void Singles_are_uniform() => Distributions.KolmogorovDistance(Sample(s => s.NextSingle()), x => x).ShouldBeLessThan(KolmogorovLimit);

    [Fact]
    public void Normals_follow_the_normal_distribution()
    {
        double[] sample = Sample(s => s.NextNormal());
        Distributions.KolmogorovDistance(sample, x => Normal.CDF(0, 1, x)).ShouldBeLessThan(KolmogorovLimit);
        // standard errors of the moments: 1, √2, √15, √96 over √n
        double n = Math.Sqrt(Draws);
        Math.Abs(sample.Average()).ShouldBeLessThan(3.3 / n);
        Math.Abs(sample.Average(x => x * x) - 1).ShouldBeLessThan(3.3 * Math.Sqrt(2) / n);
        Math.Abs(sample.Average(x => x * x * x)).ShouldBeLessThan(3.3 * Math.Sqrt(15) / n);
        Math.Abs(sample.Average(x => x * x * x * x) - 3).ShouldBeLessThan(3.3 * Math.Sqrt(96) / n);
    }

    [Fact]
    public void Normals_are_right_across_every_layer_and_in_both_tails()
    {
        // narrow bins see a wrong layer or wedge; the last ones hold what lies beyond the lowest layer, 3.654
        double[] edges = [.. Enumerable.Range(-74, 149).Select(i => i * 0.05)];
        double[] expected = new double[edges.Length + 1];
        double[] observed = new double[edges.Length + 1];
        for (int i = 0; i <= edges.Length; i++)
        {
            double below = i == 0 ? 0 : Normal.CDF(0, 1, edges[i - 1]);
            expected[i] = 4.0 * Draws * ((i == edges.Length ? 1 : Normal.CDF(0, 1, edges[i])) - below);
        }

        RandomStream stream = RandomStream.FromSeed(21);
        for (int i = 0; i < 4 * Draws; i++)
        {
            int bin = Array.BinarySearch(edges, stream.NextNormal());
            observed[bin < 0 ? ~bin : bin]++;
        }

        Distributions.ChiSquaredProbability(observed, expected).ShouldBeGreaterThan(0.001);
    }

    [Fact]
    public void Successive_normals_are_uncorrelated()
    {
        double[] sample = Sample(s => s.NextNormal());
        foreach (int lag in (int[])[1, 2, 3])
        {
            double product = 0;
            double magnitude = 0;
            for (int i = lag; i < sample.Length; i++)
            {
                product += sample[i] * sample[i - lag];
                magnitude += (Math.Abs(sample[i]) - Math.Sqrt(2 / Math.PI)) * (Math.Abs(sample[i - lag]) - Math.Sqrt(2 / Math.PI));
            }

            Math.Abs(product / Draws).ShouldBeLessThan(3.3 / Math.Sqrt(Draws));
            Math.Abs(magnitude / Draws).ShouldBeLessThan(3.3 * (1 - (2 / Math.PI)) / Math.Sqrt(Draws));
        }
    }

    [Fact]
    public void FillNormal_gives_the_same_numbers_one_by_one()
    {
        RandomStream one = RandomStream.FromSeed(5);
        RandomStream two = RandomStream.FromSeed(5);
        RandomStream three = RandomStream.FromSeed(5);
        double[] doubles = new double[1000];
        float[] singles = new float[1000];
        one.FillNormal(doubles);
        two.FillNormal(singles);
        for (int i = 0; i < doubles.Length; i++)
        {
            doubles[i].ShouldBe(three.NextNormal());
            singles[i].ShouldBe((float)doubles[i]);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void Integers_are_equally_frequent(int count)
    {
        double[] observed = new double[count];
        RandomStream stream = RandomStream.FromSeed(13);
        for (int i = 0; i < Draws; i++)
        {
            observed[stream.NextInt32(count)]++;
        }

        Distributions.ChiSquaredProbability(observed, [.. observed.Select(_ => (double)Draws / count)]).ShouldBeGreaterThan(0.001);
    }

    [Fact]
    public void Integers_of_a_large_range_are_without_the_bias_of_a_plain_product()
    {
        // 3·2²⁹ does not divide 2³²: without rejection, numbers with remainder 0 modulo 3 come up half the time instead of a third
        const int count = 3 << 29;
        double[] observed = new double[3];
        RandomStream stream = RandomStream.FromSeed(17);
        for (int i = 0; i < Draws; i++)
        {
            observed[stream.NextInt32(count) % 3]++;
        }

        Distributions.ChiSquaredProbability(observed, [Draws / 3.0, Draws / 3.0, Draws / 3.0]).ShouldBeGreaterThan(0.001);
        Should.Throw<ArgumentOutOfRangeException>(() => stream.NextInt32(0));
    }

    [Fact]
    public void Categorical_draws_have_the_given_probabilities()
    {
        float[] probabilities = [0.5f, 0f, 0.125f, 0.3f, 0.075f];
        float[] logits = [.. probabilities.Select(p => MathF.Log(p) + 300f)];
        CheckFrequencies(probabilities, s => s.NextCategorical(probabilities));
        CheckFrequencies(probabilities, s => s.NextCategoricalFromLogits(logits));
    }

    [Fact]
    public void Categorical_refuses_what_is_no_distribution()
    {
        RandomStream stream = RandomStream.FromSeed(0);
        Should.Throw<ArgumentException>(() => stream.NextCategorical([0.5f, -0.1f])).Message.ShouldContain("-0.1");
        Should.Throw<ArgumentException>(() => stream.NextCategorical([0.5f, float.NaN])).Message.ShouldContain("NaN");
        Should.Throw<ArgumentException>(() => stream.NextCategorical([0f, 0f]));
        Should.Throw<ArgumentException>(() => stream.NextCategorical([]));
        Should.Throw<ArgumentException>(() => stream.NextCategoricalFromLogits([0f, float.NaN]));
        Should.Throw<ArgumentException>(() => stream.NextCategoricalFromLogits([0f, float.PositiveInfinity]));
        Should.Throw<ArgumentException>(() => stream.NextCategoricalFromLogits([float.NegativeInfinity, float.NegativeInfinity]));
    }

    [Fact]
    public void Shuffle_gives_every_permutation_equally_often()
    {
        RandomStream stream = RandomStream.FromSeed(23);
        var observed = new Dictionary<string, double>();
        const int rounds = 48_000;
        for (int i = 0; i < rounds; i++)
        {
            char[] letters = ['a', 'b', 'c', 'd'];
            stream.Shuffle<char>(letters);
            string word = new(letters);
            observed[word] = observed.GetValueOrDefault(word) + 1;
        }

        observed.Count.ShouldBe(24);
        Distributions.ChiSquaredProbability([.. observed.Values], [.. observed.Values.Select(_ => rounds / 24.0)]).ShouldBeGreaterThan(0.001);
    }

    private static void CheckFrequencies(float[] probabilities, Func<RandomStream, int> draw)
    {
        double[] observed = new double[probabilities.Length];
        RandomStream stream = RandomStream.FromSeed(19);
        for (int i = 0; i < Draws; i++)
        {
            observed[draw(stream)]++;
        }

        observed[1].ShouldBe(0);
        int[] possible = [0, 2, 3, 4];
        Distributions.ChiSquaredProbability([.. possible.Select(i => observed[i])], [.. possible.Select(i => (double)Draws * probabilities[i])])
            .ShouldBeGreaterThan(0.001);
    }

    private static double[] Sample(Func<RandomStream, double> draw)
    {
        RandomStream stream = RandomStream.FromSeed(2).Split("sample");
        double[] sample = new double[Draws];
        for (int i = 0; i < Draws; i++)
        {
            sample[i] = draw(stream);
        }

        return sample;
    }
}
