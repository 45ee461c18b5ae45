namespace Stackelberg.MuJoCo.Tasks;

/// <summary>Constants of <see cref="Hopper"/>, named as Gymnasium's constructor arguments; the defaults are those of <c>Hopper-v4</c>.</summary>
public sealed record HopperOptions
{
    /// <summary>Reward per metre per second of forward speed.</summary>
    public double ForwardRewardWeight { get; init; } = 1;

    /// <summary>Cost per squared unit of action.</summary>
    public double CtrlCostWeight { get; init; } = 1e-3;

    /// <summary>Reward per step for not having fallen.</summary>
    public double HealthyReward { get; init; } = 1;

    /// <summary>Whether leaving the healthy ranges ends the episode. If so, the last step gets the healthy reward too, as in Gymnasium's version 4.</summary>
    public bool TerminateWhenUnhealthy { get; init; } = true;

    /// <summary>Open interval for every coordinate and velocity but the position along the floor and the height.</summary>
    public (double Low, double High) HealthyStateRange { get; init; } = (-100, 100);

    /// <summary>Open interval for the torso's height, in metres.</summary>
    public (double Low, double High) HealthyZRange { get; init; } = (0.7, double.PositiveInfinity);

    /// <summary>Open interval for the torso's pitch, in radians.</summary>
    public (double Low, double High) HealthyAngleRange { get; init; } = (-0.2, 0.2);

    /// <summary>Half width of the uniform noise on the initial coordinates and velocities; not negative.</summary>
    public double ResetNoiseScale { get; init; } = 5e-3;

    /// <summary>Whether the position along the floor is left out of the observation.</summary>
    public bool ExcludeCurrentPositionsFromObservation { get; init; } = true;
}
