using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// <c>minres</c>: minimal residual method (Paige and Saunders 1975) for symmetric A + λI, indefinite and singular ones included.
/// </summary>
/// <remarks>
/// <para>
/// The residual never grows from one iteration to the next. When the system has no solution in this precision, x is a least-squares
/// solution and the status <see cref="SolveStatus.Singular"/>. Convergence is believed only after the residual has been recomputed from
/// its definition.
/// </para>
/// <para>
/// Once a singular system's Krylov space is exhausted, a step is a quotient of two roundings and x grows without use. The last iterate with
/// ‖Ar‖ ≤ √ε ‖A‖‖r‖ is therefore kept, and restored unless the iterations after it halve the residual.
/// </para>
/// </remarks>
public sealed class Minres<T> : LinearSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Patience = 16;
    private static readonly double LeastSquaresThreshold = Math.Pow(Numbers<T>.Epsilon, 2.0 / 3);
    private readonly IterationControl<T> control;
    private FlatVector<T> lanczos = new(0), previousLanczos = new(0), product = new(0);
    private FlatVector<T> direction = new(0), previousDirection = new(0), before = new(0);
    private double smallestCurvature, gain, keptSize;
    private bool keptIsLeastSquares;

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
        before = new FlatVector<T>(length);
    }

    /// <inheritdoc/>
    protected override Outcome Run(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, double norm, Span<T> x)
    {
        smallestCurvature = double.NaN;
        gain = 0;
        double target = control.Tolerance * norm;
        int budget = control.Budget(a.Coordinates.Count);
        int used = 0;
        keptSize = double.PositiveInfinity;
        keptIsLeastSquares = false;
        double start = double.PositiveInfinity;
        End end = End.Claimed;
        while (true)
        {
            double size = Residual(a, damping, b, x, product.Span);
            if (end != End.NonFinite && size <= target)
            {
                return new Outcome(SolveStatus.Converged, used, smallestCurvature);
            }

            bool grew = !(size <= keptSize);
            if (keptIsLeastSquares && (grew || end == End.LeastSquares))
            {
                if (grew)
                {
                    before.Span.CopyTo(x);
                }

                return new Outcome(SolveStatus.Singular, used, smallestCurvature);
            }

            if (!double.IsFinite(size) || end == End.NonFinite)
            {
                return new Outcome(SolveStatus.NonFinite, used, smallestCurvature);
            }

            if (used == budget || size > start / 2)
            {
                if (grew)
                {
                    before.Span.CopyTo(x);
                }

                return new Outcome(used == budget ? SolveStatus.IterationLimit : SolveStatus.Breakdown, used, smallestCurvature);
            }

            start = size;
            Keep(x, size, false);
            end = Cycle(a, damping, b, size, target, budget, ref used, x);
        }
    }

    // One Lanczos run from the residual in 'product'. Letters as in Choi, Paige and Saunders (2011), Table 1.
    private End Cycle(
        ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, double beta, double target, int budget, ref int used, Span<T> x)
    {
        Span<T> v = lanczos.Span, vOld = previousLanczos.Span, q = product.Span, w = direction.Span, wOld = previousDirection.Span;
        vOld.Clear();
        w.Clear();
        wOld.Clear();
        q.CopyTo(v);
        Vectors.Scale(v, 1 / beta);
        double phi = beta, c = -1, s = 0, deltaBar = 0, epsilon = 0;
        beta = 0;
        int keptAt = used;
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
            double root = Math.Sqrt((gammaBar * gammaBar) + (deltaBar * deltaBar));
            if (root <= LeastSquaresThreshold * gain)
            {
                keptIsLeastSquares = true;
                return End.LeastSquares;
            }

            if (root <= Math.Sqrt(Numbers<T>.Epsilon) * gain && (!keptIsLeastSquares || phi <= keptSize / 2))
            {
                // vOld is free here: it is overwritten before its next use
                double actual = Residual(a, damping, b, x, vOld);
                if (!(actual <= 2 * phi))
                {
                    return keptIsLeastSquares ? End.LeastSquares : End.Claimed;
                }

                Keep(x, actual, true);
                keptAt = used;
            }
            else if (keptIsLeastSquares && used - keptAt > Patience + a.Coordinates.Count)
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

    private void Keep(ReadOnlySpan<T> x, double size, bool isLeastSquares)
    {
        x.CopyTo(before.Span);
        keptSize = size;
        keptIsLeastSquares = isLeastSquares;
    }

    private enum End
    {
        Claimed,
        LeastSquares,
        NonFinite,
    }
}
