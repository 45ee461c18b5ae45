using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Stackelberg.Primitives;

/// <summary>
/// A named, splittable, saveable stream of random numbers (xoshiro256++, Blackman and Vigna 2019).
/// </summary>
/// <remarks>
/// A stream is identified by a 256-bit key derived from the root seed and the names along its path; <see cref="Split(string)"/> depends only
/// on the key, never on how many numbers were drawn, so streams can be created in any order. Not thread-safe: one stream, one owner.
/// </remarks>
public sealed class RandomStream : IStateful
{
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
        byte[] text = Encoding.UTF8.GetBytes(name);
        byte[] input = [.. key, .. text];
        return new RandomStream(SHA256.HashData(input));
    }

    /// <summary>The <paramref name="index"/>-th stream of a family called <paramref name="name"/>.</summary>
    public RandomStream Split(string name, int index) => Split($"{name}/{index}");

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

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double NextUniform(double low, double high) => low + ((high - low) * NextDouble());

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

    /// <summary>Standard normal.</summary>
    public double NextNormal()
    {
        // 1 − u lies in (0, 1], so the logarithm is finite. The sine partner is not kept: a stream has no state besides its four words.
        double radius = Math.Sqrt(-2.0 * Math.Log(1.0 - NextDouble()));
        return radius * Math.Cos(2.0 * Math.PI * NextDouble());
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
    public void FillUniform(Span<float> values, float low, float high)
    {
        foreach (ref float value in values)
        {
            value = low + ((high - low) * NextSingle());
        }
    }

    /// <summary>An index drawn with the given probabilities (non-negative, summing to one up to rounding).</summary>
    public int NextCategorical(ReadOnlySpan<float> probabilities)
    {
        float u = NextSingle();
        float sum = 0f;
        int last = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] > 0f)
            {
                last = i;
                sum += probabilities[i];
                if (u < sum)
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
        (s0, s1, s2, s3) = unchecked(((ulong)words[0], (ulong)words[1], (ulong)words[2], (ulong)words[3]));
    }

    private void Restart()
    {
        Span<byte> state = SHA256.HashData([.. key, 0x53]);
        s0 = BinaryPrimitives.ReadUInt64LittleEndian(state);
        s1 = BinaryPrimitives.ReadUInt64LittleEndian(state[8..]);
        s2 = BinaryPrimitives.ReadUInt64LittleEndian(state[16..]);
        s3 = BinaryPrimitives.ReadUInt64LittleEndian(state[24..]);
    }
}
