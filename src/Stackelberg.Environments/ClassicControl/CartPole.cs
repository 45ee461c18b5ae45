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
    public CartPoleIntegrator Integrator { get; init; } = CartPoleIntegrator.Euler;

    /// <summary>Reward 0 per step and −1 at termination, as in Sutton and Barto's book, instead of 1 per step.</summary>
    public bool SuttonBartoReward { get; init; }

    /// <summary>Lower bound of the four uniform numbers an episode starts from.</summary>
    public double ResetLow { get; init; } = -0.05;

    /// <summary>Upper bound of the four uniform numbers an episode starts from.</summary>
    public double ResetHigh { get; init; } = 0.05;
}

/// <summary>
/// A pole on a cart, pushed left or right with a fixed force: Gymnasium's <c>CartPole</c>, computed in the same order of operations, so that
/// equal states and actions give equal bits.
/// </summary>
/// <remarks>
/// Barto, Sutton and Anderson, "Neuronlike adaptive elements that can solve difficult learning control problems", 1983. Observation: cart
/// position (m), cart velocity (m/s), pole angle (rad, 0 upright), angular velocity (rad/s), each rounded to single precision as Gymnasium
/// returns it while the dynamics stay in double. Action: 0 pushes left, 1 right. The time limit is the wrapper's affair.
/// </remarks>
public sealed class CartPole : IEnvironment
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
    private RandomStream random = StreamOf(0);
    private double position, velocity, angle, angularVelocity;
    private bool running;

    /// <summary>A cart-pole without time limit.</summary>
    /// <exception cref="ArgumentException">The reset bounds are not finite or in the wrong order, or the integrator is none of the named.</exception>
    public CartPole(CartPoleOptions? options = null, EnvironmentSpec? spec = null)
    {
        this.options = options ?? new CartPoleOptions();
        Spec = spec ?? new EnvironmentSpec("CartPole", null, null) { Description = ClassicControl.CartPoleDescription };
        if (!double.IsFinite(this.options.ResetLow) || !double.IsFinite(this.options.ResetHigh) || this.options.ResetLow > this.options.ResetHigh)
        {
            throw new ArgumentException(
                $"Reset bounds {this.options.ResetLow} and {this.options.ResetHigh} are not a finite interval; give ResetLow <= ResetHigh.",
                nameof(options));
        }

        if (!Enum.IsDefined(this.options.Integrator))
        {
            throw new ArgumentException($"Unknown integrator {this.options.Integrator}; use Euler or SemiImplicitEuler.", nameof(options));
        }
    }

    /// <inheritdoc/>
    public EnvironmentSpec Spec { get; }

    /// <inheritdoc/>
    /// <remarks>Position and angle are bounded by twice the limits at which an episode terminates, so that the final observation is inside.</remarks>
    public Space ObservationSpace { get; } = new BoxSpace(
        [-(float)(2 * PositionLimit), double.NegativeInfinity, -(float)(2 * AngleLimit), double.NegativeInfinity],
        [(float)(2 * PositionLimit), double.PositiveInfinity, (float)(2 * AngleLimit), double.PositiveInfinity]);

    /// <inheritdoc/>
    public Space ActionSpace { get; } = new DiscreteSpace(2);

    /// <inheritdoc/>
    public void Reset(ulong? seed, Span<double> observation)
    {
        RequireLength(observation);
        if (seed is ulong value)
        {
            random = StreamOf(value);
        }

        position = random.NextUniform(options.ResetLow, options.ResetHigh);
        velocity = random.NextUniform(options.ResetLow, options.ResetHigh);
        angle = random.NextUniform(options.ResetLow, options.ResetHigh);
        angularVelocity = random.NextUniform(options.ResetLow, options.ResetHigh);
        running = true;
        Observe(observation);
    }

    /// <inheritdoc/>
    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        RequireLength(observation);
        if (!running)
        {
            throw EnvironmentException.NoEpisodeRunning(Spec.Id);
        }

        if (action.Length != 1 || (action[0] != 0 && action[0] != 1))
        {
            throw EnvironmentException.InvalidAction(Spec.Id, ActionSpace, action);
        }

        Advance(action[0] == 1 ? ForceMagnitude : -ForceMagnitude);
        Observe(observation);
        bool terminated = position < -PositionLimit || position > PositionLimit || angle < -AngleLimit || angle > AngleLimit;
        running = !terminated;
        double reward = options.SuttonBartoReward ? (terminated ? -1.0 : 0.0) : 1.0;
        return new StepResult(reward, terminated, false);
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.WriteArray("dynamics", [position, velocity, angle, angularVelocity]);
        writer.Write("running", running);
        writer.Write("random", random);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        Span<double> dynamics = stackalloc double[4];
        reader.ReadArray("dynamics", dynamics);
        (position, velocity, angle, angularVelocity) = (dynamics[0], dynamics[1], dynamics[2], dynamics[3]);
        running = reader.ReadBoolean("running");
        reader.Read("random", random);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // Florian, "Correct equations for the dynamics of the cart-pole system", 2007, equations 23 and 24 without friction. The grouping of
    // every product and quotient is the reference's: another grouping rounds differently.
    private void Advance(double force)
    {
        double cosine = Math.Cos(angle);
        double sine = Math.Sin(angle);
        double common = (force + (PoleMassLength * (angularVelocity * angularVelocity) * sine)) / TotalMass;
        double angularAcceleration = ((Gravity * sine) - (cosine * common)) /
            (HalfPoleLength * ((4.0 / 3.0) - (PoleMass * (cosine * cosine) / TotalMass)));
        double acceleration = common - (PoleMassLength * angularAcceleration * cosine / TotalMass);

        if (options.Integrator == CartPoleIntegrator.Euler)
        {
            position += TimeStep * velocity;
            velocity += TimeStep * acceleration;
            angle += TimeStep * angularVelocity;
            angularVelocity += TimeStep * angularAcceleration;
        }
        else
        {
            velocity += TimeStep * acceleration;
            position += TimeStep * velocity;
            angularVelocity += TimeStep * angularAcceleration;
            angle += TimeStep * angularVelocity;
        }
    }

    private static RandomStream StreamOf(ulong seed) => RandomStream.FromSeed(seed).Split("environment");

    private void Observe(Span<double> observation)
    {
        observation[3] = (float)angularVelocity;
        observation[2] = (float)angle;
        observation[1] = (float)velocity;
        observation[0] = (float)position;
    }

    private void RequireLength(Span<double> observation)
    {
        if (observation.Length != 4)
        {
            throw EnvironmentException.WrongObservationLength(Spec.Id, ObservationSpace, observation.Length);
        }
    }
}
