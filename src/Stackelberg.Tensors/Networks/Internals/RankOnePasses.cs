using System.Numerics;
using System.Runtime.CompilerServices;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>output[i, :] ← φ′(h[i, :]) ∘ w for every row.</summary>
internal readonly unsafe struct SlopePass<T, TSlope>(int rows, int columns, T* h, T* w, T* output) : ISimdPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TSlope : struct, ISlope<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TVector, TSimd>()
        where TSimd : struct, ISimd<TVector, T>
    {
        T* value = h;
        T* target = output;
        for (int i = 0; i < rows; i++)
        {
            for (nint j = 0; j < columns; j += TSimd.Count)
            {
                TSimd.Store(TSlope.Once<TVector, TSimd>(TSimd.Load(value + j), TSimd.Load(w + j)), target + j);
            }

            value += columns;
            target += columns;
        }
    }
}

/// <summary>output[i, :] ← scale[i] x[i, :]; weighted ← Σᵢ scale[i] h[i, :]; sums ← column sums of the output.</summary>
internal readonly unsafe struct ScaleRowsPass<T>(int rows, int columns, T* scale, T* x, T* h, T* output, T* weighted, T* sums)
    : ISimdPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TVector, TSimd>()
        where TSimd : struct, ISimd<TVector, T>
    {
        nint stride = columns;
        T* d = scale;
        for (nint j = 0; j < columns; j += TSimd.Count)
        {
            T* from = x + j;
            T* value = h + j;
            T* target = output + j;
            TVector s = TSimd.Zero, t = TSimd.Zero;
            for (int i = 0; i < rows; i++)
            {
                TVector factor = TSimd.Create(d[i]);
                TVector product = TSimd.Multiply(factor, TSimd.Load(from));
                s = TSimd.MultiplyAdd(factor, TSimd.Load(value), s);
                t = TSimd.Add(t, product);
                TSimd.Store(product, target);
                from += stride;
                value += stride;
                target += stride;
            }

            TSimd.Store(s, weighted + j);
            TSimd.Store(t, sums + j);
        }
    }
}

/// <summary>output[i, :] ← φ′(h[i, :]) ∘ (scale[i] x[i, :] + extra[i] w); sums ← column sums of the output.</summary>
internal readonly unsafe struct ScaleRowsThroughPass<T, TSlope>(
    int rows, int columns, T* scale, T* x, T* extra, T* w, T* h, T* output, T* sums)
    : ISimdPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TSlope : struct, ISlope<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TVector, TSimd>()
        where TSimd : struct, ISimd<TVector, T>
    {
        nint stride = columns;
        T* d = scale;
        T* e = extra;
        for (nint j = 0; j < columns; j += TSimd.Count)
        {
            T* from = x + j;
            T* value = h + j;
            T* target = output + j;
            TVector v = TSimd.Load(w + j), t = TSimd.Zero;
            for (int i = 0; i < rows; i++)
            {
                TVector g = TSimd.MultiplyAdd(TSimd.Create(d[i]), TSimd.Load(from), TSimd.Multiply(TSimd.Create(e[i]), v));
                TVector delta = TSlope.Once<TVector, TSimd>(TSimd.Load(value), g);
                t = TSimd.Add(t, delta);
                TSimd.Store(delta, target);
                from += stride;
                value += stride;
                target += stride;
            }

            TSimd.Store(t, sums + j);
        }
    }
}
