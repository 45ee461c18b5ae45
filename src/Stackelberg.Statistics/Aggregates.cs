using Stackelberg.Primitives;
using Stackelberg.Statistics.Internals;

namespace Stackelberg.Statistics;

/// <summary>
/// Aggregate scores of one algorithm over several tasks, each with an interval by stratified bootstrap, defined as in rliable (Agarwal et al. 2021,
/// "Deep RL at the edge of the statistical precipice").
/// </summary>
/// <remarks>
/// Scores are given by task: <c>tasks[t][r]</c> is that of run r. They are only comparable where they have one scale, such as 0 for a random policy and
/// 1 for a reference. Every function throws <see cref="ArgumentException"/> where there is no task, one is empty, or a score is NaN.
/// </remarks>
public static class Aggregates
{
    /// <summary>Interquartile mean of the scores of all runs of all tasks together; see <see cref="SampleStatistics.InterquartileMean"/>.</summary>
    /// <exception cref="ArgumentException">As above, or the tasks have unequal numbers of runs: pooled, they would count unequally.</exception>
    public static double InterquartileMean(IReadOnlyList<double[]> tasks) => SampleStatistics.InterquartileMean(Pooled(tasks));

    /// <summary>Interval of <see cref="InterquartileMean"/>.</summary>
    /// <inheritdoc cref="MeanInterval" path="/param"/>
    /// <inheritdoc cref="InterquartileMean" path="/exception"/>
    public static Interval InterquartileMeanInterval(
        IReadOnlyList<double[]> tasks, RandomStream random, int resamples = 2000, double confidence = 0.95)
    {
        CheckEqual(tasks);
        return Of(tasks, sample => SampleStatistics.InterquartileMean(sample), random, resamples, confidence);
    }

    /// <summary>Mean over tasks of the mean over a task's runs, of which tasks may have unequal numbers.</summary>
    public static double Mean(IReadOnlyList<double[]> tasks)
    {
        Checks.Strata(tasks, nameof(tasks));
        return SampleStatistics.Mean([.. tasks.Select(t => SampleStatistics.Mean(t))]);
    }

    /// <summary>Interval of <see cref="Mean"/>.</summary>
    /// <param name="random">The resamples are a function of this stream alone.</param>
    /// <param name="resamples">At least 1.</param>
    /// <param name="confidence">In (0, 1).</param>
    public static Interval MeanInterval(IReadOnlyList<double[]> tasks, RandomStream random, int resamples = 2000, double confidence = 0.95) =>
        Of(tasks, OfTaskMeans(tasks, SampleStatistics.Mean), random, resamples, confidence);

    /// <summary>Median over tasks of the mean over a task's runs, of which tasks may have unequal numbers.</summary>
    public static double Median(IReadOnlyList<double[]> tasks)
    {
        Checks.Strata(tasks, nameof(tasks));
        return SampleStatistics.Median([.. tasks.Select(t => SampleStatistics.Mean(t))]);
    }

    /// <summary>Interval of <see cref="Median"/>.</summary>
    /// <inheritdoc cref="MeanInterval" path="/param"/>
    public static Interval MedianInterval(IReadOnlyList<double[]> tasks, RandomStream random, int resamples = 2000, double confidence = 0.95) =>
        Of(tasks, OfTaskMeans(tasks, SampleStatistics.Median), random, resamples, confidence);

    /// <summary>γ − mean(min(x, γ)) over all runs of all tasks: at least 0, lower is better.</summary>
    /// <param name="target">γ, the score that is good enough.</param>
    /// <exception cref="ArgumentException">As above, or the tasks have unequal numbers of runs: pooled, they would count unequally.</exception>
    public static double OptimalityGap(IReadOnlyList<double[]> tasks, double target = 1) => SampleStatistics.OptimalityGap(Pooled(tasks), target);

    /// <summary>Interval of <see cref="OptimalityGap"/>.</summary>
    /// <inheritdoc cref="MeanInterval" path="/param"/>
    /// <inheritdoc cref="OptimalityGap" path="/param"/>
    /// <inheritdoc cref="OptimalityGap" path="/exception"/>
    public static Interval OptimalityGapInterval(
        IReadOnlyList<double[]> tasks, RandomStream random, int resamples = 2000, double confidence = 0.95, double target = 1)
    {
        CheckEqual(tasks);
        return Of(tasks, sample => SampleStatistics.OptimalityGap(sample, target), random, resamples, confidence);
    }

    private static Interval Of(
        IReadOnlyList<double[]> tasks, Bootstrap.OwnedStatistic statistic, RandomStream random, int resamples, double confidence) =>
        Bootstrap.Of(new StratifiedSampler(tasks, nameof(tasks)), statistic, random, resamples, confidence);

    private static Bootstrap.OwnedStatistic OfTaskMeans(IReadOnlyList<double[]> tasks, SampleStatistic statistic)
    {
        Checks.Strata(tasks, nameof(tasks));
        double[] means = new double[tasks.Count];
        return sample =>
        {
            int start = 0;
            for (int i = 0; i < means.Length; i++)
            {
                means[i] = SampleStatistics.Mean(sample.Slice(start, tasks[i].Length));
                start += tasks[i].Length;
            }

            return statistic(means);
        };
    }

    private static double[] Pooled(IReadOnlyList<double[]> tasks)
    {
        CheckEqual(tasks);
        return [.. tasks.SelectMany(t => t)];
    }

    private static void CheckEqual(IReadOnlyList<double[]> tasks)
    {
        Checks.Strata(tasks, nameof(tasks));
        for (int i = 1; i < tasks.Count; i++)
        {
            if (tasks[i].Length != tasks[0].Length)
            {
                throw new ArgumentException(
                    $"tasks[0] has {tasks[0].Length} runs and tasks[{i}] has {tasks[i].Length}; this aggregate pools all runs and needs as many of every task.",
                    nameof(tasks));
            }
        }
    }
}
