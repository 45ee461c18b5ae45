namespace Stackelberg.Environments;

/// <summary>The six lanes of <see cref="HighwayMerge"/>: a main lane of 1080 m and a ramp that joins it at 280 m. Lengths in m.</summary>
internal static class HighwayRoad
{
    public const int MainBefore = 0, MainBeside = 1, MainAfter = 2, Ramp = 3, Converging = 4, Merging = 5;

    private const double MainY = 4, MergingY = 8, RampY = 14.5;
    private const double Amplitude = 3.25;
    private const double WaveNumber = 2 * Math.PI / 100;
    private const double VehicleLength = 5;

    private static ReadOnlySpan<double> StartX => [0, 250, 280, 0, 200, 250];

    private static ReadOnlySpan<double> LaneLength => [250, 30, 800, 200, 50, 30];

    private static ReadOnlySpan<double> BaseY => [MainY, MainY, MainY, RampY, RampY - Amplitude, MergingY];

    /// <summary>Signed distance to the lane's centre line, to the right.</summary>
    public static double Lateral(int lane, double x, double y)
    {
        double lateral = y - BaseY[lane];
        return lane == Converging ? lateral - (Amplitude * Math.Sin((WaveNumber * (x - StartX[lane])) + (Math.PI / 2))) : lateral;
    }

    /// <summary>Heading of the lane at <paramref name="x"/>.</summary>
    public static double Heading(int lane, double x) => lane == Converging
        ? Math.Atan(Amplitude * WaveNumber * Math.Cos((WaveNumber * (x - StartX[lane])) + (Math.PI / 2)))
        : 0;

    public static bool IsAfterEnd(int lane, double x) => x - StartX[lane] > LaneLength[lane] - (VehicleLength / 2);

    /// <summary>The lane that follows; where two do, the nearer.</summary>
    public static int Successor(int lane, double x, double y) => lane switch
    {
        MainBefore or Converging => Distance(MainBeside, x, y) <= Distance(Merging, x, y) ? MainBeside : Merging,
        Ramp => Converging,
        _ => MainAfter,
    };

    /// <summary>The lane next to one, or the lane itself: only the merging stretch has two.</summary>
    public static int Beside(int lane, int direction) => (lane, direction) switch
    {
        (Merging, < 0) => MainBeside,
        (MainBeside, > 0) => Merging,
        _ => lane,
    };

    /// <summary>Whether a lane change may lead there: ramp and merging lane are forbidden.</summary>
    public static bool IsReachable(int lane, double x, double y)
    {
        double along = x - StartX[lane];
        return lane <= MainAfter && Math.Abs(Lateral(lane, x, y)) <= 8 && along >= 0 && along < LaneLength[lane] + VehicleLength;
    }

    public static int Nearest(double x, double y)
    {
        int nearest = 0;
        for (int lane = 1; lane < LaneLength.Length; lane++)
        {
            if (Distance(lane, x, y) < Distance(nearest, x, y))
            {
                nearest = lane;
            }
        }

        return nearest;
    }

    private static double Distance(int lane, double x, double y)
    {
        double along = x - StartX[lane];
        return Math.Abs(Lateral(lane, x, y)) + Math.Max(along - LaneLength[lane], 0) + Math.Max(-along, 0);
    }
}
