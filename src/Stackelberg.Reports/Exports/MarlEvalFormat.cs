using System.Text.Json;
using Stackelberg.Experiments;
using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Reports.Exports;

/// <summary>
/// <c>metrics.json</c> of marl-eval: environment, task, algorithm, run, step. Raw returns of every episode of every evaluation; <c>absolute_metrics</c> is the final evaluation.
/// </summary>
/// <remarks>
/// <para>The reader lower-cases what it looks up but not what is in the file, takes the names of runs and steps from the first run for all, and the last entry of a run for its absolute metrics:
/// so names are in lower case, equal everywhere, and that entry is last.</para>
/// <para>The one metric is called <c>return</c>: of a name with an underscore the reader does not see that it is normalised. No time is written, as its own check would take it for a metric.</para>
/// </remarks>
internal sealed class MarlEvalFormat : IExportFormat
{
    private const string Suite = "stackelberg";
    private const string Metric = "return";

    /// <inheritdoc/>
    public string Id => "marl-eval";

    /// <inheritdoc/>
    public void Write(Comparison comparison, string folder)
    {
        ExportGrid grid = new(comparison, Id);
        (IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> tasks) =
            ExportNames.Change(comparison, static n => ExportNames.WithoutComma(n).ToLowerInvariant(), StringComparer.Ordinal);
        Dictionary<string, RunTable> evaluations = Evaluations(comparison);
        // runs of one place in the order of seeds are one to the reader, by whatever seeds
        bool sameSeeds = comparison.Groups.All(g => g.Runs.Select(static r => r.Seed).SequenceEqual(comparison.Groups[0].Runs.Select(static r => r.Seed)));
        using FileStream file = File.Create(Path.Combine(folder, "metrics.json"));
        using Utf8JsonWriter json = new(file, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteStartObject(Suite);
        foreach (string environment in grid.Environments)
        {
            json.WriteStartObject(tasks[environment]);
            foreach (string label in grid.Labels)
            {
                json.WriteStartObject(labels[label]);
                IReadOnlyList<ComparedRun> runs = grid[environment, label];
                for (int i = 0; i < runs.Count; i++)
                {
                    json.WriteStartObject($"seed_{(sameSeeds ? runs[i].Seed : (ulong)i)}");
                    WriteRun(json, runs[i], evaluations[runs[i].Directory]);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteRun(Utf8JsonWriter json, ComparedRun run, RunTable evaluations)
    {
        long[] steps = evaluations.Steps();
        double[][] returns = evaluations.Lists("returns");
        for (int i = 0; i < steps.Length; i++)
        {
            json.WriteStartObject($"step_{i}");
            json.WriteNumber("step_count", steps[i]);
            WriteReturns(json, run, returns[i]);
            json.WriteEndObject();
        }

        json.WriteStartObject("absolute_metrics");
        WriteReturns(json, run, run.Result.FinalEvaluation!.Returns);
        json.WriteEndObject();
    }

    private static void WriteReturns(Utf8JsonWriter json, ComparedRun run, IReadOnlyList<double> returns)
    {
        json.WriteStartArray(Metric);
        foreach (double value in returns)
        {
            json.WriteNumberValue(double.IsFinite(value) ? value : throw new ExportException(
                $"The run '{run.Directory}' has a return that is {value}, for which JSON has no number", "finite returns", "leave the run out"));
        }

        json.WriteEndArray();
    }

    // by the folders of the runs
    private static Dictionary<string, RunTable> Evaluations(Comparison comparison)
    {
        var all = comparison.Groups.SelectMany(static g => g.Runs).ToDictionary(static r => r.Directory, static r => RunTables.Of(r.Directory).Evaluations, StringComparer.Ordinal);
        IGrouping<int, string>[] counts = [.. all.GroupBy(static p => p.Value.Rows, static p => p.Key)];
        return counts.Length == 1 ? all : throw new ExportException(
            $"The numbers of evaluations differ: {string.Join(", ", counts.Select(static c => $"{c.Key} in {string.Join(", ", c.Select(static r => $"'{r}'"))}"))}",
            "as many evaluations in every run", "compare runs of one length with one eval_every");
    }
}
