using Stackelberg.Primitives;

namespace Stackelberg.Statistics.Internals;

/// <summary>Draws from every stratum, with replacement and independently of the others, as many values as it has.</summary>
internal sealed class StratifiedSampler
{
    private readonly double[][] strata;
    private readonly double[] sample;

    /// <summary>Copies the strata.</summary>
    /// <exception cref="ArgumentException">There is no stratum, one is empty, or a value is NaN.</exception>
    public StratifiedSampler(IReadOnlyList<double[]> strata, string parameter)
    {
        Checks.Strata(strata, parameter);
        // sorted, so that an interval does not depend on the order in which the runs were found
        this.strata = [.. strata.Select(s => Sorted.Of(s, parameter))];
        sample = new double[strata.Sum(s => s.Length)];
    }

    /// <summary>One resample, stratum after stratum. The caller may reorder it: the next call fills it anew.</summary>
    public Span<double> Draw(RandomStream random)
    {
        int filled = 0;
        foreach (double[] stratum in strata)
        {
            for (int i = 0; i < stratum.Length; i++)
            {
                sample[filled++] = stratum[random.NextInt32(stratum.Length)];
            }
        }

        return sample;
    }
}
