using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary><c>exact</c>: LU with partial pivoting, for any operator, indefinite and nonsymmetric ones included.</summary>
/// <remarks>
/// Where a pivot is zero to rounding, x is the least-squares solution of minimum norm, A⁺b, from a QR factorisation with column pivoting (slower by
/// an order of magnitude). The status is then <see cref="SolveStatus.Converged"/> if b lies in the range of A + λI to rounding, and
/// <see cref="SolveStatus.Singular"/> if not.
/// </remarks>
public sealed class ExactSolver<T> : DenseSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private PivotedQr qr = new(0);
    private int[] pivots = [];

    /// <inheritdoc/>
    public override string Name => "exact";

    /// <summary>Whether the last matrix had no full rank to rounding.</summary>
    internal bool MetSingularMatrix { get; private set; }

    private protected override bool SolvesSingular => true;

    private protected override void ResizeFactors(int n) => (pivots, qr) = (new int[n], new PivotedQr(n));

    private protected override SolveStatus Factor(Span<double> entries, int n, double threshold, Span<double> x)
    {
        MetSingularMatrix = !DenseMatrix.FactorLu(entries, pivots.AsSpan(0, n), threshold);
        if (MetSingularMatrix)
        {
            return SolveStatus.Singular;
        }

        DenseMatrix.SolveLu(entries, pivots.AsSpan(0, n), x);
        return SolveStatus.Converged;
    }

    private protected override void SolveSingular(Span<double> entries, double threshold, Span<double> x) => qr.SolveMinimumNorm(entries, threshold, x);
}
