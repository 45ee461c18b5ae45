using System.IO.Compression;
using System.Text;
using System.Xml.Linq;

namespace Stackelberg.Packaging.Tests.Support;

/// <summary>A package opened as what it is: a zip file with a description.</summary>
internal sealed class PackageFile : IDisposable
{
    private readonly ZipArchive archive;
    private readonly XElement metadata;

    public PackageFile(string path)
    {
        archive = ZipFile.OpenRead(path);
        Entries = [.. archive.Entries.Select(e => e.FullName)];
        metadata = XDocument.Parse(Text(Entries.Single(e => e.EndsWith(".nuspec", StringComparison.Ordinal)))).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
    }

    public IReadOnlyList<string> Entries { get; }

    /// <summary>The ids this package asks for, by name.</summary>
    public IEnumerable<string> Dependencies => Descendants("dependency").Select(d => d.Attribute("id")!.Value).Order(StringComparer.Ordinal);

    /// <summary>A value of the description; null where there is none.</summary>
    public string? this[string name] => metadata.Elements().SingleOrDefault(e => e.Name.LocalName == name)?.Value;

    public IEnumerable<XElement> Descendants(string name) => metadata.Descendants().Where(e => e.Name.LocalName == name);

    public string Text(string entry) => Encoding.UTF8.GetString(Bytes(entry)).TrimStart('\uFEFF');

    public byte[] Bytes(string entry)
    {
        Entries.ShouldContain(entry);
        using Stream stream = archive.GetEntry(entry)!.Open();
        using MemoryStream memory = new();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    public void Dispose() => archive.Dispose();
}
