using System.Numerics;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>What second derivatives that involve the inputs need: a backward pass of one chunk per worker, and a direction transposed.</summary>
internal sealed class InputSecondOrderRoom<T>(Layer[] layers, IEnumerable<int> rowsOfWorkers)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Of each worker, for the chunk in progress.</summary>
    public BackwardRecord<T>[] Records { get; } = [.. rowsOfWorkers.Select(rows => new BackwardRecord<T>(layers, rows))];

    /// <summary>Transposed weights of the direction of the product in progress.</summary>
    public WeightTransposes<T> DirectionTransposes { get; } = new(layers);
}
