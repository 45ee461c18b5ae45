using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// <c>cg</c>: conjugate gradients (Hestenes and Stiefel 1952) for symmetric A + λI, meant for positive definite ones.
/// </summary>
/// <remarks>
/// <para>
/// A direction p with pᵀ(A + λI)p ≤ 0, or positive only by rounding, ends the solve with <see cref="SolveStatus.NonPositiveCurvature"/>; x
/// is then the iterate of the smallest residual before it, and 0 where that is smaller still.
/// </para>
/// <para>
/// With <see cref="SolverOptions.ContinueThroughNegativeCurvature"/> only pᵀAp = 0 stops. The recurrence stays well defined for indefinite
/// matrices but its error can explode where pᵀAp comes near zero, so look at the residual. The published STAC code uses this form, with 10
/// iterations and relative tolerance 1e-5.
/// </para>
/// <para>
/// With <see cref="SolverOptions.Reorthogonalise"/> a budgeted solve gives the iterate of exact arithmetic to the last digits. The plain recurrence may not:
/// once a direction of an outstanding eigenvalue is solved to rounding, its error comes back, and after ten iterations it can have reached the first
/// digits (Paige 1971; Parlett: The Symmetric Eigenvalue Problem, chapter 13).
/// </para>
/// <para>The residual is recomputed from its definition every 32 iterations, and before convergence is believed.</para>
/// </remarks>
public sealed class ConjugateGradient<T> : LinearSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int RecomputeEvery = 32;
    private readonly IterationControl<T> control;
    private readonly bool continueThroughNegativeCurvature;
    private readonly bool reorthogonalise;

    // normalised residuals since the last start
    private readonly List<FlatVector<T>> basis = [];
    private FlatVector<T> residual = new(0), direction = new(0), product = new(0);
    private BestIterate<T> best = new(0);

    /// <summary>Reads iterations, tolerance, the treatment of negative curvature, and whether to orthogonalise again.</summary>
    public ConjugateGradient(SolverOptions options)
    {
        control = new IterationControl<T>(options.Iterations, options.Tolerance);
        continueThroughNegativeCurvature = options.ContinueThroughNegativeCurvature;
        reorthogonalise = options.Reorthogonalise;
    }

    /// <inheritdoc/>
    public override string Name => "cg";

    /// <inheritdoc/>
    public override OperatorProperties Requires => OperatorProperties.Symmetric;

    /// <inheritdoc/>
    protected override void Resize(int length)
    {
        residual = new FlatVector<T>(length);
        direction = new FlatVector<T>(length);
        product = new FlatVector<T>(length);
        best = new BestIterate<T>(length);
        basis.Clear();
    }

    /// <inheritdoc/>
    protected override Outcome Run(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, double norm, Span<T> x)
    {
        Span<T> r = residual.Span, p = direction.Span, q = product.Span;
        double target = control.Tolerance * norm;
        double rr = StartResidual(a, damping, b, x, r);
        r.CopyTo(p);
        var curvature = new CurvatureMonitor<T>();
        var progress = new RestartMonitor();
        int budget = control.Budget(a.Coordinates.Count);
        int known = 0;
        best.Begin(norm);
        Outcome End(SolveStatus status, int iterations, double size = double.NaN) =>
            new(status, iterations, curvature.Smallest, size) { MatrixNorm = curvature.LargestGain };
        for (int k = 0; ; k++)
        {
            bool claimsConvergence = Math.Sqrt(rr) <= target;
            // at the end of the budget the caller takes the true residual anyway
            if (claimsConvergence || (k > 0 && k < budget && k % RecomputeEvery == 0))
            {
                double recurred = rr;
                rr = Square(Residual(a, damping, b, x, r));
                if (Math.Sqrt(rr) <= target)
                {
                    return End(SolveStatus.Converged, k, Math.Sqrt(rr));
                }

                if (claimsConvergence || rr > 4 * recurred)
                {
                    // the recurrence has drifted from the truth: begin anew from here, unless that did not help before
                    if (progress.Stagnates(rr))
                    {
                        return End(SolveStatus.Breakdown, k);
                    }

                    r.CopyTo(p);
                    known = 0;
                }
            }

            if (k == budget)
            {
                return End(SolveStatus.IterationLimit, k, Math.Sqrt(rr));
            }

            if (!continueThroughNegativeCurvature)
            {
                best.See(x, Math.Sqrt(rr));
            }

            Multiply(a, damping, p, q);
            double pq = Vectors.Dot<T>(p, q);
            if (!double.IsFinite(pq) || !double.IsFinite(rr))
            {
                return End(SolveStatus.NonFinite, k + 1);
            }

            bool positive = curvature.Observe(pq, Vectors.Norm<T>(p), Vectors.Norm<T>(q));
            if (!positive && !continueThroughNegativeCurvature)
            {
                double left = best.Restore(a, damping, b, norm, x, r);
                return End(SolveStatus.NonPositiveCurvature, k + 1, left);
            }

            if (pq == 0)
            {
                return End(SolveStatus.Breakdown, k + 1, Math.Sqrt(rr));
            }

            if (reorthogonalise)
            {
                Remember(r, rr, known++);
            }

            double step = rr / pq;
            Vectors.AddScaled(x, step, p);
            Vectors.AddScaled(r, -step, q);
            Orthogonalise(r, known);
            double next = Vectors.Dot<T>(r, r);
            Vectors.ScaleAndAdd(p, next / rr, r);
            rr = next;
        }
    }

    private static double StartResidual(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, ReadOnlySpan<T> x, Span<T> r)
    {
        if (!IsZero(x))
        {
            return Square(Residual(a, damping, b, x, r));
        }

        b.CopyTo(r);
        return Vectors.Dot(b, b);
    }

    private void Remember(ReadOnlySpan<T> r, double square, int place)
    {
        if (place == basis.Count)
        {
            basis.Add(new FlatVector<T>(r.Length));
        }

        r.CopyTo(basis[place].Span);
        Vectors.Scale(basis[place].Span, 1 / Math.Sqrt(square));
    }

    /// <summary>Twice, as the first pass leaves what rounding makes of the large parts.</summary>
    private void Orthogonalise(Span<T> r, int count)
    {
        for (int i = 0; i < 2 * count; i++)
        {
            ReadOnlySpan<T> unit = basis[i % count].Span;
            Vectors.AddScaled(r, -Vectors.Dot(unit, r), unit);
        }
    }

    private static double Square(double value) => value * value;
}
