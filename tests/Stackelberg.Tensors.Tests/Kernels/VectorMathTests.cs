using System.Numerics;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Tests.Kernels;

public sealed class VectorMathTests
{
    // units in the last place that each function may be off, as the documentation says
    private const double FloatUlps = 2.5;
    private const double FloatTanhUlps = 5;
    private const double DoubleUlps = 4;

    [Fact]
    public void Tanh_is_accurate_everywhere()
    {
        CheckType<float, TanhOperation<float>>(default, Math.Tanh, Signed(1e-30, 100).Concat(Signed(3, 9.5)), FloatTanhUlps);
        CheckType<double, TanhOperation<double>>(default, Math.Tanh, Signed(1e-30, 100), DoubleUlps);
    }

    [Fact]
    public void Tanh_never_leaves_plus_minus_one()
    {
        float[] x = [.. Signed(5, 12).Select(d => (float)d)];
        Forced.Unary<float, TanhOperation<float>>(0, x, default).ShouldAllBe(y => Math.Abs(y) <= 1);
    }

    [Fact]
    public void Exp_is_accurate_everywhere() => Check(default(ExpOperation<float>), default(ExpOperation<double>), Math.Exp, Signed(1e-10, 87));

    [Fact]
    public void Exp_is_accurate_over_the_range_of_double() =>
        CheckType<double, ExpOperation<double>>(default, Math.Exp, Signed(80, 708), DoubleUlps);

    [Fact]
    public void Log_is_accurate_over_all_magnitudes() =>
        Check(default(LogOperation<float>), default(LogOperation<double>), Math.Log, Positive(1e-37, 1e37));

    [Fact]
    public void Log_is_accurate_near_one() =>
        Check(default(LogOperation<float>), default(LogOperation<double>), Math.Log, Signed(1e-6, 0.5).Select(d => 1 + d));

    [Fact]
    public void Log_is_accurate_for_subnormal_numbers()
    {
        CheckType<float, LogOperation<float>>(default, Math.Log, Positive(2e-45, 1e-38), FloatUlps);
        CheckType<double, LogOperation<double>>(default, Math.Log, Positive(5e-324, 2e-308), DoubleUlps);
    }

