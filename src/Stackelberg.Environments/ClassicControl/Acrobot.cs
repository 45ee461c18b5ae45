using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>Which equations <see cref="Acrobot"/> follows.</summary>
public enum AcrobotEquations
{
    /// <summary>Those of Sutton and Barto's book, which Sutton's experiments used. Gymnasium's default.</summary>
    Book,

    /// <summary>Those printed in Sutton's paper (NIPS 1996), which lack the centripetal term of the first link.</summary>
    Nips,
}

/// <summary>Options of <see cref="Acrobot"/>; the defaults are Gymnasium's.</summary>
public sealed record AcrobotOptions
{
    /// <summary>Which equations of motion.</summary>
    [Option("equations of motion")]
    public AcrobotEquations Equations { get; init; } = AcrobotEquations.Book;

    /// <summary>Half width of uniform noise added to every torque, in N·m; not negative.</summary>
    [Option("half width of uniform noise on every torque, N·m", Minimum = 0)]
    public double TorqueNoise { get; init; }

    /// <summary>Lower bound of the four uniform numbers an episode starts from.</summary>
    [Option("lower bound of the four uniform numbers an episode starts from")]
    public double ResetLow { get; init; } = -0.1;

    /// <summary>Upper bound of the four uniform numbers an episode starts from.</summary>
    [Option("upper bound of them")]
    public double ResetHigh { get; init; } = 0.1;
}

/// <summary>Two links on a fixed hinge, driven at the joint between them, are to swing up: Gymnasium's <c>Acrobot</c>.</summary>
/// <remarks>
/// Sutton, "Generalization in reinforcement learning: successful examples using sparse coarse coding", 1996; Sutton and Barto 2018, section
/// 11.3 of the first edition. Observation: cos θ₁, sin θ₁, cos θ₂, sin θ₂, ω₁, ω₂ (rad/s), with θ₁ = 0 hanging down and θ₂ relative to the first
/// link. Action: torque of −1, 0 or 1 N·m. Reward: −1 per step, 0 for the step that lifts the tip above one link length over the hinge,
/// which terminates. Dynamics: θ₁, θ₂, ω₁, ω₂.
/// </remarks>
public sealed class Acrobot : ClassicControlEnvironment
{
    private const double Gravity = 9.8;
    private const double Mass = 1.0;
    private const double Length = 1.0;
    private const double CentreOfMass = 0.5;
    private const double Inertia = 1.0;
    private const double TimeStep = 0.2;
    private const double FirstSpeedLimit = 4 * Math.PI;
    private const double SecondSpeedLimit = 9 * Math.PI;
    private const double LargestAngle = 1e6;

    private readonly AcrobotOptions options;

    /// <summary>An acrobot without time limit.</summary>
    /// <exception cref="ArgumentException">The reset bounds are no finite interval, the noise is negative or not finite, or the equations are
    /// none of the named.</exception>
    public Acrobot(AcrobotOptions? options = null, EnvironmentSpec? spec = null)
        : base(
            spec ?? ClassicControl.AcrobotV1 with { Id = "Acrobot", MaxEpisodeSteps = null },
            4,
            new BoxSpace(
                [-1, -1, -1, -1, -(float)FirstSpeedLimit, -(float)SecondSpeedLimit],
                [1, 1, 1, 1, (float)FirstSpeedLimit, (float)SecondSpeedLimit]),
            new DiscreteSpace(3))
    {
        this.options = options ?? new AcrobotOptions();
        RequireInterval(this.options.ResetLow, this.options.ResetHigh);
        if (!(this.options.TorqueNoise >= 0 && double.IsFinite(this.options.TorqueNoise)))
        {
            throw new ArgumentException($"The torque noise is {this.options.TorqueNoise}; it is a finite number of at least 0.", nameof(options));
        }

        if (!Enum.IsDefined(this.options.Equations))
        {
            throw new ArgumentException($"Unknown equations {this.options.Equations}; use Book or Nips.", nameof(options));
        }
    }

    /// <inheritdoc/>
    public override SceneDescription Scene { get; } = new("acrobot", 4, TimeStep);

    // Gymnasium rounds the start, and only the start, to single precision.
    private protected override void SampleStart(RandomStream random, Span<double> dynamics)
    {
        foreach (ref double value in dynamics)
        {
            value = (float)random.NextUniform(options.ResetLow, options.ResetHigh);
        }
    }

