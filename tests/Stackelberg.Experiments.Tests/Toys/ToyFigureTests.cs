using System.Globalization;
using Stackelberg.Bilevel;
using Stackelberg.Experiments.Plots;
using Stackelberg.Experiments.Tests.Fakes;
using Stackelberg.Experiments.Toys;

namespace Stackelberg.Experiments.Tests.Toys;

public sealed class ToyFigureTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Contours_are_those_of_the_paper_and_trajectories_are_drawn_whole()
    {
        ToyTrajectory[] ways = [Play("2", ToyMethod.Ddpg, 500, 0.1), Play("2", ToyMethod.Sddpg, 500, 0.1)];
        PlotSheet sheet = ToyFigure.Create(ways, "note");

        sheet.Panels.Count.ShouldBe(5);
        (double theta, double w) = (1.5, -0.5);
        Height(0).ShouldBe(Math.Log10(Math.Pow((w * theta) + (theta * theta), 2) + 1e-6), 1e-12);
        Height(1).ShouldBe(w * theta, 1e-12);
        Height(2).ShouldBe(-theta * theta, 1e-12);
        foreach (PlotPanel plane in sheet.Panels.Take(3))
        {
            foreach (ToyTrajectory way in ways)
            {
                LineTrace line = Line(plane, way.Label);
                line.X.ShouldBe(way.Points.Select(p => p.Theta));
                line.Y.ShouldBe(way.Points.Select(p => p.W));
                line.X.ShouldAllBe(x => x > plane.XRange!.Value.Low && x < plane.XRange.Value.High);
                line.Y.ShouldAllBe(y => y > plane.YRange!.Value.Low && y < plane.YRange.Value.High);
            }

            (Line(plane, "start").X[0], Line(plane, "start").Y[0]).ShouldBe((2.0, 2.0));
            (Line(plane, "optimum").X[0], Line(plane, "optimum").Y[0]).ShouldBe((0.0, 0.0));
            LineTrace best = Line(plane, "best response w*(θ)");
            best.Y.ShouldBe(best.X.Select(x => -x), 1e-12);
        }

        Line(sheet.Panels[3], "ddpg").Y.ShouldBe(Enumerable.Range(0, 501).Select(ways[0].Distance));
        sheet.Panels[3].IsLogarithmic.ShouldBeTrue();
        Line(sheet.Panels[4], "ddpg").X.Count.ShouldBe(51);

        double Height(int panel) => sheet.Panels[panel].Traces.OfType<ContourTrace>().Single().Height(theta, w);
    }

    [Fact]
    public void Long_trajectories_are_thinned_but_keep_both_ends()
    {
        ToyTrajectory way = Play("stac", ToyMethod.Ddpg, 50_000, 0.01);
        LineTrace line = Line(ToyFigure.Create([way], "note").Panels[3], "ddpg");
        line.X.Count.ShouldBe(2001);
        line.X.Take(1001).ShouldBe(Enumerable.Range(0, 1001).Select(i => (double)i));
        line.X[^1].ShouldBe(50_000);
        line.X.Zip(line.X.Skip(1)).ShouldAllBe(pair => pair.Second > pair.First);
        line.Y[^1].ShouldBe(way.Distance(50_000));
    }

    [Fact]
    public void Divergent_trajectory_does_not_blow_up_the_window() =>
        ToyFigure.Create([Play("1", ToyMethod.Ddpg, 50, 3)], "note").Panels[0].XRange!.Value.High.ShouldBeLessThan(13);

    [Fact]
    public void Table_has_every_step_in_full_precision()
    {
        ToyTrajectory way = ToyPlay.Run(ToyGame.All[0], ToyMethod.Fsddpg, new ToyOptions(20, 0.1) { Damping = 0.01 });
        string file = folder.Below("toy.csv");
        ToyTable.Write([way, Play("1", ToyMethod.Ddpg, 20, 0.1)], file);

        string[] lines = File.ReadAllLines(file);
        lines[0].ShouldBe("game,method,damping,sign,step,theta,w,objective,critic_loss,distance");
        lines.Length.ShouldBe(1 + (2 * 21));
        string[] cells = lines[8].Split(',');
        cells[..5].ShouldBe(["1", "fsddpg", "0.01", "minus", "7"]);
        (double theta, double w) = (Number(cells[5]), Number(cells[6]));
        (theta, w).ShouldBe((way.Points[7].Theta, way.Points[7].W));
        Number(cells[7]).ShouldBe(w * theta * theta, 1e-14);
        Number(cells[8]).ShouldBe(Math.Pow((w + 1) * theta * theta, 2), 1e-14);
        Number(cells[9]).ShouldBe((theta * theta) + ((w + 1) * (w + 1)), 1e-14);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static LineTrace Line(PlotPanel panel, string name) => panel.Traces.OfType<LineTrace>().Single(t => t.Name == name);

    private static ToyTrajectory Play(string game, ToyMethod method, int steps, double rate) =>
        ToyPlay.Run(ToyGame.All.Single(g => g.Name == game), method, new ToyOptions(steps, rate));
}
