using Stackelberg.Cli.Tests.Support;
using Stackelberg.Experiments;

namespace Stackelberg.Cli.Tests;

/// <summary>Paths that are empty, gone, files in the place of folders and the other way round; and paths that a message tells the reader to type.</summary>
public sealed class PathTests : IDisposable
{
    private static readonly string[] Oddities =
        ["plain", "two words", "it's", "say \"so\"", "$HOME", "`id`", "a\\b", "-n", "--out", "~", "#x", "*", "a;b", "a&b", "!!", "wow!", "tab\there", "line\nend", "[x]", "ü→🂡", "a=b", "", "'\n'"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("eval", "")]
    [InlineData("resume", "")]
    [InlineData("replay", "", "--out", "x.html")]
    [InlineData("replay", "somewhere", "--out", "")]
    [InlineData("env", "rollout", "CartPole-v1", "--out", "")]
    [InlineData("env", "rollout", "CartPole-v1", "--out", "x.csv", "--actions", "")]
    [InlineData("env", "rollout", "CartPole-v1", "--out", "x.csv", "--policy", "")]
    [InlineData("env", "list", "--plugin", "")]
    [InlineData("env", "show", "")]
    [InlineData("env", "check", "")]
    [InlineData("algo", "list", "--plugin", "")]
    [InlineData("config", "show", "-c", "")]
    [InlineData("train", "--algo", "ac", "--env", "CartPole-v1", "--out", "")]
    [InlineData("train", "--algo", "ac", "--env", "")]
    [InlineData("train", "--algo", "ac", "--env", "CartPole-v1", "--plugin", "")]
    [InlineData("train", "--algo", "ac", "--env", "CartPole-v1", "--set", "out=")]
    [InlineData("hypergradient", "check", "--problem", "")]
    [InlineData("hypergradient", "export", "--run", "", "--out", "x")]
    [InlineData("hypergradient", "export", "--run", "x", "--out", "")]
    [InlineData("toy", "ddpg", "--out", "")]
    [InlineData("bench", "--peers", "")]
    public void Empty_path_is_refused_before_anything_else(params string[] command) => Refused(command);

    [Theory]
    [InlineData("eval", "file")]
    [InlineData("resume", "file")]
    [InlineData("eval", "file/below")]
    [InlineData("replay", "file", "--out", "x.html")]
    [InlineData("replay", "table.csv", "--out", "dir", "--env", "CartPole-v1")]
    [InlineData("replay", "table.csv", "--out", "file/x.html", "--env", "CartPole-v1")]
    [InlineData("env", "rollout", "CartPole-v1", "--out", "dir")]
    [InlineData("env", "rollout", "CartPole-v1", "--out", "file/x.csv")]
    [InlineData("env", "rollout", "CartPole-v1", "--out", "x.csv", "--actions", "dir")]
    [InlineData("env", "rollout", "CartPole-v1", "--out", "x.csv", "--actions", "file/below")]
    [InlineData("env", "rollout", "CartPole-v1", "--out", "x.csv", "--initial-state", "dir")]
    [InlineData("env", "rollout", "CartPole-v1", "--out", "x.csv", "--policy", "file")]
    [InlineData("env", "list", "--plugin", "dir")]
    [InlineData("env", "list", "--plugin", "file")]
    [InlineData("env", "show", "dir.json")]
    [InlineData("env", "show", "file/x.json")]
    [InlineData("config", "show", "-c", "dir")]
    [InlineData("config", "show", "-c", "file/below")]
    [InlineData("train", "--algo", "ac", "--env", "CartPole-v1", "--out", "file")]
    [InlineData("train", "--algo", "ac", "--env", "CartPole-v1", "--out", "file/below")]
    [InlineData("train", "--algo", "ac", "--env", "CartPole-v1", "--plugin", "dir")]
    [InlineData("train", "--algo", "ac", "--env", "dir.json")]
    [InlineData("hypergradient", "check", "--problem", "dir")]
    [InlineData("hypergradient", "check", "--problem", "file/below")]
    [InlineData("hypergradient", "export", "--run", "file", "--out", "x")]
    [InlineData("toy", "ddpg", "--out", "dir.html")]
    [InlineData("toy", "ddpg", "--out", "file/x.csv")]
    public void File_for_folder_and_folder_for_file_are_named(params string[] command)
    {
        folder.Write("file", "x");
        Directory.CreateDirectory(folder["dir"]);
        Directory.CreateDirectory(folder["dir.json"]);
        Directory.CreateDirectory(folder["dir.html"]);
        folder.Write("table.csv", "t,action0,obs0,obs1,obs2,obs3,reward,terminated,truncated,state0,state1,state2,state3\n0,0,0,0,0,0,0,0,0,0,0,0,0\n1,0,0,0,0,0,1,0,0,0,0,0,0\n");
        Refused(command);
    }

