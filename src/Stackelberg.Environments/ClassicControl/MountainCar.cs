using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>A car too weak for a hill is to swing up by momentum, pushed left, not at all or right: Gymnasium's <c>MountainCar</c>.</summary>
/// <remarks>
/// Moore, "Efficient memory-based learning for robot control", 1990. Observation: position, velocity. Action: 0 pushes left, 1 not, 2 right.
/// Reward: −1 per step. Terminated at position 0.5 with at least the goal velocity. Dynamics: position, velocity, in double throughout.
/// </remarks>
public sealed class MountainCar : MountainCarEnvironment
{
    private const double Force = 0.001;
    private const double Gravity = 0.0025;

    /// <summary>A mountain car without time limit.</summary>
    /// <exception cref="ArgumentException">The reset bounds are no finite interval, or the goal velocity is NaN.</exception>
    public MountainCar(MountainCarOptions? options = null, EnvironmentSpec? spec = null)
        : base(options, spec ?? ClassicControl.MountainCarV0 with { Id = "MountainCar", MaxEpisodeSteps = null }, new DiscreteSpace(3), 0.5)
    {
    }

    private protected override (double Reward, bool Terminated) Advance(
        Span<double> dynamics, ReadOnlySpan<double> action, RandomStream random) =>
        (-1.0, Move(dynamics, dynamics[1] + (((action[0] - 1) * Force) + (Math.Cos(3 * dynamics[0]) * -Gravity))));
}
