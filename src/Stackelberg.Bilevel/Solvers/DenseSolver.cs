using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>Direct solvers: the matrix is built by one product per real coordinate and factorised in double precision.</summary>
/// <remarks>
/// n coordinates take n² doubles and about n³ operations; above <see cref="MaximumCoordinates"/> they refuse. A factorisation whose
/// solution does not reproduce b to rounding, measured against ‖A‖‖x‖ + ‖b‖, is reported as <see cref="SolveStatus.Breakdown"/>.
/// Coordinates that are coupled to no other and have no right-hand side, as those of a ReLU unit that fires for no row of the batch, are 0 in
/// the solution and take no part in the factorisation.
/// </remarks>
public abstract class DenseSolver<T> : LinearSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Most coordinates a dense solver accepts; its matrix then has 512 MiB.</summary>
    public const int MaximumCoordinates = 8192;

    private FlatVector<T> unit = new(0), image = new(0);
    private double[] entries = [];
    private double[] solution = [];
    private int[] kept = [];
    private double matrixNorm;

    /// <inheritdoc/>
    protected override void Resize(int length)
    {
        unit = new FlatVector<T>(length);
        image = new FlatVector<T>(length);
    }

    /// <inheritdoc/>
    protected override void CheckOperator(ILinearOperator<T> a, double damping)
    {
        if (a.Coordinates.Count > MaximumCoordinates)
        {
            throw new ArgumentException(
                $"'{Name}' builds the whole matrix and accepts at most {MaximumCoordinates} coordinates; the operator has {a.Coordinates.Count}. "
                + "Use cg, minres, nystrom or gauss-newton.");
        }
    }

    /// <inheritdoc/>
    protected sealed override Outcome Run(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, double norm, Span<T> x)
    {
        int n = a.Coordinates.Count;
        if (solution.Length != n)
        {
            entries = new double[n * n];
            solution = new double[n];
            kept = new int[n];
            ResizeFactors(n);
        }

        x.Clear();
        SolveStatus status = Build(a, damping, b, out int side) ? Factor(Entries(side), side, Threshold(side), solution.AsSpan(0, side)) : SolveStatus.NonFinite;
        if (status == SolveStatus.Singular && SolvesSingular)
        {
            // the factorisation has overwritten matrix and right-hand side
            Build(a, damping, b, out side);
            SolveSingular(Entries(side), Threshold(side), solution.AsSpan(0, side));
            Scatter(a.Coordinates, side, x);
        }
        else if (status == SolveStatus.Converged)
        {
            Scatter(a.Coordinates, side, x);
        }

        return new Outcome(status, 0, double.NaN) { MatrixNorm = matrixNorm };
    }

    /// <inheritdoc/>
    protected sealed override bool IsDirect => true;

    /// <summary>Allocates what the factorisation needs beside the matrix.</summary>
    private protected virtual void ResizeFactors(int n)
    {
    }

    /// <summary>Factorises in place and turns b into x.</summary>
    private protected abstract SolveStatus Factor(Span<double> entries, int n, double threshold, Span<double> x);

    /// <summary>Whether a singular matrix has its minimum-norm least-squares solution computed instead of x = 0.</summary>
    private protected virtual bool SolvesSingular => false;

    /// <summary>Turns b into the least-squares solution of minimum norm; where its residual is rounding, b is in the range and all is well.</summary>
    private protected virtual void SolveSingular(Span<double> entries, double threshold, Span<double> x)
    {
    }

    private Span<double> Entries(int side) => entries.AsSpan(0, side * side);

    private double Threshold(int side) => DenseMatrix.PivotThreshold<T>(Entries(side), side);

    /// <summary>entries ← A + λI and solution ← b over the coordinates that are not idle. Returns whether every entry is finite.</summary>
    private bool Build(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, out int side)
    {
        side = 0;
        if (!DenseMatrix.Materialise(a, damping, entries, unit.Span, image.Span))
        {
            return false;
        }

        matrixNorm = Vectors.Norm<double>(entries);
        for (int i = 0; i < solution.Length; i++)
        {
            solution[i] = double.CreateTruncating(b[a.Coordinates[i]]);
        }

        side = DenseMatrix.DropIdle(entries, solution, kept);
        return true;
    }

    private void Scatter(CoordinateMap coordinates, int side, Span<T> to)
    {
        for (int i = 0; i < side; i++)
        {
            to[coordinates[kept[i]]] = T.CreateTruncating(solution[i]);
        }
    }
}
