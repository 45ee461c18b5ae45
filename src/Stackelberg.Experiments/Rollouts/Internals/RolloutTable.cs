using System.Globalization;
using System.Text;
using Stackelberg.Experiments.Internals;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Rollouts.Internals;

/// <summary>Writes a table of numbers with 17 significant digits, as C's <c>%.17g</c> does: they read back to the same bits.</summary>
/// <remarks>The file appears under its name when it is complete, and not at all otherwise.</remarks>
internal sealed class RolloutTable : IDisposable
{
    private readonly string path;
    private readonly string target;
    private readonly string temporary;
    private readonly StreamWriter writer;
    private readonly StringBuilder line = new();

    /// <summary>Starts the table with its header.</summary>
    /// <exception cref="RolloutException">The file cannot be written.</exception>
    public RolloutTable(string path, IEnumerable<string> columns)
    {
        this.path = path;
        try
        {
            target = WholeFile.TargetOf(path);
            temporary = WholeFile.TemporaryOf(target);
            writer = new StreamWriter(new DiskFile(temporary, FileMode.Create)) { NewLine = "\n" };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Unwritable(e);
        }

        writer.WriteLine(string.Join(',', columns));
    }

    /// <summary>Adds cells to the row in progress.</summary>
    public RolloutTable Add(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            Add(value);
        }

        return this;
    }

    /// <summary>Adds a cell to the row in progress.</summary>
    public RolloutTable Add(double value)
    {
        line.Append(line.Length > 0 ? "," : "");
        _ = value switch
        {
            double.NaN => line.Append("nan"),
            double.PositiveInfinity => line.Append("inf"),
            double.NegativeInfinity => line.Append("-inf"),
            _ => line.Append(CultureInfo.InvariantCulture, $"{value:g17}"),
        };
        return this;
    }

    /// <summary>Ends the row in progress.</summary>
    public void EndRow()
    {
        try
        {
            writer.WriteLine(line);
            line.Clear();
        }
        catch (IOException e)
        {
            throw Unwritable(e);
        }
    }

    /// <summary>Puts the table under its name.</summary>
    public void Complete()
    {
        try
        {
            writer.Dispose();
            WholeFile.Complete(temporary, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(e);
        }
    }

    public void Dispose()
    {
        try
        {
            writer.Dispose();
        }
        catch (IOException)
        {
            // a table that is not complete is not kept anyway
        }

        WholeFile.Abandon(temporary, target);
    }

    private RolloutException Unwritable(Exception e)
    {
        var refused = SystemFault.Of(e);
        return new RolloutException($"'{path}' cannot be written: {FileFaultText.Of(e, path)}", refused?.Allowed ?? "the path of a file that can be written", refused?.Next ?? "give another path with --out", e);
    }
}
