using Stackelberg.Experiments.Runs;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments;

/// <summary>The tables of a finished run, each compared with what the run noted of it at its end before anything is read from it.</summary>
public sealed class RunTables
{
    private readonly string directory;
    private readonly IReadOnlyDictionary<string, TableSeal>? seals;
    private readonly Dictionary<string, RunTable> opened = new(StringComparer.Ordinal);

    private RunTables(string directory, IReadOnlyDictionary<string, TableSeal>? seals) => (this.directory, this.seals) = (directory, seals);

    /// <summary>Whether the run noted by what its tables are recognised; runs of earlier versions did not.</summary>
    public bool AreSealed => seals is not null;

    /// <summary>One row per iteration, or per <c>log_every</c> steps.</summary>
    public RunTable Progress => Table("progress");

    /// <summary>One row per training episode.</summary>
    public RunTable Episodes => Table("episodes");

    /// <summary>One row per evaluation.</summary>
    public RunTable Evaluations => Table("evaluations");

    /// <summary>One row per leader update, or per <c>hypergradient.log_every</c> of them.</summary>
    public RunTable Hypergradients => Table("hypergradient");

    /// <summary>Of a finished run; a table is read when it is asked for.</summary>
    /// <exception cref="RunException">The run is not finished, or its outcome was altered. Asking for a table throws it where that one is missing or altered.</exception>
    public static RunTables Of(RunInfo run) => Of(run.Directory);

    /// <inheritdoc cref="Of(RunInfo)"/>
    /// <param name="directory">The run's folder.</param>
    public static RunTables Of(string directory) => ResultRecord.Read(directory) is { } record
        ? new RunTables(directory, record.Tables)
        : throw new RunException($"The run '{directory}' is not finished. 'stackelberg resume' goes on with it.");

    private RunTable Table(string name)
    {
        if (opened.TryGetValue(name, out RunTable? table))
        {
            return table;
        }

        string path = Path.Combine(directory, name + ".csv");
        try
        {
            return opened[name] = RunTable.Read(path, seals?.GetValueOrDefault(name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"'{path}' cannot be read: {FileFaultText.Of(e, path)}.", e);
        }
    }
}
