using System.Reflection;
using System.Runtime.CompilerServices;

namespace Stackelberg.Packaging.Tests.Support;

/// <summary>The packages of this checkout, packed once from what was built, in a folder outside it from which alone programs restore.</summary>
public sealed class Packages : IDisposable
{
    /// <summary>Packs.</summary>
    public Packages()
    {
        string configuration = typeof(Packages).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        Dotnet.Run(Repository, null, "pack", "Stackelberg.slnx", "-c", configuration, "-o", Feed, "--no-build", "-m:1", "-v", "q");
        File.WriteAllText(Path.Combine(Root, "nuget.config"), Configuration(Feed, clear: true));
    }

    /// <summary>The libraries, and what each asks for: the arrows of docs/architecture.md.</summary>
    public static IReadOnlyDictionary<string, string[]> Libraries { get; } = new Dictionary<string, string[]>
    {
        ["Stackelberg.Primitives"] = [],
        ["Stackelberg.Tensors"] = ["Stackelberg.Primitives"],
        ["Stackelberg.Bilevel"] = ["Stackelberg.Tensors"],
        ["Stackelberg.Environments"] = ["Stackelberg.Primitives"],
        ["Stackelberg.MuJoCo"] = ["Stackelberg.Environments"],
        ["Stackelberg.Agents"] = ["Stackelberg.Bilevel", "Stackelberg.Environments"],
        ["Stackelberg.Statistics"] = ["Stackelberg.Primitives"],
        ["Stackelberg.Experiments"] = ["Stackelberg.Agents", "Stackelberg.MuJoCo", "Stackelberg.Statistics", "YamlDotNet"],
        // YamlDotNet is that of Experiments: packing names every package whose version this checkout pins
        ["Stackelberg.Reports"] = ["Google.Protobuf", "ScottPlot", "Stackelberg.Experiments", "Stackelberg.Statistics", "YamlDotNet"],
    };

    /// <summary>The package of the command.</summary>
    public const string Tool = "Stackelberg.Cli";

    /// <summary>This checkout.</summary>
    public static string Repository { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", ".."));

    /// <summary>A temporary folder whose nuget.config knows of nothing but <see cref="Feed"/>.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("stackelberg-packages-").FullName;

    /// <summary>The packed files.</summary>
    public string Feed => Path.Combine(Root, "feed");

    /// <summary>A packages folder and home that begin empty, so that no package of the same version packed earlier is found.</summary>
    public string Cache => Path.Combine(Root, "home");

    /// <summary>The version of all packages.</summary>
    public string Version => Path.GetFileNameWithoutExtension(Directory.GetFiles(Feed, $"{Tool}.*.nupkg").Single())[(Tool.Length + 1)..];

    /// <summary>A new folder below <see cref="Root"/>.</summary>
    public string NewFolder(params string[] names) => Directory.CreateDirectory(Path.Combine([Root, .. names])).FullName;

    /// <summary>Copies what a library and those below it ask for from elsewhere, and lets the programs in a folder restore from there as well.</summary>
    public void AddOutsideDependencies(string library, string folder)
    {
        string others = NewFolder("others");
        Queue<string> files = new([FileOf(library)]);
        HashSet<string> seen = [];
        while (files.TryDequeue(out string? file))
        {
            using PackageFile package = new(file);
            foreach (System.Xml.Linq.XElement dependency in package.Descendants("dependency"))
            {
                (string id, string version) = (dependency.Attribute("id")!.Value, dependency.Attribute("version")!.Value);
                string name = $"{id}.{version}.nupkg".ToLowerInvariant();
                string found = Libraries.ContainsKey(id) ? FileOf(id) : Path.Combine(PackageRoot, id.ToLowerInvariant(), version, name);
                // what is not there is for another framework than this one
                if (File.Exists(found) && seen.Add(found))
                {
                    files.Enqueue(found);
                    if (!Libraries.ContainsKey(id))
                    {
                        File.Copy(found, Path.Combine(others, name), overwrite: true);
                    }
                }
            }
        }

        File.WriteAllText(Path.Combine(folder, "nuget.config"), Configuration(others, clear: false));
    }

    /// <summary>The path of a package or of its symbols.</summary>
    public string FileOf(string id, string extension = "nupkg") => Path.Combine(Feed, $"{id}.{Version}.{extension}");

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static string PackageRoot { get; } =
        typeof(Packages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "PackageRoot").Value!;

    private static string Configuration(string source, bool clear) =>
        $"""
        <configuration>
          <packageSources>
            {(clear ? "<clear />" : "")}
            <add key="{Path.GetFileName(source)}" value="{source}" />
          </packageSources>
          {(clear ? "<fallbackPackageFolders><clear /></fallbackPackageFolders>" : "")}
        </configuration>
        """;

    private static string ThisFile([CallerFilePath] string path = "") => path;
}

/// <summary>One packing serves all classes of tests.</summary>
[CollectionDefinition(Name)]
public sealed class PackagesGroup : ICollectionFixture<Packages>
{
    /// <summary>The collection.</summary>
    public const string Name = "packages";
}
