using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Stackelberg.Experiments.Internals;

namespace Stackelberg.Experiments.Plots;

/// <summary>Turns plots into one HTML file that needs nothing else: no network, no other file. Numbers have seven significant digits there.</summary>
public static class PlotPage
{
    /// <summary>Writes the page; the file appears under its name when it is complete.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
    /// <exception cref="ArgumentException">A trace has not as many X as Y, or the path is none.</exception>
    public static void Write(PlotSheet sheet, string path) => WholeFile.Write(path, Compose(sheet));

    /// <summary>The page's text.</summary>
    /// <exception cref="ArgumentException">A trace has not as many X as Y.</exception>
    public static string Compose(PlotSheet sheet) => Asset.Read("Plots/plots.html")
        .Replace("{{title}}", WebUtility.HtmlEncode(sheet.Title), StringComparison.Ordinal)
        .Replace("{{style}}", Asset.Read("Plots/plots.css"), StringComparison.Ordinal)
        .Replace("{{scripts}}", string.Concat(new[] { "plotly.min.js", "plots.js" }.Select(s => $"<script>\n{Asset.Read($"Plots/{s}")}\n</script>\n")), StringComparison.Ordinal)
        .Replace("{{record}}", Encoding.UTF8.GetString(Record(sheet)), StringComparison.Ordinal);

    // The writer's default encoder leaves no '<' in a text, so nothing in it can end the script element it lies in.
    private static byte[] Record(PlotSheet sheet)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("title", sheet.Title);
            writer.WriteString("note", sheet.Note);
            writer.WriteStartArray("panels");
            foreach (PlotPanel panel in sheet.Panels)
            {
                WritePanel(writer, panel);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WritePanel(Utf8JsonWriter writer, PlotPanel panel)
    {
        writer.WriteStartObject();
        writer.WriteString("title", panel.Title);
        writer.WriteString("x_title", panel.XTitle);
        writer.WriteString("y_title", panel.YTitle);
        WriteRange(writer, "x_range", panel.XRange);
        WriteRange(writer, "y_range", panel.YRange);
        writer.WriteBoolean("log", panel.IsLogarithmic);
        writer.WriteStartArray("traces");
        foreach (PlotTrace trace in panel.Traces)
        {
            writer.WriteStartObject();
            writer.WriteString("name", trace.Name);
            switch (trace)
            {
                case LineTrace line:
                    WriteLine(writer, line);
                    break;
                case ContourTrace contour:
                    WriteContour(writer, contour);
                    break;
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteLine(Utf8JsonWriter writer, LineTrace line)
    {
        if (line.X.Count != line.Y.Count)
        {
            throw new ArgumentException($"The trace '{line.Name}' has {line.X.Count} X and {line.Y.Count} Y; it needs as many of each.");
        }

        writer.WriteString("kind", line.Style.ToString().ToLowerInvariant());
        writer.WriteNumber("colour", line.Colour);
        WriteNumbers(writer, "x", line.X);
        WriteNumbers(writer, "y", line.Y);
    }

    private static void WriteContour(Utf8JsonWriter writer, ContourTrace contour)
    {
        writer.WriteString("kind", "contour");
        WriteNumbers(writer, "x", contour.X);
        WriteNumbers(writer, "y", contour.Y);
        writer.WriteStartArray("z");
        foreach (double y in contour.Y)
        {
            writer.WriteStartArray();
            foreach (double x in contour.X)
            {
                WriteNumber(writer, contour.Height(x, y));
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static void WriteRange(Utf8JsonWriter writer, string name, (double Low, double High)? range)
    {
        if (range is { } given)
        {
            WriteNumbers(writer, name, [given.Low, given.High]);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, IReadOnlyList<double> values)
    {
        writer.WriteStartArray(name);
        foreach (double value in values)
        {
            WriteNumber(writer, value);
        }

        writer.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteRawValue(value.ToString("G7", CultureInfo.InvariantCulture));
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
