namespace Stackelberg.Environments.Tests.Support;

/// <summary>Checks that a coordinate of the dynamics is drawn uniformly at resets.</summary>
internal static class ResetSample
{
    private const int Draws = 4000;

    /// <summary>Range, mean, variance, and ten equal bins by χ²; and independence of the entry before it.</summary>
    public static void ShouldBeUniform(ClassicControlEnvironment environment, int entry, double low, double high)
    {
        double[] observation = new double[environment.ObservationSpace.Size];
        int[] bins = new int[10];
        double sum = 0, squares = 0, products = 0, middle = (low + high) / 2, width = high - low;
        int other = entry == 0 ? environment.Dynamics.Length - 1 : entry - 1;
        environment.Reset(17, observation);
        for (int i = 0; i < Draws; i++)
        {
            environment.Reset(null, observation);
            double deviation = environment.Dynamics[entry] - middle;
            Math.Abs(deviation).ShouldBeLessThanOrEqualTo(width / 2 * (1 + 1e-6));
            bins[Math.Clamp((int)(10 * ((deviation / width) + 0.5)), 0, 9)]++;
            sum += deviation;
            squares += deviation * deviation;
            products += deviation * environment.Dynamics[other];
        }

        // Five standard errors; χ² with 9 degrees of freedom exceeds 33.7 once in 10 000.
        double variance = width * width / 12;
        (sum / Draws).ShouldBe(0, 5 * Math.Sqrt(variance / Draws));
        (squares / Draws).ShouldBe(variance, 5 * variance * Math.Sqrt(0.8 / Draws));
        bins.Sum(b => Math.Pow(b - (Draws / 10), 2) / (Draws / 10)).ShouldBeLessThan(33.7);
        Math.Abs(products / Draws).ShouldBeLessThan(5 * Math.Sqrt(variance / Draws) * 4);
    }
}
