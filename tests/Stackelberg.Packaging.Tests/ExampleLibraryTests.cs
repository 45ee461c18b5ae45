using Stackelberg.Packaging.Tests.Support;

namespace Stackelberg.Packaging.Tests;

/// <summary>The example of the libraries without command line and run folders. This project's build builds it.</summary>
public sealed class ExampleLibraryTests : IDisposable
{
    private const string Example = "Stackelberg.Examples.Library";

    private readonly string folder = Directory.CreateTempSubdirectory("stackelberg-library-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Learner_that_was_loaded_plays_as_the_one_that_was_saved_and_better_than_an_untrained_one()
    {
        // …/bin/<configuration>/<framework>, there as here
        string[] build = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory).Split(Path.DirectorySeparatorChar)[^2..];
        string bin = Path.Combine([Packages.Repository, "examples", Example, "bin", .. build]);
        LibraryProgram.Check(Dotnet.Run(folder, null, Path.Combine(bin, Example + ".dll")));
        Directory.GetFiles(folder).Select(f => Path.GetFileName(f)).ShouldBe(["stac.state"]);

        // with these alone
        Directory.GetFiles(bin, "*.dll").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal).ShouldBe(
            ["Stackelberg.Agents", "Stackelberg.Bilevel", "Stackelberg.Environments", Example, "Stackelberg.Primitives", "Stackelberg.Tensors"]);
    }

    [Fact]
    public void README_shows_the_example_and_it_has_twenty_lines_at_most()
    {
        string program = File.ReadAllText(Path.Combine(Packages.Repository, "examples", Example, "Program.cs")).ReplaceLineEndings("\n");
        Page.Block(File.ReadAllText(Path.Combine(Packages.Repository, "README.md")), "csharp").ShouldBe(program);
        program.TrimEnd().Split('\n').Length.ShouldBeLessThanOrEqualTo(20);
    }
}
