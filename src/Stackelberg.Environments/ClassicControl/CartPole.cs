using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>How <see cref="CartPole"/> advances positions.</summary>
public enum CartPoleIntegrator
{
    /// <summary>Explicit Euler: positions advance with the old velocities. Gymnasium's default.</summary>
    Euler,

    /// <summary>Semi-implicit Euler: positions advance with the new velocities.</summary>
    SemiImplicitEuler,
}

/// <summary>Options of <see cref="CartPole"/>; the defaults are Gymnasium's.</summary>
public sealed record CartPoleOptions
{
    /// <summary>How positions advance.</summary>
    [Option("how positions advance")]
    public CartPoleIntegrator Integrator { get; init; } = CartPoleIntegrator.Euler;

    /// <summary>Reward 0 per step and −1 at termination, as in Sutton and Barto's book, instead of 1 per step.</summary>
    [Option("reward 0 per step and -1 at termination instead of 1 per step")]
    public bool SuttonBartoReward { get; init; }

    /// <summary>Lower bound of the four uniform numbers an episode starts from.</summary>
    [Option("lower bound of the four uniform numbers an episode starts from")]
    public double ResetLow { get; init; } = -0.05;

    /// <summary>Upper bound of the four uniform numbers an episode starts from.</summary>
    [Option("upper bound of them")]
    public double ResetHigh { get; init; } = 0.05;
}

/// <summary>
/// A pole on a cart, pushed left or right with a fixed force: Gymnasium's <c>CartPole</c>, computed in the same order of operations, so that
/// equal states and actions give equal bits.
/// </summary>
/// <remarks>
/// Barto, Sutton and Anderson, "Neuronlike adaptive elements that can solve difficult learning control problems", 1983. Observation: cart
/// position (m), cart velocity (m/s), pole angle (rad, 0 upright), angular velocity (rad/s), each rounded to single precision as Gymnasium
/// returns it while the dynamics stay in double. Action: 0 pushes left, 1 right. Dynamics: the same four numbers. Reward: 1 per step, the terminating one
/// included, and 0 in every later step beyond the limits when the episode is made to go on.
/// </remarks>
public sealed class CartPole : ClassicControlEnvironment
{
    private const double Gravity = 9.8;
    private const double CartMass = 1.0;
    private const double PoleMass = 0.1;
    private const double TotalMass = PoleMass + CartMass;
    private const double HalfPoleLength = 0.5;
    private const double PoleMassLength = PoleMass * HalfPoleLength;
    private const double ForceMagnitude = 10.0;
    private const double TimeStep = 0.02;
    private const double AngleLimit = 12 * 2 * Math.PI / 360;
    private const double PositionLimit = 2.4;

    private readonly CartPoleOptions options;

    /// <summary>A cart-pole without time limit.</summary>
    /// <exception cref="ArgumentException">The reset bounds are not finite or in the wrong order, or the integrator is none of the named.</exception>
    public CartPole(CartPoleOptions? options = null, EnvironmentSpec? spec = null)
        : base(
            spec ?? new EnvironmentSpec("CartPole", null, null) { Description = ClassicControl.CartPoleDescription },
            4,
            new BoxSpace(
                [-(float)(2 * PositionLimit), double.NegativeInfinity, -(float)(2 * AngleLimit), double.NegativeInfinity],
                [(float)(2 * PositionLimit), double.PositiveInfinity, (float)(2 * AngleLimit), double.PositiveInfinity]),
            new DiscreteSpace(2))
    {
        this.options = options ?? new CartPoleOptions();
        RequireInterval(this.options.ResetLow, this.options.ResetHigh);
        if (!Enum.IsDefined(this.options.Integrator))
        {
            throw new ArgumentException($"Unknown integrator {this.options.Integrator}; use Euler or SemiImplicitEuler.", nameof(options));
        }
    }

    private protected override bool ObservesDynamics => true;

    /// <inheritdoc/>
    public override SceneDescription Scene { get; } = new("cart-pole", 4, TimeStep);

    private protected override void SampleStart(RandomStream random, Span<double> dynamics)
    {
        foreach (ref double value in dynamics)
        {
            value = random.NextUniform(options.ResetLow, options.ResetHigh);
        }
    }

    // Florian, "Correct equations for the dynamics of the cart-pole system", 2007, equations 23 and 24 without friction. The grouping of
    // every product and quotient is the reference's: another grouping rounds differently.
    private protected override (double Reward, bool Terminated) Advance(
        Span<double> dynamics, ReadOnlySpan<double> action, RandomStream random)
    {
        double force = action[0] == 1 ? ForceMagnitude : -ForceMagnitude;
        (double position, double velocity, double angle, double angularVelocity) = (dynamics[0], dynamics[1], dynamics[2], dynamics[3]);
        double cosine = Math.Cos(angle);
        double sine = Math.Sin(angle);
        double common = (force + (PoleMassLength * (angularVelocity * angularVelocity) * sine)) / TotalMass;
        double angularAcceleration = ((Gravity * sine) - (cosine * common)) /
            (HalfPoleLength * ((4.0 / 3.0) - (PoleMass * (cosine * cosine) / TotalMass)));
        double acceleration = common - (PoleMassLength * angularAcceleration * cosine / TotalMass);

        double newVelocity = velocity + (TimeStep * acceleration);
        double newAngularVelocity = angularVelocity + (TimeStep * angularAcceleration);
        bool semiImplicit = options.Integrator == CartPoleIntegrator.SemiImplicitEuler;
        position += TimeStep * (semiImplicit ? newVelocity : velocity);
        angle += TimeStep * (semiImplicit ? newAngularVelocity : angularVelocity);
        (dynamics[0], dynamics[1], dynamics[2], dynamics[3]) = (position, newVelocity, angle, newAngularVelocity);

        bool terminated = position < -PositionLimit || position > PositionLimit || angle < -AngleLimit || angle > AngleLimit;
        return (options.SuttonBartoReward ? (terminated ? -1.0 : 0.0) : terminated && BeyondTermination ? 0.0 : 1.0, terminated);
    }

    private protected override void Observe(ReadOnlySpan<double> dynamics, Span<double> observation)
    {
        for (int i = 0; i < observation.Length; i++)
        {
            observation[i] = (float)dynamics[i];
        }
    }
}
