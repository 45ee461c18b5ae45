using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>The mountain car with a continuous force, which costs: Gymnasium's <c>MountainCarContinuous</c>.</summary>
/// <remarks>
/// Observation: position, velocity. Action: force, clipped to [−1, 1] by the dynamics, while the cost counts it as given. Reward: −0.1 a², and 100 more
/// for the step that reaches position 0.45 with at least the goal velocity, which terminates. Dynamics: position, velocity. As in Gymnasium they are
/// rounded to single precision after every step, but not at the start; within a step they are in double, as under NumPy before version 2.
/// </remarks>
public sealed class MountainCarContinuous : MountainCarEnvironment
{
    private const double Power = 0.0015;
    private const double Gravity = 0.0025;

    /// <summary>A mountain car without time limit.</summary>
    /// <exception cref="ArgumentException">The reset bounds are no finite interval, or the goal velocity is NaN.</exception>
    public MountainCarContinuous(MountainCarOptions? options = null, EnvironmentSpec? spec = null)
        : base(
            options,
            spec ?? ClassicControl.MountainCarContinuousV0 with { Id = "MountainCarContinuous", MaxEpisodeSteps = null },
            new BoxSpace(1, -1, 1),
            0.45)
    {
    }

    private protected override (double Reward, bool Terminated) Advance(
        Span<double> dynamics, ReadOnlySpan<double> action, RandomStream random)
    {
        double cost = Math.Pow(action[0], 2) * 0.1;
        if (!double.IsFinite(cost))
        {
            throw new EnvironmentException(
                $"{Spec.Id}: the action {action[0]} costs 0.1 a², which is beyond the largest number. Clip actions to {ActionSpace}.");
        }

        double force = Math.Clamp(action[0], -1.0, 1.0);
        bool terminated = Move(dynamics, dynamics[1] + ((force * Power) - (Gravity * Math.Cos(3 * dynamics[0]))));
        (dynamics[0], dynamics[1]) = ((float)dynamics[0], (float)dynamics[1]);
        return ((terminated ? 100.0 : 0.0) - cost, terminated);
    }
}
