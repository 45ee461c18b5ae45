using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>
/// <c>cholesky</c>: LLᵀ of a symmetric positive definite A + λI. A negative pivot ends with
/// <see cref="SolveStatus.NonPositiveCurvature"/>, one that is zero to rounding with <see cref="SolveStatus.Singular"/>; x is then zero.
/// </summary>
public sealed class CholeskySolver<T> : DenseSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "cholesky";

    /// <inheritdoc/>
    public override OperatorProperties Requires => OperatorProperties.Symmetric;

    private protected override SolveStatus Factor(Span<double> entries, int n, double threshold, Span<double> x)
    {
        if (!DenseMatrix.FactorCholesky(entries, n, threshold, out double pivot))
        {
            if (double.IsNaN(pivot))
            {
                return SolveStatus.NonFinite;
            }

            // the pivot of a singular matrix is rounding of either sign
            return pivot < -16 * threshold ? SolveStatus.NonPositiveCurvature : SolveStatus.Singular;
        }

        DenseMatrix.SolveCholesky(entries, n, x);
        return SolveStatus.Converged;
    }
}