    [Theory]
    [InlineData("train --algo ac --env CartPole-v1")]
    [InlineData("eval .")]
    [InlineData("env rollout CartPole-v1 --out x.csv")]
    [InlineData("toy ddpg")]
    public void Working_folder_that_is_gone_is_named(string command)
    {
        using RunningProcess shell = RunningProcess.Shell(folder.Path, $"mkdir gone && cd gone && rmdir ../gone && exec dotnet '{Command.Executable}' {command}");
        shell.Result.ShouldRefuse(2, "does not exist any more");
        Plain(shell.Result);
    }

    [Fact]
    public void Words_for_the_shell_arrive_as_they_are()
    {
        foreach (string word in Oddities)
        {
            // $'…' is bash's and of POSIX 2024
            using RunningProcess shell = RunningProcess.Bash(folder.Path, $"printf %s {ShellText.Word(word)}");
            shell.Result.Output.ShouldBe(word, ShellText.Word(word));
            ShellText.Word(word).ShouldNotContain("\n");
            ShellText.Path(word).ShouldNotStartWith("-");
        }
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("it's $HOME")]
    [InlineData("-dash")]
    public void Next_command_can_be_typed_as_it_is_printed(string name)
    {
        CommandResult trained = Command.Run(folder.Path, "train", "--algo", "ac", "--env", "CartPole-v1", "--total-timesteps", "10", "--eval-episodes", "1", $"--out={name}");
        string next = trained.ShouldSucceed().LastLine;
        next.ShouldStartWith("next: stackelberg eval ");

        using RunningProcess shell = RunningProcess.Shell(folder.Path, $"stackelberg() {{ dotnet '{Command.Executable}' \"$@\"; }}; {next["next: ".Length..].Replace("100", "1", StringComparison.Ordinal)}");
        shell.Result.ShouldSucceed().Output.ShouldContain("ac on CartPole-v1");
    }

    [Fact]
    public void Plugin_is_one_path_for_every_verb()
    {
        // the tests' own assembly under a name with a comma and a blank, its references beside it
        string own = Path.GetDirectoryName(Command.Plugin)!;
        foreach (string library in Directory.GetFiles(own, "*.dll"))
        {
            File.CreateSymbolicLink(folder[Path.GetFileName(library)], library);
        }

        const string Plugin = "a, b.dll";
        File.CreateSymbolicLink(folder[Plugin], Command.Plugin);

        Run("env", "list", "--plugin", Plugin).ShouldSucceed().Output.ShouldContain("Sound-v0");
        Run("algo", "list", "--plugin", Plugin).ShouldSucceed();
        Run("config", "validate", "--algo", "ac", "--env", "Sound-v0", "--plugin", Plugin).ShouldSucceed();
        Run("hypergradient", "check", "--plugin", Plugin).ShouldSucceed();
        Run("env", "rollout", "Sound-v0", "--plugin", Plugin, "--steps", "2", "--out", "x.csv").ShouldSucceed();
        Run("train", "--algo", "ac", "--env", "Sound-v0", "--plugin", Plugin, "--total-timesteps", "100", "--eval-episodes", "1", "--set", "steps_per_iteration=50").ShouldSucceed();
        Run("eval", "runs", "--episodes", "1").ShouldSucceed();
        Run("resume", "runs", "--total-timesteps", "200").ShouldSucceed();
        foreach (string[] verb in new[] { new[] { "env", "list" }, ["algo", "list"], ["config", "validate", "--algo", "ac", "--env", "CartPole-v1"], ["hypergradient", "check"] })
        {
            Run([.. verb, "--plugin", "none, at all.dll"]).ShouldRefuse(2, "none, at all.dll' does not exist");
        }
    }

    private CommandResult Run(params string[] command) => Command.Run(folder.Path, command);

    private void Refused(string[] command)
    {
        CommandResult result = Run(command);
        result.ShouldRefuse(2);
        Plain(result);
    }

    // phrases of the runtime
    private static void Plain(CommandResult result)
    {
        foreach (string phrase in new[] { "Could not find", "Access to the path", "(Parameter", "System.", "a fault of this program", "Exception" })
        {
            result.Error.ShouldNotContain(phrase);
        }
    }

    /// <summary>A shell, and what it ran.</summary>
    private sealed class RunningProcess(RunningCommand command) : IDisposable
    {
        public CommandResult Result { get; } = Command.Finish(command);

        public static RunningProcess Shell(string folder, string script) => new(Command.StartProgram("sh", folder, null, "-c", script));

        public static RunningProcess Bash(string folder, string script) => new(Command.StartProgram("bash", folder, null, "-c", script));

        public void Dispose() => command.Process.Dispose();
    }
}
