using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// <c>cg</c>: conjugate gradients (Hestenes and Stiefel 1952) for symmetric A + λI, meant for positive definite ones.
/// </summary>
/// <remarks>
/// <para>
/// A direction p with pᵀ(A + λI)p ≤ 0, or positive only by rounding, ends the solve with <see cref="SolveStatus.NonPositiveCurvature"/>; x
/// is then the last iterate before it, the minimiser over the directions of positive curvature met so far.
/// </para>
/// <para>
/// With <see cref="SolverOptions.ContinueThroughNegativeCurvature"/> only pᵀAp = 0 stops. The recurrence stays well defined for indefinite
/// matrices but its error can explode where pᵀAp comes near zero, so look at the residual. The published STAC code uses this form, with 10
/// iterations and relative tolerance 1e-5.
/// </para>
/// <para>The residual is recomputed from its definition every 32 iterations, and before convergence is believed.</para>
/// </remarks>
public sealed class ConjugateGradient<T> : LinearSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int RecomputeEvery = 32;
    private readonly IterationControl<T> control;
    private readonly bool continueThroughNegativeCurvature;
    private FlatVector<T> residual = new(0), direction = new(0), product = new(0);

    /// <summary>Reads iterations, tolerance and the treatment of negative curvature.</summary>
    public ConjugateGradient(SolverOptions options)
    {
        control = new IterationControl<T>(options.Iterations, options.Tolerance);
        continueThroughNegativeCurvature = options.ContinueThroughNegativeCurvature;
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
                    return new Outcome(SolveStatus.Converged, k, curvature.Smallest, Math.Sqrt(rr));
                }

                if (claimsConvergence || rr > 4 * recurred)
                {
                    // the recurrence has drifted from the truth: begin anew from here, unless that did not help before
                    if (progress.Stagnates(rr))
                    {
                        return new Outcome(SolveStatus.Breakdown, k, curvature.Smallest);
                    }

                    r.CopyTo(p);
                }
            }

            if (k == budget)
            {
                return new Outcome(SolveStatus.IterationLimit, k, curvature.Smallest, Math.Sqrt(rr));
            }

            Multiply(a, damping, p, q);
            double pq = Vectors.Dot<T>(p, q);
            double pp = Vectors.Dot<T>(p, p);
            if (!double.IsFinite(pq) || !double.IsFinite(rr))
            {
                return new Outcome(SolveStatus.NonFinite, k + 1, curvature.Smallest);
            }

            bool positive = curvature.Observe(pq, pp, Vectors.Norm<T>(q));
            if (pq == 0 || (!positive && !continueThroughNegativeCurvature))
            {
                SolveStatus status = continueThroughNegativeCurvature ? SolveStatus.Breakdown : SolveStatus.NonPositiveCurvature;
                return new Outcome(status, k + 1, curvature.Smallest, Math.Sqrt(rr));
            }

            double step = rr / pq;
            Vectors.AddScaled(x, step, p);
            Vectors.AddScaled(r, -step, q);
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

    private static double Square(double value) => value * value;
}
