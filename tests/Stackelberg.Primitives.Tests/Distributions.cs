using MathNet.Numerics.Distributions;

namespace Stackelberg.Primitives.Tests;

/// <summary>Distances of samples from distributions.</summary>
internal static class Distributions
{
    /// <summary>√n times the largest distance between the empirical and the given distribution function.</summary>
    public static double KolmogorovDistance(double[] sample, Func<double, double> distribution)
    {
        double[] sorted = [.. sample.Order()];
        double largest = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            double f = distribution(sorted[i]);
            largest = Math.Max(largest, Math.Max(f - ((double)i / sorted.Length), ((i + 1.0) / sorted.Length) - f));
        }

        return largest * Math.Sqrt(sorted.Length);
    }

    /// <summary>The probability that a correct generator deviates more than was observed.</summary>
    public static double ChiSquaredProbability(double[] observed, double[] expected)
    {
        double sum = 0;
        for (int i = 0; i < observed.Length; i++)
        {
            sum += Math.Pow(observed[i] - expected[i], 2) / expected[i];
        }

        return 1 - ChiSquared.CDF(observed.Length - 1, sum);
    }
}
