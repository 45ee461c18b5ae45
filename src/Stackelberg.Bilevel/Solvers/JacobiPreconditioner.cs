using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>M = |diag(A + λI)|, with 1 in place of zeros: the absolute value keeps M positive definite for indefinite operators.</summary>
public sealed class JacobiPreconditioner<T> : IPreconditioner<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private FlatVector<T> inverse = new(0), unit = new(0), image = new(0);

    /// <inheritdoc/>
    public SolveStatus? Prepare(ILinearOperator<T> a, double damping)
    {
        if (inverse.Length != a.Dimension)
        {
            inverse = new FlatVector<T>(a.Dimension);
            unit = new FlatVector<T>(a.Dimension);
            image = new FlatVector<T>(a.Dimension);
        }

        Span<T> m = inverse.Span;
        DiagonalExtraction.Extract(a, m, unit.Span, image.Span);
        for (int i = 0; i < m.Length; i++)
        {
            double entry = Math.Abs(double.CreateTruncating(m[i]) + damping);
            // padding gets some value too; what it multiplies there is zero
            m[i] = T.CreateTruncating(entry == 0 ? 1 : 1 / entry);
        }

        return Vectors.AllFinite<T>(m) ? null : SolveStatus.NonFinite;
    }

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<T> r, Span<T> z) => Vectors.Multiply(inverse.Span, r, z);
}
