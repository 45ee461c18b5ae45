using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Stackelberg.Tensors.Kernels;

/// <content>Transposes.</content>
internal static unsafe partial class Gemm
{
    private const int Square = 16;

    /// <summary>target[c, r] = source[r, c]; columns of the target beyond <paramref name="rows"/> become zero up to its stride.</summary>
    public static void Transpose<T>(T* source, int rows, int columns, nint sourceStride, T* target, nint targetStride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Transpose(SimdSupport.Width, source, rows, columns, sourceStride, target, targetStride);
    }

    /// <summary>Transposes by squares of 16 × 16: single precision in registers of 512 or 128 bits, all else by elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Transpose<T>(int width, T* source, int rows, int columns, nint sourceStride, T* target, nint targetStride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool wide = typeof(T) == typeof(float) && width == 512 && Avx512F.IsSupported;
        bool narrow = typeof(T) == typeof(float) && width >= 128 && Sse.IsSupported;
        for (int r = 0; r < targetStride; r += Square)
        {
            for (int c = 0; c < columns; c += Square)
            {
                int valid = Math.Clamp(rows - r, 0, Square);
                int across = Math.Min(columns - c, Square);
                T* from = source + (r * sourceStride) + c;
                T* to = target + (c * targetStride) + r;

                // a square reads and writes whole vectors, so it must lie inside both strides
                bool inside = c + Square <= sourceStride && r + Square <= targetStride;
                if (inside && wide)
                {
                    Transpose16((float*)from, valid, sourceStride, (float*)to, across, targetStride);
                }
                else if (inside && narrow)
                {
                    Transpose4((float*)from, valid, sourceStride, (float*)to, across, targetStride);
                }
                else
                {
                    TransposeElements(from, valid, sourceStride, to, across, targetStride, (int)Math.Min(targetStride - r, Square));
                }
            }
        }
    }

    private static void TransposeElements<T>(T* from, int rows, nint sourceStride, T* to, int columns, nint targetStride, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int c = 0; c < columns; c++)
        {
            for (int r = 0; r < width; r++)
            {
                to[(c * targetStride) + r] = r < rows ? from[(r * sourceStride) + c] : T.Zero;
            }
        }
    }

    /// <summary>A 16 × 16 square as sixteen of 4 × 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose4(float* from, int rows, nint sourceStride, float* to, int columns, nint targetStride)
    {
        for (int r = 0; r < Square; r += 4)
        {
            for (int c = 0; c < columns; c += 4)
            {
                float* source = from + (r * sourceStride) + c;
                Vector128<float> x0 = r < rows ? Vector128.Load(source) : Vector128<float>.Zero;
                Vector128<float> x1 = r + 1 < rows ? Vector128.Load(source + sourceStride) : Vector128<float>.Zero;
                Vector128<float> x2 = r + 2 < rows ? Vector128.Load(source + (2 * sourceStride)) : Vector128<float>.Zero;
                Vector128<float> x3 = r + 3 < rows ? Vector128.Load(source + (3 * sourceStride)) : Vector128<float>.Zero;
                Vector128<float> low01 = Sse.UnpackLow(x0, x1);
                Vector128<float> low23 = Sse.UnpackLow(x2, x3);
                Vector128<float> high01 = Sse.UnpackHigh(x0, x1);
                Vector128<float> high23 = Sse.UnpackHigh(x2, x3);
                float* target = to + (c * targetStride) + r;
                Sse.MoveLowToHigh(low01, low23).Store(target);
                if (c + 1 < columns)
                {
                    Sse.MoveHighToLow(low23, low01).Store(target + targetStride);
                }

                if (c + 2 < columns)
                {
                    Sse.MoveLowToHigh(high01, high23).Store(target + (2 * targetStride));
                }

                if (c + 3 < columns)
                {
                    Sse.MoveHighToLow(high23, high01).Store(target + (3 * targetStride));
                }
            }
        }
    }

    /// <summary>A 16 × 16 square: 4 × 4 squares inside 128-bit lanes first, then the lanes.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose16(float* from, int rows, nint sourceStride, float* to, int columns, nint targetStride)
    {
        byte* memory = stackalloc byte[17 * 64];
        var lanes = (float*)(((nint)memory + 63) & ~63);
        for (int group = 0; group < 4; group++)
        {
            int r = 4 * group;
            Vector512<float> a = r < rows ? Vector512.Load(from + (r * sourceStride)) : Vector512<float>.Zero;
            Vector512<float> b = r + 1 < rows ? Vector512.Load(from + ((r + 1) * sourceStride)) : Vector512<float>.Zero;
            Vector512<float> c = r + 2 < rows ? Vector512.Load(from + ((r + 2) * sourceStride)) : Vector512<float>.Zero;
            Vector512<float> d = r + 3 < rows ? Vector512.Load(from + ((r + 3) * sourceStride)) : Vector512<float>.Zero;
            Vector512<double> abLow = Avx512F.UnpackLow(a, b).AsDouble();
            Vector512<double> abHigh = Avx512F.UnpackHigh(a, b).AsDouble();
            Vector512<double> cdLow = Avx512F.UnpackLow(c, d).AsDouble();
            Vector512<double> cdHigh = Avx512F.UnpackHigh(c, d).AsDouble();
            float* next = lanes + (r * Square);
            Avx512F.UnpackLow(abLow, cdLow).AsSingle().StoreAligned(next);
            Avx512F.UnpackHigh(abLow, cdLow).AsSingle().StoreAligned(next + 16);
            Avx512F.UnpackLow(abHigh, cdHigh).AsSingle().StoreAligned(next + 32);
            Avx512F.UnpackHigh(abHigh, cdHigh).AsSingle().StoreAligned(next + 48);
        }

        for (int column = 0; column < 4; column++)
        {
            // lane L of group g holds rows 4g … 4g + 3 of column 4L + column
            Vector512<float> a = Vector512.LoadAligned(lanes + (16 * column));
            Vector512<float> b = Vector512.LoadAligned(lanes + (16 * (column + 4)));
            Vector512<float> c = Vector512.LoadAligned(lanes + (16 * (column + 8)));
            Vector512<float> d = Vector512.LoadAligned(lanes + (16 * (column + 12)));
            Vector512<float> abEven = Avx512F.Shuffle4x128(a, b, 0b10_00_10_00);
            Vector512<float> abOdd = Avx512F.Shuffle4x128(a, b, 0b11_01_11_01);
            Vector512<float> cdEven = Avx512F.Shuffle4x128(c, d, 0b10_00_10_00);
            Vector512<float> cdOdd = Avx512F.Shuffle4x128(c, d, 0b11_01_11_01);
            StoreColumn(Avx512F.Shuffle4x128(abEven, cdEven, 0b10_00_10_00), column, columns, to, targetStride);
            StoreColumn(Avx512F.Shuffle4x128(abOdd, cdOdd, 0b10_00_10_00), column + 4, columns, to, targetStride);
            StoreColumn(Avx512F.Shuffle4x128(abEven, cdEven, 0b11_01_11_01), column + 8, columns, to, targetStride);
            StoreColumn(Avx512F.Shuffle4x128(abOdd, cdOdd, 0b11_01_11_01), column + 12, columns, to, targetStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreColumn(Vector512<float> value, int column, int columns, float* to, nint targetStride)
    {
        if (column < columns)
        {
            value.Store(to + (column * targetStride));
        }
    }
}
