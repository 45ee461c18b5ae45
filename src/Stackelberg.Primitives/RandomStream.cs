using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Stackelberg.Primitives.Internals;

namespace Stackelberg.Primitives;

/// <summary>
/// A named, splittable, saveable stream of random numbers: xoshiro256++ (Blackman and Vigna 2021, "Scrambled linear pseudorandom number
/// generators"), period 2²⁵⁶ − 1.
/// </summary>
/// <remarks>
/// A stream is identified by a 256-bit key derived from the root seed and the names along its path; <see cref="Split(string)"/> depends only
/// on the key, never on how many numbers were drawn, so streams can be created in any order, and one more stream does not change the others.
/// The generator starts at the SHA-256 digest of the key. All its state is in four words: nothing else is kept between calls, so what
/// <see cref="Save"/> writes is everything. Not thread-safe: one stream, one owner.
/// </remarks>
public sealed partial class RandomStream : IStateful
{
    // what follows a key in a digest says what is derived, so that no name can give another stream's key or state
    private const byte NamedTag = 1;
    private const byte IndexedTag = 2;
    private const byte StateTag = 3;

    private readonly byte[] key;
    private ulong s0, s1, s2, s3;

    private RandomStream(byte[] key)
    {
        this.key = key;
        Restart();
    }

