using System.Numerics;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>
/// What columns of the Hessian share whose unit vectors lie at or behind the last hidden layer q of a network with a scalar head w: the slopes
/// φ′(h) ∘ w of the output with respect to layer q's pre-activation, and their product with layer q's transposed weight.
/// </summary>
internal sealed unsafe class HessianColumnRoom<T>(Layer[] layers, int rows, IEnumerable<int> rowsOfWorkers)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FlatVector<T> slopes = new(rows * layers[^2].OutStride);
    private readonly FlatVector<T> slopesBelow = new(layers.Length > 2 ? rows * layers[^2].InStride : 0);
    private readonly FlatVector<T>[] movingUnits = [.. rowsOfWorkers.Select(count => new FlatVector<T>(count))];
    private readonly FlatVector<T>[] extras = [.. rowsOfWorkers.Select(count => new FlatVector<T>(count))];

    public T* Slopes(int row) => slopes.Pointer + ((nint)row * layers[^2].OutStride);

    public T* SlopesBelow(int row) => slopesBelow.Pointer + ((nint)row * layers[^2].InStride);

    /// <summary>Per row: the tangent of the one hidden unit that the unit vector moves.</summary>
    public T* MovingUnit(int worker) => movingUnits[worker].Pointer;

    /// <summary>Per row: what is added to that unit's RΔ besides its share of the slopes.</summary>
    public T* Extra(int worker) => extras[worker].Pointer;
}

/// <summary>A unit vector of the parameters at or behind the last hidden layer.</summary>
/// <param name="Unit">The hidden unit it concerns; −1 for the head's bias.</param>
/// <param name="Input">For a weight of the hidden layer: which input it weighs; −1 for a bias.</param>
/// <param name="InHead">Whether the parameter belongs to the head.</param>
internal readonly record struct LateUnitVector(int Unit, int Input, bool InHead)
{
    /// <summary>Reads a storage position; null if the parameter lies in an earlier layer.</summary>
    public static LateUnitVector? At(Layer[] layers, int position)
    {
        Layer head = layers[^1], hidden = layers[^2];
        if (position >= head.Bias)
        {
            return new LateUnitVector(-1, -1, InHead: true);
        }

        if (position >= head.Weight)
        {
            return new LateUnitVector(position - head.Weight, -1, InHead: true);
        }

        if (position >= hidden.Bias)
        {
            return new LateUnitVector(position - hidden.Bias, -1, InHead: false);
        }

        int within = position - hidden.Weight;
        return within >= 0 ? new LateUnitVector(within % hidden.OutStride, within / hidden.OutStride, InHead: false) : null;
    }
}
