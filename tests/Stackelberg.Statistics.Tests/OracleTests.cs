using System.Text.Json;
using Stackelberg.Primitives;
using Stackelberg.Statistics.Tests.Support;

namespace Stackelberg.Statistics.Tests;

/// <summary>Everything that SciPy and NumPy have too, against their values.</summary>
public sealed class OracleTests
{
    [Fact]
    public void Summaries_are_those_of_NumPy_and_trim_mean()
    {
        foreach (JsonElement row in Oracles.Of("summaries"))
        {
            double[] x = row.Numbers("sample");
            SampleStatistics.Mean(x).ShouldAgree(row.Number("mean"));
            SampleStatistics.Median(x).ShouldAgree(row.Number("median"));
            SampleStatistics.InterquartileMean(x).ShouldAgree(row.Number("iqm"));
            SampleStatistics.Quantile(x, 0.1).ShouldAgree(row.Number("quantile_tenth"));
            SampleStatistics.Quantile(x, 0.975).ShouldAgree(row.Number("quantile_high"));
            SampleStatistics.OptimalityGap(x).ShouldAgree(row.Number("gap"));
            // of scores near 10⁶, the squares have lost twelve digits
            double tolerance = x[0] > 1e5 ? 1e-9 : 1e-12;
            SampleStatistics.StandardDeviation(x).ShouldAgree(row.Number("deviation"), tolerance);
            if (x.Length > 1)
            {
                SampleStatistics.SampleDeviation(x).ShouldAgree(row.Number("sample_deviation"), tolerance);
            }
        }
    }

    [Fact]
    public void Aggregates_and_profiles_are_those_of_rliable()
    {
        foreach (JsonElement row in Oracles.Of("matrices"))
        {
            double[][] tasks = row.GetProperty("tasks").Deserialize<double[][]>()!;
            Aggregates.InterquartileMean(tasks).ShouldAgree(row.Number("iqm"));
            Aggregates.Mean(tasks).ShouldAgree(row.Number("mean"));
            Aggregates.Median(tasks).ShouldAgree(row.Number("median"));
            Aggregates.OptimalityGap(tasks).ShouldAgree(row.Number("gap"));
            PerformanceProfile.Of(tasks, row.Numbers("taus")).ShouldBe(row.Numbers("profile"), 1e-15);
        }
    }

    [Fact]
    public void Comparisons_of_two_samples_are_those_of_SciPy()
    {
        foreach (JsonElement row in Oracles.Of("comparisons"))
        {
            double[] x = row.Numbers("x"), y = row.Numbers("y");
            ProbabilityOfImprovement.Of(x, y).ShouldAgree(row.Number("improvement"));
            TestResult welch = TwoSampleTests.Welch(x, y);
            welch.Statistic.ShouldAgree(row.Number("t"));
            welch.DegreesOfFreedom.ShouldAgree(row.Number("degrees"));
            welch.PValue.ShouldAgree(row.Number("p"));
            foreach (string name in new[] { "permutation", "scipy_permutation" })
            {
                if (row.TryGetProperty(name, out JsonElement p))
                {
                    TwoSampleTests.Permutation(x, y, RandomStream.FromSeed(0)).PValue.ShouldAgree(p.GetDouble(), about: name);
                }
            }
        }
    }

    [Fact]
    public void Proportions_are_those_of_binomtest()
    {
        foreach (JsonElement row in Oracles.Of("proportions"))
        {
            (int k, int n, double confidence) = (row.GetProperty("successes").GetInt32(), row.GetProperty("count").GetInt32(), row.Number("confidence"));
            Interval wilson = Proportion.Wilson(k, n, confidence), exact = Proportion.ClopperPearson(k, n, confidence);
            wilson.Low.ShouldAgree(row.Numbers("wilson")[0]);
            wilson.High.ShouldAgree(row.Numbers("wilson")[1]);
            exact.Low.ShouldAgree(row.Numbers("clopper_pearson")[0]);
            exact.High.ShouldAgree(row.Numbers("clopper_pearson")[1]);
        }
    }
}
