using System.Numerics;
using System.Runtime.CompilerServices;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>
/// Backward through a scalar output layer in one pass: below ← φ′(h) ∘ (δ wᵀ), weight ← hᵀ δ, biasBelow ← column sums of below.
/// </summary>
internal readonly unsafe struct HeadBackwardPass<T, TSlope>(int rows, int columns, T* h, T* delta, T* w, T* below, T* weight, T* biasBelow)
    : ISimdPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TSlope : struct, ISlope<T>
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
        T* value = h + column;
        T* target = below + column;
        T* d = delta;
        TVector w0 = TSimd.Load(w + column), w1 = TSimd.Load(w + column + width);
        TVector s0 = TSimd.Zero, s1 = TSimd.Zero, b0 = TSimd.Zero, b1 = TSimd.Zero;
        for (int i = 0; i < rows; i++)
        {
            TVector x = TSimd.Create(d[i]);
            TVector h0 = TSimd.Load(value), h1 = TSimd.Load(value + width);
            s0 = TSimd.MultiplyAdd(x, h0, s0);
            s1 = TSimd.MultiplyAdd(x, h1, s1);
            TVector g0 = TSlope.Once<TVector, TSimd>(h0, TSimd.Multiply(x, w0));
            TVector g1 = TSlope.Once<TVector, TSimd>(h1, TSimd.Multiply(x, w1));
            b0 = TSimd.Add(b0, g0);
            b1 = TSimd.Add(b1, g1);
            TSimd.Store(g0, target);
            TSimd.Store(g1, target + width);
            value += stride;
            target += stride;
        }

        TSimd.Store(s0, weight + column);
        TSimd.Store(s1, weight + column + width);
        TSimd.Store(b0, biasBelow + column);
        TSimd.Store(b1, biasBelow + column + width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void One<TVector, TSimd>(int column)
        where TSimd : struct, ISimd<TVector, T>
    {
        nint stride = columns;
        T* value = h + column;
        T* target = below + column;
        T* d = delta;
        TVector w0 = TSimd.Load(w + column);
        TVector s0 = TSimd.Zero, b0 = TSimd.Zero;
        for (int i = 0; i < rows; i++)
        {
            TVector x = TSimd.Create(d[i]);
            TVector h0 = TSimd.Load(value);
            s0 = TSimd.MultiplyAdd(x, h0, s0);
            TVector g0 = TSlope.Once<TVector, TSimd>(h0, TSimd.Multiply(x, w0));
            b0 = TSimd.Add(b0, g0);
            TSimd.Store(g0, target);
            value += stride;
            target += stride;
        }

        TSimd.Store(s0, weight + column);
        TSimd.Store(b0, biasBelow + column);
    }
}

/// <summary>
/// The tangent of <see cref="HeadBackwardPass{T, TSlope}"/> with both weights and activations moving: with g = δ w and Rg = Rδ w + δ v,
/// below ← φ′ ∘ Rg + φ″ ∘ Rz ∘ g, weight ← hᵀ Rδ + Rhᵀ δ, biasBelow ← column sums of below.
/// </summary>
internal readonly unsafe struct HeadSecondOrderPass<T, TSlope>(
    int rows, int columns, T* h, T* tangent, T* delta, T* deltaTangent, T* w, T* v, T* below, T* weight, T* biasBelow)
    : ISimdPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TSlope : struct, ISlope<T>
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
        T* value = h + column;
        T* moving = tangent + column;
        T* target = below + column;
        T* d = delta;
        T* rd = deltaTangent;
        TVector w0 = TSimd.Load(w + column), w1 = TSimd.Load(w + column + width);
        TVector v0 = TSimd.Load(v + column), v1 = TSimd.Load(v + column + width);
        TVector s0 = TSimd.Zero, s1 = TSimd.Zero, t0 = TSimd.Zero, t1 = TSimd.Zero, b0 = TSimd.Zero, b1 = TSimd.Zero;
        for (int i = 0; i < rows; i++)
        {
            TVector x = TSimd.Create(d[i]), rx = TSimd.Create(rd[i]);
            TVector h0 = TSimd.Load(value), h1 = TSimd.Load(value + width);
            TVector r0 = TSimd.Load(moving), r1 = TSimd.Load(moving + width);
            s0 = TSimd.MultiplyAdd(rx, h0, s0);
            s1 = TSimd.MultiplyAdd(rx, h1, s1);
            t0 = TSimd.MultiplyAdd(x, r0, t0);
            t1 = TSimd.MultiplyAdd(x, r1, t1);
            TVector rg0 = TSimd.MultiplyAdd(rx, w0, TSimd.Multiply(x, v0));
            TVector rg1 = TSimd.MultiplyAdd(rx, w1, TSimd.Multiply(x, v1));
            TVector g0 = TSlope.Twice<TVector, TSimd>(h0, rg0, TSimd.Multiply(x, w0), r0);
            TVector g1 = TSlope.Twice<TVector, TSimd>(h1, rg1, TSimd.Multiply(x, w1), r1);
            b0 = TSimd.Add(b0, g0);
            b1 = TSimd.Add(b1, g1);
            TSimd.Store(g0, target);
            TSimd.Store(g1, target + width);
            value += stride;
            moving += stride;
            target += stride;
        }

        TSimd.Store(TSimd.Add(s0, t0), weight + column);
        TSimd.Store(TSimd.Add(s1, t1), weight + column + width);
        TSimd.Store(b0, biasBelow + column);
        TSimd.Store(b1, biasBelow + column + width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void One<TVector, TSimd>(int column)
        where TSimd : struct, ISimd<TVector, T>
    {
        nint stride = columns;
        T* value = h + column;
        T* moving = tangent + column;
        T* target = below + column;
        T* d = delta;
        T* rd = deltaTangent;
        TVector w0 = TSimd.Load(w + column), v0 = TSimd.Load(v + column);
        TVector s0 = TSimd.Zero, t0 = TSimd.Zero, b0 = TSimd.Zero;
        for (int i = 0; i < rows; i++)
        {
            TVector x = TSimd.Create(d[i]), rx = TSimd.Create(rd[i]);
            TVector h0 = TSimd.Load(value), r0 = TSimd.Load(moving);
            s0 = TSimd.MultiplyAdd(rx, h0, s0);
            t0 = TSimd.MultiplyAdd(x, r0, t0);
            TVector rg0 = TSimd.MultiplyAdd(rx, w0, TSimd.Multiply(x, v0));
            TVector g0 = TSlope.Twice<TVector, TSimd>(h0, rg0, TSimd.Multiply(x, w0), r0);
            b0 = TSimd.Add(b0, g0);
            TSimd.Store(g0, target);
            value += stride;
            moving += stride;
            target += stride;
        }

        TSimd.Store(TSimd.Add(s0, t0), weight + column);
        TSimd.Store(b0, biasBelow + column);
    }
}
