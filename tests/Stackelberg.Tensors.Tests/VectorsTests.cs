using System.Runtime.Intrinsics;
using FsCheck;
using FsCheck.Fluent;
using Stackelberg.Tensors.Kernels;
using Stackelberg.Tensors.Tests.Kernels;

namespace Stackelberg.Tensors.Tests;

public sealed class VectorsTests
{
    private static readonly int[] Lengths = [0, 1, 2, 7, 15, 16, 31, 32, 33, 64, 95, 100, 1000];

    [Fact]
    public void Dot_is_exact_to_double_precision()
    {
        foreach (int length in Lengths)
        {
            FlatVector<float> x = KernelData.Uniform<float>("x", length);
            FlatVector<float> y = KernelData.Uniform<float>("y", length);
            decimal exact = 0;
            for (int i = 0; i < length; i++)
            {
                exact += (decimal)(double)x[i] * (decimal)(double)y[i];
            }

            Vectors.Dot<float>(x.Span, y.Span).ShouldBe((double)exact, 1e-13 * (length + 1), $"length {length}");
        }
    }

    [Fact]
    public void Dot_gives_the_same_bits_at_every_width()
    {
        foreach (int length in Lengths)
        {
            FlatVector<float> x = KernelData.Uniform<float>("x", length);
            FlatVector<float> y = KernelData.Uniform<float>("y", length);
            double expected = Vectors.Dot<float>(x.Span, y.Span);
            FlatVector<double> xx = KernelData.Uniform<double>("x", length);
            FlatVector<double> yy = KernelData.Uniform<double>("y", length);
            double expectedDouble = Vectors.Dot<double>(xx.Span, yy.Span);
            foreach (int width in KernelData.Widths)
            {
                Forced.Dot<float>(width, x.Span, y.Span).ShouldBe(expected, $"float, width {width}, length {length}");
                Forced.Dot<double>(width, xx.Span, yy.Span).ShouldBe(expectedDouble, $"double, width {width}, length {length}");
            }
        }
    }

    [Fact]
    public unsafe void A_combination_is_subtracted_term_by_term_with_the_same_bits_at_every_width()
    {
        const int Terms = 5;
        const int Stride = 103;
        double[] rows = KernelData.Uniform<double>("rows", Terms * Stride).Span.ToArray();
        double[] factors = KernelData.Uniform<double>("factors", Terms).Span.ToArray();
        foreach (int length in (int[])[0, 1, 7, 8, 31, 32, 47, 103])
        {
            double[] y = KernelData.Uniform<double>("y", length).Span.ToArray();
            double[] expected = [.. y];
            for (int i = 0; i < length; i++)
            {
                for (int p = 0; p < Terms; p++)
                {
                    expected[i] = Math.FusedMultiplyAdd(-factors[p], rows[(p * Stride) + i], expected[i]);
                }
            }

            double[] result = [.. y];
            Vectors.SubtractCombination<double>(result, factors, rows, Stride);
            result.ShouldBe(expected, $"length {length}");
            foreach (int width in KernelData.Widths)
            {
                result = [.. y];
                fixed (double* to = result, weights = factors, from = rows)
                {
                    var pass = new CombinationPass<double>(length, to, Terms, weights, from, Stride);
                    switch (width)
                    {
                        case 512:
                            pass.Run<Vector512<double>, Simd512<double>>();
                            break;
                        case 256:
                            pass.Run<Vector256<double>, Simd256<double>>();
                            break;
                        case 128:
                            pass.Run<Vector128<double>, Simd128<double>>();
                            break;
                        default:
                            pass.Run<double, Scalar<double>>();
                            break;
                    }
                }

                result.ShouldBe(expected, $"width {width}, length {length}");
            }
        }
    }

    [Fact]
    public void A_combination_of_rows_that_do_not_fit_is_refused()
    {
        Should.Throw<ArgumentException>(() => Vectors.SubtractCombination<double>(new double[3], new double[2], new double[5], 3)).Message.ShouldContain("2 rows of 3");
        Should.Throw<ArgumentException>(() => Vectors.SubtractCombination<double>(new double[3], new double[2], new double[6], 2));
    }

