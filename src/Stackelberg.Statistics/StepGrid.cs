using Stackelberg.Statistics.Internals;

namespace Stackelberg.Statistics;

/// <summary>Brings curves of several runs onto common steps, and smooths them, without ever showing a value before it was known.</summary>
public static class StepGrid
{
    /// <summary>
    /// Steps for all curves: their own where they agree as far as each of them goes and are no more than <paramref name="mostPoints"/>; else that many,
    /// evenly spaced from the first step of any to the last of any.
    /// </summary>
    /// <param name="curves">Those without steps do not count.</param>
    /// <param name="mostPoints">At least 2.</param>
    /// <returns>Ascending; empty if no curve has a step.</returns>
    /// <exception cref="ArgumentException">A curve has not one value for each step, or its steps do not ascend.</exception>
    public static double[] Common(IReadOnlyList<LearningCurve> curves, int mostPoints = 200)
    {
        ArgumentNullException.ThrowIfNull(curves);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostPoints, 2);
        double[][] steps = [.. curves.Select((c, i) => Steps(c, $"curves[{i}]", nameof(curves))).Where(s => s.Length > 0)];
        if (steps.Length == 0)
        {
            return [];
        }

        double[] longest = steps.MaxBy(s => s.Length)!;
        if (longest.Length <= mostPoints && steps.All(s => longest.AsSpan().StartsWith(s)))
        {
            return longest;
        }

        double first = steps.Min(s => s[0]), last = steps.Max(s => s[^1]);
        // the last is exact, so that rounding does not put it behind the end of the curves
        return first == last ? [first] : [.. Enumerable.Range(0, mostPoints - 1).Select(i => first + ((last - first) * i / (mostPoints - 1))), last];
    }

    /// <summary>A curve's value at each step of a grid: the last one known by then, never a later one.</summary>
    /// <param name="grid">In any order.</param>
    /// <returns>NaN before the first known value and after the curve's last step: a run that ended says nothing of what came later.</returns>
    /// <exception cref="ArgumentException">The curve has not one value for each step, or its steps do not ascend.</exception>
    public static double[] ValuesAt(LearningCurve curve, IReadOnlyList<double> grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        double[] steps = Steps(curve, nameof(curve), nameof(curve));
        int[] known = [.. Enumerable.Range(0, steps.Length).Where(i => !double.IsNaN(curve.Values[i]))];
        double[] knownSteps = [.. known.Select(i => steps[i])];
        return [.. grid.Select(At)];

        double At(double step)
        {
            int count = Sorted.CountUpTo(knownSteps, step);
            return count == 0 || step > steps[^1] ? double.NaN : curve.Values[known[count - 1]];
        }
    }

    /// <summary>
    /// The mean of each value and the <paramref name="window"/> − 1 before it, at the step of the last of them. There is nothing before the window is full:
    /// a mean of fewer would be another quantity, and one filled up from the front would show later values at early steps.
    /// </summary>
    /// <param name="window">At least 1.</param>
    /// <returns>A curve of <paramref name="window"/> − 1 fewer steps; empty where the curve is shorter than the window. NaN where a value within it is.</returns>
    /// <exception cref="ArgumentException">The curve has not one value for each step, or its steps do not ascend.</exception>
    public static LearningCurve TrailingMean(LearningCurve curve, int window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        double[] steps = Steps(curve, nameof(curve), nameof(curve)), values = [.. curve.Values];
        if (values.Length < window)
        {
            return new LearningCurve([], []);
        }

        // each window is summed anew: a running sum would carry its rounding, or one NaN, to the end
        double[] means = [.. Enumerable.Range(0, values.Length - window + 1).Select(i => SampleStatistics.Mean(values.AsSpan(i, window)))];
        return new LearningCurve(steps[(window - 1)..], means);
    }

    private static double[] Steps(LearningCurve curve, string name, string parameter)
    {
        ArgumentNullException.ThrowIfNull(curve, name);
        if (curve.Steps.Count != curve.Values.Count)
        {
            throw new ArgumentException($"{name} has {curve.Steps.Count} steps and {curve.Values.Count} values; it needs one for each.", parameter);
        }

        double[] steps = [.. curve.Steps];
        Checks.NoNaN(steps, $"{name}.Steps", parameter);
        for (int i = 1; i < steps.Length; i++)
        {
            if (steps[i] < steps[i - 1])
            {
                throw new ArgumentException($"{name} goes back from step {steps[i - 1]} to {steps[i]} at index {i}; steps must ascend.", parameter);
            }
        }

        return steps;
    }
}
