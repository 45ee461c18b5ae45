using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// <c>cgnr</c>: conjugate gradients on (A + λI)ᵀ(A + λI) x = (A + λI)ᵀ b, for any operator with transposed products, such as the Jacobian
/// of a temporal-difference update.
/// </summary>
/// <remarks>
/// The condition number is squared, so it is slow where A is ill-conditioned. An iteration takes two products. When the system has no
/// solution, x is the least-squares solution nearest the starting point and the status <see cref="SolveStatus.Singular"/>.
/// </remarks>
public sealed class NormalEquations<T> : LinearSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IterationControl<T> control;
    private FlatVector<T> residual = new(0), gradient = new(0), direction = new(0), product = new(0);

    /// <summary>Reads iterations and tolerance.</summary>
    public NormalEquations(SolverOptions options) => control = new IterationControl<T>(options.Iterations, options.Tolerance);

    /// <inheritdoc/>
    public override string Name => "cgnr";

    /// <inheritdoc/>
    protected override bool NeedsTransposed => true;

    /// <inheritdoc/>
    protected override void Resize(int length)
    {
        residual = new FlatVector<T>(length);
        gradient = new FlatVector<T>(length);
        direction = new FlatVector<T>(length);
        product = new FlatVector<T>(length);
    }

    /// <inheritdoc/>
    protected override Outcome Run(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, double norm, Span<T> x)
    {
        Span<T> r = residual.Span, s = gradient.Span, p = direction.Span, q = product.Span;
        double target = control.Tolerance * norm;
        int budget = control.Budget(a.Coordinates.Count);
        var progress = new RestartMonitor();
        double gain = 0, ss = 0;
        bool restart = true;
        Outcome End(SolveStatus status, int iterations) => new(status, iterations, double.NaN) { MatrixNorm = gain };
        for (int k = 0; ; k++)
        {
            double size = restart ? double.NegativeInfinity : Vectors.Norm<T>(r);
            if (size <= target)
            {
                // first pass, or the recurrence claims convergence: take the residual from its definition
                size = Residual(a, damping, b, x, r);
                if (!double.IsFinite(size))
                {
                    return End(SolveStatus.NonFinite, k);
                }

                if (size <= target)
                {
                    return End(SolveStatus.Converged, k);
                }

                if (progress.Stagnates(size * size))
                {
                    return End(SolveStatus.Breakdown, k);
                }

                ss = Gradient(a, damping, r, s);
                double first = Vectors.Norm<T>(s), unit = Numbers<T>.Unit(first / size);
                if (restart && unit != 1 && first > 0 && double.IsFinite(first))
                {
                    return RunScaled(a, damping, b, norm, x, unit);
                }

                s.CopyTo(p);
                restart = false;
            }

            if (k == budget)
            {
                return End(SolveStatus.IterationLimit, k);
            }

            Multiply(a, damping, p, q);
            double qq = Vectors.Dot<T>(q, q), pp = Vectors.Dot<T>(p, p);
            if (!double.IsFinite(qq) || !double.IsFinite(ss))
            {
                return End(SolveStatus.NonFinite, k + 1);
            }

            gain = pp > 0 ? Math.Max(gain, Math.Sqrt(qq / pp)) : gain;
            if (Math.Sqrt(ss) <= 8 * Numbers<T>.Epsilon * gain * size || qq == 0)
            {
                return End(SolveStatus.Singular, k + 1);
            }

            Vectors.AddScaled(x, ss / qq, p);
            Vectors.AddScaled(r, -ss / qq, q);
            double next = Gradient(a, damping, r, s);
            Vectors.ScaleAndAdd(p, next / ss, s);
            ss = next;
        }
    }

    // In other units of the matrix, a power of two, where (A + λI)ᵀ(A + λI) keeps the range of numbers.
    private Outcome RunScaled(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, double norm, Span<T> x, double unit)
    {
        Vectors.Scale(x, unit);
        Outcome outcome = Run(new ScaledOperator<T>(a, 1 / unit), damping / unit, b, norm, x);
        Vectors.Scale(x, 1 / unit);
        return outcome with { MatrixNorm = outcome.MatrixNorm * unit };
    }

    // s ← (A + λI)ᵀ r; returns ‖s‖²
    private static double Gradient(ILinearOperator<T> a, double damping, ReadOnlySpan<T> r, Span<T> s)
    {
        a.MultiplyTransposed(r, s);
        Vectors.AddScaled(s, damping, r);
        return Vectors.Dot<T>(s, s);
    }
}
