using Stackelberg.Statistics.Internals;

namespace Stackelberg.Statistics;

/// <summary>
/// Intervals of a proportion, such as the share of runs that solved a task. Unlike the percentile bootstrap, which knows no uncertainty where all runs
/// or none succeeded, they never have width 0.
/// </summary>
public static class Proportion
{
    /// <summary>
    /// Wilson's score interval (Wilson 1927): the proportions p for which the observed one is within z √(p(1 − p)/n). On average it holds the true
    /// proportion about as often as <paramref name="confidence"/> says, for small counts too.
    /// </summary>
    /// <param name="successes">From 0 to <paramref name="count"/>.</param>
    /// <param name="count">At least 1.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <returns>An interval within [0, 1].</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is.</exception>
    public static Interval Wilson(int successes, int count, double confidence = 0.95)
    {
        Check(successes, count, confidence);
        double z = -Normal.Quantile((1 - confidence) / 2);
        double n = count, denominator = n + (z * z);
        double centre = (successes + (z * z / 2)) / denominator;
        double half = z * Math.Sqrt((successes * (n - successes) / n) + (z * z / 4)) / denominator;
        // at the edges the ends are exactly 0 and 1, but for rounding
        return new Interval(successes == 0 ? 0 : Math.Max(0, centre - half), successes == count ? 1 : Math.Min(1, centre + half));
    }

    /// <summary>
    /// The interval of Clopper and Pearson 1934: the proportions that neither one-sided binomial test rejects. It holds the true proportion at least as often
    /// as <paramref name="confidence"/> says, whatever it is, and is therefore wider than <see cref="Wilson"/>'s as a rule.
    /// </summary>
    /// <inheritdoc cref="Wilson" path="/param"/>
    /// <inheritdoc cref="Wilson" path="/returns"/>
    /// <inheritdoc cref="Wilson" path="/exception"/>
    public static Interval ClopperPearson(int successes, int count, double confidence = 0.95)
    {
        Check(successes, count, confidence);
        double tail = (1 - confidence) / 2;
        int failures = count - successes;
        return new Interval(
            successes == 0 ? 0 : IncompleteBeta.Quantile(tail, successes, failures + 1),
            failures == 0 ? 1 : 1 - IncompleteBeta.Quantile(tail, failures, successes + 1));
    }

    private static void Check(int successes, int count, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, count);
        Checks.Confidence(confidence);
    }
}