    [Fact]
    public void Dot_does_not_depend_on_alignment()
    {
        FlatVector<float> x = KernelData.Uniform<float>("x", 200);
        Span<float> shifted = new float[203];
        for (int shift = 0; shift < 4; shift++)
        {
            x.Span.CopyTo(shifted[shift..]);
            Vectors.Dot<float>(shifted.Slice(shift, 200), shifted.Slice(shift, 200)).ShouldBe(Vectors.Dot<float>(x.Span, x.Span));
        }
    }

    [Fact]
    public void Dot_of_a_vector_with_itself_bounds_the_dot_product_with_another()
    {
        Prop.ForAll<double[]>(values =>
        {
            double[] x = values.Select(v => double.IsFinite(v) ? Math.IEEERemainder(v, 100) : 1).ToArray();
            double[] y = x.Reverse().ToArray();
            double bound = Vectors.Norm<double>(x) * Vectors.Norm<double>(y);
            return Math.Abs(Vectors.Dot<double>(x, y)) <= bound * (1 + 1e-12);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Updates_follow_their_definitions()
    {
        foreach (int length in Lengths)
        {
            double[] x = KernelData.Uniform<double>("x", length).Span.ToArray();
            double[] y = KernelData.Uniform<double>("y", length).Span.ToArray();
            var z = new double[length];

            y.CopyTo(z, 0);
            Vectors.AddScaled(z, -0.3, x);
            z.ShouldBe(x.Zip(y, (a, b) => b + (-0.3 * a)), 1e-15);
            y.CopyTo(z, 0);
            Vectors.ScaleAndAdd(z, -0.3, x);
            z.ShouldBe(x.Zip(y, (a, b) => a + (-0.3 * b)), 1e-15);
            Vectors.Subtract<double>(x, y, z);
            z.ShouldBe(x.Zip(y, (a, b) => a - b));
            Vectors.Add<double>(x, y, z);
            z.ShouldBe(x.Zip(y, (a, b) => a + b));
            Vectors.Multiply<double>(x, y, z);
            z.ShouldBe(x.Zip(y, (a, b) => a * b));
            Vectors.Divide<double>(x, y, z);
            z.ShouldBe(x.Zip(y, (a, b) => a / b));
            Vectors.Scale<double>(x, 1.7, z);
            z.ShouldBe(x.Select(a => a * 1.7));
            Vectors.Scale(z, 0.5);
            z.ShouldBe(x.Select(a => a * 1.7 * 0.5));
            Vectors.Negate<double>(z);
            z.ShouldBe(x.Select(a => -(a * 1.7 * 0.5)));
            y.CopyTo(z, 0);
            Vectors.Interpolate<double>(z, 0.9, x);
            z.ShouldBe(x.Zip(y, (a, b) => (0.9 * b) + (0.1 * a)), 1e-15);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void AllFinite_finds_a_bad_element_wherever_it_is(float bad)
    {
        for (int length = 1; length <= 70; length++)
        {
            var x = new float[length];
            Array.Fill(x, float.MaxValue);
            Vectors.AllFinite<float>(x).ShouldBeTrue();
            for (int i = 0; i < length; i++)
            {
                x[i] = bad;
                Vectors.AllFinite<float>(x).ShouldBeFalse();
                x[i] = 1;
            }
        }
    }

    [Fact]
    public void Lengths_that_differ_are_refused()
    {
        var three = new float[3];
        var four = new float[4];
        Should.Throw<ArgumentException>(() => Vectors.Dot<float>(three, four)).Message.ShouldContain("3 and 4");
        Should.Throw<ArgumentException>(() => Vectors.AddScaled<float>(three, 1, four));
        Should.Throw<ArgumentException>(() => Vectors.Add<float>(three, three, four));
        Should.Throw<ArgumentException>(() => Vectors.Scale<float>(three, 1, four));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Interpolate_refuses_a_share_outside_the_unit_interval(double rho) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Vectors.Interpolate<float>(new float[2], rho, new float[2])).ParamName.ShouldBe("rho");

    [Fact]
    public void Nothing_allocates()
    {
        var x = new float[100];
        var y = new float[100];
        double sum = Touch();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 40; i++)
        {
            sum += Touch();
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        sum.ShouldBe(0);

        double Touch()
        {
            Vectors.AddScaled<float>(y, 2, x);
            Vectors.Scale<float>(y, 2);
            return Vectors.Norm<float>(y) + Vectors.Dot<float>(x, y) + (Vectors.AllFinite<float>(x) ? 0 : 1);
        }
    }
}
