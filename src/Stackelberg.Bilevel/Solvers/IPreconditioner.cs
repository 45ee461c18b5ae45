using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>A symmetric positive definite M⁻¹ close to (A + λI)⁻¹ and cheap to apply.</summary>
public interface IPreconditioner<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Builds M for this operator. The operator products it takes are not iterations of the solver.</summary>
    /// <returns>Null when M⁻¹ is ready; otherwise the status the solve ends with, such as <see cref="SolveStatus.NonFinite"/>.</returns>
    SolveStatus? Prepare(ILinearOperator<T> a, double damping);

    /// <summary>How many of the columns of A that the last <see cref="Prepare"/> sampled are exactly zero; null for those who sample none.</summary>
    int? ZeroColumns => null;

    /// <summary>z ← M⁻¹ r.</summary>
    void Apply(ReadOnlySpan<T> r, Span<T> z);
}
