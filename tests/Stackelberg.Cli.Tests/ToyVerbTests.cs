using System.Runtime.CompilerServices;
using System.Text.Json;
using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

public sealed class ToyVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Page_of_the_documentation_shows_what_its_commands_print()
    {
        const string Prompt = "./stackelberg ";
        string page = File.ReadAllText(Path.Combine(Repository(), "docs", "algorithms", "toys.md"));
        string[] blocks = [.. page.Split("```").Where((_, i) => i % 2 == 1).Select(b => b.Trim('\n')).Where(b => b.StartsWith(Prompt, StringComparison.Ordinal))];
        blocks.Length.ShouldBeGreaterThan(3);
        blocks.Count(b => b.Contains("\n\n", StringComparison.Ordinal)).ShouldBe(3, "one table for each game");
        foreach (string block in blocks)
        {
            string[] commands = [.. block.Split('\n').Where(l => l.StartsWith(Prompt, StringComparison.Ordinal))];
            string output = string.Concat(commands.Select(c => Run(c[Prompt.Length..].Split(' ')).ShouldSucceed().Output));
            string shown = string.Join('\n', block.Split('\n').Where(l => !l.StartsWith(Prompt, StringComparison.Ordinal)));
            if (shown.Length > 0)
            {
                output.TrimEnd('\n').ShouldBe(shown);
            }
        }

        File.ReadAllText(folder["figure-1.html"]).ShouldStartWith("<!doctype html>");
        new Table(folder["game-2.csv"]).Rows.ShouldBe(3 * 5001);
    }

    [Fact]
    public void Tail_of_game_two_is_as_the_documentation_says()
    {
        Run("toy", "all", "--game", "2", "--steps", "5000", "--out", "game-2.csv").ShouldSucceed();
        Table table = new(folder["game-2.csv"]);
        double[] distances = table.Numbers("distance");
        double[][] ways = [distances[..5001], distances[5001..10002], distances[10002..]];
        ways.Select(w => w[1000..1250].Max()).ShouldBe([0.0366, 0.0361, 0.0349], 0.5e-4);
        ways.Select(w => w[4000..5000].Max()).ShouldBe([0.0095, 0.0093, 0.0092], 0.5e-4);
        Enumerable.Range(0, 5001).First(step => ways[2][step] < ways[1][step]).ShouldBe(91);
        Enumerable.Range(100, 901).Count(step => ways[2][step] < ways[1][step]).ShouldBeInRange(716, 726);
    }

    [Fact]
    public void Object_has_the_golden_values_of_game_one()
    {
        JsonElement json = Run("toy", "ddpg,sddpg,fsddpg", "--lr", "0.1", "--steps", "5000", "--json").ShouldSucceed().Json;

        json.GetProperty("game").GetString().ShouldBe("1");
        Values(json, "optimum").ShouldBe([0, -1]);
        JsonElement[] ways = [.. json.GetProperty("trajectories").EnumerateArray()];
        ways.Select(w => Values(w, "w")[^1]).ShouldBe([-0.9405, 0.5914, -0.9906], 0.51e-4);
        ways.Select(w => Values(w, "distance")[3]).ShouldBe([0.0035, 2.532, 9e-5], 0.51e-3);
        ways.Select(w => w.GetProperty("largest_distance").GetDouble()).ShouldBe([4, 2.72, 3.58], 0.51e-2);
        Values(ways[0], "step").ShouldBe([0, 1, 10, 100, 1000, 5000]);
        ways[0].GetProperty("damping").ValueKind.ShouldBe(JsonValueKind.Null);
        ways[2].GetProperty("damping").GetDouble().ShouldBe(0.1);
        ways[2].GetProperty("first_within_0.01").GetInt32().ShouldBe(47);
        ways[1].GetProperty("first_within_0.01").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void Every_damping_is_played_and_flags_reach_the_players()
    {
        JsonElement json = Run("toy", "ddpg,sddpg", "--game", "stac", "--damping", "0,0.04", "--steps", "100", "--start", "-1,1", "--json").ShouldSucceed().Json;
        JsonElement[] ways = [.. json.GetProperty("trajectories").EnumerateArray()];
        ways.Select(w => Values(w, "theta")[^1]).ShouldBe([-0.35591, -0.92681, -0.92199], 0.6e-5);
        ways.Select(w => Values(w, "w")[^1]).ShouldBe([0.48974, 0.29960, 0.30066], 0.6e-5);

        // game 2 from (1, 1): the critic goes to 1 − 0.01 · 2 · 2 = 0.96, the actor along w
        Theta("ddpg", "--critic-lr", "0.01", "--order", "critic-first").ShouldBe(1 + (0.1 * 0.96), 1e-14);
        Theta("ddpg").ShouldBe(1 + (0.1 * 1), 1e-14);
        // the implicit term is w · 2θ²/(2θ² + λ) = 2/3
        Theta("fsddpg", "--damping", "1").ShouldBe(1 + (0.1 / 3), 1e-14);
        Theta("fsddpg", "--damping", "1", "--sign", "plus").ShouldBe(1 + (0.1 * 5 / 3), 1e-14);

        double Theta(string method, params string[] flags) => Values(
            Run(["toy", method, "--game", "2", "--lr", "0.1", "--steps", "1", "--start", "1,1", "--json", .. flags]).ShouldSucceed().Json.GetProperty("trajectories")[0], "theta")[1];
    }

    [Fact]
    public void Divergence_is_told_after_the_tables_and_files_are_written()
    {
        CommandResult result = Run("toy", "all", "--lr", "3", "--out", "lost.csv");
        result.ShouldRefuse(4, "diverged: ddpg at step 3", "lower --lr");
        result.Output.ShouldContain("diverged at step 3");
        result.Output.ShouldNotContain("NaN");
        new Table(folder["lost.csv"]).Column("method").Count(m => m == "ddpg").ShouldBe(3);
        Run("toy", "ddpg", "--lr", "3", "--json").Json.GetProperty("trajectories")[0].GetProperty("diverged_at").GetInt32().ShouldBe(3);
    }

    [Theory]
    [InlineData("method 'sdddpg' is not known|did you mean 'sddpg'?", "ddpg,sdddpg")]
    [InlineData("--game '3' is not known|1, 2, stac", "all", "--game", "3")]
    [InlineData("--damping cannot be '-1'|≥ 0", "all", "--damping", "-1")]
    [InlineData("--damping cannot be ''|commas", "all", "--damping", "1,")]
    [InlineData("--damping was given, but ddpg|sddpg", "ddpg", "--damping", "1")]
    [InlineData("--sign was given, but ddpg|sddpg", "ddpg", "--sign", "plus")]
    [InlineData("--sign 'pluss' is not known|did you mean 'plus'?", "all", "--sign", "pluss")]
    [InlineData("--order 'actor-first' is not known|simultaneous, critic-first", "all", "--order", "actor-first")]
    [InlineData("--lr cannot be 0|> 0", "all", "--lr", "0")]
    [InlineData("--critic-lr cannot be -2|> 0", "all", "--critic-lr", "-2")]
    [InlineData("--steps cannot be 0|from 1 to 1000000", "all", "--steps", "0")]
    [InlineData("--start cannot be '1'|two numbers", "all", "--start", "1")]
    [InlineData("--start cannot be '1,nan'|two numbers", "all", "--start", "1,nan")]
    [InlineData("--out cannot be 'toy.png'|.html or .csv", "all", "--out", "toy.png")]
    public void Mistake_is_refused_with_what_is_allowed(string words, params string[] arguments) =>
        Run(["toy", .. arguments]).ShouldRefuse(2, words.Split('|')).Output.ShouldBeEmpty();

    [Theory]
    [InlineData("folder.html")]
    [InlineData("folder.csv")]
    public void File_that_cannot_be_written_is_refused(string name)
    {
        Directory.CreateDirectory(folder[name]);
        Run("toy", "all", "--out", name).ShouldRefuse(2, $"'{name}' cannot be written", "--out").Output.ShouldBeEmpty();
    }

    private CommandResult Run(params string[] arguments) => Command.Run(folder.Path, arguments);

    private static double[] Values(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

    private static string Repository([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
