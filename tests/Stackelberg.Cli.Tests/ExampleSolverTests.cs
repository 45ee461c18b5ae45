using System.Runtime.CompilerServices;
using System.Text.Json;
using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary>The example of a linear solver of one's own, used as its page says. This project's build builds it.</summary>
public sealed class ExampleSolverTests : IDisposable
{
    private const string Prompt = "./stackelberg ";
    private const string Assembly = "Stackelberg.Examples.Solver";

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
    public void The_solver_takes_sixty_lines() =>
        File.ReadAllLines(Path.Combine(Repository(), "examples", Assembly, "Chebyshev.cs")).Length.ShouldBeLessThanOrEqualTo(60);

    [Fact]
    public void Commands_of_the_page_work_in_the_order_they_are_shown()
    {
        string page = File.ReadAllText(Path.Combine(Repository(), "docs", "algorithms", "your-own-solver.md"));
        string[] commands = [.. page.Split('\n').Where(l => l.StartsWith(Prompt, StringComparison.Ordinal)).Select(l => l[Prompt.Length..])];
        commands.Select(c => string.Join(' ', c.Split(' ')[..2])).ShouldBe(["hypergradient check", "algo show", "train --algo"]);
        page.ShouldContain($"dotnet build examples/{Assembly} -c Release");
        foreach (string command in commands)
        {
            string[] arguments = [.. command.Split(' ').Select(a => a == $"examples/{Assembly}/bin/Release/net10.0/{Assembly}.dll" ? Plugin : a)];
            arguments.ShouldContain(Plugin);
            string[] budget = arguments[0] == "train" ? ["--total-timesteps", "400", "--eval-episodes", "1", "--set", "steps_per_iteration=200", "critic.updates=2"] : [];
            Command.Run(folder.Path, [.. arguments, .. budget]).ShouldSucceed().Output.ShouldNotBeEmpty();
        }

        File.ReadAllText(folder["runs", "CartPole-v1", "stac", "seed-0", "hypergradient.csv"]).ShouldContain("chebyshev");
    }

    [Fact]
    public void The_solver_solves_what_is_positive_definite_and_admits_what_is_not()
    {
        JsonElement[] problems = [.. Command.Run(folder.Path, "hypergradient", "check", "--plugin", Plugin, "--json").ShouldSucceed().Json.GetProperty("problems").EnumerateArray()];
        JsonElement Row(string problem, string solver) => problems.Single(p => p.GetProperty("name").GetString() == problem)
            .GetProperty("solvers").EnumerateArray().Single(s => s.GetProperty("name").GetString() == solver);

        JsonElement definite = Row("well-conditioned", "chebyshev");
        definite.GetProperty("status").GetString().ShouldBe("converged");
        definite.GetProperty("relative_error").GetDouble().ShouldBeLessThan(1e-3);
        Row("singular", "chebyshev").GetProperty("status").GetString().ShouldBe("iteration-limit");
        Row("indefinite", "chebyshev").GetProperty("status").GetString().ShouldBe("diverged");
        Row("indefinite", "minres").GetProperty("status").GetString().ShouldBe("converged");
    }

    [Fact]
    public void A_run_with_the_solver_resumes_to_the_hash_of_the_undisturbed_one()
    {
        string[] train = ["train", "--algo", "stac", "--env", "CartPole-v1", "--plugin", Plugin, "--set", "hypergradient.solver=chebyshev", "hypergradient.damping=0.1",
            "steps_per_iteration=100", "--checkpoint-every", "100", "--eval-every", "0", "--eval-episodes", "1", "--quiet", "--json"];
        string whole = Hash(Command.Run(folder.Path, [.. train, "--total-timesteps", "600", "--out", "whole"]).ShouldSucceed());
        Command.Run(folder.Path, [.. train, "--total-timesteps", "600"]).ShouldSucceed();

        // back to where a kill after the third checkpoint would have left it
        string run = folder["runs", "CartPole-v1", "stac", "seed-0"];
        File.Delete(Path.Combine(run, "result.json"));
        string[] newer = [.. Directory.GetDirectories(Path.Combine(run, "checkpoints")).Order(StringComparer.Ordinal).Skip(1)];
        newer.ShouldNotBeEmpty();
        Array.ForEach(newer, c => Directory.Delete(c, recursive: true));

        Hash(Command.Run(folder.Path, "resume", "runs", "--quiet", "--json").ShouldSucceed()).ShouldBe(whole);
    }

    [Fact]
    public void A_name_that_is_nearly_the_solvers_is_set_right_and_without_the_plugin_it_is_unknown()
    {
        string[] show = ["config", "show", "--algo", "stac", "--env", "CartPole-v1"];
        Command.Run(folder.Path, [.. show, "--set", "hypergradient.solver=chebishev", "--plugin", Plugin]).ShouldRefuse(2, "exact, chebyshev", "did you mean 'chebyshev'?");
        Command.Run(folder.Path, [.. show, "--set", "hypergradient.solver=chebyshev"]).ShouldRefuse(2, "'hypergradient.solver' cannot be 'chebyshev'");
    }

    private static string Hash(CommandResult result) => result.Json.GetProperty("runs")[0].GetProperty("checkpoint_hash").GetString()!;

    private static string Repository([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
