using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// Remembers the iterate of the smallest residual, x = 0 among them: the residual of conjugate gradients goes up and down, and before a direction of
/// non-positive curvature it can be far above that of zero.
/// </summary>
internal sealed class BestIterate<T>(int length)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FlatVector<T> best = new(length);
    private double smallest;

    /// <summary>Begins with x = 0.</summary>
    /// <param name="norm">‖b‖, its residual.</param>
    public void Begin(double norm)
    {
        best.Clear();
        smallest = norm;
    }

    /// <summary>Takes the next iterate.</summary>
    /// <param name="residual">Norm of its residual.</param>
    public void See(ReadOnlySpan<T> x, double residual)
    {
        if (residual < smallest)
        {
            x.CopyTo(best.Span);
            smallest = residual;
        }
    }

    /// <summary>x ← the best one, or 0 if its true residual, which recurrences can be wrong about, is larger than that of 0.</summary>
    /// <param name="r">Storage for the residual.</param>
    /// <returns>Norm of the residual.</returns>
    public double Restore(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, double norm, Span<T> x, Span<T> r)
    {
        best.Span.CopyTo(x);
        double size = LinearSolver<T>.Residual(a, damping, b, x, r);
        if (size <= norm)
        {
            return size;
        }

        x.Clear();
        return norm;
    }
}
