namespace Stackelberg.Statistics.Internals;

/// <summary>Student's t distribution.</summary>
internal static class StudentT
{
    /// <summary>P(|T| ≥ |t|) = I_x(ν/2, ½) with x = ν/(ν + t²).</summary>
    /// <param name="degrees">ν, above 0; need not be whole.</param>
    public static double TwoSided(double t, double degrees)
    {
        // as a quotient, since t² may be infinite; far out it is the tail's own digits that are kept, not those of 1 minus them
        double q = t * t / degrees;
        return IncompleteBeta.Regularised(1 / (1 + q), double.IsInfinity(q) ? 1 : q / (1 + q), degrees / 2, 0.5);
    }
}
