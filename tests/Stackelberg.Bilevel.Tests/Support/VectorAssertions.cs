using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Bilevel.Tests;

internal static class VectorAssertions
{
    /// <summary>‖actual − expected‖ ≤ tolerance · ‖expected‖.</summary>
    public static void ShouldBeCloseTo(this Vector actual, Vector expected, double tolerance) =>
        (actual - expected).L2Norm().ShouldBeLessThanOrEqualTo(tolerance * expected.L2Norm(), $"{actual} is not {expected}");

    public static void ShouldBeCloseTo(this double[] actual, double[] expected, double tolerance) =>
        Vector.Build.DenseOfArray(actual).ShouldBeCloseTo(Vector.Build.DenseOfArray(expected), tolerance);
}
