using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>Options of <see cref="MountainCar"/> and <see cref="MountainCarContinuous"/>; the defaults are Gymnasium's.</summary>
public sealed record MountainCarOptions
{
    /// <summary>Velocity at least needed at the goal.</summary>
    [Option("velocity at least needed at the goal")]
    public double GoalVelocity { get; init; }

    /// <summary>Lower bound of the uniform position an episode starts from.</summary>
    [Option("lower bound of the uniform position an episode starts from")]
    public double ResetLow { get; init; } = -0.6;

    /// <summary>Upper bound of the uniform position an episode starts from.</summary>
    [Option("upper bound of it")]
    public double ResetHigh { get; init; } = -0.4;
}
