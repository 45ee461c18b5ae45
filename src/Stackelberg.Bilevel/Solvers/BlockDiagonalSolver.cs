using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// <c>block-diagonal</c>: keeps only the diagonal blocks of side o (the degree) of A and solves each exactly, as FSDDPG does with o = 1,
/// 2, 4.
/// </summary>
/// <remarks>
/// Blocks follow the logical order of the parameters; the last may be shorter. o = 1 is the diagonal, o = n the exact solve. Symmetric or
/// not, any operator serves; o = 1 asks <see cref="IKnownDiagonal{T}"/>, otherwise it takes n products. A singular block ends with
/// <see cref="SolveStatus.Singular"/> and x = 0. Reports <see cref="SolveStatus.Approximated"/>, or <see cref="SolveStatus.Converged"/>
/// where the true residual is within the tolerance.
/// </remarks>
public sealed class BlockDiagonalSolver<T> : LinearSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int degree;
    private readonly IterationControl<T> control;
    private readonly double[] block;
    private readonly int[] pivots;
    private readonly double[] part;
    private double[] blocks = [];
    private FlatVector<T> diagonal = new(0), unit = new(0), image = new(0);

    /// <summary>Reads degree and tolerance.</summary>
    public BlockDiagonalSolver(SolverOptions options)
    {
        if (options.Degree is < 1 or > DenseSolver<T>.MaximumCoordinates)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.Degree, $"The degree is the side of a block: 1 to {DenseSolver<T>.MaximumCoordinates}.");
        }

        degree = options.Degree;
        control = new IterationControl<T>(options.Iterations, options.Tolerance);
        block = new double[degree * degree];
        pivots = new int[degree];
        part = new double[degree];
    }

    /// <inheritdoc/>
    public override string Name => "block-diagonal";

    /// <inheritdoc/>
    protected override void Resize(int length)
    {
        diagonal = new FlatVector<T>(length);
        unit = new FlatVector<T>(length);
        image = new FlatVector<T>(length);
    }

    /// <inheritdoc/>
    protected override Outcome Run(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, double norm, Span<T> x)
    {
        SolveStatus status = degree == 1 ? SolveDiagonal(a, damping, b, x) : SolveBlocks(a, damping, b, x);
        if (status == SolveStatus.Singular)
        {
            x.Clear();
        }

        return new Outcome(status, 0, double.NaN);
    }

    /// <inheritdoc/>
    protected override SolveStatus Judge(SolveStatus claimed, double residual, double solutionNorm, double norm) =>
        claimed == SolveStatus.Approximated && residual <= control.Tolerance ? SolveStatus.Converged : claimed;

    private SolveStatus SolveDiagonal(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, Span<T> x)
    {
        Span<T> d = diagonal.Span;
        DiagonalExtraction.Extract(a, d, unit.Span, image.Span);
        x.Clear();
        for (int i = 0; i < a.Coordinates.Count; i++)
        {
            int position = a.Coordinates[i];
            double pivot = double.CreateTruncating(d[position]) + damping;
            if (!double.IsFinite(pivot))
            {
                return SolveStatus.NonFinite;
            }

            if (pivot == 0)
            {
                return SolveStatus.Singular;
            }

            x[position] = T.CreateTruncating(double.CreateTruncating(b[position]) / pivot);
        }

        return SolveStatus.Approximated;
    }

    private SolveStatus SolveBlocks(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, Span<T> x)
    {
        int n = a.Coordinates.Count;
        CollectBlocks(a, n);
        x.Clear();
        for (int first = 0; first < n; first += degree)
        {
            int side = Math.Min(degree, n - first);
            Span<double> entries = block.AsSpan(0, side * side);
            for (int i = 0; i < side; i++)
            {
                blocks.AsSpan((first + i) * degree, side).CopyTo(entries[(i * side)..]);
                entries[(i * side) + i] += damping;
                part[i] = double.CreateTruncating(b[a.Coordinates[first + i]]);
            }

            if (!Vectors.AllFinite<double>(entries))
            {
                return SolveStatus.NonFinite;
            }

            Span<int> swaps = pivots.AsSpan(0, side);
            if (!DenseMatrix.FactorLu(entries, swaps, DenseMatrix.PivotThreshold<T>(entries, side)))
            {
                return SolveStatus.Singular;
            }

            DenseMatrix.SolveLu(entries, swaps, part.AsSpan(0, side));
            for (int i = 0; i < side; i++)
            {
                x[a.Coordinates[first + i]] = T.CreateTruncating(part[i]);
            }
        }

        return SolveStatus.Approximated;
    }

    // row (first + i) of 'blocks' holds row i of the block that begins at 'first'
    private void CollectBlocks(ILinearOperator<T> a, int n)
    {
        if (blocks.Length != n * degree)
        {
            blocks = new double[n * degree];
        }

        for (int column = 0; column < n; column++)
        {
            int position = a.Coordinates[column];
            unit[position] = T.One;
            a.Multiply(unit.Span, image.Span);
            unit[position] = T.Zero;
            int first = column - (column % degree);
            for (int row = first; row < Math.Min(first + degree, n); row++)
            {
                blocks[(row * degree) + (column - first)] = double.CreateTruncating(image[a.Coordinates[row]]);
            }
        }
    }
}
