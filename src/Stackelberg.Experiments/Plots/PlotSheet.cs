namespace Stackelberg.Experiments.Plots;

/// <summary>A page of plots.</summary>
/// <param name="Title">One line.</param>
/// <param name="Note">One line below it: how the numbers were made.</param>
/// <param name="Panels">Side by side, in this order. Traces of the same name, in whichever panel, are one entry of the page's legend.</param>
public sealed record PlotSheet(string Title, string Note, IReadOnlyList<PlotPanel> Panels);

/// <summary>One pair of axes.</summary>
/// <param name="Title">Above it.</param>
/// <param name="XTitle">Of the horizontal axis.</param>
/// <param name="YTitle">Of the vertical axis.</param>
/// <param name="Traces">In the order they are drawn.</param>
public sealed record PlotPanel(string Title, string XTitle, string YTitle, IReadOnlyList<PlotTrace> Traces)
{
    /// <summary>What the horizontal axis spans; null: all data.</summary>
    public (double Low, double High)? XRange { get; init; }

    /// <summary>What the vertical axis spans; null: all data. Above 0 where the axis is logarithmic.</summary>
    public (double Low, double High)? YRange { get; init; }

    /// <summary>Whether the vertical axis is logarithmic; values ≤ 0 are then not drawn.</summary>
    public bool IsLogarithmic { get; init; }
}

/// <summary>Something drawn in a panel.</summary>
/// <param name="Name">In the legend, or beside the scale of a contour.</param>
public abstract record PlotTrace(string Name);

/// <summary>How a <see cref="LineTrace"/> looks.</summary>
public enum LineStyle
{
    /// <summary>A line through the points.</summary>
    Line,

    /// <summary>A dashed line through the points.</summary>
    Dashed,

    /// <summary>An open circle at each point.</summary>
    Start,

    /// <summary>A star at each point.</summary>
    Optimum,
}

/// <summary>Points in order.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="X">Horizontal positions.</param>
/// <param name="Y">As many vertical ones; a point with NaN or infinity is a gap.</param>
/// <param name="Style">How they are drawn.</param>
/// <param name="Colour">Number of the colour, ≥ 0, repeating after six; −1 for the colour of the text.</param>
public sealed record LineTrace(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, LineStyle Style = LineStyle.Line, int Colour = 0) : PlotTrace(Name);

/// <summary>Lines of equal height on a rectangular grid.</summary>
/// <param name="Name">Beside the scale.</param>
/// <param name="X">Grid's horizontal positions.</param>
/// <param name="Y">Grid's vertical positions.</param>
/// <param name="Height">Height at a position.</param>
public sealed record ContourTrace(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, Func<double, double, double> Height) : PlotTrace(Name);
