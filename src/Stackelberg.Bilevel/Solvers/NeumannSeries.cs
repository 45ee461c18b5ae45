using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// <c>neumann</c>: x = α Σⱼ (I − α(A + λI))ʲ b, truncated, computed as the Richardson iteration x ← x + α(b − (A + λI)x) so that it can
/// start anywhere.
/// </summary>
/// <remarks>
/// <para>
/// Converges when ‖I − α(A + λI)‖ &lt; 1, which needs a positive definite symmetric part. Otherwise the residual grows sooner or later:
/// once it is twice the smallest one met the solve ends with <see cref="SolveStatus.Diverged"/> and the best iterate.
/// </para>
/// <para>
/// Without a step size, α = 1/L with the gain L found by power iteration from the first residual (at most 20 products, not counted as
/// iterations). It starts there because the iteration never leaves the Krylov space of that residual.
/// </para>
/// </remarks>
public sealed class NeumannSeries<T> : LinearSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int PowerIterations = 20;
    private readonly IterationControl<T> control;
    private readonly double? stepSize;
    private FlatVector<T> residual = new(0), probe = new(0), image = new(0), best = new(0);

    /// <summary>Reads iterations, tolerance and step size.</summary>
    public NeumannSeries(SolverOptions options)
    {
        if (options.StepSize is { } given && !(given > 0 && double.IsFinite(given)))
        {
            throw new ArgumentOutOfRangeException(nameof(options), given, "The step size of the Neumann series is a finite number above 0.");
        }

        control = new IterationControl<T>(options.Iterations, options.Tolerance);
        stepSize = options.StepSize;
    }

    /// <inheritdoc/>
    public override string Name => "neumann";

    /// <inheritdoc/>
    protected override void Resize(int length)
    {
        residual = new FlatVector<T>(length);
        probe = new FlatVector<T>(length);
        image = new FlatVector<T>(length);
        best = new FlatVector<T>(length);
    }

    /// <inheritdoc/>
    protected override Outcome Run(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, double norm, Span<T> x)
    {
        Span<T> r = residual.Span;
        double size = Residual(a, damping, b, x, r);
        if (!double.IsFinite(size))
        {
            return new Outcome(SolveStatus.NonFinite, 0, double.NaN);
        }

        double smallest = size;
        x.CopyTo(best.Span);
        double alpha = stepSize ?? 1 / EstimateGain(a, damping, size);
        if (!double.IsFinite(alpha))
        {
            return new Outcome(double.IsNaN(alpha) ? SolveStatus.NonFinite : SolveStatus.Breakdown, 0, double.NaN);
        }

        int budget = control.Budget(a.Coordinates.Count);
        for (int k = 0; ; k++)
        {
            if (size <= control.Tolerance * norm)
            {
                return new Outcome(SolveStatus.Converged, k, double.NaN);
            }

            if (k == budget)
            {
                return new Outcome(SolveStatus.IterationLimit, k, double.NaN);
            }

            Vectors.AddScaled(x, alpha, r);
            size = Residual(a, damping, b, x, r);
            if (!(size <= 2 * smallest))
            {
                best.Span.CopyTo(x);
                return new Outcome(double.IsFinite(size) ? SolveStatus.Diverged : SolveStatus.NonFinite, k + 1, double.NaN);
            }

            if (size < smallest)
            {
                smallest = size;
                x.CopyTo(best.Span);
            }
        }
    }

    private double EstimateGain(ILinearOperator<T> a, double damping, double size)
    {
        Span<T> v = probe.Span, av = image.Span;
        residual.Span.CopyTo(v);
        double gain = 0, length = size;
        for (int i = 0; i < PowerIterations && length > 0; i++)
        {
            Vectors.Scale(v, 1 / length);
            Multiply(a, damping, v, av);
            length = Vectors.Norm<T>(av);
            gain = double.IsNaN(length) ? length : Math.Max(gain, length);
            av.CopyTo(v);
        }

        return gain;
    }
}
