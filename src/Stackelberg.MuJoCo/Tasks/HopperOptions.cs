using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>
/// Constants of <see cref="Hopper"/>. Defaults: weights 1 (forward), 0.001 (control) and 1 (healthy), heights above 0.7 m, noise 0.005.
/// </summary>
public sealed record HopperOptions() : WalkingOptions(
    ctrlCostWeight: 1e-3, resetNoiseScale: 5e-3, healthyZRange: (0.7, double.PositiveInfinity))
{
    /// <summary>Open interval for every coordinate and velocity but the position along the floor and the height.</summary>
    [Option("open interval for coordinates and velocities but the position and the height")]
    public (double Low, double High) HealthyStateRange { get; init => field = OptionChecks.Interval(value); } = (-100, 100);

    /// <summary>Open interval for the torso's pitch, in radians.</summary>
    [Option("open interval for the torso's pitch, rad")]
    public (double Low, double High) HealthyAngleRange { get; init => field = OptionChecks.Interval(value); } = (-0.2, 0.2);
}
