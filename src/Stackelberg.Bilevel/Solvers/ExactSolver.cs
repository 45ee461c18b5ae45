using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary><c>exact</c>: LU with partial pivoting, for any operator, indefinite and nonsymmetric ones included.</summary>
public sealed class ExactSolver<T> : DenseSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private int[] pivots = [];

    /// <inheritdoc/>
    public override string Name => "exact";

    private protected override void ResizeFactors(int n) => pivots = new int[n];

    private protected override SolveStatus Factor(Span<double> entries, int n, double threshold, Span<double> x)
    {
        if (!DenseMatrix.FactorLu(entries, pivots, threshold))
        {
            return SolveStatus.Singular;
        }

        DenseMatrix.SolveLu(entries, pivots, x);
        return SolveStatus.Converged;
    }
}
