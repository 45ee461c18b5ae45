using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>An operator that gives columns at less than one product each. Nyström approximations ask for it; without it they multiply unit vectors.</summary>
public interface IKnownColumns<T> : ILinearOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>result ← A e for every unit vector e asked for, one column after the other.</summary>
    /// <param name="positions">Positions in storage, each of a real coordinate; one may come up more than once.</param>
    /// <param name="result">As many times <see cref="ILinearOperator{T}.Dimension"/> elements as there are positions; padding becomes zero.</param>
    void Columns(ReadOnlySpan<int> positions, Span<T> result);
}
