namespace Stackelberg.Environments;

/// <summary>A car of <see cref="HighwayMerge"/>.</summary>
/// <param name="X">Position along the road in m.</param>
/// <param name="Y">Position across it in m, to the right; the main lane is at 4.</param>
/// <param name="Heading">Angle to the x-axis in rad.</param>
/// <param name="Speed">In m/s.</param>
/// <param name="TargetSpeed">The speed its controller steers to, in m/s.</param>
/// <param name="TargetLane">The lane its controller steers to: 0 main lane before, 1 beside and 2 behind the ramp; 3 ramp, 4 converging ramp, 5 merging
/// lane.</param>
/// <param name="Crashed">Whether it has hit the other.</param>
public readonly record struct HighwayVehicle(
    double X, double Y, double Heading, double Speed, double TargetSpeed, int TargetLane, bool Crashed)
{
    /// <summary>Length in m.</summary>
    public const double Length = 5;

    private const double HalfCollisionLength = 0.9 * Length / 2;
    private const double HalfCollisionWidth = 0.9 * 2 / 2;
    private const double LowestLevelSpeed = 20;
    private const double LevelStep = 10;
    private const int HighestLevel = 5;
    private const double MaximumSpeed = 70;
    private const double AccelerationTime = 0.6;
    private const double PursuitTime = 0.3;
    private const double LateralGain = 2;
    private const double HeadingGain = 5;
    private const double SteeringLimit = Math.PI / 3;

    /// <summary>Signs of the nine test points: centre, the middles of the sides, the corners.</summary>
    private static ReadOnlySpan<sbyte> PointX => [0, -1, 1, 0, 0, -1, -1, 1, 1];

    private static ReadOnlySpan<sbyte> PointY => [0, 0, 0, -1, 1, -1, 1, -1, 1];

    internal static HighwayVehicle At(double x, double y, double speed) =>
        new(x, y, 0, speed, SpeedOfLevel(Level(speed)), HighwayRoad.Nearest(x, y), false);

    /// <summary>Sets the targets for an action; the controls follow in the next <see cref="Advance"/>.</summary>
    internal HighwayVehicle Aim(HighwayAction action)
    {
        HighwayVehicle car = FollowRoad();
        switch (action)
        {
            case HighwayAction.Faster:
                return car with { TargetSpeed = SpeedOfLevel(Level(Speed) + 1) };
            case HighwayAction.Slower:
                return car with { TargetSpeed = SpeedOfLevel(Level(Speed) - 1) };
            case HighwayAction.LaneLeft or HighwayAction.LaneRight:
                int beside = HighwayRoad.Beside(car.TargetLane, action == HighwayAction.LaneLeft ? -1 : 1);
                return HighwayRoad.IsReachable(beside, X, Y) ? car with { TargetLane = beside } : car;
            default:
                return car;
        }
    }

    /// <summary>One explicit Euler step under the controller: positions and heading move with the old speed and heading.</summary>
    internal HighwayVehicle Advance(double step)
    {
        HighwayVehicle car = FollowRoad();
        double steering = Crashed ? 0 : car.Steering();
        double acceleration = Crashed ? -Speed : (TargetSpeed - Speed) / AccelerationTime;
        if (Speed > MaximumSpeed)
        {
            acceleration = Math.Min(acceleration, MaximumSpeed - Speed);
        }

        (double sine, double cosine) = Math.SinCos(Heading);
        return car with
        {
            X = X + (Speed * cosine * step),
            Y = Y + (Speed * sine * step),
            Heading = Heading + (Speed * Math.Tan(steering) / Length * step),
            Speed = Speed + (acceleration * step),
        };
    }

    /// <summary>Whether the bodies, shrunk to nine tenths, touch, by the nine points of each in the other.</summary>
    internal bool Touches(in HighwayVehicle other)
    {
        double dx = other.X - X, dy = other.Y - Y;
        return Math.Sqrt((dx * dx) + (dy * dy)) <= Length && (HasPointInside(other) || other.HasPointInside(this));
    }

    private static int Level(double speed) => Math.Clamp((int)Math.Round((speed - LowestLevelSpeed) / LevelStep), 0, HighestLevel);

    private static double SpeedOfLevel(int level) => LowestLevelSpeed + (LevelStep * Math.Clamp(level, 0, HighestLevel));

    private static double WithoutZero(double speed) => Math.Abs(speed) > 0.01 ? speed : speed >= 0 ? 0.01 : -0.01;

    // The remainder has the divisor's sign, as in Python.
    private static double Wrapped(double angle)
    {
        double remainder = (angle + Math.PI) % (2 * Math.PI);
        return (remainder < 0 ? remainder + (2 * Math.PI) : remainder) - Math.PI;
    }

    private HighwayVehicle FollowRoad() =>
        HighwayRoad.IsAfterEnd(TargetLane, X) ? this with { TargetLane = HighwayRoad.Successor(TargetLane, X, Y) } : this;

    private double Steering()
    {
        double speed = WithoutZero(Speed);
        double lateral = HighwayRoad.Lateral(TargetLane, X, Y);
        double ahead = HighwayRoad.Heading(TargetLane, X + (PursuitTime * Speed));
        double correction = Math.Asin(Math.Clamp(-LateralGain * lateral / speed, -1, 1));
        double reference = ahead + Math.Clamp(correction, -Math.PI / 4, Math.PI / 4);
        double rate = HeadingGain * Wrapped(reference - Heading);
        return Math.Clamp(Math.Atan(Length / speed * rate), -SteeringLimit, SteeringLimit);
    }

    // The turn into the other car's frame has the sign the published code gives it. The true one differs only by the sign of the heading, which is
    // small and of no consequence here; results are the published ones bit for bit only with this one.
    private bool HasPointInside(in HighwayVehicle other)
    {
        (double sine, double cosine) = Math.SinCos(Heading);
        (double otherSine, double otherCosine) = Math.SinCos(other.Heading);
        for (int k = 0; k < PointX.Length; k++)
        {
            double along = PointX[k] * HalfCollisionLength, across = PointY[k] * HalfCollisionWidth;
            double dx = X + (cosine * along) - (sine * across) - other.X;
            double dy = Y + (sine * along) + (cosine * across) - other.Y;
            if (Math.Abs((otherCosine * dx) - (otherSine * dy)) <= HalfCollisionLength &&
                Math.Abs((otherSine * dx) + (otherCosine * dy)) <= HalfCollisionWidth)
            {
                return true;
            }
        }

        return false;
    }
}
