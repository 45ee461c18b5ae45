using System.Text.Json;

namespace Stackelberg.Reports.Tests.Support;

/// <summary>What a reader that obeys purging shows of a folder of event files, by an implementation of its own in Python.</summary>
internal sealed class ShownEvents
{
    private readonly JsonElement root;

    public ShownEvents(string folder)
    {
        root = Programs.ReadByPython("read_events.py", folder);
        Curves = root.GetProperty("scalars").EnumerateObject().ToDictionary(
            p => p.Name, p => p.Value.EnumerateArray().Select(point => (point[0].GetInt64(), point[1].GetString()!)).ToArray());
    }

    public Dictionary<string, (long Step, string Value)[]> Curves { get; }

    public string[] Files => [.. root.GetProperty("files").EnumerateArray().Select(f => f.GetString()!)];

    public string[] Tags => [.. root.GetProperty("tags").EnumerateArray().Select(f => f.GetString()!)];

    public long[] Starts => [.. root.GetProperty("starts").EnumerateArray().Select(s => s.GetInt64())];

    public double[] WallTimes => [.. root.GetProperty("wall_times").EnumerateArray().Select(s => s.GetDouble())];

    public bool IsFinished => root.GetProperty("status") is { ValueKind: JsonValueKind.Number } status && status.GetInt32() == 1;

    /// <summary>Hyper-parameters; numbers, truth values and texts as JSON has them.</summary>
    public Dictionary<string, JsonElement> HyperParameters => root.GetProperty("hparams").EnumerateObject().ToDictionary(p => p.Name, p => p.Value);

    public string Text(string tag) => root.GetProperty("texts").GetProperty(tag).GetString()!;

    /// <summary>All curves but the speed, which the clock decides, as text.</summary>
    public Dictionary<string, string> Comparable() => Curves.Where(c => c.Key != "charts/SPS").ToDictionary(c => c.Key, c => string.Join(' ', c.Value));
}
