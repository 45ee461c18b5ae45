using ScottPlot;

namespace Stackelberg.Reports.Figures.Internals;

/// <summary>How axes look: small, dark on white, without a frame above and on the right.</summary>
internal static class FigureStyle
{
    private const float TitleSize = 12, LabelSize = 10, TickSize = 9.5f;

    /// <summary>Titles, ticks and limits.</summary>
    /// <param name="isEmpty">Whether nothing is drawn, which the panel then says.</param>
    public static void Apply(Plot plot, string title, string xTitle, string yTitle, bool isEmpty)
    {
        Color ink = Color.FromSKColor(FigureColours.Ink);
        plot.FigureBackground.Color = plot.DataBackground.Color = Colors.White;
        plot.Title(title, TitleSize);
        plot.XLabel(xTitle, LabelSize);
        // an axis has more room across than along
        plot.YLabel(yTitle.Replace(" (", "\n(", StringComparison.Ordinal), LabelSize);
        plot.Axes.Title.Label.Bold = plot.Axes.Bottom.Label.Bold = plot.Axes.Left.Label.Bold = false;
        plot.Font.Set(FigureFonts.Name);
        plot.Axes.Bottom.TickLabelStyle.FontSize = plot.Axes.Left.TickLabelStyle.FontSize = TickSize;
        plot.Axes.Color(ink);
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.IsVisible = false;
        plot.Grid.MajorLineColor = Color.FromHex("#e3e6ec");
        plot.Axes.Margins(0.02, 0.06);
        plot.HideLegend();
        if (isEmpty)
        {
            plot.Axes.SetLimits(0, 1, 0, 1);
            plot.HideGrid();
            foreach (IAxis axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left })
            {
                axis.TickGenerator = new ScottPlot.TickGenerators.EmptyTickGenerator();
            }

            ScottPlot.Plottables.Text note = plot.Add.Text("no curve to draw", 0.5, 0.5);
            (note.LabelFontName, note.LabelFontSize, note.LabelFontColor, note.LabelAlignment) = (FigureFonts.Name, LabelSize, ink, Alignment.MiddleCenter);
        }
    }
}
