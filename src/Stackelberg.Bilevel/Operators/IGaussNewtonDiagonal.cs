using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>
/// A second derivative that gives the diagonal of the Gauss-Newton matrix in its place, at less than one product per coordinate. Nyström approximations with
/// <see cref="NystromColumns.GaussNewton"/> draw by it.
/// </summary>
public interface IGaussNewtonDiagonal<T> : ILinearOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>result ← that diagonal, each element at least 0; zero at padding.</summary>
    void GaussNewtonDiagonal(Span<T> result);
}
