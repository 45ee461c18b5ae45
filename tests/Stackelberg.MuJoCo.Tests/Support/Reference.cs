using System.Globalization;
using System.Text.Json;

namespace Stackelberg.MuJoCo.Tests.Support;

/// <summary>A recorded trajectory: made by the engine's C interface from the original model and checked against the original Python
/// task.</summary>
internal sealed class Reference
{
    private readonly Table steps;
    private readonly Table observations;
    private readonly JsonElement initial;

    /// <summary>Reads a recording.</summary>
    /// <param name="recording">A task's id, or that and what tells its second recording from the first: <c>Pusher-v4.push</c>.</param>
    internal Reference(string recording)
    {
        steps = new Table(PathOf($"{recording}.csv"));
        string separate = PathOf($"{recording}.obs.csv");
        observations = File.Exists(separate) ? new Table(separate) : steps;
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(PathOf("initial_states.json")));
        initial = document.RootElement.GetProperty(recording.Split('.')[0]).Clone();
    }

    internal int StepCount => steps.RowCount - 1;

    internal double[] InitialQpos => [.. initial.GetProperty("qpos").EnumerateArray().Select(n => n.GetDouble())];

    internal double[] InitialQvel => [.. initial.GetProperty("qvel").EnumerateArray().Select(n => n.GetDouble())];

    internal static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Data", file);

    /// <summary>One value of row <paramref name="step"/>; row 0 is the state after the reset.</summary>
    internal double Value(int step, string column) => steps.Values(step, column).ShouldHaveSingleItem();

    /// <summary>All values of the columns <c>name0, name1, …</c>.</summary>
    internal double[] Values(int step, string name) => steps.Values(step, name);

    /// <summary>The observation of that step; null where only every fifth is recorded.</summary>
    internal double[]? Observation(int step) => observations.HasRow(step) ? observations.Values(step, "obs") : null;

    private sealed class Table
    {
        private readonly ILookup<string, int> columns;
        private readonly Dictionary<int, double[]> rows;

        internal Table(string path)
        {
            string[] lines = File.ReadAllLines(path);
            columns = lines[0].Split(',').Index().ToLookup(c => c.Item.TrimEnd("0123456789".ToCharArray()), c => c.Index);
            rows = lines[1..].Select(line => line.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray())
                .ToDictionary(row => (int)row[0]);
        }

        internal int RowCount => rows.Count;

        internal bool HasRow(int step) => rows.ContainsKey(step);

        internal double[] Values(int step, string name) => [.. columns[name].Select(c => rows[step][c])];
    }
}
