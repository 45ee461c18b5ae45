namespace Stackelberg.Statistics.Internals;

/// <summary>Samples in ascending order.</summary>
internal static class Sorted
{
    /// <summary>A sorted copy.</summary>
    /// <exception cref="ArgumentException">A value is NaN.</exception>
    public static double[] Of(ReadOnlySpan<double> sample, string parameter)
    {
        double[] sorted = sample.ToArray();
        Array.Sort(sorted);
        // NaN comes before every number
        if (sorted.Length > 0 && double.IsNaN(sorted[0]))
        {
            Checks.NoNaN(sample, parameter, parameter);
        }

        return sorted;
    }

    /// <summary>Type 7 of Hyndman and Fan.</summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double fraction)
    {
        double position = fraction * (sorted.Length - 1);
        int below = (int)position;
        double low = sorted[below], high = sorted[Math.Min(below + 1, sorted.Length - 1)], weight = position - below;
        // without the first case infinite values would give NaN
        return weight == 0 || low == high ? low : low + (weight * (high - low));
    }

    /// <summary>How many values are at most <paramref name="bound"/>.</summary>
    public static int CountUpTo(ReadOnlySpan<double> sorted, double bound)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sorted[middle] <= bound ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
