using System.Numerics;
using Stackelberg.Tensors.Internals;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Tests.Kernels;

public sealed class ElementwiseTests
{
    [Fact]
    public void Operations_of_one_operand_follow_their_definitions_at_every_width_and_length()
    {
        Unary(default(NegateOperation<float>), default(NegateOperation<double>), x => -x);
        Unary(default(SquareOperation<float>), default(SquareOperation<double>), x => x * x);
        Unary(default(SquareRootOperation<float>), default(SquareRootOperation<double>), Math.Sqrt);
        Unary(default(ReluOperation<float>), default(ReluOperation<double>), x => Math.Max(x, 0));
        Unary(new ScaleOperation<float>(-3), new ScaleOperation<double>(-3), x => -3 * x);
        Unary(new ClampOperation<float>(-0.25f, 0.5f), new ClampOperation<double>(-0.25, 0.5), x => Math.Clamp(x, -0.25, 0.5));
    }

    [Fact]
    public void Operations_of_two_operands_follow_their_definitions_at_every_width_and_length()
    {
        Binary(default(AddOperation<float>), default(AddOperation<double>), (x, y) => x + y);
        Binary(default(SubtractOperation<float>), default(SubtractOperation<double>), (x, y) => x - y);
        Binary(default(MultiplyOperation<float>), default(MultiplyOperation<double>), (x, y) => x * y);
        Binary(default(DivideOperation<float>), default(DivideOperation<double>), (x, y) => x / y);
        Binary(default(MaxOperation<float>), default(MaxOperation<double>), Math.Max);
        Binary(default(MinOperation<float>), default(MinOperation<double>), Math.Min);
        Binary(new AddScaledOperation<float>(0.5f), new AddScaledOperation<double>(0.5), (x, y) => (0.5 * x) + y);
        Binary(new CombineOperation<float>(0.25f, 2), new CombineOperation<double>(0.25, 2), (x, y) => (0.25 * x) + (2 * y));
        Binary(default(ReluBackwardOperation<float>), default(ReluBackwardOperation<double>), (x, y) => x > 0 ? y : 0);
        Binary(default(TanhBackwardOperation<float>), default(TanhBackwardOperation<double>), (x, y) => y * (1 - (x * x)));
    }

    [Fact]
    public void Operations_of_three_operands_follow_their_definitions_at_every_width_and_length()
    {
        Ternary(default(WhereAtMostOperation<float>), default(WhereAtMostOperation<double>), (x, y, z) => y <= z ? x : 0);
        Ternary(default(WhereGreaterOperation<float>), default(WhereGreaterOperation<double>), (x, y, z) => y > z ? x : 0);
        Ternary(new TripleProductOperation<float>(0.5f), new TripleProductOperation<double>(0.5), (x, y, z) => 0.5 * x * y * z);
    }

    [Fact]
    public void Not_a_number_propagates()
    {
        foreach (int width in KernelData.Widths)
        {
            var nan = new float[20];
            Array.Fill(nan, float.NaN);
            var one = new float[20];
            Array.Fill(one, 1);
            Forced.Unary<float, ReluOperation<float>>(width, nan, default).ShouldAllBe(x => float.IsNaN(x), $"ReLU, width {width}");
            Forced.Unary(width, nan, new ClampOperation<float>(-1, 1)).ShouldAllBe(x => float.IsNaN(x), $"clamp, width {width}");
            foreach ((float[] x, float[] y) in new[] { (nan, one), (one, nan), (nan, nan) })
            {
                Forced.Binary<float, MaxOperation<float>>(width, x, y, default).ShouldAllBe(z => float.IsNaN(z), $"max, width {width}");
                Forced.Binary<float, MinOperation<float>>(width, x, y, default).ShouldAllBe(z => float.IsNaN(z), $"min, width {width}");
            }
        }
    }

