using System.Numerics;
using System.Runtime.Intrinsics;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Tests.Kernels;

public sealed unsafe class GemmTests
{
    public static TheoryData<int, bool> Forms
    {
        get
        {
            var data = new TheoryData<int, bool>();
            foreach (int width in KernelData.Widths)
            {
                data.Add(width, true);
                data.Add(width, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_number_of_rows_gives_the_product_of_the_definition(int width, bool manyRegisters)
    {
        for (int m = 1; m <= 40; m++)
        {
            Check<float>(width, manyRegisters, new Case(m, 96, 7, m % 2 == 0, m % 3 == 0, m % 4 < 2));
            Check<double>(width, manyRegisters, new Case(m, 112, 7, m % 2 == 0, m % 3 == 0, m % 4 < 2));
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_number_of_columns_gives_the_product_of_the_definition(int width, bool manyRegisters)
    {
        for (int n = 16; n <= 160; n += 16)
        {
            for (int variant = 0; variant < 8; variant++)
            {
                Check<float>(width, manyRegisters, new Case(13, n, 5, (variant & 1) != 0, (variant & 2) != 0, (variant & 4) != 0));
                Check<double>(width, manyRegisters, new Case(13, n, 5, (variant & 1) != 0, (variant & 2) != 0, (variant & 4) != 0));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_inner_dimension_gives_the_product_of_the_definition(int width, bool manyRegisters)
    {
        for (int k = 1; k <= 70; k++)
        {
            Check<float>(width, manyRegisters, new Case(14, 80, k, k % 2 == 0, k % 3 == 0, k % 5 < 2));
            Check<double>(width, manyRegisters, new Case(14, 80, k, k % 2 == 0, k % 3 == 0, k % 5 < 2));
        }
    }

    [Fact]
    public void Run_uses_the_width_in_force()
    {
        var shape = new Case(9, 48, 11, false, true, true);
        using var operands = new Operands<float>(shape);
        FlatVector<float> actual = KernelData.Filled<float>(9 * 48, double.NaN);
        FlatVector<float> forced = KernelData.Filled<float>(9 * 48, double.NaN);
        Product<float> p = operands.Product;
        var store = new StoreEpilogue<float>(actual.Pointer, 48);
        Gemm.Run(false, p.M, p.N, p.K, p.A, p.Lda, p.B, p.Ldb, p.A2, p.B2, p.Bias, ref store);
        var forcedStore = new StoreEpilogue<float>(forced.Pointer, 48);
        RunWidth(SimdSupport.Width, false, SimdSupport.HasManyRegisters, in p, ref forcedStore);
        actual.Span.ToArray().ShouldBe(forced.Span.ToArray());
    }

    [Fact]
    public void Blocking_does_not_change_a_single_bit()
    {
        // each element is one chain of fused multiply-adds in a fixed order, whatever the tile
        var shape = new Case(29, 112, 33, true, true, true);
        using var operands = new Operands<float>(shape);
        float[][] results = KernelData.Widths.SelectMany(width => new[] { true, false }.Select(many =>
        {
            FlatVector<float> c = KernelData.Filled<float>(29 * 112, double.NaN);
            var store = new StoreEpilogue<float>(c.Pointer, 112);
            RunWidth(width, true, many, operands.Product, ref store);
            return c.Span.ToArray();
        })).ToArray();
        foreach (float[] result in results)
        {
            result.ShouldBe(results[0]);
        }
    }

    [Fact]
    public void Run_allocates_nothing()
    {
        using var operands = new Operands<float>(new Case(20, 64, 10, false, true, true));
        FlatVector<float> c = KernelData.Filled<float>(20 * 64, 0);
        Product<float> p = operands.Product;
        var store = new StoreEpilogue<float>(c.Pointer, 64);
        Gemm.Run(false, p.M, p.N, p.K, p.A, p.Lda, p.B, p.Ldb, p.A2, p.B2, p.Bias, ref store);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++)
        {
            Gemm.Run(false, p.M, p.N, p.K, p.A, p.Lda, p.B, p.Ldb, p.A2, p.B2, p.Bias, ref store);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    internal static void RunWidth<T, TEpilogue>(
        int width, bool transposeA, bool manyRegisters, in Product<T> product, ref TEpilogue epilogue)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TEpilogue : struct, IEpilogue<T>
    {
        switch (width)
        {
            case 512:
                Gemm.Run<Vector512<T>, Simd512<T>, T, TEpilogue>(transposeA, manyRegisters, in product, ref epilogue);
                break;
            case 256:
                Gemm.Run<Vector256<T>, Simd256<T>, T, TEpilogue>(transposeA, manyRegisters, in product, ref epilogue);
                break;
            case 128:
                Gemm.Run<Vector128<T>, Simd128<T>, T, TEpilogue>(transposeA, manyRegisters, in product, ref epilogue);
                break;
            default:
                Gemm.Run<T, Scalar<T>, T, TEpilogue>(transposeA, manyRegisters, in product, ref epilogue);
                break;
        }
    }

    private static void Check<T>(int width, bool manyRegisters, Case shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var operands = new Operands<T>(shape);

        // a row of guards before and after: nothing outside the m × n block may be touched
        int stride = shape.N + 16;
        FlatVector<T> c = KernelData.Filled<T>((shape.M + 2) * stride, 99);
        var store = new StoreEpilogue<T>(c.Pointer + stride, stride);
        RunWidth(width, shape.Transposed, manyRegisters, operands.Product, ref store);

        double tolerance = 2 * (2 * shape.K + 2) * KernelData.Epsilon<T>();
        for (int i = -1; i <= shape.M; i++)
        {
            for (int j = 0; j < stride; j++)
            {
                double actual = double.CreateTruncating(c[((i + 1) * stride) + j]);
                bool inside = i >= 0 && i < shape.M && j < shape.N;
                double expected = inside ? operands.Definition(i, j, out double magnitude) : Outside(out magnitude);
                if (!(Math.Abs(actual - expected) <= tolerance * magnitude))
                {
                    Assert.Fail($"{typeof(T).Name}, width {width}, {shape}: C[{i}, {j}] is {actual}, should be {expected}.");
                }
            }
        }
    }

    private static double Outside(out double magnitude)
    {
        magnitude = 0;
        return 99;
    }

    internal readonly record struct Case(int M, int N, int K, bool Transposed, bool Second, bool Bias);

    /// <summary>Random factors of a product, with strides larger than needed.</summary>
    internal sealed class Operands<T> : IDisposable
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Case shape;
        private readonly FlatVector<T> a, a2, b, b2, bias;
        private readonly int lda, ldb;

        public Operands(Case shape)
        {
            this.shape = shape;
            lda = shape.Transposed ? shape.M + 3 : shape.K + 3;
            ldb = shape.N + 16;
            int rows = shape.Transposed ? shape.K : shape.M;
            a = KernelData.Uniform<T>("a", rows * lda);
            a2 = KernelData.Uniform<T>("a2", rows * lda);
            b = KernelData.Uniform<T>("b", shape.K * ldb);
            b2 = KernelData.Uniform<T>("b2", shape.K * ldb);
            bias = KernelData.Uniform<T>("bias", shape.N);
        }

        public Product<T> Product => new(
            shape.M, shape.N, shape.K, a.Pointer, lda, b.Pointer, ldb,
            shape.Second ? a2.Pointer : null, shape.Second ? b2.Pointer : null, shape.Bias ? bias.Pointer : null);

        public double Definition(int i, int j, out double magnitude)
        {
            double sum = shape.Bias ? double.CreateTruncating(bias[j]) : 0;
            magnitude = Math.Abs(sum);
            for (int p = 0; p < shape.K; p++)
            {
                int at = shape.Transposed ? (p * lda) + i : (i * lda) + p;
                double term = double.CreateTruncating(a[at]) * double.CreateTruncating(b[(p * ldb) + j]);
                double second = double.CreateTruncating(a2[at]) * double.CreateTruncating(b2[(p * ldb) + j]);
                sum += term + (shape.Second ? second : 0);
                magnitude += Math.Abs(term) + (shape.Second ? Math.Abs(second) : 0);
            }

            return sum;
        }

        // keeps the buffers alive until the end of a using block, beyond the last use of their addresses
        public void Dispose() => GC.KeepAlive(this);
    }
}
