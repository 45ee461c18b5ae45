using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>Judges a residual by what rounding alone makes of it.</summary>
internal static class BackwardError
{
    // where rounding is larger than this share of b, nothing is known
    private const double LargestShare = 0.01;

    /// <summary>
    /// Whether x solves a system that differs from A x = b by rounding: ‖b − A x‖ ≤ 64 √n ε (‖A‖‖x‖ + ‖b‖) (Rigal and Gaches 1967), and ≤ ‖b‖/100.
    /// False where a norm is NaN.
    /// </summary>
    /// <param name="residual">‖b − A x‖</param>
    /// <param name="matrixNorm">‖A‖; one that is too small makes the answer stricter.</param>
    /// <param name="solutionNorm">‖x‖</param>
    /// <param name="norm">‖b‖</param>
    /// <param name="coordinates">n</param>
    /// <typeparam name="T">The precision whose ε is meant.</typeparam>
    public static bool IsRounding<T>(double residual, double matrixNorm, double solutionNorm, double norm, int coordinates)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double rounding = 64 * Math.Sqrt(coordinates) * Numbers<T>.Epsilon * ((matrixNorm * solutionNorm) + norm);
        return residual <= rounding && residual <= LargestShare * norm;
    }
}
