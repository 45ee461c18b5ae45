using Stackelberg.Packaging.Tests.Support;

namespace Stackelberg.Packaging.Tests;

/// <summary>
/// The example in each package's README, as a program of its own outside the checkout that asks for that one package: it is restored from the packed
/// files, compiled, run, and prints what the README says. A package that forgot a dependency fails to restore, to compile or to run.
/// </summary>
[Collection(PackagesGroup.Name)]
public sealed class FreshProgramTests(Packages packages)
{
    [Fact]
    public void Examples_of_the_READMEs_run_from_the_packed_files_alone()
    {
        string folder = packages.NewFolder("programs");
        foreach (string library in Packages.Libraries.Keys)
        {
            Write(packages.NewFolder("programs", library), library);
        }

        packages.AddOutsideDependencies("Stackelberg.Experiments", Path.Combine(folder, "Stackelberg.Experiments"));
        File.WriteAllLines(
            Path.Combine(folder, "Programs.slnx"),
            ["<Solution>", .. Packages.Libraries.Keys.Select(l => $"""  <Project Path="{l}/{l}.Example.csproj" />"""), "</Solution>"]);
        Dotnet.Run(folder, packages.Cache, "build", "Programs.slnx", "-m:1", "-v", "q");

        foreach (string library in Packages.Libraries.Keys)
        {
            string output = Dotnet.Run(Path.Combine(folder, library), packages.Cache, Path.Combine("bin", $"{library}.Example.dll"));
            output.ReplaceLineEndings("\n").ShouldBe(Page.Block(ReadmeOf(library), "text"), library);
        }
    }

    private static string ReadmeOf(string library) => File.ReadAllText(Path.Combine(Packages.Repository, "src", library, "README.md"));

    private void Write(string folder, string library)
    {
        File.WriteAllText(Path.Combine(folder, "Program.cs"), Page.Block(ReadmeOf(library), "csharp"));
        File.WriteAllText(
            Path.Combine(folder, $"{library}.Example.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <InvariantGlobalization>true</InvariantGlobalization>
                <OutputPath>bin</OutputPath>
                <AppendTargetFrameworkToOutputPath>false</AppendTargetFrameworkToOutputPath>
                <UseAppHost>false</UseAppHost>
                <RunAnalyzers>false</RunAnalyzers>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{library}" Version="{packages.Version}" />
              </ItemGroup>
            </Project>
            """);
    }
}
