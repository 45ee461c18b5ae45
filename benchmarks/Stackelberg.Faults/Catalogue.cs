using Stackelberg.Faults.Framework;
using Stackelberg.Faults.Kinds;

namespace Stackelberg.Faults;

/// <summary>All kinds of faults.</summary>
public static class Catalogue
{
    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new YamlFiles(), new SettingsAndFlags(), new JsonFiles(), new CsvFiles(), new DamagedRuns(), new Kills(), new Signals(), new LostOutput(), new FullDisks(), new PluginFaults(),
    ];

    /// <summary>The kind of this name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static FaultKind Find(string name) => All.Append(new ProbeKind()).FirstOrDefault(k => k.Name == name) ?? throw new ArgumentException($"there is no kind '{name}'");
}