    /// <summary>The root stream of a seed.</summary>
    public static RandomStream FromSeed(ulong seed)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, seed);
        return new RandomStream(SHA256.HashData(bytes));
    }

    /// <summary>The stream called <paramref name="name"/> below this one.</summary>
    public RandomStream Split(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new RandomStream(SHA256.HashData([.. key, NamedTag, .. Encoding.UTF8.GetBytes(name)]));
    }

    /// <summary>The <paramref name="index"/>-th stream of a family called <paramref name="name"/>; differs from every stream named without index.</summary>
    public RandomStream Split(string name, int index)
    {
        ArgumentNullException.ThrowIfNull(name);
        byte[] number = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(number, index);
        return new RandomStream(SHA256.HashData([.. key, IndexedTag, .. number, .. Encoding.UTF8.GetBytes(name)]));
    }

    /// <summary>64 uniform bits.</summary>
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(s0 + s3, 23) + s0;
        ulong t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, 1) with 24 random bits.</summary>
    public float NextSingle() => (NextUInt64() >> 40) * (1.0f / (1U << 24));

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>); <paramref name="low"/> if the two are equal.</summary>
    /// <exception cref="ArgumentException">Not <paramref name="low"/> ≤ <paramref name="high"/>, or one is not finite.</exception>
    public double NextUniform(double low, double high)
    {
        CheckInterval(low, high);
        double value = low + ((high - low) * NextDouble());
        // rounding can reach the open end
        return value < high ? value : Math.Max(low, Math.BitDecrement(high));
    }

    /// <summary>Uniform on 0 … <paramref name="count"/> − 1, without bias (Lemire 2019).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    public int NextInt32(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        uint bound = (uint)count;
        ulong product = (NextUInt64() >> 32) * bound;
        if ((uint)product < bound)
        {
            uint threshold = (0u - bound) % bound;
            while ((uint)product < threshold)
            {
                product = (NextUInt64() >> 32) * bound;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>Standard normal, by the ziggurat method; 53 random bits.</summary>
    public double NextNormal()
    {
        while (true)
        {
            ulong bits = NextUInt64();
            int layer = (int)(bits & 255);
            long signed = (long)bits >> 11;
            double x = signed * Ziggurat.Width[layer];
            if (Math.Abs(signed) < Ziggurat.Inside[layer])
            {
                return x;
            }

            if (layer == 0)
            {
                return NextNormalTail(signed < 0);
            }

            double height = Ziggurat.Height[layer];
            if (height + (NextDouble() * (Ziggurat.Height[layer + 1] - height)) < Ziggurat.Density(x))
            {
                return x;
            }
        }
    }

    /// <summary>Fills <paramref name="values"/> with independent standard normals.</summary>
    public void FillNormal(Span<float> values)
    {
        foreach (ref float value in values)
        {
            value = (float)NextNormal();
        }
    }

    /// <inheritdoc cref="FillNormal(Span{float})"/>
    public void FillNormal(Span<double> values)
    {
        foreach (ref double value in values)
        {
            value = NextNormal();
        }
    }

    /// <summary>Fills <paramref name="values"/> with independent uniforms from [<paramref name="low"/>, <paramref name="high"/>).</summary>
    /// <exception cref="ArgumentException">Not <paramref name="low"/> ≤ <paramref name="high"/>, or one is not finite.</exception>
    public void FillUniform(Span<float> values, float low, float high)
    {
        CheckInterval(low, high);
        CheckInterval(0, high - low);
        float last = MathF.Max(low, MathF.BitDecrement(high));
        foreach (ref float value in values)
        {
            value = Math.Min(low + ((high - low) * NextSingle()), last);
        }
    }

    /// <summary>An index drawn with the given probabilities, by inversion: one uniform number per draw.</summary>
    /// <param name="probabilities">Non-negative; their sum is taken as 1.</param>
    /// <exception cref="ArgumentException">A probability is negative, NaN or infinite, or none is positive.</exception>
    public int NextCategorical(ReadOnlySpan<float> probabilities)
    {
        double total = 0;
        foreach (float probability in probabilities)
        {
            if (!(probability >= 0f && probability <= float.MaxValue))
            {
                throw new ArgumentException($"A probability is {probability}; each must be finite and at least 0.", nameof(probabilities));
            }

            total += probability;
        }

        if (total <= 0)
        {
            throw new ArgumentException($"None of the {probabilities.Length} probabilities is positive.", nameof(probabilities));
        }

        double left = NextDouble() * total;
        int last = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] > 0f)
            {
                last = i;
                left -= probabilities[i];
                if (left < 0)
                {
                    return i;
                }
            }
        }

        return last;
    }

    /// <summary>An index drawn with probabilities proportional to exp(logit), by inversion: one uniform number per draw.</summary>
    /// <param name="logits">Unnormalised log-probabilities; −∞ forbids an index.</param>
    /// <exception cref="ArgumentException">A logit is NaN or +∞, or none is above −∞.</exception>
    public int NextCategoricalFromLogits(ReadOnlySpan<float> logits)
    {
        float largest = float.NegativeInfinity;
        foreach (float logit in logits)
        {
            if (!(logit <= float.MaxValue))
            {
                throw new ArgumentException($"A logit is {logit}; each must be a number below +∞.", nameof(logits));
            }

            largest = Math.Max(largest, logit);
        }

        if (float.IsNegativeInfinity(largest))
        {
            throw new ArgumentException($"None of the {logits.Length} logits is above −∞: there is nothing to draw.", nameof(logits));
        }

        double total = 0;
        foreach (float logit in logits)
        {
            total += Math.Exp((double)logit - largest);
        }

        double left = NextDouble() * total;
        int last = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            double weight = Math.Exp((double)logits[i] - largest);
            if (weight > 0)
            {
                last = i;
                left -= weight;
                if (left < 0)
                {
                    return i;
                }
            }
        }

        return last;
    }

    /// <summary>Permutes <paramref name="values"/> uniformly (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int j = NextInt32(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.WriteArray("key", key);
        writer.WriteArray("words", [unchecked((long)s0), unchecked((long)s1), unchecked((long)s2), unchecked((long)s3)]);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        reader.ReadArray("key", key);
        Span<long> words = stackalloc long[4];
        reader.ReadArray("words", words);
        if (!words.ContainsAnyExcept(0))
        {
            throw new StateException("The saved random stream holds only zeros, from which the generator never leaves; the state is damaged.");
        }

        (s0, s1, s2, s3) = unchecked(((ulong)words[0], (ulong)words[1], (ulong)words[2], (ulong)words[3]));
    }

    private static void CheckInterval(double low, double high)
    {
        if (!(low <= high && double.IsFinite(high - low)))
        {
            throw new ArgumentException($"The interval [{low}, {high}) must be finite, its lower end not above its upper end.");
        }
    }

    /// <summary>Beyond the lowest layer: exponential proposals, accepted under the density (Marsaglia 1964).</summary>
    private double NextNormalTail(bool negative)
    {
        double x, y;
        do
        {
            // 1 − u lies in (0, 1], so the logarithms are finite
            x = -Math.Log(1.0 - NextDouble()) / Ziggurat.TailStart;
            y = -Math.Log(1.0 - NextDouble());
        }
        while (y + y < x * x);

        return negative ? -(Ziggurat.TailStart + x) : Ziggurat.TailStart + x;
    }

    private void Restart()
    {
        Span<byte> state = SHA256.HashData([.. key, StateTag]);
        s0 = BinaryPrimitives.ReadUInt64LittleEndian(state);
        s1 = BinaryPrimitives.ReadUInt64LittleEndian(state[8..]);
        s2 = BinaryPrimitives.ReadUInt64LittleEndian(state[16..]);
        s3 = BinaryPrimitives.ReadUInt64LittleEndian(state[24..]);
    }
}
