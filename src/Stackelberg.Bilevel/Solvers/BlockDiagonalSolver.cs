using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// <c>block-diagonal</c>: keeps only the diagonal blocks of side o (the degree) of A and solves each exactly, as FSDDPG does with o = 1,
/// 2, 4.
/// </summary>
/// <remarks>
/// Blocks follow the order of exported parameters (<see cref="CoordinateMap.Exported"/>): weights output by output; the last may be shorter. o = 1 is
/// the diagonal, o = n the exact solve. Symmetric or not, any operator serves; o = 1 asks <see cref="IKnownDiagonal{T}"/>, otherwise it takes n products. A block without full rank has
/// its solution of minimum norm; where that leaves more of b than rounding does, measured against the block and all of b, the status is
/// <see cref="SolveStatus.Singular"/> and x = 0. Reports <see cref="SolveStatus.Approximated"/>, or <see cref="SolveStatus.Converged"/>
/// where the true residual is within the tolerance.
/// </remarks>
public sealed class BlockDiagonalSolver<T> : LinearSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int degree;
    private readonly IterationControl<T> control;
    private double[] block = [], part = [];
    private int[] pivots = [], kept = [];
    private PivotedQr qr = new(0);
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
        SolveStatus status = degree == 1 ? SolveDiagonal(a, damping, b, x) : SolveBlocks(a, damping, b, norm, x);
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
        if (damping > 0)
        {
            // padding has diagonal and right-hand side zero, which damping makes harmless
            Span<T> pivots = image.Span;
            pivots.Fill(T.CreateTruncating(damping));
            Vectors.Add<T>(pivots, d, pivots);
            if (!Vectors.AllFinite<T>(pivots))
            {
                return SolveStatus.NonFinite;
            }

            if (!pivots.Contains(T.Zero))
            {
                Vectors.Divide<T>(b, pivots, x);
                return SolveStatus.Approximated;
            }
        }

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
                // such as the parameters of a ReLU unit that fires for no row of the batch
                if (b[position] == T.Zero)
                {
                    continue;
                }

                return SolveStatus.Singular;
            }

            x[position] = T.CreateTruncating(double.CreateTruncating(b[position]) / pivot);
        }

        return SolveStatus.Approximated;
    }

    private SolveStatus SolveBlocks(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, double norm, Span<T> x)
    {
        int n = a.Coordinates.Count;
        int largest = Math.Min(degree, n);
        if (pivots.Length != largest)
        {
            (block, part, pivots, kept, qr) = (new double[largest * largest], new double[largest], new int[largest], new int[largest], new PivotedQr(largest));
        }

        x.Clear();
        for (int first = 0; first < n; first += largest)
        {
            SolveStatus status = SolveBlock(a, first, Math.Min(largest, n - first), damping, b, norm, x);
            if (status != SolveStatus.Approximated)
            {
                return status;
            }
        }

        return SolveStatus.Approximated;
    }

    private SolveStatus SolveBlock(
        ILinearOperator<T> a, int first, int side, double damping, ReadOnlySpan<T> b, double norm, Span<T> x)
    {
        if (!Build(a, first, side, damping, b, out int left))
        {
            return SolveStatus.NonFinite;
        }

        Span<double> entries = block.AsSpan(0, left * left), solution = part.AsSpan(0, left);
        double threshold = DenseMatrix.PivotThreshold<T>(entries, left);
        if (DenseMatrix.FactorLu(entries, pivots.AsSpan(0, left), threshold))
        {
            DenseMatrix.SolveLu(entries, pivots.AsSpan(0, left), solution);
        }
        else
        {
            // the factorisation has overwritten the block
            Build(a, first, side, damping, b, out _);
            double blockNorm = Vectors.Norm<double>(entries);
            double outside = qr.SolveMinimumNorm(entries, threshold, solution);
            if (!BackwardError.IsRounding<T>(outside, blockNorm, Vectors.Norm<double>(solution), norm, left))
            {
                return SolveStatus.Singular;
            }
        }

        for (int i = 0; i < left; i++)
        {
            x[a.Coordinates.Exported[first + kept[i]]] = T.CreateTruncating(solution[i]);
        }

        return SolveStatus.Approximated;
    }

    // block and part ← the system of one block without its idle coordinates; whether all is finite
    private bool Build(ILinearOperator<T> a, int first, int side, double damping, ReadOnlySpan<T> b, out int left)
    {
        Span<double> entries = block.AsSpan(0, side * side);
        Materialise(a, first, side, damping, entries);
        for (int i = 0; i < side; i++)
        {
            part[i] = double.CreateTruncating(b[a.Coordinates.Exported[first + i]]);
        }

        bool finite = Vectors.AllFinite<double>(entries);
        left = DenseMatrix.DropIdle(entries, part.AsSpan(0, side), kept);
        return finite;
    }

    // entries ← the block of A + λI that begins at coordinate 'first'
    private void Materialise(ILinearOperator<T> a, int first, int side, double damping, Span<double> entries)
    {
        CoordinateMap order = a.Coordinates.Exported;
        for (int column = 0; column < side; column++)
        {
            int position = order[first + column];
            unit[position] = T.One;
            a.Multiply(unit.Span, image.Span);
            unit[position] = T.Zero;
            for (int row = 0; row < side; row++)
            {
                entries[(row * side) + column] = double.CreateTruncating(image[order[first + row]]);
            }

            entries[(column * side) + column] += damping;
        }
    }
}
