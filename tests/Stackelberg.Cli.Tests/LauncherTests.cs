using System.Runtime.CompilerServices;
using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary>The launcher script in a small checkout, with a stand-in for <c>dotnet</c> that notes its calls.</summary>
public sealed class LauncherTests : IDisposable
{
    private const string StandIn =
        """
        #!/usr/bin/env bash
        root=$(dirname "$(readlink -f "$0")")/..
        echo "$*" >>"$root/calls"
        case $1 in
        build)
            sleep 0.5
            [ ! -e "$root/fail" ] || { echo "CS0000: it does not compile"; exit 1; }
            mkdir -p "$root/src/Stackelberg.Cli/bin/Release/net10.0"
            touch "$root/src/Stackelberg.Cli/bin/Release/net10.0/stackelberg.dll" ;;
        *) shift; printf '<%s>' "$@" ;;
        esac
        """;

    private readonly TemporaryFolder folder = new();

    public LauncherTests()
    {
        string repository = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));
        Directory.CreateDirectory(folder[".ci"]);
        Directory.CreateDirectory(folder["tools"]);
        Directory.CreateDirectory(folder["src", "Stackelberg.Cli"]);
        Directory.CreateDirectory(folder["elsewhere"]);
        File.Copy(Path.Combine(repository, "stackelberg"), folder["stackelberg"]);
        File.Copy(Path.Combine(repository, ".ci", "prepare.sh"), folder[".ci", "prepare.sh"]);
        foreach (string name in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig", "BannedSymbols.txt" })
        {
            folder.Write(name, "");
        }

        File.WriteAllText(folder["src", "Stackelberg.Cli", "Program.cs"], "one");
        File.WriteAllText(folder["tools", "dotnet"], StandIn);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder["tools", "dotnet"], (UnixFileMode)0b111_101_101);
        }
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void First_call_builds_later_calls_only_run()
    {
        Launch("stackelberg", "a b", "--c", "").ShouldSucceed().Output.ShouldBe("<a b><--c><>");
        Launch("stackelberg", "again").ShouldSucceed().Output.ShouldBe("<again>");

        Calls("build").ShouldBe(1);
        Calls(Path.GetFullPath(folder["bin"])).ShouldBe(2);
    }

    [Fact]
    public void Changed_added_or_removed_source_is_built_again()
    {
        Launch("stackelberg");
        File.WriteAllText(folder["src", "Stackelberg.Cli", "Program.cs"], "three");
        Launch("stackelberg");
        File.WriteAllText(folder["src", "New.cs"], "");
        Launch("stackelberg");
        File.Delete(folder["src", "New.cs"]);
        File.Delete(folder["src", "Stackelberg.Cli", "Program.cs"]);
        Launch("stackelberg");

        Calls("build").ShouldBe(4);
    }

    [Fact]
    public void Works_from_another_folder_and_through_a_link()
    {
        File.CreateSymbolicLink(folder["elsewhere", "link"], folder["stackelberg"]);
        Launch(Path.Combine("elsewhere", "link"), "x").ShouldSucceed().Output.ShouldBe("<x>");
    }

    [Fact]
    public void First_calls_at_the_same_time_build_once()
    {
        RunningCommand[] running = [.. Enumerable.Range(0, 4).Select(i => Start("stackelberg", $"{i}"))];
        CommandResult[] results = [.. running.Select(Command.Finish)];

        results.Select(r => r.Output).ShouldBe(["<0>", "<1>", "<2>", "<3>"]);
        Calls("build").ShouldBe(1);
    }

    [Fact]
    public void Failed_build_shows_its_output_and_is_tried_again()
    {
        folder.Write("fail", "");
        Launch("stackelberg").ShouldRefuse(2, "CS0000", "build.log");
        File.Delete(folder["fail"]);
        Launch("stackelberg", "x").ShouldSucceed().Output.ShouldBe("<x>");
    }

    [Fact]
    public void Checkout_that_cannot_be_written_is_refused_with_the_way_out()
    {
        // A file where the folder has to be stops root too.
        folder.Write("bin", "");
        Launch("stackelberg").ShouldRefuse(2, "cannot be written", "clone it to a folder of yours");
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private int Calls(string start) => File.ReadLines(folder["calls"]).Count(l => l.StartsWith(start, StringComparison.Ordinal));

    private CommandResult Launch(string script, params string[] arguments) => Command.Finish(Start(script, arguments));

    // MUJOCO_LIBRARY is set, so that nothing is installed.
    private RunningCommand Start(string script, params string[] arguments) => Command.StartProgram(
        "env", folder["elsewhere"], ("MUJOCO_LIBRARY", "none"), [$"PATH={folder["tools"]}:/usr/bin:/bin", "bash", folder[script], .. arguments]);
}
