using Stackelberg.Primitives.Internals;

namespace Stackelberg.Primitives;

/// <content>Many normals at once.</content>
public sealed partial class RandomStream
{
    /// <summary>
    /// Fills <paramref name="values"/> with independent standard normals, several times as fast as <see cref="FillNormal(Span{float})"/> and in a
    /// sequence of its own.
    /// </summary>
    /// <remarks>
    /// A call draws one number of 64 bits, whatever the length, as the key of a counter-based generator (Threefry-2x32, 20 rounds; Salmon et al. 2011), and
    /// turns its pairs of words into pairs of normals (Box and Muller 1958). So a shorter call gives the first numbers of a longer one, two calls do not
    /// give the numbers of one, and nothing is kept between calls but the state of the stream. The bits are the same whatever vector registers the
    /// processor has. 31 bits decide the distance from zero: no number is beyond 6.67, which a true normal exceeds once in 4·10¹⁰ draws.
    /// </remarks>
    public void FillNormalBlock(Span<float> values)
    {
        ulong key = NextUInt64();
        NormalBlock.Fill((uint)key, (uint)(key >> 32), values);
    }

    /// <summary>The numbers of <see cref="FillNormalBlock(Span{float})"/> before rounding to single precision, one at a time.</summary>
    /// <inheritdoc cref="FillNormalBlock(Span{float})" path="/remarks"/>
    public void FillNormalBlock(Span<double> values)
    {
        ulong key = NextUInt64();
        NormalBlock.Fill((uint)key, (uint)(key >> 32), values);
    }
}
