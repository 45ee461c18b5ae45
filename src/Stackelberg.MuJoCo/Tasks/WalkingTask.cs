using Stackelberg.Environments;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>A task that rewards moving forward without falling.</summary>
public abstract class WalkingTask : LocomotionTask
{
    private const double LargestObservedVelocity = 10;

    private readonly WalkingOptions options;

    private protected WalkingTask(
        EnvironmentSpec spec, string model, int frameSkip, int observationSize, int hiddenPositions, WalkingOptions options,
        bool needsContactForces = false)
        : base(spec, model, frameSkip, observationSize, hiddenPositions, options, needsContactForces) => this.options = options;

    /// <summary>Whether the robot has not fallen.</summary>
    protected abstract bool IsHealthy { get; }

    /// <inheritdoc/>
    protected sealed override (double Reward, bool Terminated) Evaluate(ReadOnlySpan<double> action)
    {
        bool healthy = IsHealthy;
        double healthyReward = healthy || options.TerminateWhenUnhealthy ? options.HealthyReward : 0;
        return (TakeForwardReward() + healthyReward - Cost(action), options.TerminateWhenUnhealthy && !healthy);
    }

    /// <summary>Whether a value lies in the open interval.</summary>
    protected static bool Inside((double Low, double High) range, double value) => value > range.Low && value < range.High;

    /// <summary>Clips the velocities at the end of an observation to ±10.</summary>
    protected void ClipVelocities(Span<double> observation)
    {
        Span<double> velocities = observation[^Model.Nv..];
        Clip(velocities, -LargestObservedVelocity, LargestObservedVelocity, velocities);
    }
}
