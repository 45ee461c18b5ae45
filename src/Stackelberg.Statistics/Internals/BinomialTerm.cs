namespace Stackelberg.Statistics.Internals;

/// <summary>
/// Γ(a + b + 1)/(Γ(a + 1) Γ(b + 1)) xᵃyᵇ without the cancellation of logarithms of large factorials (Loader 2000, "Fast and accurate computation of binomial
/// probabilities"): digits do not fade as a and b grow.
/// </summary>
internal static class BinomialTerm
{
    /// <summary>The term, for a and b above 0 that need not be whole, and x in (0, 1).</summary>
    /// <param name="y">1 − x.</param>
    public static double Of(double a, double b, double x, double y)
    {
        double n = a + b;
        double exponent = Remainder(n) - Remainder(a) - Remainder(b) - Deviance(a, n * x) - Deviance(b, n * y);
        return Math.Exp(exponent) * Math.Sqrt(n / (2 * Math.PI * a * b));
    }

    /// <summary>ln Γ(n + 1) − ((n + ½) ln n − n + ½ ln 2π): what Stirling's formula leaves.</summary>
    private static double Remainder(double n)
    {
        double sum = 0;
        for (; n < 15; n++)
        {
            // from Γ(n + 2) = (n + 1) Γ(n + 1)
            sum += ((n + 0.5) * Math.Log((n + 1) / n)) - 1;
        }

        double r = 1 / (n * n);
        return sum + ((1 / 12.0 - (r * (1 / 360.0 - (r * (1 / 1260.0 - (r * (1 / 1680.0 - (r / 1188.0)))))))) / n);
    }

    /// <summary>k ln(k/m) + m − k, by its series where the two nearly cancel.</summary>
    private static double Deviance(double k, double m)
    {
        if (Math.Abs(k - m) >= 0.1 * (k + m))
        {
            return (k * Math.Log(k / m)) + m - k;
        }

        // ln(k/m) = 2 artanh(v)
        double v = (k - m) / (k + m), sum = (k - m) * v, power = 2 * k * v;
        for (int j = 3; ; j += 2)
        {
            power *= v * v;
            double next = sum + (power / j);
            if (next == sum)
            {
                return sum;
            }

            sum = next;
        }
    }
}
