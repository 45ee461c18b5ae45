using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>An operator on the parameters of a network that tells where each parameter tensor lies.</summary>
public interface IKnownTensors<T> : ILinearOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The tensors in the order of storage; together they hold every coordinate once.</summary>
    IReadOnlyList<ParameterBlock> Tensors { get; }
}
