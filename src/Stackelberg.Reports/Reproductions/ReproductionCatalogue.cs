using System.Reflection;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Reports.Reproductions;

/// <summary>The papers' tables and figures: the YAML files beside this one, which the assembly carries.</summary>
public static class ReproductionCatalogue
{
    private const string Prefix = "Reproductions/";

    private static readonly Lazy<IReadOnlyList<ReproductionEntry>> Entries = new(() => [.. Names().Select(n => EntryReader.Read(Text(n), n)).OrderBy(e => e.Paper, StringComparer.Ordinal).ThenBy(e => e.Id, StringComparer.Ordinal)]);

    /// <summary>All entries, by paper and id.</summary>
    public static IReadOnlyList<ReproductionEntry> All => Entries.Value;

    /// <summary>The entry of an id, or of a YAML file.</summary>
    /// <param name="id">Ids of the catalogue; whatever ends in <c>.yml</c> or <c>.yaml</c> is the path of a file.</param>
    /// <exception cref="ReproductionException">There is none.</exception>
    public static ReproductionEntry Find(string id)
    {
        if (IsFile(id))
        {
            return File.Exists(id)
                ? EntryReader.Read(File.ReadAllText(id), id)
                : throw new ReproductionException($"there is no file '{id}'", "the id of an entry, or the path of a YAML file with one", "'stackelberg reproduce list' shows the ids");
        }

        return All.FirstOrDefault(e => e.Id == id) ?? throw new ReproductionException(
            $"'{id}' is no entry", string.Join(", ", All.Select(e => e.Id)),
            Suggestions.Nearest(id, All.Select(e => e.Id)) is { } near ? $"did you mean '{near}'?" : "'stackelberg reproduce list' shows them");
    }

    /// <summary>The YAML of an entry: of the catalogue, or of a file.</summary>
    /// <exception cref="ReproductionException">There is none.</exception>
    public static string TextOf(string id)
    {
        string own = Find(id).Id;
        return IsFile(id) ? File.ReadAllText(id) : Text(Names().First(n => EntryReader.Read(Text(n), n).Id == own));
    }

    /// <summary>Whether an id is the path of a file.</summary>
    public static bool IsFile(string id) => id.EndsWith(".yml", StringComparison.Ordinal) || id.EndsWith(".yaml", StringComparison.Ordinal);

    private static IEnumerable<string> Names() => typeof(ReproductionCatalogue).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal));

    private static string Text(string name)
    {
        using Stream stream = Assembly.GetAssembly(typeof(ReproductionCatalogue))!.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
