using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Stackelberg.Packaging.Tests.Support;

namespace Stackelberg.Packaging.Tests;

[Collection(PackagesGroup.Name)]
public sealed partial class PackageContentTests(Packages packages)
{
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    public static TheoryData<string> Libraries => [.. Packages.Libraries.Keys];

    public static TheoryData<string> All => [.. Ids];

    private static IEnumerable<string> Ids => Packages.Libraries.Keys.Append(Packages.Tool);

    [Fact]
    public void Libraries_and_command_are_packed_and_nothing_else()
    {
        Directory.GetFiles(packages.Feed, "*.nupkg").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)
            .ShouldBe(Ids.Select(id => $"{id}.{packages.Version}.nupkg").Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Description_says_what_it_is_under_which_licence_and_names_no_place(string id)
    {
        using PackageFile package = new(packages.FileOf(id));
        (package["id"], package["version"]).ShouldBe((id, packages.Version));
        package["description"].ShouldNotBeNull().Length.ShouldBeGreaterThan(40);
        package["authors"].ShouldBe("The Stackelberg authors");
        package["tags"].ShouldNotBeNull().Split(' ').ShouldContain("stackelberg");
        package.Descendants("license").Single().ToString().ShouldContain("type=\"expression\"");
        package["license"].ShouldBe("Apache-2.0");
        package["projectUrl"].ShouldBeNull();
        package.Descendants("repository").ShouldAllBe(r => r.Attribute("url") == null);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Licence_and_README_are_inside_and_no_link_of_the_README_leads_nowhere(string id)
    {
        using PackageFile package = new(packages.FileOf(id));
        package.Text("LICENSE").ShouldBe(File.ReadAllText(Path.Combine(Packages.Repository, "LICENSE")));
        package["readme"].ShouldBe("README.md");
        string readme = package.Text("README.md");
        readme.ShouldStartWith($"# {id}\n");
        RelativeLink().Matches(readme).Select(m => m.Value).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Asks_for_what_the_architecture_allows_and_nothing_else(string id)
    {
        using PackageFile package = new(packages.FileOf(id));
        package.Dependencies.ShouldBe(Packages.Libraries[id]);
        package.Entries.Where(e => e.EndsWith(".dll", StringComparison.Ordinal)).ShouldBe([$"lib/net10.0/{id}.dll"]);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Every_public_type_is_documented(string id)
    {
        using PackageFile package = new(packages.FileOf(id));
        HashSet<string> documented = [.. XDocument.Parse(package.Text($"lib/net10.0/{id}.xml")).Descendants("member").Select(m => m.Attribute("name")!.Value)];
        using PEReader assembly = new(new MemoryStream(package.Bytes($"lib/net10.0/{id}.dll")));
        MetadataReader metadata = assembly.GetMetadataReader();
        string[] types =
        [
            .. metadata.TypeDefinitions.Select(metadata.GetTypeDefinition)
                .Where(t => (t.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public)
                .Select(t => $"T:{metadata.GetString(t.Namespace)}.{metadata.GetString(t.Name)}"),
        ];
        types.ShouldNotBeEmpty();
        types.Where(t => !documented.Contains(t)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Symbols_belong_to_the_assembly_and_carry_its_sources(string id)
    {
        using PackageFile package = new(packages.FileOf(id));
        using PackageFile symbols = new(packages.FileOf(id, "snupkg"));
        using PEReader assembly = new(new MemoryStream(package.Bytes($"lib/net10.0/{id}.dll")));
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols.Bytes($"lib/net10.0/{id}.pdb")));
        MetadataReader reader = provider.GetMetadataReader();

        DebugDirectoryEntry link = assembly.ReadDebugDirectory().Single(e => e.Type == DebugDirectoryEntryType.CodeView);
        new BlobContentId(reader.DebugMetadataHeader!.Id).Guid.ShouldBe(assembly.ReadCodeViewDebugDirectoryData(link).Guid);

        string[] sources = [.. reader.Documents.Where(d => HasSource(reader, d)).Select(d => reader.GetString(reader.GetDocument(d).Name))];
        sources.ShouldContain(s => s.StartsWith($"/stackelberg/src/{id}/", StringComparison.Ordinal));
        sources.Length.ShouldBe(reader.Documents.Count);
        reader.Documents.Select(d => reader.GetString(reader.GetDocument(d).Name)).ShouldAllBe(n => !n.Contains(Packages.Repository));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Assembly_does_not_tell_where_it_was_built(string id)
    {
        using PackageFile package = new(packages.FileOf(id));
        package.Bytes($"lib/net10.0/{id}.dll").AsSpan().IndexOf(Encoding.UTF8.GetBytes(Packages.Repository)).ShouldBe(-1);
    }

    [Fact]
    public void Scripts_inside_Experiments_come_with_their_licences()
    {
        foreach (string id in new[] { "Stackelberg.Experiments", Packages.Tool })
        {
            using PackageFile package = new(packages.FileOf(id));
            package.Text("licences/three.LICENSE").ShouldContain("MIT License");
            package.Text("licences/plotly.LICENSE").ShouldContain("MIT License");
        }
    }

    [Fact]
    public void Page_lists_every_package_with_its_description()
    {
        string page = File.ReadAllText(Path.Combine(Packages.Repository, "docs", "packages.md"));
        foreach (string id in Ids)
        {
            using PackageFile package = new(packages.FileOf(id));
            page.ShouldContain($"| `{id}` | {package["description"]} |");
        }
    }

    private static bool HasSource(MetadataReader reader, DocumentHandle document) => reader.GetCustomDebugInformation(document)
        .Any(i => reader.GetGuid(reader.GetCustomDebugInformation(i).Kind) == EmbeddedSource);

    [GeneratedRegex(@"\]\((?!https?://)[^)]*\)|<img[^>]*>")]
    private static partial Regex RelativeLink();
}
