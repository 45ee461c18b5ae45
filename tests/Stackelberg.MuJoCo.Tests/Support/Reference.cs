using System.Globalization;
using System.Text.Json;

namespace Stackelberg.MuJoCo.Tests.Support;

/// <summary>A recorded trajectory: made by the engine's C interface from the original model and checked against the original Python task.</summary>
internal sealed class Reference
{
    private readonly string[] header;
    private readonly double[][] rows;
    private readonly JsonElement initial;

    internal Reference(string id)
    {
        string[] lines = File.ReadAllLines(PathOf($"{id}.csv"));
        header = lines[0].Split(',');
        rows = [.. lines[1..].Select(line => line.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray())];
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(PathOf("initial_states.json")));
        initial = document.RootElement.GetProperty(id).Clone();
    }

    internal int StepCount => rows.Length - 1;

    internal double[] InitialQpos => [.. initial.GetProperty("qpos").EnumerateArray().Select(n => n.GetDouble())];

    internal double[] InitialQvel => [.. initial.GetProperty("qvel").EnumerateArray().Select(n => n.GetDouble())];

    internal static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Data", file);

    /// <summary>One value of row <paramref name="step"/>; row 0 is the state after the reset.</summary>
    internal double Value(int step, string column) => rows[step][Array.IndexOf(header, column)];

    /// <summary>All values of the columns <c>name0, name1, …</c>.</summary>
    internal double[] Values(int step, string name) =>
        [.. header.Index().Where(c => c.Item.StartsWith(name, StringComparison.Ordinal) && char.IsDigit(c.Item[name.Length])).Select(c => rows[step][c.Index])];
}
