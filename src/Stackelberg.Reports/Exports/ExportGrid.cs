using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Reports.Exports;

/// <summary>The runs as a full grid, algorithms × tasks × runs, which statistics over several tasks need.</summary>
internal sealed class ExportGrid
{
    private readonly Dictionary<(string Environment, string Label), IReadOnlyList<ComparedRun>> runs;

    /// <summary>Requires that every group is there in every environment, with as many runs.</summary>
    /// <param name="format">For the message.</param>
    /// <exception cref="ExportException">One is missing, or has another number of runs.</exception>
    public ExportGrid(Comparison comparison, string format)
    {
        runs = comparison.Groups.ToDictionary(static g => (g.Environment, g.Label), static g => g.Runs);
        Environments = [.. comparison.Groups.Select(static g => g.Environment).Distinct().Order(StringComparer.Ordinal)];
        Labels = [.. comparison.Groups.Select(static g => g.Label).Distinct()];
        foreach (string environment in Environments)
        {
            foreach (string label in Labels)
            {
                if (!runs.ContainsKey((environment, label)))
                {
                    throw new ExportException(
                        $"'{label}' has no runs on {environment}, and {format} needs every algorithm on every task",
                        "the same algorithms on all environments", "train what is missing, or compare environments one at a time");
                }
            }
        }

        if (comparison.Groups.Select(static g => g.Runs.Count).Distinct().Skip(1).Any())
        {
            throw new ExportException(
                $"The numbers of runs differ: {string.Join(", ", comparison.Groups.Select(static g => $"{g.Label} on {g.Environment} has {g.Runs.Count}"))}",
                $"the same number of seeds everywhere, as {format} needs", "train the seeds that are missing, or leave out those that the others do not have");
        }
    }

    /// <summary>The environments, in order.</summary>
    public IReadOnlyList<string> Environments { get; }

    /// <summary>The groups' labels.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Runs of each group.</summary>
    public int Runs => runs.Values.First().Count;

    /// <summary>The runs of one group, by seed.</summary>
    public IReadOnlyList<ComparedRun> this[string environment, string label] => runs[(environment, label)];
}