    [Fact]
    public void Softplus_is_accurate_everywhere() =>
        Check(
            default(SoftplusOperation<float>),
            default(SoftplusOperation<double>),
            x => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x))),
            Signed(1e-8, 86));

    [Fact]
    public void Sigmoid_is_accurate_everywhere() =>
        Check(default(SigmoidOperation<float>), default(SigmoidOperation<double>), x => 1 / (1 + Math.Exp(-x)), Signed(1e-8, 80));

    [Theory]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(double.NegativeInfinity, -1)]
    [InlineData(0.0, 0)]
    public void Tanh_of_special_values(double x, double expected) =>
        Special(default(TanhOperation<float>), default(TanhOperation<double>), x, expected);

    [Fact]
    public void Tanh_keeps_the_sign_of_zero() =>
        double.IsNegative(Forced.Unary<double, TanhOperation<double>>(SimdSupport.Width, [-0.0], default)[0]).ShouldBeTrue();

    [Theory]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(0.0, 1)]
    [InlineData(1000, double.PositiveInfinity)]
    [InlineData(-1000, 0)]
    public void Exp_of_special_values(double x, double expected) =>
        Special(default(ExpOperation<float>), default(ExpOperation<double>), x, expected);

    [Theory]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, double.NaN)]
    [InlineData(-1, double.NaN)]
    [InlineData(0.0, double.NegativeInfinity)]
    [InlineData(1, 0)]
    public void Log_of_special_values(double x, double expected) =>
        Special(default(LogOperation<float>), default(LogOperation<double>), x, expected);

    [Theory]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(1000, 1000)]
    [InlineData(-1000, 0)]
    public void Softplus_of_special_values(double x, double expected) =>
        Special(default(SoftplusOperation<float>), default(SoftplusOperation<double>), x, expected);

    [Theory]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(0.0, 0.5)]
    public void Sigmoid_of_special_values(double x, double expected) =>
        Special(default(SigmoidOperation<float>), default(SigmoidOperation<double>), x, expected);

    [Fact]
    public void Exp_underflows_through_subnormal_numbers()
    {
        float[] y = Forced.Unary<float, ExpOperation<float>>(SimdSupport.Width, [-100f, -88f], default);
        ((double)y[0]).ShouldBe(Math.Exp(-100), float.Epsilon);
        ((double)y[1]).ShouldBe(Math.Exp(-88), float.Epsilon);
    }

    private static void Check<TSingle, TDouble>(TSingle single, TDouble twice, Func<double, double> reference, IEnumerable<double> points)
        where TSingle : struct, IUnaryOperation<float>
        where TDouble : struct, IUnaryOperation<double>
    {
        double[] x = points.ToArray();
        CheckType<float, TSingle>(single, reference, x, FloatUlps);
        CheckType<double, TDouble>(twice, reference, x, DoubleUlps);
    }

    private static void CheckType<T, TOperation>(TOperation operation, Func<double, double> reference, IEnumerable<double> points, double ulps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperation : struct, IUnaryOperation<T>
    {
        T[] x = points.Select(T.CreateTruncating).ToArray();
        T[] scalar = Forced.Unary<T, TOperation>(0, x, operation);
        for (int i = 0; i < x.Length; i++)
        {
            double expected = reference(double.CreateTruncating(x[i]));
            T rounded = T.Abs(T.CreateTruncating(expected));
            double ulp = double.CreateTruncating(T.BitIncrement(rounded) - rounded);
            double error = Math.Abs(double.CreateTruncating(scalar[i]) - expected) / ulp;
            if (!(error <= ulps))
            {
                Assert.Fail($"{typeof(TOperation).Name} at {x[i]:R} is {scalar[i]:R}, off by {error} units in the last place.");
            }
        }

        foreach (int width in KernelData.Widths)
        {
            Forced.Unary<T, TOperation>(width, x, operation).ShouldBe(scalar, $"width {width} gives other bits than the scalar form");
        }
    }

    private static void Special<TSingle, TDouble>(TSingle single, TDouble twice, double x, double expected)
        where TSingle : struct, IUnaryOperation<float>
        where TDouble : struct, IUnaryOperation<double>
    {
        foreach (int width in KernelData.Widths)
        {
            var floats = new float[19];
            Array.Fill(floats, (float)x);
            Forced.Unary<float, TSingle>(width, floats, single).ShouldAllBe(y => y.Equals((float)expected), $"float, width {width}");
            var doubles = new double[19];
            Array.Fill(doubles, x);
            Forced.Unary<double, TDouble>(width, doubles, twice).ShouldAllBe(y => y.Equals(expected), $"double, width {width}");
        }
    }

    // log(1 + u) by the correction of Kahan: exact enough as a reference although 1 + u is rounded
    private static double LogOnePlus(double u)
    {
        double v = 1 + u;
        return v == 1 ? u : Math.Log(v) * u / (v - 1);
    }

    private static IEnumerable<double> Positive(double low, double high)
    {
        const int Points = 4001;
        for (int i = 0; i < Points; i++)
        {
            yield return Math.Exp(Math.Log(low) + ((Math.Log(high) - Math.Log(low)) * i / (Points - 1)));
        }
    }

    private static IEnumerable<double> Signed(double low, double high)
    {
        foreach (double magnitude in Positive(low, high))
        {
            yield return magnitude;
            yield return -magnitude;
        }

        // evenly spaced as well, where the interesting changes are
        for (int i = -2000; i <= 2000; i++)
        {
            if (i != 0)
            {
                yield return high * i / 2000;
            }
        }
    }
}
