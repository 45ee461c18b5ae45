using System.Runtime.CompilerServices;

namespace Stackelberg.Primitives.Internals;

/// <summary>
/// Threefry-2x32 with 20 rounds, a counter-based generator of sums, rotations and exclusive ors (Salmon, Moraes, Dror, Shaw 2011, "Parallel random
/// numbers: as easy as 1, 2, 3"): two words of 32 random bits for every key and counter.
/// </summary>
internal static class Threefry
{
    private const uint Parity = 0x1BD1_1BDA;

    /// <summary>From the counter in both words to the random ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Encrypt<TWords, TSingles, TLanes>(uint key0, uint key1, ref TWords x0, ref TWords x1)
        where TLanes : struct, ILanes<TWords, TSingles>
    {
        TWords k0 = TLanes.Create(key0), k1 = TLanes.Create(key1), k2 = TLanes.Create(Parity ^ key0 ^ key1);
        x0 = TLanes.Add(x0, k0);
        x1 = TLanes.Add(x1, k1);
        EvenRounds<TWords, TSingles, TLanes>(ref x0, ref x1, k1, k2, 1);
        OddRounds<TWords, TSingles, TLanes>(ref x0, ref x1, k2, k0, 2);
        EvenRounds<TWords, TSingles, TLanes>(ref x0, ref x1, k0, k1, 3);
        OddRounds<TWords, TSingles, TLanes>(ref x0, ref x1, k1, k2, 4);
        EvenRounds<TWords, TSingles, TLanes>(ref x0, ref x1, k2, k0, 5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EvenRounds<TWords, TSingles, TLanes>(ref TWords x0, ref TWords x1, TWords k0, TWords k1, uint number)
        where TLanes : struct, ILanes<TWords, TSingles>
    {
        Round<TWords, TSingles, TLanes>(ref x0, ref x1, 13);
        Round<TWords, TSingles, TLanes>(ref x0, ref x1, 15);
        Round<TWords, TSingles, TLanes>(ref x0, ref x1, 26);
        Round<TWords, TSingles, TLanes>(ref x0, ref x1, 6);
        x0 = TLanes.Add(x0, k0);
        x1 = TLanes.Add(x1, TLanes.Add(k1, TLanes.Create(number)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OddRounds<TWords, TSingles, TLanes>(ref TWords x0, ref TWords x1, TWords k0, TWords k1, uint number)
        where TLanes : struct, ILanes<TWords, TSingles>
    {
        Round<TWords, TSingles, TLanes>(ref x0, ref x1, 17);
        Round<TWords, TSingles, TLanes>(ref x0, ref x1, 29);
        Round<TWords, TSingles, TLanes>(ref x0, ref x1, 16);
        Round<TWords, TSingles, TLanes>(ref x0, ref x1, 24);
        x0 = TLanes.Add(x0, k0);
        x1 = TLanes.Add(x1, TLanes.Add(k1, TLanes.Create(number)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round<TWords, TSingles, TLanes>(ref TWords x0, ref TWords x1, int rotation)
        where TLanes : struct, ILanes<TWords, TSingles>
    {
        x0 = TLanes.Add(x0, x1);
        x1 = TLanes.Xor(TLanes.RotateLeft(x1, rotation), x0);
    }
}
