using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>What is known of a linear operator. Solvers refuse operators whose declared properties they cannot handle.</summary>
[Flags]
public enum OperatorProperties
{
    /// <summary>Nothing: possibly not symmetric, such as the Jacobian of a temporal-difference update.</summary>
    None = 0,

    /// <summary>A = Aᵀ.</summary>
    Symmetric = 1,

    /// <summary>xᵀAx ≥ 0 for all x; implies <see cref="Symmetric"/>.</summary>
    PositiveSemidefinite = 2 | Symmetric,

    /// <summary>Nonzero on the diagonal only; implies <see cref="Symmetric"/>.</summary>
    Diagonal = 4 | Symmetric,
}

/// <summary>A square linear map known by its products.</summary>
/// <remarks>
/// Vectors have <see cref="Dimension"/> elements of storage, of which those in <see cref="Coordinates"/> are real and the others zero;
/// products keep them zero.
/// </remarks>
public interface ILinearOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements of a vector, padding included.</summary>
    int Dimension { get; }

    /// <summary>The real coordinates.</summary>
    CoordinateMap Coordinates { get; }

    /// <summary>What is guaranteed.</summary>
    OperatorProperties Properties { get; }

    /// <summary>Whether <see cref="MultiplyTransposed"/> can be called.</summary>
    bool HasTransposed => true;

    /// <summary>result ← A x. The spans do not overlap.</summary>
    void Multiply(ReadOnlySpan<T> x, Span<T> result);

    /// <summary>result ← Aᵀ x; for symmetric operators the same as <see cref="Multiply"/>.</summary>
    /// <exception cref="NotSupportedException">The operator is not symmetric and has no transposed product.</exception>
    void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result);
}
