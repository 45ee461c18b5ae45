using System.Runtime.CompilerServices;
using System.Text.Json;
using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary>The example of an algorithm of one's own, used as its page says. This project's build builds it.</summary>
public sealed class ExampleAlgorithmTests : IDisposable
{
    private const string Prompt = "./stackelberg ";
    private const string Assembly = "Stackelberg.Examples.Algorithm";

    private static readonly string[] Small =
    [
        "actor.hidden=16,16", "critic.hidden=16,16", "learning_starts=100", "update_after=100", "update_every=25", "updates=25", "batch_size=32",
    ];

    private readonly TemporaryFolder folder = new();

    private static string Plugin
    {
        get
        {
            // …/bin/<configuration>/<framework>, there as here.
            string here = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
            string[] build = here.Split(Path.DirectorySeparatorChar)[^2..];
            return Path.Combine([Repository(), "examples", Assembly, "bin", .. build, Assembly + ".dll"]);
        }
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_whole_method_takes_sixty_lines() =>
        File.ReadAllLines(Path.Combine(Repository(), "examples", Assembly, "DdpgBc.cs")).Length.ShouldBeLessThanOrEqualTo(60);

    [Fact]
    public void Commands_of_the_page_work_in_the_order_they_are_shown()
    {
        string page = File.ReadAllText(Path.Combine(Repository(), "docs", "algorithms", "your-own.md"));
        string[] commands = [.. page.Split('\n').Where(l => l.StartsWith(Prompt, StringComparison.Ordinal)).Select(l => l[Prompt.Length..])];
        commands.Select(c => string.Join(' ', c.Split(' ')[..2])).ShouldBe(["algo show", "train --algo", "train --algo"]);
        page.ShouldContain($"dotnet build examples/{Assembly} -c Release");
        foreach (string command in commands)
        {
            string[] arguments = [.. command.Split(' ').Select(a => a == $"examples/{Assembly}/bin/Release/net10.0/{Assembly}.dll" ? Plugin : a)];
            arguments.ShouldContain(Plugin);
            string[] budget = arguments[0] == "train" ? ["--total-timesteps", "200", "--eval-episodes", "1", "--overwrite", "--set", .. Small] : [];
            Command.Run(folder.Path, [.. arguments, .. budget]).ShouldSucceed().Output.ShouldNotBeEmpty();
        }

        File.ReadAllText(folder["runs", "Pendulum-v1", "ddpg-bc", "seed-0", "hypergradient.csv"]).ShouldContain("nystrom");
    }

    [Theory]
    [InlineData("actor", "cg", "hessian", "cg")]
    [InlineData("actor", "gauss-newton", "gauss-newton", "gauss-newton")]
    [InlineData("critic", "minres", "hessian", "minres")]
    public void Leader_and_solver_come_from_the_command_line(string leader, string solver, string curvature, string method)
    {
        Command.Run(folder.Path, [.. Train("--total-timesteps", "200"), $"leader={leader}", $"hypergradient.solver={solver}", $"hypergradient.curvature={curvature}", "hypergradient.damping=0.1"]).ShouldSucceed();
        string[] rows = File.ReadAllLines(folder["runs", "Pendulum-v1", "ddpg-bc", "seed-0", "hypergradient.csv"]);
        rows.Length.ShouldBe(1 + 125);
        string[] header = rows[0].Split(',');
        rows[1].Split(',')[Array.IndexOf(header, "method")].ShouldBe(method);
        rows.Skip(1).Select(r => r.Split(',')[Array.IndexOf(header, "dropped")]).ShouldAllBe(d => d == "0");
    }

    [Theory]
    [InlineData("unrolled")]
    [InlineData("darts")]
    [InlineData("first-order")]
    public void Every_way_to_differentiate_the_response_serves_a_taped_method(string method)
    {
        CommandResult first = Command.Run(folder.Path, [.. Train("--total-timesteps", "200", "--json"), "leader=actor", $"hypergradient.method={method}"]).ShouldSucceed();
        string table = File.ReadAllText(folder["runs", "Pendulum-v1", "ddpg-bc", "seed-0", "hypergradient.csv"]);
        table.ShouldContain(method == "first-order" ? "none" : method);
        CommandResult nobody = Command.Run(folder.Path, [.. Train("--total-timesteps", "200", "--json", "--overwrite"), "leader=none"]).ShouldSucceed();

        // without a response in it the leader's gradient is that of a method in which nobody leads
        (Return(first) == Return(nobody)).ShouldBe(method == "first-order");
    }

    [Fact]
    public void A_run_resumes_to_the_hash_of_the_undisturbed_one()
    {
        string[] flags = ["--total-timesteps", "400", "--checkpoint-every", "100", "--json"];
        string[] settings = ["leader=actor", "hypergradient.solver=nystrom", "hypergradient.damping=1", "hypergradient.warm_start=true"];
        string whole = Hash(Command.Run(folder.Path, [.. Train([.. flags, "--out", "whole"]), .. settings]).ShouldSucceed());
        Command.Run(folder.Path, [.. Train(flags), .. settings]).ShouldSucceed();

        // back to where a kill after the second checkpoint would have left it
        string run = folder["runs", "Pendulum-v1", "ddpg-bc", "seed-0"];
        File.Delete(Path.Combine(run, "result.json"));
        string[] checkpoints = [.. Directory.GetDirectories(Path.Combine(run, "checkpoints")).Order(StringComparer.Ordinal)];
        checkpoints.Length.ShouldBeGreaterThan(2);
        Array.ForEach(checkpoints[1..], c => Directory.Delete(c, recursive: true));

        Hash(Command.Run(folder.Path, "resume", "runs", "--quiet", "--json").ShouldSucceed()).ShouldBe(whole);
        Command.Run(folder.Path, "eval", "runs", "--episodes", "1").ShouldSucceed();
    }

    [Fact]
    public void The_method_learns_to_swing_the_pendulum_up()
    {
        string[] settings = ["leader=none", "actor.hidden=32,32", "critic.hidden=32,32", "imitation=0.001", "learning_starts=500", "update_after=500", "updates=50", "batch_size=64"];
        CommandResult result = Command.Run(
            folder.Path,
            ["train", "--algo", "ddpg-bc", "--env", "Pendulum-v1", "--plugin", Plugin, "--total-timesteps", "8000", "--eval-every", "0", "--quiet", "--json", "--set", .. settings]).ShouldSucceed();

        // random actions get about -1200, an actor that spins without balancing no better than -700
        Return(result).ShouldBeGreaterThan(-400);
    }

    [Fact]
    public void Settings_that_contradict_each_other_are_refused_by_the_plugin_and_unread_ones_are_said()
    {
        string[] show = ["config", "show", "--algo", "ddpg-bc", "--env", "Pendulum-v1", "--plugin", Plugin, "--set"];
        Command.Run(folder.Path, [.. show, "leader=actor", "hypergradient.solver=nystrom"]).ShouldRefuse(2, "'hypergradient.damping'");
        Command.Run(folder.Path, [.. show, "leader=actor", "hypergradient.rank=9"]).ShouldSucceed().Error.ShouldContain("'hypergradient.rank' is not read: the solver cg does not read it");
    }

    private static string[] Train(params string[] flags) =>
        ["train", "--algo", "ddpg-bc", "--env", "Pendulum-v1", "--plugin", Plugin, "--eval-every", "0", "--eval-episodes", "1", "--quiet", .. flags, "--set", .. Small];

    private static string Hash(CommandResult result) => Run(result).GetProperty("checkpoint_hash").GetString()!;

    private static double Return(CommandResult result) => Run(result).GetProperty("final_evaluation").GetProperty("mean").GetDouble();

    private static JsonElement Run(CommandResult result) => result.Json.GetProperty("runs")[0];

    private static string Repository([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
