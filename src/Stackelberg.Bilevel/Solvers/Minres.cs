using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// <c>minres</c>: minimal residual method (Paige and Saunders 1975) for symmetric A + λI, indefinite and singular ones included.
/// </summary>
/// <remarks>
/// The residual never grows from one iteration to the next. When the system has no solution, x is a least-squares solution and the status
/// <see cref="SolveStatus.Singular"/>. Convergence is believed only after the residual has been recomputed from its definition.
/// </remarks>
public sealed class Minres<T> : LinearSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IterationControl<T> control;
    private FlatVector<T> lanczos = new(0), previousLanczos = new(0), product = new(0);
    private FlatVector<T> direction = new(0), previousDirection = new(0);
    private double smallestCurvature;

    /// <summary>Reads iterations and tolerance.</summary>
    public Minres(SolverOptions options) => control = new IterationControl<T>(options.Iterations, options.Tolerance);

    /// <inheritdoc/>
    public override string Name => "minres";

    /// <inheritdoc/>
    public override OperatorProperties Requires => OperatorProperties.Symmetric;

    /// <inheritdoc/>
    protected override void Resize(int length)
    {
        lanczos = new FlatVector<T>(length);
        previousLanczos = new FlatVector<T>(length);
        product = new FlatVector<T>(length);
        direction = new FlatVector<T>(length);
        previousDirection = new FlatVector<T>(length);
    }

    /// <inheritdoc/>
    protected override Outcome Run(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, double norm, Span<T> x)
    {
        smallestCurvature = double.NaN;
        double target = control.Tolerance * norm;
        int budget = control.Budget(a.Coordinates.Count);
        int used = 0;
        var progress = new RestartMonitor();
        while (true)
        {
            double size = Residual(a, damping, b, x, product.Span);
            if (!double.IsFinite(size))
            {
                return new Outcome(SolveStatus.NonFinite, used, smallestCurvature);
            }

            if (size <= target)
            {
                return new Outcome(SolveStatus.Converged, used, smallestCurvature);
            }

            if (used == budget)
            {
                return new Outcome(SolveStatus.IterationLimit, used, smallestCurvature);
            }

            if (progress.Stagnates(size * size))
            {
                return new Outcome(SolveStatus.Breakdown, used, smallestCurvature);
            }

            End end = Cycle(a, damping, size, target, budget, ref used, x);
            if (end is End.NonFinite or End.LeastSquares)
            {
                SolveStatus status = end == End.NonFinite ? SolveStatus.NonFinite : SolveStatus.Singular;
                return new Outcome(status, used, smallestCurvature);
            }
        }
    }

    /// <inheritdoc/>
    protected override SolveStatus Judge(SolveStatus claimed, double residual, double solutionNorm, double norm) =>
        claimed == SolveStatus.Singular && residual <= control.Tolerance ? SolveStatus.Converged : claimed;

    // One Lanczos run from the residual in 'product'. Letters as in Choi, Paige and Saunders (2011), Table 1.
    private End Cycle(ILinearOperator<T> a, double damping, double beta, double target, int budget, ref int used, Span<T> x)
    {
        Span<T> v = lanczos.Span, vOld = previousLanczos.Span, q = product.Span, w = direction.Span, wOld = previousDirection.Span;
        vOld.Clear();
        w.Clear();
        wOld.Clear();
        q.CopyTo(v);
        Vectors.Scale(v, 1 / beta);
        double phi = beta, c = -1, s = 0, deltaBar = 0, epsilon = 0, gain = 0;
        beta = 0;
        while (used < budget && phi > target)
        {
            Multiply(a, damping, v, q);
            used++;
            Vectors.AddScaled(q, -beta, vOld);
            double alpha = Vectors.Dot<T>(v, q);
            Vectors.AddScaled(q, -alpha, v);
            double betaNext = Vectors.Norm<T>(q);
            if (!double.IsFinite(alpha) || !double.IsFinite(betaNext))
            {
                return End.NonFinite;
            }

            smallestCurvature = double.IsNaN(smallestCurvature) ? alpha : Math.Min(smallestCurvature, alpha);
            gain = Math.Max(gain, Math.Sqrt((alpha * alpha) + (beta * beta) + (betaNext * betaNext)));
            double epsilonOld = epsilon;
            double delta = (c * deltaBar) + (s * alpha);
            double gammaBar = (s * deltaBar) - (c * alpha);
            epsilon = s * betaNext;
            deltaBar = -c * betaNext;
            // ‖A r‖ / ‖r‖ of the iterate at hand: zero means that no direction reduces the residual any more
            if (Math.Sqrt((gammaBar * gammaBar) + (deltaBar * deltaBar)) <= 8 * Numbers<T>.Epsilon * gain)
            {
                return End.LeastSquares;
            }

            double gamma = Math.Sqrt((gammaBar * gammaBar) + (betaNext * betaNext));
            c = gammaBar / gamma;
            s = betaNext / gamma;
            // wOld becomes the new direction, (v − ε wOld − δ w) / γ, and the two change places
            Vectors.Scale(wOld, -epsilonOld / gamma);
            Vectors.AddScaled(wOld, -delta / gamma, w);
            Vectors.AddScaled(wOld, 1 / gamma, v);
            Span<T> swap = w;
            w = wOld;
            wOld = swap;
            Vectors.AddScaled(x, c * phi, w);
            phi *= s;

            beta = betaNext;
            if (beta <= Numbers<T>.Epsilon * gain)
            {
                // the Krylov space is exhausted
                return End.Claimed;
            }

            v.CopyTo(vOld);
            q.CopyTo(v);
            Vectors.Scale(v, 1 / beta);
        }

        return End.Claimed;
    }

    private enum End
    {
        Claimed,
        LeastSquares,
        NonFinite,
    }
}
