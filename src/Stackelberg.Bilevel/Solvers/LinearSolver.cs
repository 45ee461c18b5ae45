using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>What all solvers of this library do alike: check, handle b = 0 and non-finite input, and measure the true residual at the
/// end.</summary>
/// <remarks>
/// <para>b = 0 gives x = 0, converged, without a product.</para>
/// <para>
/// A residual up to rounding, ‖b − (A + λI)x‖ ≤ 64 √n ε (‖A + λI‖‖x‖ + ‖b‖), is <see cref="SolveStatus.Converged"/> whatever the method thought of it:
/// x then solves a system that differs from the given one in its last digits (Rigal and Gaches 1967). It must also be below ‖b‖/100, as where
/// rounding is larger than that nothing is known.
/// </para>
/// <para>
/// NaN or infinity in b, in the starting point or in a product ends the solve with <see cref="SolveStatus.NonFinite"/>, x = 0 and a
/// residual of NaN. Direct methods whose factorisation fails return x = 0 as well.
/// </para>
/// <para>Workspace is allocated when the dimension changes and kept.</para>
/// </remarks>
public abstract class LinearSolver<T> : ILinearSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private FlatVector<T> check = new(0);
    private int dimension = -1;

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <summary>
    /// Whether the true residual of every solution is computed, at one product. Where it is not, the residual reported is the one the method's own
    /// recurrence arrived at, or NaN where it has none.
    /// </summary>
    public bool ChecksResidual { get; set; } = true;

    /// <inheritdoc/>
    public virtual OperatorProperties Requires => OperatorProperties.None;

    /// <summary>Whether the method calls <see cref="ILinearOperator{T}.MultiplyTransposed"/>.</summary>
    protected virtual bool NeedsTransposed => false;

    /// <inheritdoc/>
    public LinearSolution Solve(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, Span<T> x)
    {
        SolverArguments.Check(this, NeedsTransposed, a, damping, b, x);
        CheckOperator(a, damping);
        double norm = Vectors.Norm(b);
        if (!double.IsFinite(norm) || !Vectors.AllFinite<T>(x))
        {
            x.Clear();
            return new LinearSolution(SolveStatus.NonFinite, 0, double.NaN, double.NaN, damping);
        }

        if (norm == 0)
        {
            x.Clear();
            return new LinearSolution(SolveStatus.Converged, 0, 0, double.NaN, damping);
        }

        if (dimension != a.Dimension)
        {
            check = new FlatVector<T>(a.Dimension);
            Resize(a.Dimension);
            dimension = a.Dimension;
        }

        double unit = Numbers<T>.Unit(norm);
        return unit == 1 ? SolveInRange(a, damping, b, norm, x) : SolveScaled(a, damping, b, unit, x);
    }

    /// <summary>Solves for b of a length whose square neither vanishes nor overflows.</summary>
    private LinearSolution SolveInRange(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, double norm, Span<T> x)
    {
        Outcome outcome = Run(a, damping, b, norm, x);
        if (outcome.Status != SolveStatus.NonFinite && Vectors.AllFinite<T>(x))
        {
            double residual = (ChecksResidual ? Residual(a, damping, b, x, check.Span) : outcome.Residual) / norm;
            if (double.IsFinite(residual) || !ChecksResidual)
            {
                return new LinearSolution(StatusOf(outcome, residual, x, norm, a.Coordinates.Count), outcome.Iterations, residual, outcome.SmallestCurvature, damping)
                {
                    ZeroColumns = outcome.ZeroColumns,
                };
            }
        }

        x.Clear();
        return new LinearSolution(SolveStatus.NonFinite, outcome.Iterations, double.NaN, outcome.SmallestCurvature, damping) { ZeroColumns = outcome.ZeroColumns };
    }

    /// <summary>Solves for b and x in other units, a power of two, so that nothing but the range of numbers changes.</summary>
    private LinearSolution SolveScaled(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, double unit, Span<T> x)
    {
        FlatVector<T> scaled = new(b.Length);
        Vectors.Scale(b, 1 / unit, scaled.Span);
        Vectors.Scale(x, 1 / unit);
        LinearSolution solution = SolveInRange(a, damping, scaled.Span, Vectors.Norm<T>(scaled.Span), x);
        Vectors.Scale(x, unit);
        if (Vectors.AllFinite<T>(x))
        {
            return solution;
        }

        x.Clear();
        return solution with { Status = SolveStatus.NonFinite, RelativeResidual = double.NaN };
    }

    // the one place where a status is formed of what a method claims and what its solution is
    private SolveStatus StatusOf(in Outcome outcome, double residual, ReadOnlySpan<T> x, double norm, int coordinates)
    {
        double solutionNorm = Vectors.Norm(x);
        SolveStatus status = Judge(outcome.Status, residual, solutionNorm, norm);
        bool isRounding = BackwardError.IsRounding<T>(residual * norm, outcome.MatrixNorm, solutionNorm, norm, coordinates);
        return status switch
        {
            SolveStatus.Breakdown or SolveStatus.Singular when isRounding => SolveStatus.Converged,
            SolveStatus.Converged when IsDirect && !isRounding && !double.IsNaN(residual) => SolveStatus.Breakdown,
            _ => status,
        };
    }

    /// <summary>Whether the method ends at rounding or not at all, so that a solution with a larger residual is none.</summary>
    protected virtual bool IsDirect => false;

    /// <summary>Allocates workspace for vectors of <paramref name="length"/> elements.</summary>
    protected virtual void Resize(int length)
    {
    }

    /// <summary>Refuses operators that cannot be used for a reason beyond declared properties.</summary>
    protected virtual void CheckOperator(ILinearOperator<T> a, double damping)
    {
    }

    /// <summary>The method itself. b is finite and not zero; x is finite.</summary>
    protected abstract Outcome Run(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, double norm, Span<T> x);

    /// <summary>Revises the status once the true residual is known.</summary>
    /// <param name="claimed">What the method reported.</param>
    /// <param name="residual">True relative residual.</param>
    /// <param name="solutionNorm">‖x‖</param>
    /// <param name="norm">‖b‖</param>
    protected virtual SolveStatus Judge(SolveStatus claimed, double residual, double solutionNorm, double norm) => claimed;

    /// <summary>result ← b − (A + λI) x; returns its norm.</summary>
    protected internal static double Residual(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, ReadOnlySpan<T> x, Span<T> result)
    {
        Multiply(a, damping, x, result);
        Vectors.ScaleAndAdd(result, -1, b);
        return Vectors.Norm<T>(result);
    }

    /// <summary>result ← (A + λI) x.</summary>
    protected static void Multiply(ILinearOperator<T> a, double damping, ReadOnlySpan<T> x, Span<T> result)
    {
        a.Multiply(x, result);
        if (damping != 0)
        {
            Vectors.AddScaled(result, damping, x);
        }
    }

    /// <summary>Whether every element is exactly zero: a cold start, whose residual needs no product.</summary>
    protected static bool IsZero(ReadOnlySpan<T> x) => !x.ContainsAnyExcept(T.Zero);

    /// <summary>What a method reports before the residual check.</summary>
    /// <param name="Residual">Norm of the residual by the method's recurrence; NaN where it has none.</param>
    protected readonly record struct Outcome(SolveStatus Status, int Iterations, double SmallestCurvature, double Residual = double.NaN)
    {
        /// <summary>‖A + λI‖ as far as the method has met it, or NaN: what the residual is measured against (<see cref="SolveStatus.Converged"/>).</summary>
        public double MatrixNorm { get; init; } = double.NaN;

        /// <summary><see cref="LinearSolution.ZeroColumns"/>.</summary>
        public int? ZeroColumns { get; init; }
    }
}
