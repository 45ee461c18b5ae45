using System.Globalization;
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
        string[] libraries = [.. Packages.Libraries.Keys.Where(l => ReadmeOf(l).Contains("```csharp\n"))];
        // the one that may have none
        Packages.Libraries.Keys.Except(libraries).ShouldBeSubsetOf(["Stackelberg.Reports"]);
        foreach (string library in libraries)
        {
            Write(packages.NewFolder("programs", library), library, ReadmeOf(library));
        }

        foreach (string library in libraries.Intersect(["Stackelberg.Experiments", "Stackelberg.Reports"]))
        {
            packages.AddOutsideDependencies(library, Path.Combine(folder, library));
        }

        File.WriteAllLines(
            Path.Combine(folder, "Programs.slnx"),
            ["<Solution>", .. libraries.Select(l => $"""  <Project Path="{l}/{l}.Example.csproj" />"""), "</Solution>"]);
        Dotnet.Run(folder, packages.Cache, "build", "Programs.slnx", "-m:1", "-v", "q");

        foreach (string library in libraries)
        {
            string output = Dotnet.Run(Path.Combine(folder, library), packages.Cache, Path.Combine("bin", $"{library}.Example.dll"));
            output.ReplaceLineEndings("\n").ShouldBe(Page.Block(ReadmeOf(library), "text"), library);
        }
    }

    [Fact]
    public void Program_of_the_main_README_loads_what_it_saved()
    {
        string page = File.ReadAllText(Path.Combine(Packages.Repository, "README.md"));
        LibraryProgram.Check(Page.Block(page, "text"));
        LibraryProgram.Check(Run("main", "Stackelberg.Agents", page));
    }

    [Fact]
    public void Program_of_the_page_of_the_library_finds_what_the_closed_form_says()
    {
        string page = File.ReadAllText(Path.Combine(Packages.Repository, "docs", "library.md"));
        string output = Run("page", "Stackelberg.Bilevel", page);
        output.ShouldBe(Page.Block(page, "text"));

        // w*(x) = (AᵀA/3 + eˣI)⁻¹ Aᵀb/3 by Cramer's rule, with the sums of the page's samples
        static double LeaderLoss(double x)
        {
            double e = Math.Exp(x), p = (14 / 3.0) + e, q = 1 / 3.0, r = (6 / 3.0) + e, g = 13 / 3.0, h = 10 / 3.0;
            double determinant = (p * r) - (q * q), first = ((g * r) - (q * h)) / determinant, second = ((p * h) - (q * g)) / determinant;
            return (Math.Pow(first + second - 2, 2) + Math.Pow((2 * first) - second - 0.5, 2)) / 2;
        }

        static double Slope(double x) => (LeaderLoss(x + 1e-5) - LeaderLoss(x - 1e-5)) / 2e-5;
        double[][] lines = [.. output.TrimEnd().Split('\n').Select(l => l.Split(["x = ", ": f1 = ", ", D f1 = "], StringSplitOptions.RemoveEmptyEntries)
            .Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray())];
        lines.Length.ShouldBe(2);
        foreach (double[] line in lines)
        {
            line[1].ShouldBe(LeaderLoss(line[0]), 1e-6);
            line[2].ShouldBe(Slope(line[0]), 2e-6);
        }

        Slope(lines[0][0]).ShouldBeGreaterThan(0.05);
        LeaderLoss(lines[1][0]).ShouldBeLessThanOrEqualTo(Enumerable.Range(-400, 801).Min(i => LeaderLoss(i / 100.0)));
    }

    private static string ReadmeOf(string library) => File.ReadAllText(Path.Combine(Packages.Repository, "src", library, "README.md"));

    private string Run(string name, string library, string page)
    {
        string folder = packages.NewFolder("pages", name);
        Write(folder, library, page);
        Dotnet.Run(folder, packages.Cache, "build", $"{library}.Example.csproj", "-m:1", "-v", "q");
        return Dotnet.Run(folder, packages.Cache, Path.Combine("bin", $"{library}.Example.dll")).ReplaceLineEndings("\n");
    }

    private void Write(string folder, string library, string page)
    {
        File.WriteAllText(Path.Combine(folder, "Program.cs"), Page.Block(page, "csharp"));
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
