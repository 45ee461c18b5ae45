using System.Text.Json;
using Stackelberg.Experiments;
using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Reports.Exports;

/// <summary>
/// What the functions of rliable take: for every algorithm an array of scores, runs × tasks, in <c>scores.npz</c> and again in <c>scores.json</c>. <c>tasks.json</c> names the tasks in
/// their order, and the quantity.
/// </summary>
internal sealed class RliableFormat : IExportFormat
{
    /// <inheritdoc/>
    public string Id => "rliable";

    /// <inheritdoc/>
    public void Write(Comparison comparison, string folder)
    {
        ExportGrid grid = new(comparison, Id);
        (IReadOnlyDictionary<string, string> labels, _) = ExportNames.Change(comparison, ExportNames.WithoutComma, StringComparer.Ordinal);
        using FileStream archiveFile = File.Create(Path.Combine(folder, "scores.npz"));
        using NumpyArchive archive = new(archiveFile);
        WriteJson(Path.Combine(folder, "scores.json"), json =>
        {
            foreach (string label in grid.Labels)
            {
                double[][] scores = Scores(grid, label);
                archive.Add(labels[label], scores.SelectMany(static row => row).ToArray(), grid.Runs, grid.Environments.Count);
                json.WritePropertyName(labels[label]);
                JsonSerializer.Serialize(json, scores);
            }
        });
        WriteJson(Path.Combine(folder, "tasks.json"), json =>
        {
            json.WriteString("quantity", comparison.Quantity);
            json.WritePropertyName("tasks");
            JsonSerializer.Serialize(json, grid.Environments);
        });
    }

    // a row for each run; which seeds share a row means nothing to rliable, as it draws them anew for every task
    private static double[][] Scores(ExportGrid grid, string label) =>
        [.. Enumerable.Range(0, grid.Runs).Select(i => grid.Environments.Select(e => Score(grid[e, label][i])).ToArray())];

    private static double Score(ComparedRun run) => double.IsFinite(run.Score) ? run.Score : throw new ExportException(
        $"The run '{run.Directory}' has the score {run.Score}, which would make every statistic of its algorithm unknown", "finite scores", "compare by a quantity that all runs have, or leave the run out");

    private static void WriteJson(string path, Action<Utf8JsonWriter> write)
    {
        using FileStream file = File.Create(path);
        using Utf8JsonWriter json = new(file, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
    }
}
