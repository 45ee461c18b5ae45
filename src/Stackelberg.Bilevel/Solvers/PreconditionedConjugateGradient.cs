using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// <c>pcg</c> (Jacobi) and <c>nystrom-pcg</c>: conjugate gradients with a preconditioner, for symmetric A + λI meant to be positive
/// definite.
/// </summary>
/// <remarks>
/// Stops on pᵀ(A + λI)p ≤ 0 as <see cref="ConjugateGradient{T}"/> does, with the iterate of the smallest residual; rᵀM⁻¹r ≤ 0, possible only by
/// rounding, is a <see cref="SolveStatus.Breakdown"/> and ends the same way. Tolerance and residual are those of the system itself, not of the preconditioned one.
/// </remarks>
public sealed class PreconditionedConjugateGradient<T> : LinearSolver<T>, IStateful
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int RecomputeEvery = 32;
    private readonly IterationControl<T> control;
    private readonly IPreconditioner<T> preconditioner;
    private FlatVector<T> residual = new(0), preconditioned = new(0), direction = new(0), product = new(0);
    private BestIterate<T> best = new(0);

    /// <summary>Reads iterations and tolerance.</summary>
    /// <param name="name">The name in reports.</param>
    /// <param name="preconditioner">Prepared anew at every solve.</param>
    public PreconditionedConjugateGradient(string name, SolverOptions options, IPreconditioner<T> preconditioner)
    {
        Name = name;
        control = new IterationControl<T>(options.Iterations, options.Tolerance);
        this.preconditioner = preconditioner;
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override OperatorProperties Requires => OperatorProperties.Symmetric;

    /// <inheritdoc/>
    public void Save(StateWriter writer) => (preconditioner as IStateful)?.Save(writer);

    /// <inheritdoc/>
    public void Load(StateReader reader) => (preconditioner as IStateful)?.Load(reader);

    /// <inheritdoc/>
    protected override void Resize(int length)
    {
        residual = new FlatVector<T>(length);
        preconditioned = new FlatVector<T>(length);
        direction = new FlatVector<T>(length);
        product = new FlatVector<T>(length);
        best = new BestIterate<T>(length);
    }

    /// <inheritdoc/>
    protected override Outcome Run(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, double norm, Span<T> x)
    {
        var curvature = new CurvatureMonitor<T>();
        if (preconditioner.Prepare(a, damping) is { } failure)
        {
            return new Outcome(failure, 0, double.NaN);
        }

        Span<T> r = residual.Span, z = preconditioned.Span, p = direction.Span, q = product.Span;
        double target = control.Tolerance * norm;
        int budget = control.Budget(a.Coordinates.Count);
        var progress = new RestartMonitor();
        best.Begin(norm);
        double rz = 0;
        bool restart = true;
        Outcome End(SolveStatus status, int iterations) => new(status, iterations, curvature.Smallest) { MatrixNorm = curvature.LargestGain, ZeroColumns = preconditioner.ZeroColumns };
        for (int k = 0; ; k++)
        {
            double recurred = restart ? 0 : Vectors.Norm<T>(r);
            bool claimsConvergence = recurred <= target;
            if (claimsConvergence || k % RecomputeEvery == 0)
            {
                double size = Residual(a, damping, b, x, r);
                if (!double.IsFinite(size))
                {
                    return End(SolveStatus.NonFinite, k);
                }

                if (size <= target)
                {
                    return End(SolveStatus.Converged, k);
                }

                if (claimsConvergence || size > 2 * recurred)
                {
                    if (progress.Stagnates(size * size))
                    {
                        return End(SolveStatus.Breakdown, k);
                    }

                    preconditioner.Apply(r, z);
                    z.CopyTo(p);
                    rz = Vectors.Dot<T>(r, z);
                    restart = false;
                }
            }

            if (k == budget)
            {
                return End(SolveStatus.IterationLimit, k);
            }

            best.See(x, Vectors.Norm<T>(r));
            if (!(rz > 0))
            {
                best.Restore(a, damping, b, norm, x, r);
                return End(double.IsNaN(rz) ? SolveStatus.NonFinite : SolveStatus.Breakdown, k);
            }

            Multiply(a, damping, p, q);
            double pq = Vectors.Dot<T>(p, q);
            if (!double.IsFinite(pq))
            {
                return End(SolveStatus.NonFinite, k + 1);
            }

            if (!curvature.Observe(pq, Vectors.Norm<T>(p), Vectors.Norm<T>(q)))
            {
                best.Restore(a, damping, b, norm, x, r);
                return End(SolveStatus.NonPositiveCurvature, k + 1);
            }

            double step = rz / pq;
            Vectors.AddScaled(x, step, p);
            Vectors.AddScaled(r, -step, q);
            preconditioner.Apply(r, z);
            double next = Vectors.Dot<T>(r, z);
            Vectors.ScaleAndAdd(p, next / rz, z);
            rz = next;
        }
    }
}
