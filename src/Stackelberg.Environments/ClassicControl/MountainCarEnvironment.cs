using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>What the two mountain car tasks share: track, start and goal.</summary>
public abstract class MountainCarEnvironment : ClassicControlEnvironment
{
    private const double LowestPosition = -1.2;
    private const double HighestPosition = 0.6;
    private const double SpeedLimit = 0.07;

    private readonly MountainCarOptions options;
    private readonly double goal;

    private protected MountainCarEnvironment(MountainCarOptions? options, EnvironmentSpec spec, Space actionSpace, double goal)
        : base(
            spec,
            2,
            new BoxSpace([(float)LowestPosition, -(float)SpeedLimit], [(float)HighestPosition, (float)SpeedLimit]),
            actionSpace)
    {
        this.goal = goal;
        this.options = options ?? new MountainCarOptions();
        RequireInterval(this.options.ResetLow, this.options.ResetHigh);
        if (double.IsNaN(this.options.GoalVelocity))
        {
            throw new ArgumentException("The goal velocity is NaN; give a number.", nameof(options));
        }
    }

    private protected override bool ObservesDynamics => true;

    /// <inheritdoc/>
    /// <remarks>The task has no clock of its own; thirty steps are shown as a second.</remarks>
    public override SceneDescription Scene { get; } = new("mountain-car", 2, 1.0 / 30);

    private protected override void SampleStart(RandomStream random, Span<double> dynamics)
    {
        dynamics[0] = random.NextUniform(options.ResetLow, options.ResetHigh);
        dynamics[1] = 0;
    }

    /// <summary>Moves the car with a new velocity, stops it at the left wall, and says whether it is at the goal.</summary>
    private protected bool Move(Span<double> dynamics, double velocity)
    {
        velocity = Math.Clamp(velocity, -SpeedLimit, SpeedLimit);
        double position = Math.Clamp(dynamics[0] + velocity, LowestPosition, HighestPosition);
        if (position == LowestPosition && velocity < 0)
        {
            velocity = 0;
        }

        (dynamics[0], dynamics[1]) = (position, velocity);
        return position >= goal && velocity >= options.GoalVelocity;
    }

    private protected override void Observe(ReadOnlySpan<double> dynamics, Span<double> observation)
    {
        observation[0] = (float)dynamics[0];
        observation[1] = (float)dynamics[1];
    }
}
