using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>
/// Constants of <see cref="Walker2d"/>. Defaults: weights 1 (forward), 0.001 (control) and 1 (healthy), heights in (0.8, 2) m, noise 0.005.
/// </summary>
public sealed record Walker2dOptions() : WalkingOptions(ctrlCostWeight: 1e-3, resetNoiseScale: 5e-3, healthyZRange: (0.8, 2))
{
    /// <summary>Open interval for the torso's pitch, in radians.</summary>
    [Option("open interval for the torso's pitch, rad")]
    public (double Low, double High) HealthyAngleRange { get; init => field = OptionChecks.Interval(value); } = (-1, 1);
}
