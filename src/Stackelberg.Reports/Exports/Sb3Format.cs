using System.Globalization;
using System.Text.Json;
using Stackelberg.Experiments;
using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Reports.Exports;

/// <summary>
/// Stable-Baselines3 and its zoo: <c>logs/{algorithm}/{environment}_{n}/</c> with <c>0.monitor.csv</c> (training episodes, for <c>load_results</c>) and <c>evaluations.npz</c> (for
/// <c>all_plots</c>). n counts from 1 in the order of seeds, as the zoo counts runs.
/// </summary>
internal sealed class Sb3Format : IExportFormat
{
    // of the times in a monitor's file
    private const double Microsecond = 1e-6;

    /// <inheritdoc/>
    public string Id => "sb3";

    /// <inheritdoc/>
    public void Write(Comparison comparison, string folder)
    {
        (IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> environments) =
            ExportNames.Change(comparison, ExportNames.ForFile, StringComparer.OrdinalIgnoreCase);
        foreach (RunGroup group in comparison.Groups)
        {
            for (int i = 0; i < group.Runs.Count; i++)
            {
                string place = Path.Combine(folder, "logs", labels[group.Label], string.Create(CultureInfo.InvariantCulture, $"{environments[group.Environment]}_{i + 1}"));
                Directory.CreateDirectory(place);
                WriteMonitor(group.Runs[i], Path.Combine(place, "0.monitor.csv"));
                WriteEvaluations(group.Runs[i], Path.Combine(place, "evaluations.npz"));
            }
        }
    }

    private static void WriteMonitor(ComparedRun run, string path)
    {
        RunTable episodes = RunTables.Of(run.Directory).Episodes;
        long[] steps = episodes.Steps();
        double[] returns = episodes.Numbers("return");
        string[] lengths = episodes.Texts("length");
        RunClock clock = new(run);
        using StreamWriter file = new(path) { NewLine = "\n" };
        // rounded like every time of a monitor: seconds in full would end in digits that are none
        file.WriteLine($"#{{\"t_start\": {Number(clock.Start)}, \"env_id\": {JsonSerializer.Serialize(run.Environment)}}}");
        file.WriteLine("r,l,t");
        double before = 0;
        for (int row = 0; row < steps.Length; row++)
        {
            // the reader sorts by time, and not stably: no two episodes may end at once
            before = Math.Max(clock.Seconds(steps[row]), before + Microsecond);
            file.WriteLine($"{Number(returns[row])},{lengths[row]},{Number(before)}");
        }
    }

    private static void WriteEvaluations(ComparedRun run, string path)
    {
        RunTable evaluations = RunTables.Of(run.Directory).Evaluations;
        int count = evaluations.Rows;
        double[][] returns = evaluations.Lists("returns");
        int[] sizes = [.. returns.Select(static r => r.Length).Distinct()];
        if (sizes.Length > 1)
        {
            throw new ExportException(
                $"The evaluations of '{run.Directory}' have {string.Join(" and ", sizes)} episodes, and the array of sb3 has one number of them", "runs with one eval_episodes throughout", "leave the run out");
        }

        int episodes = sizes.FirstOrDefault();
        using FileStream file = File.Create(path);
        using NumpyArchive archive = new(file);
        archive.Add("timesteps", [.. evaluations.Steps().Select(static step => (double)step)], count);
        archive.Add("results", [.. returns.SelectMany(static r => r)], count, episodes);
        // the table has their mean alone, which is all that the plots take of them
        archive.Add("ep_lengths", [.. evaluations.Numbers("length_mean").SelectMany(mean => Enumerable.Repeat(mean, episodes))], count, episodes);
    }

    // Python's round(x, 6) and str; pandas reads nan and inf
    private static string Number(double value) => double.IsFinite(value) ? value.ToString("0.0#####", CultureInfo.InvariantCulture)
        : double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}
