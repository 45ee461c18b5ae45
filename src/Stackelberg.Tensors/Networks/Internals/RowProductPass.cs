using System.Numerics;
using System.Runtime.CompilerServices;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>
/// output ← bias + a·B for a single row a. A product of one row has few sums to keep the arithmetic units busy with, so each is split over
/// several accumulators.
/// </summary>
/// <param name="columns">A multiple of 16.</param>
internal readonly unsafe struct RowProductPass<T>(int inner, int columns, T* a, T* b, T* bias, T* output) : ISimdPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TVector, TSimd>()
        where TSimd : struct, ISimd<TVector, T>
    {
        int j = 0;
        for (; j <= columns - (2 * TSimd.Count); j += 2 * TSimd.Count)
        {
            Two<TVector, TSimd>(j);
        }

        for (; j < columns; j += TSimd.Count)
        {
            One<TVector, TSimd>(j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Two<TVector, TSimd>(int column)
        where TSimd : struct, ISimd<TVector, T>
    {
        nint width = TSimd.Count;
        nint stride = columns;
        T* x = a;
        T* w = b + column;
        TVector s0 = TSimd.Load(bias + column), s1 = TSimd.Zero, s2 = TSimd.Zero, s3 = TSimd.Zero;
        TVector t0 = TSimd.Load(bias + column + width), t1 = TSimd.Zero, t2 = TSimd.Zero, t3 = TSimd.Zero;
        int p = inner;
        for (; p >= 4; p -= 4)
        {
            T* w2 = w + (2 * stride);
            TVector x0 = TSimd.Create(x[0]), x1 = TSimd.Create(x[1]), x2 = TSimd.Create(x[2]), x3 = TSimd.Create(x[3]);
            s0 = TSimd.MultiplyAdd(x0, TSimd.Load(w), s0);
            t0 = TSimd.MultiplyAdd(x0, TSimd.Load(w + width), t0);
            s1 = TSimd.MultiplyAdd(x1, TSimd.Load(w + stride), s1);
            t1 = TSimd.MultiplyAdd(x1, TSimd.Load(w + stride + width), t1);
            s2 = TSimd.MultiplyAdd(x2, TSimd.Load(w2), s2);
            t2 = TSimd.MultiplyAdd(x2, TSimd.Load(w2 + width), t2);
            s3 = TSimd.MultiplyAdd(x3, TSimd.Load(w2 + stride), s3);
            t3 = TSimd.MultiplyAdd(x3, TSimd.Load(w2 + stride + width), t3);
            w += 4 * stride;
            x += 4;
        }

        for (; p > 0; p--)
        {
            TVector v = TSimd.Create(*x);
            s0 = TSimd.MultiplyAdd(v, TSimd.Load(w), s0);
            t0 = TSimd.MultiplyAdd(v, TSimd.Load(w + width), t0);
            w += stride;
            x++;
        }

        TSimd.Store(TSimd.Add(TSimd.Add(s0, s1), TSimd.Add(s2, s3)), output + column);
        TSimd.Store(TSimd.Add(TSimd.Add(t0, t1), TSimd.Add(t2, t3)), output + column + width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void One<TVector, TSimd>(int column)
        where TSimd : struct, ISimd<TVector, T>
    {
        nint stride = columns;
        T* x = a;
        T* w = b + column;
        TVector s0 = TSimd.Load(bias + column), s1 = TSimd.Zero, s2 = TSimd.Zero, s3 = TSimd.Zero;
        int p = inner;
        for (; p >= 4; p -= 4)
        {
            s0 = TSimd.MultiplyAdd(TSimd.Create(x[0]), TSimd.Load(w), s0);
            s1 = TSimd.MultiplyAdd(TSimd.Create(x[1]), TSimd.Load(w + stride), s1);
            s2 = TSimd.MultiplyAdd(TSimd.Create(x[2]), TSimd.Load(w + (2 * stride)), s2);
            s3 = TSimd.MultiplyAdd(TSimd.Create(x[3]), TSimd.Load(w + (3 * stride)), s3);
            w += 4 * stride;
            x += 4;
        }

        for (; p > 0; p--)
        {
            s0 = TSimd.MultiplyAdd(TSimd.Create(*x), TSimd.Load(w), s0);
            w += stride;
            x++;
        }

        TSimd.Store(TSimd.Add(TSimd.Add(s0, s1), TSimd.Add(s2, s3)), output + column);
    }
}
