using System.Numerics;
using System.Runtime.CompilerServices;
using Stackelberg.Tensors.Networks.Internals;

namespace Stackelberg.Tensors.Kernels;

/// <summary>y ← y − Σₚ factorₚ rowₚ, the terms in the order of p; every element of y is loaded and stored once.</summary>
/// <param name="count">Elements of y and of a row.</param>
/// <param name="stride">Distance between rows.</param>
internal readonly unsafe struct CombinationPass<T>(nint count, T* y, int terms, T* factors, T* rows, nint stride) : ISimdPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TVector, TSimd>()
        where TSimd : struct, ISimd<TVector, T>
    {
        int width = TSimd.Count;
        nint i = 0;
        for (; i + (4 * width) <= count; i += 4 * width)
        {
            T* row = rows + i;
            TVector first = TSimd.Load(y + i);
            TVector second = TSimd.Load(y + i + width);
            TVector third = TSimd.Load(y + i + (2 * width));
            TVector fourth = TSimd.Load(y + i + (3 * width));
            for (int p = 0; p < terms; p++, row += stride)
            {
                TVector factor = TSimd.Create(factors[p]);
                first = TSimd.MultiplySubtract(factor, TSimd.Load(row), first);
                second = TSimd.MultiplySubtract(factor, TSimd.Load(row + width), second);
                third = TSimd.MultiplySubtract(factor, TSimd.Load(row + (2 * width)), third);
                fourth = TSimd.MultiplySubtract(factor, TSimd.Load(row + (3 * width)), fourth);
            }

            TSimd.Store(first, y + i);
            TSimd.Store(second, y + i + width);
            TSimd.Store(third, y + i + (2 * width));
            TSimd.Store(fourth, y + i + (3 * width));
        }

        for (; i + width <= count; i += width)
        {
            T* row = rows + i;
            TVector value = TSimd.Load(y + i);
            for (int p = 0; p < terms; p++, row += stride)
            {
                value = TSimd.MultiplySubtract(TSimd.Create(factors[p]), TSimd.Load(row), value);
            }

            TSimd.Store(value, y + i);
        }

        for (; i < count; i++)
        {
            T value = y[i];
            for (int p = 0; p < terms; p++)
            {
                value = T.FusedMultiplyAdd(-factors[p], rows[(p * stride) + i], value);
            }

            y[i] = value;
        }
    }
}
