using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Stackelberg.Experiments;
using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Reports.Exports;

/// <summary>
/// Spinning Up's plotter: <c>{environment}/{algorithm}/{algorithm}_s{seed}/</c> with <c>progress.txt</c>, a table with tabs, and <c>config.json</c> with <c>exp_name</c>, by which runs are
/// put together.
/// </summary>
/// <remarks>
/// An evaluation ends an epoch. <c>AverageEpRet</c> is of the training episodes that ended in the epoch, as it is there; <c>AverageTestEpRet</c> is of the evaluation.
/// </remarks>
internal sealed class SpinningUpFormat : IExportFormat
{
    private static readonly string[] Columns =
        ["Epoch", "AverageEpRet", "EpLen", "AverageTestEpRet", "StdTestEpRet", "MaxTestEpRet", "MinTestEpRet", "TestEpLen", "TotalEnvInteracts", "Time"];

    // read by people, put into no page
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public string Id => "spinningup";

    /// <inheritdoc/>
    public void Write(Comparison comparison, string folder)
    {
        (IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> environments) =
            ExportNames.Change(comparison, ExportNames.ForFile, StringComparer.OrdinalIgnoreCase);
        foreach (RunGroup group in comparison.Groups)
        {
            // the plotter would average over environments if their experiments had one name
            string experiment = environments.Count == 1 ? group.Label : $"{group.Label}-{group.Environment}";
            foreach (ComparedRun run in group.Runs)
            {
                string label = labels[group.Label];
                string place = Path.Combine(folder, environments[group.Environment], label, string.Create(CultureInfo.InvariantCulture, $"{label}_s{run.Seed}"));
                Directory.CreateDirectory(place);
                WriteConfiguration(run, experiment, Path.Combine(place, "config.json"));
                WriteProgress(run, Path.Combine(place, "progress.txt"));
            }
        }
    }

    private static void WriteConfiguration(ComparedRun run, string experiment, string path)
    {
        Dictionary<string, object> values = run.Settings.Where(static s => s.Key is not ("exp_name" or "seed" or "env_name")).ToDictionary(static s => s.Key, static s => (object)s.Value);
        File.WriteAllText(path, JsonSerializer.Serialize(
            new Dictionary<string, object> { ["exp_name"] = experiment, ["seed"] = run.Seed, ["env_name"] = run.Environment }.Concat(values).ToDictionary(), Json) + "\n");
    }

    private static void WriteProgress(ComparedRun run, string path)
    {
        RunTables tables = RunTables.Of(run.Directory);
        RunTable evaluations = tables.Evaluations;
        long[] ends = tables.Episodes.Steps(), steps = evaluations.Steps();
        double[] returns = tables.Episodes.Numbers("return"), lengths = tables.Episodes.Numbers("length");
        double[][] tested = [.. new[] { "return_mean", "return_standard_deviation", "return_maximum", "return_minimum", "length_mean" }.Select(evaluations.Numbers)];
        RunClock clock = new(run);
        using StreamWriter file = new(path) { NewLine = "\n" };
        file.WriteLine(string.Join('\t', Columns));
        int next = 0;
        for (int row = 0; row < steps.Length; row++)
        {
            int first = next;
            while (next < ends.Length && ends[next] <= steps[row])
            {
                next++;
            }

            file.WriteLine(string.Join(
                '\t', ((double[])[row, Mean(returns[first..next]), Mean(lengths[first..next]), .. tested.Select(c => c[row]), steps[row], clock.Seconds(steps[row])]).Select(Text)));
        }
    }

    private static double Mean(double[] values) => values.Length == 0 ? double.NaN : values.Average();

    // as pandas reads them
    private static string Text(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture)
        : double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}
