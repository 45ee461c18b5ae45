using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>Direct solvers: the matrix is built by one product per real coordinate and factorised in double precision.</summary>
/// <remarks>
/// n coordinates take n² doubles and about n³ operations; above <see cref="MaximumCoordinates"/> they refuse. A factorisation whose
/// solution does not reproduce b to rounding, measured against ‖A‖‖x‖ + ‖b‖, is reported as <see cref="SolveStatus.Breakdown"/>.
/// </remarks>
public abstract class DenseSolver<T> : LinearSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Most coordinates a dense solver accepts; its matrix then has 512 MiB.</summary>
    public const int MaximumCoordinates = 8192;

    private FlatVector<T> unit = new(0), image = new(0);
    private double[] entries = [];
    private double[] solution = [];
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
            ResizeFactors(n);
        }

        x.Clear();
        if (!DenseMatrix.Materialise(a, damping, entries, unit.Span, image.Span))
        {
            return new Outcome(SolveStatus.NonFinite, 0, double.NaN);
        }

        matrixNorm = Vectors.Norm<double>(entries);
        Gather(a.Coordinates, b, solution);
        SolveStatus status = Factor(entries, n, DenseMatrix.PivotThreshold<T>(entries, n), solution);
        if (status == SolveStatus.Converged)
        {
            Scatter(a.Coordinates, solution, x);
        }

        return new Outcome(status, 0, double.NaN);
    }

    /// <inheritdoc/>
    protected sealed override SolveStatus Judge(SolveStatus claimed, double residual, double solutionNorm, double norm)
    {
        double rounding = 64 * Math.Sqrt(solution.Length) * Numbers<T>.Epsilon * ((matrixNorm * solutionNorm) + norm);
        return claimed == SolveStatus.Converged && !(residual * norm <= rounding) ? SolveStatus.Breakdown : claimed;
    }

    /// <summary>Allocates what the factorisation needs beside the matrix.</summary>
    private protected virtual void ResizeFactors(int n)
    {
    }

    /// <summary>Factorises in place and turns b into x.</summary>
    private protected abstract SolveStatus Factor(Span<double> entries, int n, double threshold, Span<double> x);

    private static void Gather(CoordinateMap coordinates, ReadOnlySpan<T> from, Span<double> to)
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = double.CreateTruncating(from[coordinates[i]]);
        }
    }

    private static void Scatter(CoordinateMap coordinates, ReadOnlySpan<double> from, Span<T> to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[coordinates[i]] = T.CreateTruncating(from[i]);
        }
    }
}
