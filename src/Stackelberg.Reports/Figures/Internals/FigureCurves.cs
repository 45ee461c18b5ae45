using ScottPlot;
using ScottPlot.Plottables;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Pages.Internals;
using Stackelberg.Statistics;

namespace Stackelberg.Reports.Figures.Internals;

/// <summary>Bands and lines of curves with gaps.</summary>
internal static class FigureCurves
{
    private const double BandOpacity = 0.2;
    private const float LonePointSize = 4;

    // more than a printed panel can show
    private const int MostPoints = 1000;

    /// <summary>Unit of the steps, and the axis's title with it.</summary>
    public static (double Unit, string Title) Unit(IReadOnlyList<RunGroup> groups)
    {
        double last = groups.SelectMany(g => g.Band.Steps).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        return last >= 2e6 ? (1e6, "environment steps (millions)") : last >= 2e4 ? (1e3, "environment steps (thousands)") : (1, "environment steps");
    }

    /// <summary>Where all are finite, as first index and count.</summary>
    public static IReadOnlyList<(int First, int Count)> Stretches(params ReadOnlySpan<IReadOnlyList<double>> values)
    {
        int count = int.MaxValue;
        foreach (IReadOnlyList<double> list in values)
        {
            count = Math.Min(count, list.Count);
        }

        List<(int First, int Count)> found = [];
        int start = 0;
        for (int i = 0; i <= count; i++)
        {
            bool known = i < count;
            foreach (IReadOnlyList<double> list in values)
            {
                known = known && double.IsFinite(list[i]);
            }

            if (!known)
            {
                if (i > start)
                {
                    found.Add((start, i - start));
                }

                start = i + 1;
            }
        }

        return found;
    }

    /// <summary>Fills between the ends of the intervals.</summary>
    public static void AddBand(Plot plot, CurveBand whole, double unit, string colour)
    {
        CurveBand band = Thinning.Thin(whole, MostPoints);
        foreach ((int first, int count) in Stretches(band.Steps, band.Low, band.High).Where(s => s.Count > 1))
        {
            FillY fill = plot.Add.FillY(Part(band.Steps, first, count, unit), Part(band.Low, first, count, 1), Part(band.High, first, count, 1));
            (fill.FillColor, fill.LineWidth, fill.MarkerSize) = (Color.FromHex(colour).WithAlpha(BandOpacity), 0, 0);
        }
    }

    /// <summary>Draws the centre; a point between gaps is a dot.</summary>
    public static void AddLine(Plot plot, CurveBand whole, double unit, string colour, float[] dash, float width)
    {
        CurveBand band = Thinning.Thin(whole, MostPoints);
        foreach ((int first, int count) in Stretches(band.Steps, band.Centre))
        {
            Scatter line = plot.Add.Scatter(Part(band.Steps, first, count, unit), Part(band.Centre, first, count, 1));
            (line.LineWidth, line.MarkerSize, line.Color) = (width, count == 1 ? LonePointSize : 0, Color.FromHex(colour));
            line.LinePattern = dash.Length == 0 ? LinePattern.Solid : new LinePattern(dash, 0, "group");
        }
    }

    private static double[] Part(IReadOnlyList<double> values, int first, int count, double unit)
    {
        double[] part = new double[count];
        for (int i = 0; i < count; i++)
        {
            part[i] = values[first + i] / unit;
        }

        return part;
    }
}
