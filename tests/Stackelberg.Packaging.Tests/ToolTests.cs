using Stackelberg.Packaging.Tests.Support;

namespace Stackelberg.Packaging.Tests;

[Collection(PackagesGroup.Name)]
public sealed class ToolTests(Packages packages)
{
    [Fact]
    public void Command_is_installed_from_its_package_alone_and_trains()
    {
        string tools = packages.NewFolder("tools"), work = packages.NewFolder("work");
        Dotnet.Run(
            work, packages.Cache, "tool", "install", Packages.Tool, "--tool-path", tools, "--version", packages.Version,
            "--configfile", Path.Combine(packages.Root, "nuget.config"));
        string command = Path.Combine(tools, OperatingSystem.IsWindows() ? "stackelberg.exe" : "stackelberg");

        Dotnet.RunProgram(command, work, packages.Cache, "algo", "list").ShouldContain("stac");

        // A file of settings and a short training need every library that the package carries.
        File.WriteAllText(Path.Combine(work, "short.yml"), "algo: ac\nenv: CartPole-v1\ntotal_timesteps: 400\nsteps_per_iteration: 200\neval_episodes: 1\n");
        Dotnet.RunProgram(command, work, packages.Cache, "train", "-c", "short.yml");
        Directory.GetDirectories(Path.Combine(work, "runs", "CartPole-v1", "ac", "seed-0", "checkpoints")).ShouldHaveSingleItem().ShouldEndWith("step-000000000400");
    }

    [Fact]
    public void Libraries_inside_are_named_with_their_licences()
    {
        using PackageFile package = new(packages.FileOf(Packages.Tool));
        package.Descendants("packageType").Single().Attribute("name")!.Value.ShouldBe("DotnetTool");
        package.Dependencies.ShouldBeEmpty();
        string notices = package.Text("licences/libraries.txt");
        string[] foreign =
        [
            .. package.Entries.Where(e => e.StartsWith("tools/", StringComparison.Ordinal) && e.EndsWith(".dll", StringComparison.Ordinal))
                .Select(e => Path.GetFileNameWithoutExtension(e)).Where(n => !n.StartsWith("stackelberg", StringComparison.OrdinalIgnoreCase)),
        ];
        foreign.ShouldContain("YamlDotNet");
        foreach (string name in foreign)
        {
            notices.ShouldContain($"\n{name}.dll: ");
        }
    }
}
