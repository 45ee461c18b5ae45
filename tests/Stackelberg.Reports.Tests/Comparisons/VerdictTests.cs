using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Tests.Support;

namespace Stackelberg.Reports.Tests.Comparisons;

/// <summary>What a comparison says of two groups.</summary>
public sealed class VerdictTests : IDisposable
{
    private static readonly double[] Low = [1, 2, 3, 4, 5], High = [11, 12, 13, 14, 15];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 5)]
    [InlineData(5, 4)]
    [InlineData(2, 5)]
    public void Below_five_seeds_nothing_is_called_better(int a, int b)
    {
        GroupPair pair = Pair(Low[..a], High[..b]);

        pair.ProbabilityOfImprovement.ShouldBe(0);
        pair.Verdict.ShouldNotContain("better");
        pair.Verdict.ShouldContain("too few seeds");
    }

    [Fact]
    public void Five_seeds_that_are_all_above_are_better_whichever_comes_first()
    {
        Pair(Low, High).Verdict.ShouldBe("stac is better");
        Directory.Delete(folder["runs"], recursive: true);
        Pair(High, Low).Verdict.ShouldBe("ac is better");
    }

    [Fact]
    public void Other_quantities_than_returns_are_higher_and_not_better()
    {
        WrittenRun[] runs = [.. WrittenRun.Seeds("ac", Low), .. WrittenRun.Seeds("stac", High)];
        foreach (WrittenRun run in runs)
        {
            (run with { Progress = ["step,loss", $"1000,{run.Final}"] }).Write(folder["runs"]);
        }

        Compare(new ComparisonOptions { Metric = "loss" }).Pairs[0].Verdict.ShouldBe("stac is higher");
    }

    [Fact]
    public void Equal_scores_cannot_be_told_apart()
    {
        GroupPair pair = Pair([7, 7, 7, 7, 7], [7, 7, 7, 7, 7]);

        (pair.ProbabilityOfImprovement, pair.PermutationP, pair.Verdict).ShouldBe((0.5, 1, "cannot be told apart"));
        pair.WelchP.ShouldBe(double.NaN);
    }

    [Fact]
    public void Separated_fives_have_the_permutation_p_of_two_splits_in_252()
    {
        GroupPair pair = Pair(Low, High);

        pair.PermutationP.ShouldBe(2 / 252.0, 1e-12);
        // t = -10 with s² = 2.5 each and eight degrees of freedom: p = 8.49e-6 by tables of Student's distribution
        pair.WelchP.ShouldBe(8.49e-6, 1e-8);
    }

    [Fact]
    public void Several_runs_of_one_seed_are_no_five_seeds()
    {
        foreach ((string algorithm, double[] scores) in new[] { ("ac", Low), ("stac", High) })
        {
            for (int i = 0; i < scores.Length; i++)
            {
                new WrittenRun(algorithm, 0, scores[i]) { Settings = [("gamma", $"0.{i + 1}")] }.WriteTo(folder["runs", algorithm, $"{i}"]);
            }
        }

        Comparison found = Compare(new ComparisonOptions { By = ["algo"] });

        found.Groups.Select(g => g.Runs.Count).ShouldBe([5, 5]);
        found.Pairs.ShouldHaveSingleItem().Verdict.ShouldContain("too few seeds");
        found.Notes.ShouldContain(n => n.StartsWith("ac on CartPole-v1 has several runs of the same seed", StringComparison.Ordinal) && n.EndsWith("its n counts 5 runs of 1 seed.", StringComparison.Ordinal));
    }

    [Fact]
    public void Many_pairs_come_with_a_warning()
    {
        foreach (string algorithm in new[] { "ac", "ddpg", "stac" })
        {
            WrittenRun.Seeds(algorithm, 1, 2).ToList().ForEach(r => r.Write(folder["runs"]));
        }

        Comparison found = Compare(new ComparisonOptions());

        found.Pairs.Select(p => (p.A, p.B)).ShouldBe([("ac", "ddpg"), ("ac", "stac"), ("ddpg", "stac")]);
        found.Notes.ShouldContain(n => n.StartsWith("3 pairs are compared", StringComparison.Ordinal));
    }

    private GroupPair Pair(double[] ac, double[] stac)
    {
        WrittenRun[] runs = [.. WrittenRun.Seeds("ac", ac), .. WrittenRun.Seeds("stac", stac)];
        runs.ToList().ForEach(r => r.Write(folder["runs"]));
        return Compare(new ComparisonOptions()).Pairs.ShouldHaveSingleItem();
    }

    private Comparison Compare(ComparisonOptions options) => Comparer.Compare([folder["runs"]], options);
}
