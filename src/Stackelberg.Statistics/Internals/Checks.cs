namespace Stackelberg.Statistics.Internals;

/// <summary>What every function of this library asks of its arguments.</summary>
internal static class Checks
{
    /// <summary>Refuses what is not a number.</summary>
    /// <param name="name">How the message calls the values, such as <c>strata[2]</c>.</param>
    public static void NoNaN(ReadOnlySpan<double> values, string name, string parameter)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(values[i]))
            {
                throw new ArgumentException($"{name}[{i}] is NaN; leave out what is not known.", parameter);
            }
        }
    }

    /// <summary>Some lists, none of them empty, of numbers.</summary>
    public static void Strata(IReadOnlyList<double[]> strata, string parameter)
    {
        ArgumentNullException.ThrowIfNull(strata, parameter);
        if (strata.Count == 0)
        {
            throw new ArgumentException($"{parameter} is empty; it needs the scores of at least one task.", parameter);
        }

        for (int i = 0; i < strata.Count; i++)
        {
            if (strata[i].Length == 0)
            {
                throw new ArgumentException($"{parameter}[{i}] is empty; a task needs at least one score.", parameter);
            }

            NoNaN(strata[i], $"{parameter}[{i}]", parameter);
        }
    }

    /// <summary>At least one resample, and a confidence.</summary>
    public static void Resampling(int resamples, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        Confidence(confidence);
    }

    /// <summary>A number in (0, 1).</summary>
    public static void Confidence(double confidence)
    {
        if (!(confidence > 0 && confidence < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence lies between 0 and 1, both excluded.");
        }
    }
}
