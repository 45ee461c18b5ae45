using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>Options of <see cref="Pendulum"/>; the defaults are Gymnasium's.</summary>
public sealed record PendulumOptions
{
    /// <summary>Gravity in m/s².</summary>
    [Option("gravity, m/s²")]
    public double Gravity { get; init; } = 10.0;

    /// <summary>An episode starts from an angle uniform in ± this, in radians.</summary>
    [Option("an episode starts from an angle uniform in ± this, rad", Minimum = 0)]
    public double ResetAngle { get; init; } = Math.PI;

    /// <summary>An episode starts from an angular velocity uniform in ± this, in rad/s.</summary>
    [Option("and from an angular velocity uniform in ± this, rad/s", Minimum = 0)]
    public double ResetVelocity { get; init; } = 1.0;
}

/// <summary>A pendulum is to be swung up by a torque too weak to lift it at once, and held: Gymnasium's <c>Pendulum</c>.</summary>
/// <remarks>
/// Observation: cos θ, sin θ, angular velocity (rad/s), with θ = 0 upright. Action: torque in N·m, clipped to [−2, 2]. Reward:
/// −(θ² + 0.1 ω² + 0.001 u²) of the state before the step, θ taken in [−π, π). It never terminates. Dynamics: θ (unwrapped), ω. The action
/// enters in double precision, as when Gymnasium is given doubles; given singles, NumPy's version decides where it rounds.
/// </remarks>
public sealed class Pendulum : ClassicControlEnvironment
{
    private const double SpeedLimit = 8;
    private const double TorqueLimit = 2.0;
    private const double TimeStep = 0.05;
    private const double Mass = 1.0;
    private const double Length = 1.0;

    private readonly PendulumOptions options;

    /// <summary>A pendulum without time limit.</summary>
    /// <exception cref="ArgumentException">An option is not finite, or a reset bound is negative.</exception>
    public Pendulum(PendulumOptions? options = null, EnvironmentSpec? spec = null)
        : base(
            spec ?? ClassicControl.PendulumV1 with { Id = "Pendulum", MaxEpisodeSteps = null },
            2,
            new BoxSpace([-1, -1, -SpeedLimit], [1, 1, SpeedLimit]),
            new BoxSpace(1, -TorqueLimit, TorqueLimit))
    {
        this.options = options ?? new PendulumOptions();
        RequireInterval(-this.options.ResetAngle, this.options.ResetAngle);
        RequireInterval(-this.options.ResetVelocity, this.options.ResetVelocity);
        if (!double.IsFinite(this.options.Gravity))
        {
            throw new ArgumentException($"Gravity is {this.options.Gravity}; give a finite number of m/s².", nameof(options));
        }
    }

    /// <inheritdoc/>
    public override SceneDescription Scene { get; } = new("pendulum", 2, TimeStep);

    private protected override void SampleStart(RandomStream random, Span<double> dynamics)
    {
        dynamics[0] = random.NextUniform(-options.ResetAngle, options.ResetAngle);
        dynamics[1] = random.NextUniform(-options.ResetVelocity, options.ResetVelocity);
    }

    // Squares go through Pow: the reference raises to powers with the C library, which need not round like a product.
    private protected override (double Reward, bool Terminated) Advance(
        Span<double> dynamics, ReadOnlySpan<double> action, RandomStream random)
    {
        (double angle, double speed) = (dynamics[0], dynamics[1]);
        double torque = Math.Clamp(action[0], -TorqueLimit, TorqueLimit);
        double cost = Math.Pow(Normalised(angle), 2) + (0.1 * Math.Pow(speed, 2)) + (0.001 * Math.Pow(torque, 2));
        double acceleration = (3 * options.Gravity / (2 * Length) * Math.Sin(angle)) + (3.0 / (Mass * (Length * Length)) * torque);
        dynamics[1] = Math.Clamp(speed + (acceleration * TimeStep), -SpeedLimit, SpeedLimit);
        dynamics[0] = angle + (dynamics[1] * TimeStep);
        return (-cost, false);
    }

    private protected override void Observe(ReadOnlySpan<double> dynamics, Span<double> observation)
    {
        observation[0] = (float)Math.Cos(dynamics[0]);
        observation[1] = (float)Math.Sin(dynamics[0]);
        observation[2] = (float)dynamics[1];
    }

    // The remainder has the divisor's sign, as in Python.
    private static double Normalised(double angle)
    {
        double remainder = (angle + Math.PI) % (2 * Math.PI);
        return (remainder < 0 ? remainder + (2 * Math.PI) : remainder) - Math.PI;
    }
}
