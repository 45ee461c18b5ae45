namespace Stackelberg.Reports.Pages.Internals;

/// <summary>How a column's numbers are written.</summary>
internal enum CellFormat
{
    /// <summary>A text, to the left.</summary>
    Text,

    /// <summary>Four significant digits.</summary>
    Number,

    /// <summary>All digits, in groups of three.</summary>
    Whole,

    /// <summary>Two significant digits.</summary>
    Probability,

    /// <summary>A percentage.</summary>
    Share,

    /// <summary>Seconds, minutes, hours.</summary>
    Duration,
}

/// <summary>A column of a table.</summary>
/// <param name="Hint">What it is, for who points at its name; may be empty.</param>
internal sealed record Column(string Name, CellFormat Format = CellFormat.Text, string Hint = "");

/// <summary>A cell: a text or a number, with what goes with it.</summary>
internal sealed record Cell
{
    private string? Text { get; init; }

    private double? Number { get; init; }

    private string? Href { get; init; }

    private string? Badge { get; init; }

    private (double Low, double High)? Ends { get; init; }

    private (double Low, double High)? Scale { get; init; }

    private double? Mark { get; init; }

    public static implicit operator Cell(string text) => new() { Text = text };

    public static implicit operator Cell(double number) => new() { Number = number };

    public static implicit operator Cell(long number) => new() { Number = number };

    /// <summary>A text that leads somewhere, or only a text where <paramref name="href"/> is null.</summary>
    public static Cell Link(string text, string? href) => new() { Text = text, Href = href };

    /// <summary>A text that stands out.</summary>
    /// <param name="kind"><c>good</c>, <c>bad</c> or <c>open</c>.</param>
    public static Cell Mood(string text, string kind) => new() { Text = text, Badge = kind };

    /// <summary>A number with an interval, written and drawn on a scale that the cells above and below share.</summary>
    /// <param name="mark">Value that the drawing marks with a line.</param>
    public static Cell Interval(double value, double low, double high, (double Low, double High) scale, double? mark = null) =>
        new() { Number = value, Ends = (low, high), Scale = scale, Mark = mark };

    /// <summary>Writes it: plain texts and numbers as they are, others as objects.</summary>
    public void Write(RecordWriter writer)
    {
        if (Ends is { } ends && Scale is { } scale)
        {
            writer.Object(() =>
            {
                writer.Number("value", Number!.Value);
                writer.Numbers("ends", [ends.Low, ends.High]);
                writer.Numbers("scale", [scale.Low, scale.High]);
                writer.Number("mark", Mark ?? double.NaN);
            });
        }
        else if (Number is { } number)
        {
            writer.Number(number);
        }
        else if (Href is not null || Badge is not null)
        {
            writer.Object(() =>
            {
                writer.Text("text", Text);
                writer.Text("href", Href);
                writer.Text("badge", Badge);
            });
        }
        else
        {
            writer.Text(Text ?? "");
        }
    }
}
