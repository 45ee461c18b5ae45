using System.Runtime.CompilerServices;
using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary>The example of an environment of one's own, used as its page says. This project's build builds it.</summary>
public sealed class ExampleEnvironmentTests : IDisposable
{
    private const string Prompt = "./stackelberg ";
    private const string Assembly = "Stackelberg.Examples.Environment";

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
    public void Commands_of_the_page_work_in_the_order_they_are_shown()
    {
        string page = File.ReadAllText(Path.Combine(Repository(), "docs", "environments", "your-own.md"));
        string[] commands = [.. page.Split('\n').Where(l => l.StartsWith(Prompt, StringComparison.Ordinal)).Select(l => l[Prompt.Length..])];
        commands.Select(c => string.Join(' ', c.Split(' ')[..2])).ShouldBe(["env check", "env rollout", "train --algo", "env show", "env check", "env rollout"]);
        page.ShouldContain($"dotnet build examples/{Assembly} -c Release");
        foreach (string command in commands)
        {
            string[] arguments = [.. command.Split(' ').Select(a => a == $"examples/{Assembly}/bin/Release/net10.0/{Assembly}.dll" ? Plugin : a)];
            arguments.ShouldContain(Plugin);
            string[] budget = arguments[0] == "train" ? ["--total-timesteps", "400", "--eval-episodes", "1", "--set", "steps_per_iteration=200", "critic.updates=2"] : [];
            Command.Run(folder.Path, [.. arguments, .. budget]).ShouldSucceed();
        }

        Directory.Exists(folder["runs", "Thermostat-v0", "stac", "seed-0"]).ShouldBeTrue();
    }

    [Fact]
    public void Check_passes_without_remarks()
    {
        CommandResult result = Command.Run(folder.Path, "env", "check", "Thermostat-v0", "--plugin", Plugin, "--json").ShouldSucceed();

        result.Json.GetProperty("environments")[0].GetProperty("findings").GetArrayLength().ShouldBe(0);
    }

    // Without heating and with the weather still in the first step: room + ¼ h · (outside − room) / 5 h.
    [Fact]
    public void Rollout_starts_from_given_temperatures_and_ends_when_the_room_is_too_cold()
    {
        folder.Write("start.json", """{"Thermostat-v0": {"temperatures": [10, -30]}}""");

        Command.Run(
            folder.Path, "env", "rollout", "Thermostat-v0", "--policy", "zero", "--initial-state", "start.json", "--out", "cold.csv", "--plugin", Plugin).ShouldSucceed();

        Table table = new(folder["cold.csv"]);
        table.Columns.ShouldBe(["t", "action0", "obs0", "obs1", "reward", "terminated", "truncated", "room", "outside"]);
        table.Numbers("room")[..2].ShouldBe([10, 8]);
        table.Numbers("reward")[1].ShouldBe(-0.1 * 12 * 12, 1e-12);
        table.Column("terminated")[^1].ShouldBe("1");
        table.Numbers("room")[^1].ShouldBeLessThan(5);
        table.Numbers("reward")[^1].ShouldBeLessThan(-50);
        table.Rows.ShouldBeInRange(3, 6);
    }

    [Fact]
    public void Comfortable_temperature_is_an_option()
    {
        folder.Write("start.json", """{"temperatures": [20, 20]}""");
        Command.Run(
            folder.Path, "env", "rollout", "Thermostat-v0", "--policy", "zero", "--initial-state", "start.json", "--env-set", "comfortable=22", "--out", "warm.csv", "--plugin", Plugin)
            .ShouldSucceed();

        new Table(folder["warm.csv"]).Numbers("reward")[1].ShouldBe(-0.1 * 2 * 2, 1e-12);
    }

    [Fact]
    public void A_world_of_several_agents_is_refused_by_a_learner_for_one_with_those_that_can()
    {
        CommandResult result = Command.Run(folder.Path, "train", "--algo", "ac", "--env", "SharedRoom-v0", "--plugin", Plugin)
            .ShouldRefuse(2, "'SharedRoom-v0' has several agents, and 'ac' learns for one", "bi-ac");
        result.Error.ShouldNotContain("unknown environment");
    }

    private static string Repository([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
