using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Reports.Exports;

/// <summary>A format of another program.</summary>
internal interface IExportFormat
{
    /// <summary>Name on the command line.</summary>
    string Id { get; }

    /// <summary>Writes the runs into an empty folder.</summary>
    /// <exception cref="ExportException">The format cannot hold them, or a table cannot be read.</exception>
    void Write(Comparison comparison, string folder);
}
