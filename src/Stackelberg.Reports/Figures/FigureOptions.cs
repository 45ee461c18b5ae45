namespace Stackelberg.Reports.Figures;

/// <summary>How a figure is laid out.</summary>
public sealed record FigureOptions
{
    /// <summary>Width of one panel in inches, more than 0.</summary>
    public double PanelWidth { get; init; } = 3.4;

    /// <summary>Height of one panel in inches, its legend included; more than 0.</summary>
    public double PanelHeight { get; init; } = 2.8;

    /// <summary>Panels in a row, at least 1; null: as many as there are, at most three.</summary>
    public int? Columns { get; init; }

    /// <summary>Dots per inch of a PNG.</summary>
    public int Dpi { get; init; } = 300;

    /// <summary>Horizontal lines at published values.</summary>
    public IReadOnlyList<FigureReference> References { get; init; } = [];
}

/// <summary>A published value.</summary>
/// <param name="Environment">In whose panel it is drawn; one that is not compared has no panel, and then there is no line.</param>
/// <param name="Label">In the legend.</param>
/// <param name="Value">Where the line lies; one that is not finite is left out and named.</param>
public sealed record FigureReference(string Environment, string Label, double Value);
