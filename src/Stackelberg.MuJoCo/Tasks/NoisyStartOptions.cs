using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>What the options of most tasks have in common. Names are Gymnasium's constructor arguments; a constant out of range is refused
/// where it is set.</summary>
public abstract record NoisyStartOptions
{
    private protected NoisyStartOptions(double resetNoiseScale) => ResetNoiseScale = resetNoiseScale;

    /// <summary>Half width of the uniform noise on the initial coordinates and velocities, or the standard deviation where the task draws
    /// velocities from a normal; not negative.</summary>
    [Option("scale of the noise on the initial coordinates and velocities", Minimum = 0)]
    public double ResetNoiseScale { get; init => field = OptionChecks.NotNegative(value); }
}
