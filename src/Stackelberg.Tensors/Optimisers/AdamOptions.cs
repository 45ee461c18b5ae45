namespace Stackelberg.Tensors.Optimisers;

/// <summary>Hyperparameters of <see cref="Adam{T}"/>.</summary>
/// <param name="Beta1">Decay of the first moment, in [0, 1).</param>
/// <param name="Beta2">Decay of the second moment, in [0, 1).</param>
/// <param name="Epsilon">Added to the root of the second moment, above 0.</param>
public readonly record struct AdamOptions(double Beta1, double Beta2, double Epsilon)
{
    /// <summary>0.9, 0.999, 1e-8.</summary>
    public static AdamOptions Default => new(0.9, 0.999, 1e-8);
}
