using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Tensors.Kernels;

/// <summary>The product of up to 6 rows and four vectors of columns, held in registers from first to last term.</summary>
internal static unsafe class Block4
{
    /// <summary>Computes a tile and hands it to the epilogue.</summary>
    /// <remarks>
    /// Every accumulator is a local and the method calls nothing: a call, even after the loop, would make the compiler keep accumulators in
    /// memory. Rows beyond <typeparamref name="TRows"/> fold away.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TVector, TSimd, T, TRows, TTransposed, TEpilogue>(
        T* a, nint lda, T* b, nint ldb, nint k, T* a2, T* b2, T* bias, nint offset, ref TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRows : struct, IConstant
        where TTransposed : struct, IConstant
        where TEpilogue : struct, IEpilogue<T>
    {
        int width = TSimd.Count;
        TVector start0 = bias == null ? TSimd.Zero : TSimd.Load(bias);
        TVector start1 = bias == null ? TSimd.Zero : TSimd.Load(bias + width);
        TVector start2 = bias == null ? TSimd.Zero : TSimd.Load(bias + (2 * width));
        TVector start3 = bias == null ? TSimd.Zero : TSimd.Load(bias + (3 * width));
        TVector c0a = start0, c0b = start1, c0c = start2, c0d = start3;
        TVector c1a = start0, c1b = start1, c1c = start2, c1d = start3;
        TVector c2a = start0, c2b = start1, c2c = start2, c2d = start3;
        TVector c3a = start0, c3b = start1, c3c = start2, c3d = start3;
        TVector c4a = start0, c4b = start1, c4c = start2, c4d = start3;
        TVector c5a = start0, c5b = start1, c5c = start2, c5d = start3;

        while (true)
        {
            T* row0 = a;
            T* row1 = row0 + lda;
            T* row2 = row1 + lda;
            T* row3 = row2 + lda;
            T* row4 = row3 + lda;
            T* row5 = row4 + lda;
            for (nint p = 0; p < k; p++)
            {
                TVector w0 = TSimd.Load(b);
                TVector w1 = TSimd.Load(b + width);
                TVector w2 = TSimd.Load(b + (2 * width));
                TVector w3 = TSimd.Load(b + (3 * width));
                b += ldb;
                TVector x0 = TSimd.Create(TTransposed.Value == 1 ? a[0] : row0[p]);
                c0a = TSimd.MultiplyAdd(x0, w0, c0a);
                c0b = TSimd.MultiplyAdd(x0, w1, c0b);
                c0c = TSimd.MultiplyAdd(x0, w2, c0c);
                c0d = TSimd.MultiplyAdd(x0, w3, c0d);

                if (TRows.Value > 1)
                {
                    TVector x1 = TSimd.Create(TTransposed.Value == 1 ? a[1] : row1[p]);
                    c1a = TSimd.MultiplyAdd(x1, w0, c1a);
                    c1b = TSimd.MultiplyAdd(x1, w1, c1b);
                    c1c = TSimd.MultiplyAdd(x1, w2, c1c);
                    c1d = TSimd.MultiplyAdd(x1, w3, c1d);
                }

                if (TRows.Value > 2)
                {
                    TVector x2 = TSimd.Create(TTransposed.Value == 1 ? a[2] : row2[p]);
                    c2a = TSimd.MultiplyAdd(x2, w0, c2a);
                    c2b = TSimd.MultiplyAdd(x2, w1, c2b);
                    c2c = TSimd.MultiplyAdd(x2, w2, c2c);
                    c2d = TSimd.MultiplyAdd(x2, w3, c2d);
                }

                if (TRows.Value > 3)
                {
                    TVector x3 = TSimd.Create(TTransposed.Value == 1 ? a[3] : row3[p]);
                    c3a = TSimd.MultiplyAdd(x3, w0, c3a);
                    c3b = TSimd.MultiplyAdd(x3, w1, c3b);
                    c3c = TSimd.MultiplyAdd(x3, w2, c3c);
                    c3d = TSimd.MultiplyAdd(x3, w3, c3d);
                }

                if (TRows.Value > 4)
                {
                    TVector x4 = TSimd.Create(TTransposed.Value == 1 ? a[4] : row4[p]);
                    c4a = TSimd.MultiplyAdd(x4, w0, c4a);
                    c4b = TSimd.MultiplyAdd(x4, w1, c4b);
                    c4c = TSimd.MultiplyAdd(x4, w2, c4c);
                    c4d = TSimd.MultiplyAdd(x4, w3, c4d);
                }

                if (TRows.Value > 5)
                {
                    TVector x5 = TSimd.Create(TTransposed.Value == 1 ? a[5] : row5[p]);
                    c5a = TSimd.MultiplyAdd(x5, w0, c5a);
                    c5b = TSimd.MultiplyAdd(x5, w1, c5b);
                    c5c = TSimd.MultiplyAdd(x5, w2, c5c);
                    c5d = TSimd.MultiplyAdd(x5, w3, c5d);
                }

                if (TTransposed.Value == 1)
                {
                    a += lda;
                }
            }

            if (a2 == null)
            {
                break;
            }

            a = a2;
            b = b2;
            a2 = null;
        }

        nint stride = epilogue.Stride;
        epilogue.Apply<TVector, TSimd>(c0a, offset);
        epilogue.Apply<TVector, TSimd>(c0b, offset + width);
        epilogue.Apply<TVector, TSimd>(c0c, offset + (2 * width));
        epilogue.Apply<TVector, TSimd>(c0d, offset + (3 * width));

        if (TRows.Value > 1)
        {
            offset += stride;
            epilogue.Apply<TVector, TSimd>(c1a, offset);
            epilogue.Apply<TVector, TSimd>(c1b, offset + width);
            epilogue.Apply<TVector, TSimd>(c1c, offset + (2 * width));
            epilogue.Apply<TVector, TSimd>(c1d, offset + (3 * width));
        }

        if (TRows.Value > 2)
        {
            offset += stride;
            epilogue.Apply<TVector, TSimd>(c2a, offset);
            epilogue.Apply<TVector, TSimd>(c2b, offset + width);
            epilogue.Apply<TVector, TSimd>(c2c, offset + (2 * width));
            epilogue.Apply<TVector, TSimd>(c2d, offset + (3 * width));
        }

        if (TRows.Value > 3)
        {
            offset += stride;
            epilogue.Apply<TVector, TSimd>(c3a, offset);
            epilogue.Apply<TVector, TSimd>(c3b, offset + width);
            epilogue.Apply<TVector, TSimd>(c3c, offset + (2 * width));
            epilogue.Apply<TVector, TSimd>(c3d, offset + (3 * width));
        }

        if (TRows.Value > 4)
        {
            offset += stride;
            epilogue.Apply<TVector, TSimd>(c4a, offset);
            epilogue.Apply<TVector, TSimd>(c4b, offset + width);
            epilogue.Apply<TVector, TSimd>(c4c, offset + (2 * width));
            epilogue.Apply<TVector, TSimd>(c4d, offset + (3 * width));
        }

        if (TRows.Value > 5)
        {
            offset += stride;
            epilogue.Apply<TVector, TSimd>(c5a, offset);
            epilogue.Apply<TVector, TSimd>(c5b, offset + width);
            epilogue.Apply<TVector, TSimd>(c5c, offset + (2 * width));
            epilogue.Apply<TVector, TSimd>(c5d, offset + (3 * width));
        }
    }
}
