using Stackelberg.Statistics;

namespace Stackelberg.Reports.Pages.Internals;

/// <summary>Leaves points of long curves out, so that pages open at once. What stays are values as they were: nothing is averaged.</summary>
internal static class Thinning
{
    private const int Most = 400, Fewest = 60, All = 120_000;

    /// <summary>Points that a curve may keep where so many are drawn.</summary>
    public static int PointsFor(int curves) => Math.Clamp(All / Math.Max(curves, 1), Fewest, Most);

    /// <summary>Whether a curve of so many points loses some.</summary>
    public static bool Thins(int count, int points) => count > points;

    /// <summary>Every so many a point, the last one always.</summary>
    public static CurveBand Thin(CurveBand band, int points)
    {
        int[] kept = Kept(Math.Min(band.Steps.Count, band.Centre.Count), points);
        return new CurveBand(Of(band.Steps, kept), Of(band.Centre, kept), Of(band.Low, kept), Of(band.High, kept), Of(band.Counts, kept));
    }

    /// <inheritdoc cref="Thin(CurveBand, int)"/>
    public static LearningCurve Thin(LearningCurve curve, int points)
    {
        int[] kept = Kept(Math.Min(curve.Steps.Count, curve.Values.Count), points);
        return new LearningCurve(Of(curve.Steps, kept), Of(curve.Values, kept));
    }

    // Backwards from the last point, so that the stride is the same everywhere and smoothing averages over equal stretches.
    private static int[] Kept(int count, int points)
    {
        int stride = Math.Max(1, (int)Math.Ceiling(count / (double)points));
        int[] kept = new int[(count + stride - 1) / stride];
        for (int i = 0; i < kept.Length; i++)
        {
            kept[^(i + 1)] = count - 1 - (i * stride);
        }

        return kept;
    }

    // a line without an interval has no ends, and they stay away
    private static T[] Of<T>(IReadOnlyList<T> values, int[] kept) => kept.Length == 0 || values.Count <= kept[^1] ? [] : Array.ConvertAll(kept, i => values[i]);
}
