using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Tensors.Kernels;

/// <summary>The product of up to 12 rows and one vector of columns, held in registers from first to last term.</summary>
internal static unsafe class Block1
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
        TVector c0a = start0;
        TVector c1a = start0;
        TVector c2a = start0;
        TVector c3a = start0;
        TVector c4a = start0;
        TVector c5a = start0;
        TVector c6a = start0;
        TVector c7a = start0;
        TVector c8a = start0;
        TVector c9a = start0;
        TVector c10a = start0;
        TVector c11a = start0;

        while (true)
        {
            // one address for three rows: twelve addresses would not fit the registers
            T* row0 = a;
            T* row3 = row0 + (3 * lda);
            T* row6 = row3 + (3 * lda);
            T* row9 = row6 + (3 * lda);
            nint twice = 2 * lda;
            for (nint left = k; left > 0; left--)
            {
                TVector w0 = TSimd.Load(b);
                b += ldb;
                TVector x0 = TSimd.Create(TTransposed.Value == 1 ? a[0] : *row0);
                c0a = TSimd.MultiplyAdd(x0, w0, c0a);

                if (TRows.Value > 1)
                {
                    TVector x1 = TSimd.Create(TTransposed.Value == 1 ? a[1] : row0[lda]);
                    c1a = TSimd.MultiplyAdd(x1, w0, c1a);
                }

                if (TRows.Value > 2)
                {
                    TVector x2 = TSimd.Create(TTransposed.Value == 1 ? a[2] : row0[twice]);
                    c2a = TSimd.MultiplyAdd(x2, w0, c2a);
                }

                if (TRows.Value > 3)
                {
                    TVector x3 = TSimd.Create(TTransposed.Value == 1 ? a[3] : *row3);
                    c3a = TSimd.MultiplyAdd(x3, w0, c3a);
                }

                if (TRows.Value > 4)
                {
                    TVector x4 = TSimd.Create(TTransposed.Value == 1 ? a[4] : row3[lda]);
                    c4a = TSimd.MultiplyAdd(x4, w0, c4a);
                }

                if (TRows.Value > 5)
                {
                    TVector x5 = TSimd.Create(TTransposed.Value == 1 ? a[5] : row3[twice]);
                    c5a = TSimd.MultiplyAdd(x5, w0, c5a);
                }

                if (TRows.Value > 6)
                {
                    TVector x6 = TSimd.Create(TTransposed.Value == 1 ? a[6] : *row6);
                    c6a = TSimd.MultiplyAdd(x6, w0, c6a);
                }

                if (TRows.Value > 7)
                {
                    TVector x7 = TSimd.Create(TTransposed.Value == 1 ? a[7] : row6[lda]);
                    c7a = TSimd.MultiplyAdd(x7, w0, c7a);
                }

                if (TRows.Value > 8)
                {
                    TVector x8 = TSimd.Create(TTransposed.Value == 1 ? a[8] : row6[twice]);
                    c8a = TSimd.MultiplyAdd(x8, w0, c8a);
                }

                if (TRows.Value > 9)
                {
                    TVector x9 = TSimd.Create(TTransposed.Value == 1 ? a[9] : *row9);
                    c9a = TSimd.MultiplyAdd(x9, w0, c9a);
                }

                if (TRows.Value > 10)
                {
                    TVector x10 = TSimd.Create(TTransposed.Value == 1 ? a[10] : row9[lda]);
                    c10a = TSimd.MultiplyAdd(x10, w0, c10a);
                }

                if (TRows.Value > 11)
                {
                    TVector x11 = TSimd.Create(TTransposed.Value == 1 ? a[11] : row9[twice]);
                    c11a = TSimd.MultiplyAdd(x11, w0, c11a);
                }

                if (TTransposed.Value == 1)
                {
                    a += lda;
                }
                else
                {
                    row0++;
                    row3++;
                    row6++;
                    row9++;
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

        if (TRows.Value > 1)
        {
            offset += stride;
            epilogue.Apply<TVector, TSimd>(c1a, offset);
        }

        if (TRows.Value > 2)
        {
            offset += stride;
            epilogue.Apply<TVector, TSimd>(c2a, offset);
        }

        if (TRows.Value > 3)
        {
            offset += stride;
            epilogue.Apply<TVector, TSimd>(c3a, offset);
        }

        if (TRows.Value > 4)
        {
            offset += stride;
            epilogue.Apply<TVector, TSimd>(c4a, offset);
        }

        if (TRows.Value > 5)
        {
            offset += stride;
            epilogue.Apply<TVector, TSimd>(c5a, offset);
        }

        if (TRows.Value > 6)
        {
            offset += stride;
            epilogue.Apply<TVector, TSimd>(c6a, offset);
        }

        if (TRows.Value > 7)
        {
            offset += stride;
            epilogue.Apply<TVector, TSimd>(c7a, offset);
        }

        if (TRows.Value > 8)
        {
            offset += stride;
            epilogue.Apply<TVector, TSimd>(c8a, offset);
        }

        if (TRows.Value > 9)
        {
            offset += stride;
            epilogue.Apply<TVector, TSimd>(c9a, offset);
        }

        if (TRows.Value > 10)
        {
            offset += stride;
            epilogue.Apply<TVector, TSimd>(c10a, offset);
        }

        if (TRows.Value > 11)
        {
            offset += stride;
            epilogue.Apply<TVector, TSimd>(c11a, offset);
        }
    }
}