    [Theory]
    [InlineData(3, 21)]
    [InlineData(1, 1)]
    [InlineData(4, 16)]
    [InlineData(7, 1)]
    [InlineData(2, 47)]
    public unsafe void Padding_stays_zero_after_every_operation(int rows, int columns)
    {
        int stride = Padding.Stride(columns);
        Check(default(NegateOperation<float>));
        Check(default(SquareOperation<float>));
        Check(default(SquareRootOperation<float>));
        Check(default(ReluOperation<float>));
        Check(default(TanhOperation<float>));
        Check(default(ExpOperation<float>));
        Check(default(LogOperation<float>));
        Check(default(SoftplusOperation<float>));
        Check(default(SigmoidOperation<float>));
        Check(new ScaleOperation<float>(2));
        Check(new ScaleOperation<float>(float.PositiveInfinity));
        Check(new ClampOperation<float>(-1, 1));
        Check(new ClampOperation<float>(0.5f, 1));
        CheckBinary(default(AddOperation<float>));
        CheckBinary(default(SubtractOperation<float>));
        CheckBinary(default(MultiplyOperation<float>));
        CheckBinary(default(DivideOperation<float>));
        CheckBinary(default(MaxOperation<float>));
        CheckBinary(default(MinOperation<float>));
        CheckBinary(new AddScaledOperation<float>(float.NaN));
        CheckBinary(new CombineOperation<float>(1, 2));
        CheckBinary(default(ReluBackwardOperation<float>));
        CheckBinary(default(TanhBackwardOperation<float>));

        void Check<TOperation>(TOperation operation)
            where TOperation : struct, IUnaryOperation<float>
        {
            FlatVector<float> x = KernelData.Rows<float>("x", rows, columns);
            FlatVector<float> y = KernelData.Filled<float>(rows * stride, 99);
            Elementwise.Unary(rows, columns, stride, x.Pointer, y.Pointer, operation);
            ShouldBePadded(y, typeof(TOperation).Name);
            Elementwise.Unary(rows, columns, stride, x.Pointer, x.Pointer, operation);
            x.Span.ToArray().ShouldBe(y.Span.ToArray(), "in place gives the same");
        }

        void CheckBinary<TOperation>(TOperation operation)
            where TOperation : struct, IBinaryOperation<float>
        {
            FlatVector<float> x = KernelData.Rows<float>("x", rows, columns);
            FlatVector<float> y = KernelData.Rows<float>("y", rows, columns);
            FlatVector<float> z = KernelData.Filled<float>(rows * stride, 99);
            Elementwise.Binary(rows, columns, stride, x.Pointer, y.Pointer, z.Pointer, operation);
            ShouldBePadded(z, typeof(TOperation).Name);
        }

        void ShouldBePadded(FlatVector<float> values, string operation)
        {
            for (int i = 0; i < values.Length; i++)
            {
                if (i % stride >= columns && values[i] != 0)
                {
                    Assert.Fail($"{operation} left {values[i]} in the padding of {rows} × {columns}.");
                }
                else if (i % stride < columns && values[i] == 99)
                {
                    Assert.Fail($"{operation} did not compute element {i} of {rows} × {columns}.");
                }
            }

            GC.KeepAlive(values);
        }
    }

    private static void Unary<TSingle, TDouble>(TSingle single, TDouble twice, Func<double, double> definition)
        where TSingle : struct, IUnaryOperation<float>
        where TDouble : struct, IUnaryOperation<double>
    {
        Each<float>((width, x, _, _) => Forced.Unary(width, x, single), (x, _, _) => definition(x));
        Each<double>((width, x, _, _) => Forced.Unary(width, x, twice), (x, _, _) => definition(x));
    }

    private static void Binary<TSingle, TDouble>(TSingle single, TDouble twice, Func<double, double, double> definition)
        where TSingle : struct, IBinaryOperation<float>
        where TDouble : struct, IBinaryOperation<double>
    {
        Each<float>((width, x, y, _) => Forced.Binary(width, x, y, single), (x, y, _) => definition(x, y));
        Each<double>((width, x, y, _) => Forced.Binary(width, x, y, twice), (x, y, _) => definition(x, y));
    }

    private static void Ternary<TSingle, TDouble>(TSingle single, TDouble twice, Func<double, double, double, double> definition)
        where TSingle : struct, ITernaryOperation<float>
        where TDouble : struct, ITernaryOperation<double>
    {
        Each<float>((width, x, y, z) => Forced.Ternary(width, x, y, z, single), definition);
        Each<double>((width, x, y, z) => Forced.Ternary(width, x, y, z, twice), definition);
    }

    private static void Each<T>(Func<int, T[], T[], T[], T[]> kernel, Func<double, double, double, double> definition)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double tolerance = 4 * KernelData.Epsilon<T>();
        foreach (int length in new[] { 1, 2, 3, 7, 15, 16, 17, 31, 33, 70 })
        {
            T[] x = KernelData.Uniform<T>("x", length).Span.ToArray();
            T[] y = KernelData.Uniform<T>("y", length).Span.ToArray();
            T[] z = KernelData.Uniform<T>("z", length).Span.ToArray();
            x[0] = T.Zero;
            T[] scalar = kernel(0, x, y, z);
            for (int i = 0; i < length; i++)
            {
                double expected = definition(double.CreateTruncating(x[i]), double.CreateTruncating(y[i]), double.CreateTruncating(z[i]));
                double actual = double.CreateTruncating(scalar[i]);
                bool equal = double.IsFinite(expected)
                    ? Math.Abs(actual - expected) <= tolerance * Math.Max(1, Math.Abs(expected))
                    : actual.Equals(expected);
                equal.ShouldBeTrue($"{typeof(T).Name}, element {i} of {length}: {actual} should be {expected}");
            }

            foreach (int width in KernelData.Widths)
            {
                kernel(width, x, y, z).ShouldBe(scalar, $"{typeof(T).Name}, width {width}, length {length}: other bits than the scalar form");
            }
        }
    }
}
