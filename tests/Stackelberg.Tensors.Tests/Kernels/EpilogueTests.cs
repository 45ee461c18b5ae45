using System.Numerics;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Tests.Kernels;

/// <summary>Each epilogue of a product against the plain product followed by the operation.</summary>
public sealed unsafe class EpilogueTests
{
    private const int Rows = 27;
    private const int Columns = 112;
    private const int Inner = 9;

    public static TheoryData<int, bool> Forms => GemmTests.Forms;

    [Theory]
    [MemberData(nameof(Forms))]
    public void Accumulate_adds_to_what_is_there(int width, bool manyRegisters)
    {
        Check<float, AccumulateEpilogue<float>>(width, manyRegisters, (c, _) => new(c, Columns), (value, before, _) => before + value);
        Check<double, AccumulateEpilogue<double>>(width, manyRegisters, (c, _) => new(c, Columns), (value, before, _) => before + value);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Relu_cuts_at_zero(int width, bool manyRegisters)
    {
        Check<float, ReluEpilogue<float>>(width, manyRegisters, (c, _) => new(c, Columns), (value, _, _) => Math.Max(value, 0));
        Check<double, ReluEpilogue<double>>(width, manyRegisters, (c, _) => new(c, Columns), (value, _, _) => Math.Max(value, 0));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Tanh_is_applied_to_the_product(int width, bool manyRegisters)
    {
        Check<float, TanhEpilogue<float>>(width, manyRegisters, (c, _) => new(c, Columns), (value, _, _) => Math.Tanh(value));
        Check<double, TanhEpilogue<double>>(width, manyRegisters, (c, _) => new(c, Columns), (value, _, _) => Math.Tanh(value));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void ReluBackward_passes_where_the_activation_is_positive(int width, bool manyRegisters)
    {
        Check<float, ReluBackwardEpilogue<float>>(width, manyRegisters, (c, h) => new(c, Columns, h), (value, _, h) => h > 0 ? value : 0);
        Check<double, ReluBackwardEpilogue<double>>(width, manyRegisters, (c, h) => new(c, Columns, h), (value, _, h) => h > 0 ? value : 0);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void TanhBackward_multiplies_by_the_derivative(int width, bool manyRegisters)
    {
        Check<float, TanhBackwardEpilogue<float>>(width, manyRegisters, (c, h) => new(c, Columns, h), (value, _, h) => value * (1 - (h * h)));
        Check<double, TanhBackwardEpilogue<double>>(width, manyRegisters, (c, h) => new(c, Columns, h), (value, _, h) => value * (1 - (h * h)));
    }

    [Fact]
    public void Not_a_number_in_a_factor_reaches_the_activation()
    {
        // a diverged network must not be hidden by max(NaN, 0) = 0
        FlatVector<float> a = KernelData.Uniform<float>("a", 16);
        FlatVector<float> b = KernelData.Uniform<float>("b", 16 * 16);
        FlatVector<float> c = new(16);
        a[3] = float.NaN;
        var product = new Product<float>(1, 16, 16, a.Pointer, 16, b.Pointer, 16, null, null, null);
        foreach (int width in KernelData.Widths)
        {
            var relu = new ReluEpilogue<float>(c.Pointer, 16);
            GemmTests.RunWidth(width, false, true, in product, ref relu);
            c.Span.ToArray().ShouldAllBe(x => float.IsNaN(x), $"ReLU, width {width}");
            c.Clear();
            var tanh = new TanhEpilogue<float>(c.Pointer, 16);
            GemmTests.RunWidth(width, false, true, in product, ref tanh);
            c.Span.ToArray().ShouldAllBe(x => float.IsNaN(x), $"tanh, width {width}");
        }

        GC.KeepAlive(a);
        GC.KeepAlive(b);
    }

    private delegate TEpilogue Make<T, TEpilogue>(T* output, T* activation)
        where T : unmanaged;

    private static void Check<T, TEpilogue>(
        int width, bool manyRegisters, Make<T, TEpilogue> make, Func<double, double, double, double> definition)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TEpilogue : struct, IEpilogue<T>
    {
        using var operands = new GemmTests.Operands<T>(new GemmTests.Case(Rows, Columns, Inner, false, true, true));
        FlatVector<T> activation = KernelData.Uniform<T>("activation", Rows * Columns);
        FlatVector<T> before = KernelData.Uniform<T>("before", Rows * Columns);
        FlatVector<T> c = KernelData.Uniform<T>("before", Rows * Columns);
        TEpilogue epilogue = make(c.Pointer, activation.Pointer);
        GemmTests.RunWidth(width, false, manyRegisters, operands.Product, ref epilogue);
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                int at = (i * Columns) + j;
                double value = operands.Definition(i, j, out double magnitude);
                double expected = definition(value, double.CreateTruncating(before[at]), double.CreateTruncating(activation[at]));
                double actual = double.CreateTruncating(c[at]);
                if (!(Math.Abs(actual - expected) <= 50 * KernelData.Epsilon<T>() * (1 + magnitude)))
                {
                    Assert.Fail($"{typeof(TEpilogue).Name}, width {width}: element ({i}, {j}) is {actual}, should be {expected}.");
                }
            }
        }

        GC.KeepAlive(activation);
    }
}
