using Stackelberg.Primitives;

namespace Stackelberg.Statistics.Tests;

public sealed class CurveBandTests
{
    private static readonly LearningCurve[] Curves =
    [
        new([0, 10, 20, 30], [1, 5, 6, 7]), new([0, 10, 20], [0, 2, 9]), new([10, 20, 30], [3, double.NaN, 8]), new([], []),
    ];

    [Fact]
    public void Each_step_has_the_runs_that_reach_it()
    {
        CurveBand band = CurveBand.Of(Curves, [-1, 0, 10, 20, 30, 31], SampleStatistics.Mean, RandomStream.FromSeed(1));
        band.Steps.ShouldBe([-1, 0, 10, 20, 30, 31]);
        band.Counts.ShouldBe([0, 2, 3, 3, 2, 0]);
        band.Centre.ShouldBe([double.NaN, 0.5, 10 / 3.0, 6, 7.5, double.NaN]);
        (band.Low[0], band.High[0], band.Low[5]).ShouldBe((double.NaN, double.NaN, double.NaN));
        for (int i = 1; i < 5; i++)
        {
            band.Low[i].ShouldBeLessThan(band.Centre[i]);
            band.High[i].ShouldBeGreaterThan(band.Centre[i]);
        }
    }

    [Fact]
    public void A_step_has_the_same_interval_on_every_grid_and_for_every_order_of_runs()
    {
        CurveBand all = CurveBand.Of(Curves, [0, 10, 20, 30], SampleStatistics.InterquartileMean, RandomStream.FromSeed(2), 200);
        CurveBand one = CurveBand.Of([.. Curves.Reverse()], [20], SampleStatistics.InterquartileMean, RandomStream.FromSeed(2), 200);
        (one.Low[0], one.High[0]).ShouldBe((all.Low[2], all.High[2]));
    }

    [Fact]
    public void A_band_is_a_function_of_its_stream()
    {
        LearningCurve[] curves = [.. Enumerable.Range(1, 8).Select(i => new LearningCurve([0], [Math.Sqrt(i)]))];
        CurveBand Draw(ulong seed) => CurveBand.Of(curves, [0], SampleStatistics.Mean, RandomStream.FromSeed(seed), 200);
        (Draw(3).Low[0], Draw(3).High[0]).ShouldBe((Draw(3).Low[0], Draw(3).High[0]));
        Draw(4).Low[0].ShouldNotBe(Draw(3).Low[0]);
    }

    [Fact]
    public void Curves_that_differ_by_a_shift_have_a_band_of_constant_width()
    {
        double[] grid = [.. Enumerable.Range(0, 40).Select(i => (double)i)], offsets = [0, 0.5, 2, 2.25, 4];
        CurveBand band = CurveBand.Of(
            [.. offsets.Select(o => new LearningCurve(grid, [.. grid.Select(x => o + (x / 4))]))], grid, SampleStatistics.Mean, RandomStream.FromSeed(4));
        double[] widths = [.. band.High.Zip(band.Low, (high, low) => high - low)];
        widths[0].ShouldBeGreaterThan(1);
        widths.ShouldAllBe(w => Math.Abs(w - widths[0]) < 1e-12);
    }

    [Fact]
    public void Runs_without_a_value_have_a_band_without_one()
    {
        CurveBand band = CurveBand.Of([new([], []), new([], [])], [1, 2], SampleStatistics.InterquartileMean, RandomStream.FromSeed(5));
        band.Counts.ShouldBe([0, 0]);
        band.Centre.ShouldAllBe(v => double.IsNaN(v));
        CurveBand.Of([], [], SampleStatistics.Mean, RandomStream.FromSeed(6)).Steps.ShouldBeEmpty();
        CurveBand single = CurveBand.Of([new([1], [4])], [1], SampleStatistics.Mean, RandomStream.FromSeed(7));
        (single.Low[0], single.Centre[0], single.High[0], single.Counts[0]).ShouldBe((4, 4, 4, 1));
    }
}
