using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// <c>minres</c>: minimal residual method (Paige and Saunders 1975) for symmetric A + λI, indefinite and singular ones included.
/// </summary>
/// <remarks>
/// <para>
/// The residual never grows from one iteration to the next. When the system has no solution, x is a least-squares solution and the status
/// <see cref="SolveStatus.Singular"/>: it is given only with a proof, a vector v in the residual with ‖(A + λI)v‖ ≤ 4ε‖A + λI‖‖v‖, as the residual of a
/// regular matrix of large condition looks alike. Without one a residual that falls no further is a <see cref="SolveStatus.Breakdown"/>. Convergence
/// is believed only after the residual has been recomputed from its definition.
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
    private const int Purifications = 3;

    // what is left of a residual that lies in the range is rounding
    private const double SmallestShare = 1e-3;
    private static readonly double NullThreshold = 4 * Numbers<T>.Epsilon;
    private readonly IterationControl<T> control;
    private FlatVector<T> lanczos = new(0), previousLanczos = new(0), product = new(0);
    private FlatVector<T> direction = new(0), previousDirection = new(0), before = new(0), witness = new(0), image = new(0), shadow = new(0);
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
        witness = new FlatVector<T>(length);
        image = new FlatVector<T>(length);
        shadow = new FlatVector<T>(length);
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
        Stop end = Stop.Claimed;
        Outcome End(SolveStatus status) => new(status, used, smallestCurvature) { MatrixNorm = gain };
        while (true)
        {
            double size = Residual(a, damping, b, x, product.Span);
            if (end != Stop.NonFinite && size <= target)
            {
                return End(SolveStatus.Converged);
            }

            bool grew = !(size <= keptSize);
            if (keptIsLeastSquares && (grew || end == Stop.LeastSquares))
            {
                if (grew)
                {
                    before.Span.CopyTo(x);
                }

                return End(IsProvenSingular(a, damping, b, x, budget, ref used) ? SolveStatus.Singular : SolveStatus.Breakdown);
            }

            if (!double.IsFinite(size) || end == Stop.NonFinite)
            {
                return End(SolveStatus.NonFinite);
            }

            if (used == budget || size > start / 2)
            {
                if (grew)
                {
                    before.Span.CopyTo(x);
                }

                return End(used == budget ? SolveStatus.IterationLimit : SolveStatus.Breakdown);
            }

            start = size;
            Keep(x, size, false);
            end = Cycle(a, damping, b, size, target, budget, ref used, x);
        }
    }

    // One Lanczos run from the residual in 'product'. Letters as in Choi, Paige and Saunders (2011), Table 1.
    private Stop Cycle(
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
                return Stop.NonFinite;
            }

            smallestCurvature = double.IsNaN(smallestCurvature) ? alpha : Math.Min(smallestCurvature, alpha);
            gain = Math.Max(gain, double.Hypot(alpha, double.Hypot(beta, betaNext)));
            double epsilonOld = epsilon;
            double delta = (c * deltaBar) + (s * alpha);
            double gammaBar = (s * deltaBar) - (c * alpha);
            epsilon = s * betaNext;
            deltaBar = -c * betaNext;
            // ‖A r‖ / ‖r‖ of the iterate at hand: zero means that no direction reduces the residual any more
            double root = double.Hypot(gammaBar, deltaBar);
            if (root <= NullThreshold * gain)
            {
                keptIsLeastSquares = true;
                return Stop.LeastSquares;
            }

            if (root <= Math.Sqrt(Numbers<T>.Epsilon) * gain && (!keptIsLeastSquares || phi <= keptSize / 2))
            {
                // vOld is free here: it is overwritten before its next use
                double actual = Residual(a, damping, b, x, vOld);
                if (!(actual <= 2 * phi))
                {
                    return keptIsLeastSquares ? Stop.LeastSquares : Stop.Claimed;
                }

                Keep(x, actual, true);
                keptAt = used;
            }
            else if (keptIsLeastSquares && used - keptAt > Patience + a.Coordinates.Count)
            {
                return Stop.LeastSquares;
            }

            double gamma = double.Hypot(gammaBar, betaNext);
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
                return Stop.Claimed;
            }

            v.CopyTo(vOld);
            q.CopyTo(v);
            Vectors.Scale(v, 1 / beta);
        }

        return Stop.Claimed;
    }

    // A vector in the residual r whose image is rounding: r itself, or what is left of it without its part d in the range, A d = A r.
    private bool IsProvenSingular(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, ReadOnlySpan<T> x, int budget, ref int used)
    {
        Span<T> v = witness.Span, av = image.Span, d = shadow.Span;
        double size = Residual(a, damping, b, x, v);
        for (int pass = 0; size > 0 && double.IsFinite(size); pass++)
        {
            Vectors.Scale(v, 1 / size);
            Multiply(a, damping, v, av);
            double imageSize = Vectors.Norm<T>(av);
            if (imageSize <= NullThreshold * gain || pass == Purifications)
            {
                return imageSize <= NullThreshold * gain;
            }

            d.Clear();
            av.CopyTo(product.Span);
            (keptSize, keptIsLeastSquares) = (double.PositiveInfinity, false);
            Cycle(a, damping, av, imageSize, NullThreshold * gain / 4, budget, ref used, d);
            Vectors.AddScaled<T>(v, -1, d);
            size = Vectors.Norm<T>(v);
            if (!(size > SmallestShare))
            {
                return false;
            }
        }

        return false;
    }

    private void Keep(ReadOnlySpan<T> x, double size, bool isLeastSquares)
    {
        x.CopyTo(before.Span);
        keptSize = size;
        keptIsLeastSquares = isLeastSquares;
    }

    private enum Stop
    {
        Claimed,
        LeastSquares,
        NonFinite,
    }
}
