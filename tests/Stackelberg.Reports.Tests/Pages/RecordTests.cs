using Stackelberg.Reports.Pages.Internals;
using Stackelberg.Statistics;

namespace Stackelberg.Reports.Tests.Pages;

/// <summary>What goes into a page.</summary>
public sealed class RecordTests
{
    [Theory]
    [InlineData(1, 400)]
    [InlineData(400, 400)]
    [InlineData(401, 400)]
    [InlineData(12_345, 400)]
    [InlineData(12_345, 60)]
    public void Thinned_curves_keep_true_points_at_equal_distances_and_the_last(int count, int points)
    {
        double[] steps = [.. Enumerable.Range(0, count).Select(i => 10.0 * i)];
        LearningCurve thin = Thinning.Thin(new LearningCurve(steps, [.. steps.Select(s => -s)]), points);
        thin.Steps.Count.ShouldBeInRange(Math.Min(count, points / 2), points);
        thin.Steps[^1].ShouldBe(steps[^1]);
        thin.Values.ShouldBe(thin.Steps.Select(s => -s));
        thin.Steps.Zip(thin.Steps.Skip(1), (a, b) => b - a).Distinct().Count().ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Empty_curves_stay_empty()
    {
        Thinning.Thin(new LearningCurve([], []), 5).Steps.ShouldBeEmpty();
        Thinning.Thin(new CurveBand([1, 2], [3, 4], [], [], []), 5).Centre.ShouldBe([3, 4]);
    }

    [Fact]
    public void Numbers_are_short_steps_are_whole_and_the_unknown_is_null()
    {
        using RecordWriter writer = new();
        writer.Object(() => writer.Numbers("n", [1234567890, 1.23456789, 0.5, double.NaN, double.NegativeInfinity, 1e300, -3]));
        writer.ToString().ShouldBe("{\"n\":[1234567890,1.23457,0.5,null,null,1E+300,-3]}");
    }

    [Fact]
    public void Equal_grids_are_written_once()
    {
        using RecordWriter writer = new();
        writer.Object(() =>
        {
            writer.Grid("a", [0, 10]);
            writer.Grid("b", [0, 10]);
            writer.Grid("c", [0, 20]);
            writer.WriteGrids("grids");
        });
        writer.ToString().ShouldBe("{\"a\":0,\"b\":0,\"c\":1,\"grids\":[[0,10],[0,20]]}");
    }
}
