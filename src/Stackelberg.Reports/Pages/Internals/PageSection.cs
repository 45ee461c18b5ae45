namespace Stackelberg.Reports.Pages.Internals;

/// <summary>A part of a page. A page is a list of them; <c>Assets/start.js</c> shows each by its kind.</summary>
/// <param name="Kind">Which script shows it.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Caption">How to read it, in a few sentences; may be empty.</param>
internal abstract record PageSection(string Kind, string Title, string Caption)
{
    /// <summary>2 for parts of the page, 3 for parts of those.</summary>
    public int Level { get; init; } = 2;

    /// <summary>Its name in the list of contents; null: it is not there.</summary>
    public string? Entry { get; init; } = Title;

    /// <summary>Whether it is closed at first.</summary>
    public bool Folded { get; init; }

    /// <summary>Writes the members of its record.</summary>
    public void Write(RecordWriter writer)
    {
        writer.Text("kind", Kind);
        writer.Text("title", Title);
        writer.Text("caption", Caption);
        writer.Text("entry", Entry);
        writer.Whole("level", Level);
        writer.Flag("folded", Folded);
        WriteBody(writer);
    }

    /// <summary>Writes what its kind has beyond that.</summary>
    protected abstract void WriteBody(RecordWriter writer);
}

/// <summary>Sentences: paragraphs or a list.</summary>
internal sealed record TextSection(string Title, IReadOnlyList<string> Sentences, bool IsList = false) : PageSection("text", Title, "")
{
    protected override void WriteBody(RecordWriter writer)
    {
        writer.Flag("list", IsList);
        writer.Array("sentences", Sentences, writer.Text);
    }
}

/// <summary>A table that can be sorted by each of its columns.</summary>
internal sealed record TableSection(string Title, string Caption, IReadOnlyList<Column> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows) : PageSection("table", Title, Caption)
{
    /// <summary>What stands there when there is no row.</summary>
    public string Empty { get; init; } = "Nothing to show.";

    protected override void WriteBody(RecordWriter writer)
    {
        writer.Text("empty", Empty);
        writer.Array("columns", Columns, c => writer.Object(() =>
        {
            writer.Text("name", c.Name);
            writer.Text("hint", c.Hint);
            writer.Text("format", c.Format.ToString().ToLowerInvariant());
        }));
        writer.Array("rows", Rows, row => writer.Array(row, cell => cell.Write(writer)));
    }
}

/// <summary>Bars of parts that add up, one bar a row.</summary>
internal sealed record BarSection(string Title, string Caption, IReadOnlyList<string> Parts, IReadOnlyList<Bar> Bars) : PageSection("bars", Title, Caption)
{
    protected override void WriteBody(RecordWriter writer)
    {
        writer.Array("parts", Parts, writer.Text);
        writer.Array("bars", Bars, bar => writer.Object(() =>
        {
            writer.Text("environment", bar.Environment);
            writer.Text("name", bar.Name);
            writer.Numbers("seconds", bar.Seconds);
        }));
    }
}

/// <summary>A bar.</summary>
/// <param name="Seconds">Of each part; NaN where this bar has no such part.</param>
internal sealed record Bar(string Environment, string Name, IReadOnlyList<double> Seconds);
