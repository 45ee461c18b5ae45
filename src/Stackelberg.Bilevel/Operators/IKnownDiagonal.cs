using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>
/// An operator that gives its diagonal at less than one product per coordinate. Jacobi preconditioning and blocks of side 1 ask for it;
/// without it they multiply every unit vector.
/// </summary>
public interface IKnownDiagonal<T> : ILinearOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>result ← diag A; zero at padding.</summary>
    void Diagonal(Span<T> result);
}
