using System.Numerics;
using System.Runtime.CompilerServices;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>Passes over a batch that are not matrix products.</summary>
internal static unsafe class RowPasses
{
    /// <summary>Sends <paramref name="count"/> contiguous elements through an epilogue.</summary>
    public static void Apply<T, TEpilogue>(int count, T* source, TEpilogue epilogue)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TEpilogue : struct, IEpilogue<T> => SimdPass.Run<T, ApplyPass<T, TEpilogue>>(new(count, source, epilogue));

    /// <summary>Σ_i a[i] in four interleaved sums, which hide the latency of additions.</summary>
    public static T Sum<T>(int m, T* a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
        int i = 0;
        for (; i + 4 <= m; i += 4)
        {
            s0 += a[i];
            s1 += a[i + 1];
            s2 += a[i + 2];
            s3 += a[i + 3];
        }

        for (; i < m; i++)
        {
            s0 += a[i];
        }

        return s0 + s1 + (s2 + s3);
    }

    /// <summary>gradient ← scale (x − y); returns Σ (x − y)² in double precision.</summary>
    public static double SquaredError<T>(int m, T* x, T* y, T scale, T* gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double s0 = 0, s1 = 0;
        int i = 0;
        for (; i + 2 <= m; i += 2)
        {
            T e0 = x[i] - y[i], e1 = x[i + 1] - y[i + 1];
            gradient[i] = scale * e0;
            gradient[i + 1] = scale * e1;
            double w0 = double.CreateTruncating(e0), w1 = double.CreateTruncating(e1);
            s0 += w0 * w0;
            s1 += w1 * w1;
        }

        if (i < m)
        {
            T e = x[i] - y[i];
            gradient[i] = scale * e;
            s0 += double.CreateTruncating(e) * double.CreateTruncating(e);
        }

        return s0 + s1;
    }

    /// <summary>out ← a ∘ a.</summary>
    public static void Square<T>(int count, T* a, T* output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Apply(count, a, new MultiplyEpilogue<T>(output, 0, a));

    /// <summary>a[i, :] ← weight[i] a[i, :]² for rows of <paramref name="stride"/> elements.</summary>
    public static void WeightedSquare<T>(int m, int stride, T* a, T* weight)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => SimdPass.Run<T, WeightedSquarePass<T>>(new(m, stride, a, weight));

    private readonly struct ApplyPass<T, TEpilogue>(int count, T* source, TEpilogue epilogue) : ISimdPass<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TEpilogue : struct, IEpilogue<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TVector, TSimd>()
            where TSimd : struct, ISimd<TVector, T>
        {
            TEpilogue into = epilogue;
            T* from = source;
            nint i = 0;
            for (; i <= count - TSimd.Count; i += TSimd.Count)
            {
                into.Apply<TVector, TSimd>(TSimd.Load(from + i), i);
            }

            for (; i < count; i++)
            {
                into.Apply<T, Scalar<T>>(from[i], i);
            }
        }
    }

    private readonly struct WeightedSquarePass<T>(int rows, int stride, T* a, T* weight) : ISimdPass<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TVector, TSimd>()
            where TSimd : struct, ISimd<TVector, T>
        {
            for (int i = 0; i < rows; i++)
            {
                T* row = a + ((nint)i * stride);
                TVector scale = TSimd.Create(weight[i]);
                int j = 0;
                for (; j <= stride - TSimd.Count; j += TSimd.Count)
                {
                    TVector value = TSimd.Load(row + j);
                    TSimd.Store(TSimd.Multiply(TSimd.Multiply(value, value), scale), row + j);
                }

                for (; j < stride; j++)
                {
                    row[j] = row[j] * row[j] * weight[i];
                }
            }
        }
    }
}
