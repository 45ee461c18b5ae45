using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MathNet.Numerics.Distributions;
using Stackelberg.Primitives.Internals;

namespace Stackelberg.Primitives.Tests;

public sealed class NormalBlockTests
{
    private const int Draws = 1_600_000;

    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0x6b200159u, 0x99ba4efeu)]
    [InlineData(uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, 0x1cb996fcu, 0xbb002be7u)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xc4923a9cu, 0x483df7a0u)]
    public void Threefry_gives_its_published_answers(uint counter0, uint counter1, uint key0, uint key1, uint expected0, uint expected1)
    {
        (uint x0, uint x1) = (counter0, counter1);
        Threefry.Encrypt<uint, float, LanesScalar>(key0, key1, ref x0, ref x1);
        (x0, x1).ShouldBe((expected0, expected1));
    }

    [Fact]
    public void Numbers_are_those_of_the_formula()
    {
        RandomStream stream = RandomStream.FromSeed(31), twin = RandomStream.FromSeed(31);
        double[] actual = new double[1001];
        stream.FillNormalBlock(actual);
        ulong key = twin.NextUInt64();
        for (int i = 0; i < actual.Length; i++)
        {
            (uint a, uint b) = PlainThreefry((uint)((i / 32 * 16) + (i % 16)), (uint)key, (uint)(key >> 32));
            double radius = Math.Sqrt(-2 * Math.Log(((a / 2) + 0.5) / Math.Pow(2, 31)));
            double quarter = b >> 30;
            double within = (b & 0x3FFF_FFFF) / Math.Pow(2, 30);
            double angle = Math.PI / 2 * (quarter + (within < 0.5 ? within : within - 1));
            actual[i].ShouldBe(radius * (i % 32 < 16 ? Math.Cos(angle) : Math.Sin(angle)), 1e-14);
        }
    }

    [Fact]
    public void Single_precision_is_the_rounded_number_of_double_precision()
    {
        float[] single = new float[Draws];
        double[] wide = new double[Draws];
        RandomStream.FromSeed(6).FillNormalBlock(single);
        RandomStream.FromSeed(6).FillNormalBlock(wide);
        double worst = 0;
        for (int i = 0; i < Draws; i++)
        {
            worst = Math.Max(worst, Math.Abs(single[i] - wide[i]) / Math.Abs(wide[i]));
        }

        worst.ShouldBeLessThan(4e-7);
    }

    [Fact]
    public void Every_register_width_gives_the_same_bits()
    {
        foreach (int length in (int[])[0, 1, 15, 16, 17, 31, 32, 33, 100, 300, 4099])
        {
            float[] expected = new float[length];
            NormalBlock.Fill<uint, float, LanesScalar>(17, 0xFFFF_0003, expected);
            ShouldGive(expected, values => NormalBlock.Fill<Vector128<uint>, Vector128<float>, Lanes128>(17, 0xFFFF_0003, values));
            ShouldGive(expected, values => NormalBlock.Fill<Vector256<uint>, Vector256<float>, Lanes256>(17, 0xFFFF_0003, values));
            ShouldGive(expected, values => NormalBlock.Fill<Vector512<uint>, Vector512<float>, Lanes512>(17, 0xFFFF_0003, values));
            ShouldGive(expected, values => NormalBlock.Fill(17, 0xFFFF_0003, values));
        }

        static void ShouldGive(float[] expected, Action<float[]> fill)
        {
            float[] values = new float[expected.Length];
            fill(values);
            MemoryMarshal.AsBytes(values.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(expected.AsSpan())).ShouldBeTrue();
        }
    }

    [Fact]
    public void A_shorter_call_gives_the_first_numbers_and_leaves_the_stream_alike()
    {
        RandomStream one = RandomStream.FromSeed(4), two = RandomStream.FromSeed(4), three = RandomStream.FromSeed(4);
        float[] longer = new float[100], shorter = new float[43];
        one.FillNormalBlock(longer);
        two.FillNormalBlock(shorter);
        three.NextUInt64();
        shorter.ShouldBe(longer[..43]);
        ulong next = three.NextUInt64();
        one.NextUInt64().ShouldBe(next);
        two.NextUInt64().ShouldBe(next);
    }

    [Fact]
    public void A_saved_stream_continues_bit_for_bit()
    {
        RandomStream stream = RandomStream.FromSeed(8).Split("smoothing");
        float[] values = new float[57], expected = new float[300];
        stream.FillNormalBlock(values);
        MemoryState state = MemoryState.Of(stream);
        stream.FillNormalBlock(values);
        stream.FillNormalBlock(expected);

        RandomStream other = RandomStream.FromSeed(1);
        state.Restore(other);
        float[] actual = new float[300];
        other.FillNormalBlock(values);
        other.FillNormalBlock(actual);
        actual.ShouldBe(expected);
    }

    [Theory]
    [InlineData(Draws)]
    [InlineData(300)]
    public void Numbers_follow_the_normal_distribution(int perCall)
    {
        double[] sample = Sample(perCall);
        // Kolmogorov: P(√n D > 1.95) = 0.001
        Distributions.KolmogorovDistance(sample, x => Normal.CDF(0, 1, x)).ShouldBeLessThan(1.95);
        // standard errors of the moments: 1, √2, √15, √96 over √n
        double n = Math.Sqrt(Draws);
        Math.Abs(sample.Average()).ShouldBeLessThan(3.3 / n);
        Math.Abs(sample.Average(x => x * x) - 1).ShouldBeLessThan(3.3 * Math.Sqrt(2) / n);
        Math.Abs(sample.Average(x => x * x * x)).ShouldBeLessThan(3.3 * Math.Sqrt(15) / n);
        Math.Abs(sample.Average(x => x * x * x * x) - 3).ShouldBeLessThan(3.3 * Math.Sqrt(96) / n);
    }

    [Fact]
    public void Numbers_are_right_in_narrow_bins_and_in_both_tails()
    {
        double[] edges = [.. Enumerable.Range(-42, 85).Select(i => i * 0.1)];
        double[] expected = new double[edges.Length + 1], observed = new double[edges.Length + 1];
        for (int i = 0; i <= edges.Length; i++)
        {
            double below = i == 0 ? 0 : Normal.CDF(0, 1, edges[i - 1]);
            expected[i] = Draws * ((i == edges.Length ? 1 : Normal.CDF(0, 1, edges[i])) - below);
        }

        foreach (double value in Sample(300))
        {
            int bin = Array.BinarySearch(edges, value);
            observed[bin < 0 ? ~bin : bin]++;
        }

        Distributions.ChiSquaredProbability(observed, expected).ShouldBeGreaterThan(0.001);
    }

    [Fact]
    public void Numbers_are_uncorrelated_within_a_pair_a_group_and_between_calls()
    {
        const int perCall = 320;
        double[] sample = Sample(perCall);
        foreach (int lag in (int[])[1, 2, 16, 32, perCall])
        {
            double product = 0, magnitude = 0;
            double mean = Math.Sqrt(2 / Math.PI);
            for (int i = lag; i < sample.Length; i++)
            {
                product += sample[i] * sample[i - lag];
                magnitude += (Math.Abs(sample[i]) - mean) * (Math.Abs(sample[i - lag]) - mean);
            }

            Math.Abs(product / Draws).ShouldBeLessThan(3.3 / Math.Sqrt(Draws));
            Math.Abs(magnitude / Draws).ShouldBeLessThan(3.3 * (1 - (2 / Math.PI)) / Math.Sqrt(Draws));
        }
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        RandomStream stream = RandomStream.FromSeed(1);
        float[] singles = new float[45];
        double[] doubles = new double[45];
        stream.FillNormalBlock(singles);
        stream.FillNormalBlock(doubles);
        long before = GC.GetAllocatedBytesForCurrentThread();
        stream.FillNormalBlock(singles);
        stream.FillNormalBlock(doubles);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static double[] Sample(int perCall)
    {
        RandomStream stream = RandomStream.FromSeed(2).Split("block");
        float[] values = new float[perCall];
        double[] sample = new double[Draws];
        for (int first = 0; first < Draws; first += perCall)
        {
            stream.FillNormalBlock(values);
            for (int i = 0; i < Math.Min(perCall, Draws - first); i++)
            {
                sample[first + i] = values[i];
            }
        }

        return sample;
    }

    /// <summary>Threefry-2x32-20 from its definition, at counter (n, 0).</summary>
    private static (uint X0, uint X1) PlainThreefry(uint n, uint key0, uint key1)
    {
        int[] rotations = [13, 15, 26, 6, 17, 29, 16, 24];
        uint[] key = [key0, key1, 0x1BD11BDA ^ key0 ^ key1];
        uint x0 = unchecked(n + key[0]), x1 = key[1];
        for (int round = 1; round <= 20; round++)
        {
            int rotation = rotations[(round - 1) % 8];
            x0 = unchecked(x0 + x1);
            x1 = ((x1 << rotation) | (x1 >> (32 - rotation))) ^ x0;
            if (round % 4 == 0)
            {
                int injection = round / 4;
                x0 = unchecked(x0 + key[injection % 3]);
                x1 = unchecked(x1 + key[(injection + 1) % 3] + (uint)injection);
            }
        }

        return (x0, x1);
    }
}
