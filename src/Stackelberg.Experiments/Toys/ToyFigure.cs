using Stackelberg.Bilevel;
using Stackelberg.Experiments.Plots;

namespace Stackelberg.Experiments.Toys;

/// <summary>
/// Trajectories of one toy game as plots: on contours of L, of J and of J on the critic's best response, and their distances to the
/// optimum over the steps, as Figures 1 and 7 of the FSDDPG paper.
/// </summary>
public static class ToyFigure
{
    private const int GridSide = 81;
    private const int MostPoints = 2000;
    private const double Window = 10;

    /// <summary>The plots of trajectories of the same game from the same start, at least one.</summary>
    /// <param name="note">How they were made.</param>
    public static PlotSheet Create(IReadOnlyList<ToyTrajectory> trajectories, string note)
    {
        ToyGame game = trajectories[0].Game;
        (double Low, double High) thetas = Span(trajectories, p => p.Theta), ws = Span(trajectories, p => p.W);
        double[] x = Grid(thetas), y = Grid(ws);
        PlotPanel Plane(string title, string height, Func<ToyPoint, double> value) => new(
            title, "θ", "w", [new ContourTrace(height, x, y, (theta, w) => value(new ToyPoint(theta, w))), .. Ways(trajectories, thetas)])
        { XRange = thetas, YRange = ws };

        int last = trajectories.Max(t => t.Points.Count) - 1;
        return new PlotSheet($"Toy game {game.Name}: {game.Summary}", note,
        [
            Plane("on contours of L(θ, w)", "log₁₀(L + 10⁻⁶)", p => Math.Log10(game.CriticLoss(p) + 1e-6)),
            Plane("on contours of J(θ, w)", "J", game.Objective),
            Plane("on contours of J(θ, w*(θ))", "J(θ, w*)", p => game.Objective(p with { W = game.BestResponse(p.Theta) })),
            new("squared distance to the optimum", "step", "(θ − θ*)² + (w − w*)²", Distances(trajectories, last)) { IsLogarithmic = true },
            new("its first tenth", "step", "(θ − θ*)² + (w − w*)²", Distances(trajectories, (last + 9) / 10)),
        ]);
    }

    private static IEnumerable<PlotTrace> Ways(IReadOnlyList<ToyTrajectory> trajectories, (double Low, double High) thetas)
    {
        ToyGame game = trajectories[0].Game;
        // an even number of points: θ = 0, where every w is a best response, is not among them
        double[] best = [.. Enumerable.Range(0, 200).Select(i => thetas.Low + ((thetas.High - thetas.Low) * i / 199))];
        yield return new LineTrace("best response w*(θ)", best, [.. best.Select(game.BestResponse)], LineStyle.Dashed, -1);
        for (int i = 0; i < trajectories.Count; i++)
        {
            int[] steps = Thinned(trajectories[i].Points.Count - 1);
            IReadOnlyList<ToyPoint> points = trajectories[i].Points;
            yield return new LineTrace(trajectories[i].Label, [.. steps.Select(s => points[s].Theta)], [.. steps.Select(s => points[s].W)], LineStyle.Line, i);
        }

        ToyPoint start = trajectories[0].Points[0], optimum = game.Optimum;
        yield return new LineTrace("start", [start.Theta], [start.W], LineStyle.Start, -1);
        yield return new LineTrace("optimum", [optimum.Theta], [optimum.W], LineStyle.Optimum, -1);
    }

    private static List<PlotTrace> Distances(IReadOnlyList<ToyTrajectory> trajectories, int last)
    {
        List<PlotTrace> lines = [];
        for (int i = 0; i < trajectories.Count; i++)
        {
            int[] steps = Thinned(Math.Min(last, trajectories[i].Points.Count - 1));
            lines.Add(new LineTrace(trajectories[i].Label, [.. steps.Select(s => (double)s)], [.. steps.Select(trajectories[i].Distance)], LineStyle.Line, i));
        }

        return lines;
    }

    // 0 … last: all of the first thousand, the rest evenly
    private static int[] Thinned(int last)
    {
        int dense = Math.Min(last, MostPoints / 2), rest = last - dense, count = Math.Min(rest, MostPoints / 2);
        return [.. Enumerable.Range(0, dense + 1), .. Enumerable.Range(1, count).Select(i => dense + (int)((long)rest * i / count))];
    }

    // what the points span, with a margin, but no further from the optimum than the window
    private static (double Low, double High) Span(IReadOnlyList<ToyTrajectory> trajectories, Func<ToyPoint, double> coordinate)
    {
        double centre = coordinate(trajectories[0].Game.Optimum), low = centre, high = centre;
        foreach (ToyPoint point in trajectories.SelectMany(t => t.Points))
        {
            double value = Math.Clamp(coordinate(point), centre - Window, centre + Window);
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        double margin = Math.Max(0.12 * (high - low), 0.25);
        return (low - margin, high + margin);
    }

    private static double[] Grid((double Low, double High) span) =>
        [.. Enumerable.Range(0, GridSide).Select(i => span.Low + ((span.High - span.Low) * i / (GridSide - 1)))];
}
