using Stackelberg.Primitives;
using Stackelberg.Statistics.Internals;

namespace Stackelberg.Statistics;

/// <summary>
/// P(X > Y): how probable it is that a run of X scores above one of Y (Agarwal et al. 2021), by the statistic of Mann and Whitney 1947. It says nothing of
/// by how much.
/// </summary>
public static class ProbabilityOfImprovement
{
    /// <summary>U/(n m): the share of the pairs in which <paramref name="x"/> is above <paramref name="y"/>, ties counting half. In [0, 1].</summary>
    /// <exception cref="ArgumentException">A sample is empty, or a score is NaN.</exception>
    public static double Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.IsEmpty || y.IsEmpty)
        {
            throw new ArgumentException($"{(x.IsEmpty ? "x" : "y")} is empty; a comparison needs at least one score of each.", x.IsEmpty ? nameof(x) : nameof(y));
        }

        return OfSorted(Sorted.Of(x, nameof(x)), Sorted.Of(y, nameof(y)));
    }

    /// <summary>The mean over tasks of <see cref="Of(ReadOnlySpan{double}, ReadOnlySpan{double})"/>.</summary>
    /// <param name="tasks">Scores of both by task; numbers of runs may be unequal.</param>
    /// <exception cref="ArgumentException">There is no task, a sample is empty, or a score is NaN.</exception>
    public static double Of(IReadOnlyList<(double[] X, double[] Y)> tasks)
    {
        Check(tasks);
        return tasks.Sum(t => Of(t.X, t.Y)) / tasks.Count;
    }

    /// <summary>
    /// Percentile bootstrap interval of <see cref="Of(IReadOnlyList{ValueTuple{double[], double[]}})"/>: the runs of X and of Y are resampled
    /// independently within each task.
    /// </summary>
    /// <param name="tasks">Scores of both by task; numbers of runs may be unequal.</param>
    /// <param name="random">The resamples are a function of this stream alone.</param>
    /// <param name="resamples">At least 1.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <exception cref="ArgumentException">There is no task, a sample is empty, or a score is NaN.</exception>
    public static Interval Interval(
        IReadOnlyList<(double[] X, double[] Y)> tasks, RandomStream random, int resamples = 2000, double confidence = 0.95)
    {
        Check(tasks);
        StratifiedSampler sampler = new([.. tasks.SelectMany(t => new[] { t.X, t.Y })], nameof(tasks));
        return Bootstrap.Of(sampler, Mean, random, resamples, confidence);

        double Mean(Span<double> sample)
        {
            double sum = 0;
            foreach ((double[] x, double[] y) in tasks)
            {
                Span<double> first = sample[..x.Length], second = sample.Slice(x.Length, y.Length);
                first.Sort();
                second.Sort();
                sum += OfSorted(first, second);
                sample = sample[(x.Length + y.Length)..];
            }

            return sum / tasks.Count;
        }
    }

    private static double OfSorted(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        // in half pairs, which are whole numbers: nothing is rounded before the division
        long halves = 0;
        int below = 0, upTo = 0;
        foreach (double value in x)
        {
            while (below < y.Length && y[below] < value)
            {
                below++;
            }

            while (upTo < y.Length && y[upTo] <= value)
            {
                upTo++;
            }

            halves += below + upTo;
        }

        return halves / (2.0 * x.Length * y.Length);
    }

    private static void Check(IReadOnlyList<(double[] X, double[] Y)> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        if (tasks.Count == 0)
        {
            throw new ArgumentException("tasks is empty; it needs the scores of at least one task.", nameof(tasks));
        }

        for (int i = 0; i < tasks.Count; i++)
        {
            foreach ((double[] scores, string name) in new[] { (tasks[i].X, $"tasks[{i}].X"), (tasks[i].Y, $"tasks[{i}].Y") })
            {
                if (scores.Length == 0)
                {
                    throw new ArgumentException($"{name} is empty; a comparison needs at least one score of each.", nameof(tasks));
                }

                Checks.NoNaN(scores, name, nameof(tasks));
            }
        }
    }
}
