using System.Text.Json;
using MathNet.Numerics;
using Stackelberg.Statistics.Internals;
using Stackelberg.Statistics.Tests.Support;

namespace Stackelberg.Statistics.Tests.Internals;

/// <summary>The distribution functions under the tests and intervals, against two other libraries and their closed forms.</summary>
public sealed class DistributionsTests
{
    private static readonly double[] Shapes = [0.5, 1, 1.5, 4, 20, 137.5];

    private static readonly double[] Places = [1e-9, 0.003, 0.1, 0.31, 0.5, 0.8, 0.999];

    [Fact]
    public void Incomplete_beta_function_is_that_of_SciPy()
    {
        foreach (JsonElement row in Oracles.Of("betas"))
        {
            double x = row.Number("x");
            IncompleteBeta.Regularised(x, 1 - x, row.Number("a"), row.Number("b")).ShouldAgree(row.Number("value"), 1e-12, row.ToString());
        }
    }

    [Fact]
    public void Incomplete_beta_function_is_that_of_Math_NET()
    {
        foreach ((double a, double b, double x) in from a in Shapes from b in Shapes from x in Places select (a, b, x))
        {
            IncompleteBeta.Regularised(x, 1 - x, a, b).ShouldAgree(SpecialFunctions.BetaRegularized(a, b, x), 1e-12, $"{a} {b} {x}");
        }
    }

    [Fact]
    public void Both_tails_make_one_and_closed_forms_hold_to_their_digits()
    {
        foreach ((double a, double x) in from a in Shapes from x in Places select (a, x))
        {
            double y = 1 - x;
            foreach (double b in Shapes)
            {
                (IncompleteBeta.Regularised(x, y, a, b) + IncompleteBeta.Regularised(y, x, b, a)).ShouldBe(1, 1e-13);
            }

            IncompleteBeta.Regularised(x, y, a, 1).ShouldAgreeRelatively(Math.Pow(x, a), 1e-12);
            IncompleteBeta.Regularised(x, y, 0.5, 0.5).ShouldAgreeRelatively(2 / Math.PI * Math.Atan(Math.Sqrt(x / y)), 1e-12);
        }

        // Σ_{k ≥ 3} C(6, k) / 2⁶, and large parameters: at the middle of a symmetric distribution lies a half
        IncompleteBeta.Regularised(0.5, 0.5, 3, 4).ShouldBe(42 / 64.0, 1e-15);
        IncompleteBeta.Regularised(0.5, 0.5, 1e6, 1e6).ShouldBe(0.5, 1e-12);
        IncompleteBeta.Regularised(0, 1, 2, 3).ShouldBe(0);
        IncompleteBeta.Regularised(1, 0, 2, 3).ShouldBe(1);
    }

    [Fact]
    public void Quantiles_of_the_beta_distribution_are_those_of_SciPy_and_undo_its_distribution_function()
    {
        foreach (JsonElement row in Oracles.Of("beta_quantiles"))
        {
            (double a, double b, double p) = (row.Number("a"), row.Number("b"), row.Number("p"));
            double x = IncompleteBeta.Quantile(p, a, b);
            x.ShouldAgree(row.Number("value"), 1e-12, row.ToString());
            // next to 1 the last digit of x is more than that of p
            if (x < 0.999)
            {
                SpecialFunctions.BetaRegularized(a, b, x).ShouldBe(p, 1e-12, row.ToString());
            }
        }
    }

    [Fact]
    public void Tails_of_Students_distribution_are_those_of_both_libraries()
    {
        foreach (JsonElement row in Oracles.Of("students"))
        {
            (double t, double degrees) = (row.Number("t"), row.Number("degrees"));
            double p = StudentT.TwoSided(t, degrees);
            p.ShouldAgreeRelatively(row.Number("p"), 1e-11, row.ToString());
            // near t = 0 Math.NET loses digits to ν/(ν + t²), which is nearly 1
            p.ShouldAgree(2 * LowerTailOfMathNet(-Math.Abs(t), degrees), Math.Abs(t) < 0.1 ? 1e-10 : 1e-12, row.ToString());
        }

        // ν = 1 is Cauchy's distribution, whose tail is 2/π atan(1/t)
        StudentT.TwoSided(1e9, 1).ShouldAgreeRelatively(2e-9 / Math.PI, 1e-13);
        StudentT.TwoSided(1e200, 1).ShouldBe(0);
        StudentT.TwoSided(0, 3).ShouldBe(1);
    }

    [Fact]
    public void Quantiles_of_the_normal_distribution_are_those_of_both_libraries()
    {
        foreach (JsonElement row in Oracles.Of("normals"))
        {
            double p = row.Number("p"), z = Statistics.Internals.Normal.Quantile(p);
            z.ShouldAgree(row.Number("z"));
            // its tails are less exact
            if (p > 1e-4)
            {
                z.ShouldAgree(MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, p));
            }
        }
    }

    private static double LowerTailOfMathNet(double t, double degrees) => MathNet.Numerics.Distributions.StudentT.CDF(0, 1, degrees, t);
}
