using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Stackelberg.Reports.Pages.Internals;

/// <summary>Writes what a page shows, as JSON.</summary>
/// <remarks>The writer's default encoder leaves no '&lt;' in a text, so nothing in it can end the script element it lies in.</remarks>
internal sealed class RecordWriter : IDisposable
{
    private readonly MemoryStream stream = new();
    private readonly Utf8JsonWriter json;
    private readonly Dictionary<string, int> grids = [];
    private readonly List<string> gridTexts = [];

    public RecordWriter() => json = new Utf8JsonWriter(stream);

    /// <summary>An object, in an array or at the top.</summary>
    public void Object(Action members)
    {
        json.WriteStartObject();
        members();
        json.WriteEndObject();
    }

    /// <summary>A member that is an object.</summary>
    public void Object(string name, Action members)
    {
        json.WritePropertyName(name);
        Object(members);
    }

    /// <summary>A member that is a list.</summary>
    public void Array<T>(string name, IEnumerable<T> items, Action<T> item)
    {
        json.WritePropertyName(name);
        Array(items, item);
    }

    /// <summary>A list within a list.</summary>
    public void Array<T>(IEnumerable<T> items, Action<T> item)
    {
        json.WriteStartArray();
        foreach (T one in items)
        {
            item(one);
        }

        json.WriteEndArray();
    }

    public void Text(string name, string? value) => json.WriteString(name, value);

    public void Text(string value) => json.WriteStringValue(value);

    public void Flag(string name, bool value) => json.WriteBoolean(name, value);

    public void Whole(string name, long value) => json.WriteNumber(name, value);

    public void Number(string name, double value)
    {
        json.WritePropertyName(name);
        Number(value);
    }

    /// <summary>A number of six significant digits, or null for what is not finite: JSON has no name for it.</summary>
    public void Number(double value) => json.WriteRawValue(TextOf(value));

    public void Numbers(string name, IEnumerable<double> values)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(TextOf(values));
    }

    /// <summary>Number of a grid of steps. Runs share most of theirs, and hundreds of copies would be half of the page.</summary>
    public void Grid(string name, IEnumerable<double> steps)
    {
        string text = TextOf(steps);
        if (!grids.TryGetValue(text, out int index))
        {
            index = gridTexts.Count;
            grids.Add(text, index);
            gridTexts.Add(text);
        }

        json.WriteNumber(name, index);
    }

    /// <summary>All grids that were numbered.</summary>
    public void WriteGrids(string name) => Array(name, gridTexts, text => json.WriteRawValue(text));

    /// <summary>What was written.</summary>
    public override string ToString()
    {
        json.Flush();
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public void Dispose()
    {
        json.Dispose();
        stream.Dispose();
    }

    private static string TextOf(IEnumerable<double> values) => $"[{string.Join(',', values.Select(TextOf))}]";

    // whole steps keep all their digits: a run of ten million has more than six
    private static string TextOf(double value) => !double.IsFinite(value) ? "null"
        : value == Math.Round(value) && Math.Abs(value) < 1e15 ? value.ToString("0", CultureInfo.InvariantCulture)
        : value.ToString("G6", CultureInfo.InvariantCulture);
}
