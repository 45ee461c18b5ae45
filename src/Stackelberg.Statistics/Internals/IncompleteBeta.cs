namespace Stackelberg.Statistics.Internals;

/// <summary>The distribution function of the beta distribution, I_x(a, b) = ∫₀ˣ tᵃ⁻¹(1 − t)ᵇ⁻¹ dt / B(a, b), and its inverse.</summary>
internal static class IncompleteBeta
{
    // terms grow with √max(a, b); this suffices for parameters beyond 10⁸
    private const int MostTerms = 100_000;

    /// <summary>I_x(a, b).</summary>
    /// <param name="x">In [0, 1].</param>
    /// <param name="y">1 − x, given apart because near 1 the difference would lose digits.</param>
    /// <param name="a">Above 0.</param>
    /// <param name="b">Above 0.</param>
    public static double Regularised(double x, double y, double a, double b)
    {
        if (x <= 0 || y <= 0)
        {
            return x <= 0 ? 0 : 1;
        }

        // the fraction converges fast on the side of the mean where little lies
        return x <= (a + 1) / (a + b + 2) ? LowerTail(x, y, a, b) : 1 - LowerTail(y, x, b, a);
    }

    /// <summary>The x for which I_x(a, b) is <paramref name="probability"/>, by Newton's method within a shrinking bracket.</summary>
    /// <param name="probability">In (0, 1).</param>
    public static double Quantile(double probability, double a, double b)
    {
        double low = 0, high = 1, x = a / (a + b);
        for (int i = 0; i < 200; i++)
        {
            double error = Regularised(x, 1 - x, a, b) - probability;
            (low, high) = error > 0 ? (low, x) : (x, high);
            double density = BinomialTerm.Of(a, b, x, 1 - x) * a * b / ((a + b) * x * (1 - x));
            double next = x - (error / density);
            if (!(next > low && next < high))
            {
                next = (low + high) / 2;
            }

            if (Math.Abs(next - x) <= 1e-16 * x)
            {
                return next;
            }

            x = next;
        }

        return x;
    }

    /// <summary>xᵃyᵇ/(a B(a, b)) times the continued fraction of DLMF 8.17.22, evaluated forwards by Lentz's method in the form of Thompson and Barnett.</summary>
    private static double LowerTail(double x, double y, double a, double b)
    {
        const double tiny = 1e-300; // in place of a denominator of 0
        double upper = 1, lower = 0, fraction = 1;
        for (int i = 0; i < MostTerms; i++)
        {
            double m = i / 2;
            double term = i == 0 ? 1
                : i % 2 == 0 ? m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)))
                : -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            lower = 1 + (term * lower);
            lower = 1 / (lower == 0 ? tiny : lower);
            upper = i == 0 ? 1 / tiny : 1 + (term / upper);
            upper = upper == 0 ? tiny : upper;
            fraction = i == 0 ? lower : fraction * upper * lower;
            if (i > 0 && Math.Abs((upper * lower) - 1) < 1e-16)
            {
                break;
            }
        }

        return BinomialTerm.Of(a, b, x, y) * b / (a + b) * fraction;
    }
}