    // The classical Runge-Kutta method, one step, with the torque held. Sums are grouped as in the reference.
    private protected override (double Reward, bool Terminated) Advance(
        Span<double> dynamics, ReadOnlySpan<double> action, RandomStream random)
    {
        double torque = action[0] - 1;
        if (options.TorqueNoise > 0)
        {
            torque += random.NextUniform(-options.TorqueNoise, options.TorqueNoise);
        }

        Motion start = new(dynamics[0], dynamics[1], dynamics[2], dynamics[3]);
        Motion k1 = Derivative(start, torque);
        Motion k2 = Derivative(start + (TimeStep / 2.0 * k1), torque);
        Motion k3 = Derivative(start + (TimeStep / 2.0 * k2), torque);
        Motion k4 = Derivative(start + (TimeStep * k3), torque);
        Motion end = start + (TimeStep / 6.0 * (k1 + (2 * k2) + (2 * k3) + k4));

        dynamics[0] = Wrap(end.Angle1);
        dynamics[1] = Wrap(end.Angle2);
        dynamics[2] = Math.Clamp(end.Speed1, -FirstSpeedLimit, FirstSpeedLimit);
        dynamics[3] = Math.Clamp(end.Speed2, -SecondSpeedLimit, SecondSpeedLimit);
        bool terminated = -Math.Cos(dynamics[0]) - Math.Cos(dynamics[1] + dynamics[0]) > 1.0;
        return (terminated ? 0.0 : -1.0, terminated);
    }

    private protected override void Observe(ReadOnlySpan<double> dynamics, Span<double> observation)
    {
        for (int i = 0; i < 2; i++)
        {
            observation[2 * i] = (float)Math.Cos(dynamics[i]);
            observation[(2 * i) + 1] = (float)Math.Sin(dynamics[i]);
            observation[4 + i] = (float)dynamics[2 + i];
        }
    }

    // Squares of what moves go through Pow: the reference raises to powers with the C library, which need not round like a product.
    private Motion Derivative(Motion s, double torque)
    {
        const double Coupling = Mass * Length * CentreOfMass;
        double cosine = Math.Cos(s.Angle2);
        double sine = Math.Sin(s.Angle2);
        double d1 = (Mass * (CentreOfMass * CentreOfMass)) +
            (Mass * ((Length * Length) + (CentreOfMass * CentreOfMass) + (2 * Length * CentreOfMass * cosine))) + Inertia + Inertia;
        double d2 = (Mass * ((CentreOfMass * CentreOfMass) + (Length * CentreOfMass * cosine))) + Inertia;
        double phi2 = Mass * CentreOfMass * Gravity * Math.Cos(s.Angle1 + s.Angle2 - (Math.PI / 2));
        double phi1 = (-Coupling * Math.Pow(s.Speed2, 2) * sine) - (2 * Coupling * s.Speed2 * s.Speed1 * sine) +
            (((Mass * CentreOfMass) + (Mass * Length)) * Gravity * Math.Cos(s.Angle1 - (Math.PI / 2))) + phi2;
        double drive = torque + (d2 / d1 * phi1);
        if (options.Equations == AcrobotEquations.Book)
        {
            drive -= Coupling * Math.Pow(s.Speed1, 2) * sine;
        }

        double acceleration2 = (drive - phi2) / ((Mass * (CentreOfMass * CentreOfMass)) + Inertia - (Math.Pow(d2, 2) / d1));
        double acceleration1 = -((d2 * acceleration2) + phi1) / d1;
        return new Motion(s.Speed1, s.Speed2, acceleration1, acceleration2);
    }

    // By whole turns one after another, which rounds as the reference does. No start within the limits needs more than a few; from where
    // a turn would drown in rounding the motion has no meaning any more.
    private static double Wrap(double angle)
    {
        if (!(Math.Abs(angle) < LargestAngle))
        {
            return double.NaN;
        }

        while (angle > Math.PI)
        {
            angle -= 2 * Math.PI;
        }

        while (angle < -Math.PI)
        {
            angle += 2 * Math.PI;
        }

        return angle;
    }

    private readonly record struct Motion(double Angle1, double Angle2, double Speed1, double Speed2)
    {
        public static Motion operator +(Motion a, Motion b) =>
            new(a.Angle1 + b.Angle1, a.Angle2 + b.Angle2, a.Speed1 + b.Speed1, a.Speed2 + b.Speed2);

        public static Motion operator *(double c, Motion a) => new(c * a.Angle1, c * a.Angle2, c * a.Speed1, c * a.Speed2);
    }
}
