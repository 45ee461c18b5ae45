using System.Numerics;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Tests.Kernels;

/// <summary>Products with a column, column sums and transposes.</summary>
public sealed unsafe class RowsTests
{
    public static TheoryData<int> Widths => [.. KernelData.Widths];

    [Theory]
    [MemberData(nameof(Widths))]
    public void RowDots_are_the_dot_products_of_the_rows(int width)
    {
        for (int k = 1; k <= 70; k++)
        {
            CheckRowDots<float>(width, (k % 19) + 1, k);
            CheckRowDots<double>(width, (k % 19) + 1, k);
        }
    }

    [Fact]
    public void RowDots_give_the_same_bits_at_every_width()
    {
        FlatVector<float> a = KernelData.Uniform<float>("a", 21 * 80);
        FlatVector<float> w = KernelData.Uniform<float>("w", 80);
        float[][] results = KernelData.Widths.Select(width =>
        {
            var y = new FlatVector<float>(21);
            Forced.RowDots(width, 21, 71, a.Pointer, 80, w.Pointer, 0.5f, y.Pointer);
            return y.Span.ToArray();
        }).ToArray();
        results.ShouldAllBe(result => result.SequenceEqual(results[0]));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void ColumnSums_are_the_sums_of_the_columns(int width)
    {
        for (int m = 1; m <= 9; m++)
        {
            for (int n = 16; n <= 160; n += 16)
            {
                CheckColumnSums<float>(width, m, n, accumulate: m % 2 == 0);
                CheckColumnSums<double>(width, m, n, accumulate: m % 2 == 0);
            }
        }
    }

    [Fact]
    public void RowDots_and_ColumnSums_use_the_width_in_force()
    {
        FlatVector<double> a = KernelData.Uniform<double>("a", 5 * 32);
        FlatVector<double> w = KernelData.Uniform<double>("w", 32);
        var expected = new FlatVector<double>(32);
        var actual = new FlatVector<double>(32);
        Forced.RowDots(SimdSupport.Width, 5, 32, a.Pointer, 32, w.Pointer, 1.0, expected.Pointer);
        Gemm.RowDots(5, 32, a.Pointer, 32, w.Pointer, 1.0, actual.Pointer);
        actual.Span.ToArray().ShouldBe(expected.Span.ToArray());
        Forced.ColumnSums(SimdSupport.Width, 5, 32, a.Pointer, 32, expected.Pointer, false);
        Gemm.ColumnSums(5, 32, a.Pointer, 32, actual.Pointer, false);
        actual.Span.ToArray().ShouldBe(expected.Span.ToArray());
    }

    [Fact]
    public void Transpose_moves_every_element_and_clears_the_padding()
    {
        for (int rows = 1; rows <= 40; rows++)
        {
            foreach (int columns in new[] { 1, 2, 15, 16, 17, 31, 32, 40, 64 })
            {
                foreach (int width in KernelData.Widths)
                {
                    CheckTranspose<float>(width, rows, columns);
                    CheckTranspose<double>(width, rows, columns);
                }
            }
        }
    }

    [Fact]
    public void Transpose_twice_gives_the_matrix_back()
    {
        FlatVector<float> a = KernelData.Rows<float>("a", 23, 70);
        var transposed = new FlatVector<float>(70 * 32);
        var back = new FlatVector<float>(23 * 80);
        Gemm.Transpose(a.Pointer, 23, 70, 80, transposed.Pointer, 32);
        Gemm.Transpose(transposed.Pointer, 70, 23, 32, back.Pointer, 80);
        back.Span.ToArray().ShouldBe(a.Span.ToArray());
    }

    private static void CheckRowDots<T>(int width, int m, int k)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lda = k + 3;
        FlatVector<T> a = KernelData.Uniform<T>("a", m * lda);
        FlatVector<T> w = KernelData.Uniform<T>("w", k);
        FlatVector<T> y = KernelData.Filled<T>(m + 1, 99);
        Forced.RowDots(width, m, k, a.Pointer, lda, w.Pointer, T.CreateTruncating(0.25), y.Pointer);
        for (int i = 0; i < m; i++)
        {
            double expected = 0.25;
            for (int p = 0; p < k; p++)
            {
                expected += double.CreateTruncating(a[(i * lda) + p]) * double.CreateTruncating(w[p]);
            }

            double.CreateTruncating(y[i]).ShouldBe(expected, 2 * (k + 1) * (k + 1) * KernelData.Epsilon<T>(), $"row {i} of {m}, k = {k}");
        }

        y[m].ShouldBe(T.CreateTruncating(99));
    }

    private static void CheckColumnSums<T>(int width, int m, int n, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        FlatVector<T> a = KernelData.Uniform<T>("a", m * n);
        FlatVector<T> y = KernelData.Filled<T>(n + 16, 99);
        Forced.ColumnSums(width, m, n, a.Pointer, n, y.Pointer, accumulate);
        for (int j = 0; j < n + 16; j++)
        {
            T expected = T.CreateTruncating(accumulate || j >= n ? 99 : 0);
            for (int i = 0; i < m && j < n; i++)
            {
                expected += a[(i * n) + j];
            }

            y[j].ShouldBe(expected, $"column {j} of {n}, {m} rows: rows are to be added in order");
        }
    }

    private static void CheckTranspose<T>(int width, int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        FlatVector<T> a = KernelData.Rows<T>("a", rows, columns);
        int sourceStride = Padding.Stride(columns);
        int targetStride = Padding.Stride(rows);
        FlatVector<T> b = KernelData.Filled<T>((columns + 1) * targetStride, 99);
        Gemm.Transpose(width, a.Pointer, rows, columns, sourceStride, b.Pointer, targetStride);
        for (int c = 0; c <= columns; c++)
        {
            for (int r = 0; r < targetStride; r++)
            {
                T expected = c == columns ? T.CreateTruncating(99) : r < rows ? a[(r * sourceStride) + c] : T.Zero;
                if (b[(c * targetStride) + r] != expected)
                {
                    Assert.Fail($"{rows} × {columns}, width {width}: element ({c}, {r}) of the transpose is {b[(c * targetStride) + r]}.");
                }
            }
        }
    }
}
