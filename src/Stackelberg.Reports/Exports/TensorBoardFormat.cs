using System.Globalization;
using Stackelberg.Experiments;
using Stackelberg.Primitives;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.TensorBoard;
using YamlDotNet.Core;

namespace Stackelberg.Reports.Exports;

/// <summary>
/// Event files from the tables of finished runs: <c>{environment}/{algorithm}/seed-{n}/events.out.tfevents.*</c>, with what <c>train --tensorboard</c> would have written but for the
/// speed, which no table has.
/// </summary>
internal sealed class TensorBoardFormat : IExportFormat
{
    private static readonly (string Name, Func<RunTables, RunTable> Of)[] Tables =
        [("episodes", static t => t.Episodes), ("progress", static t => t.Progress), ("evaluations", static t => t.Evaluations), ("hypergradient", static t => t.Hypergradients)];

    /// <inheritdoc/>
    public string Id => "tensorboard";

    /// <inheritdoc/>
    public void Write(Comparison comparison, string folder)
    {
        (IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> environments) =
            ExportNames.Change(comparison, ExportNames.ForFile, StringComparer.OrdinalIgnoreCase);
        foreach (RunGroup group in comparison.Groups)
        {
            foreach (ComparedRun run in group.Runs)
            {
                Write(run, Path.Combine(folder, environments[group.Environment], labels[group.Label], string.Create(CultureInfo.InvariantCulture, $"seed-{run.Seed}")));
            }
        }
    }

    private static void Write(ComparedRun run, string folder)
    {
        RunClock clock = new(run);
        using EventFile file = EventFile.Begin(folder, clock.Start);
        RunEvents events = new(file, Tags.For(run.Algorithm));
        events.Begin(clock.Start, 0, ReadConfiguration(run), run.Seed);
        RunTables tables = RunTables.Of(run.Directory);
        foreach ((string name, Func<RunTables, RunTable> of) in Tables)
        {
            RunTable table = of(tables);
            long[] steps = table.Steps();
            for (int row = 0; row < steps.Length; row++)
            {
                events.Row(clock.Start + clock.Seconds(steps[row]), name, steps[row], table.Row(row));
            }
        }

        events.Finish(clock.Start + clock.Seconds(run.Result.Steps), run.Result.Steps);
        file.Flush();
    }

    private static string ReadConfiguration(ComparedRun run)
    {
        string path = Path.Combine(run.Directory, "config.yml");
        try
        {
            string yaml = File.ReadAllText(path);
            _ = Configuration.Read(yaml, run.Seed);
            return yaml;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or YamlException)
        {
            throw new ExportException(
                $"'{path}' cannot be read: {(e is YamlException ? e.Message : FileFaultText.Of(e, path))}", "the configuration of a finished run", "put the file back from a copy, or leave the run out");
        }
    }
}
