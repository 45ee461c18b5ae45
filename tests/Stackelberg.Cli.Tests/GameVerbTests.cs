using System.Runtime.CompilerServices;
using System.Text.Json;
using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

public sealed class GameVerbTests : IDisposable
{
    private const string Battle = """{"leader": [[3, 0], [0, 2]], "follower": [[2, 0], [0, 3]]}""";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Page_of_the_documentation_shows_what_its_commands_print()
    {
        const string Prompt = "./stackelberg ";
        string[] parts = File.ReadAllText(Path.Combine(Repository(), "docs", "games.md")).Split("```");
        int shown = 0, files = 0;
        for (int i = 1; i < parts.Length; i += 2)
        {
            // a block after a line with a file's name is that file
            string before = parts[i - 1].TrimEnd().Split('\n')[^1], block = parts[i][(parts[i].IndexOf('\n', StringComparison.Ordinal) + 1)..];
            if (before is ['`', .., '`'])
            {
                folder.Write(before.Trim('`'), block);
                files++;
            }
            else if (block.StartsWith(Prompt, StringComparison.Ordinal))
            {
                string[] lines = block.TrimEnd('\n').Split('\n');
                Run(lines[0][Prompt.Length..].Split(' ')).ShouldSucceed().Output.TrimEnd('\n').ShouldBe(string.Join('\n', lines[1..]));
                shown++;
            }
        }

        (shown, files).ShouldBe((7, 4));
        File.ReadAllText(folder["converted.nfg"]).ShouldBe(File.ReadAllText(folder["game.nfg"]));
        string expected = Run("game", "solve", "game.json", "--json").LastLine;
        foreach (string form in new[] { "game.nfg", "game.lrs", "game.csv" })
        {
            Run("game", "solve", form, "--json").ShouldSucceed().LastLine.ShouldBe(expected, form);
        }
    }

    [Fact]
    public void Object_of_equilibria_has_the_promised_form()
    {
        folder.Write("battle.json", Battle);
        JsonElement json = Run("game", "solve", "battle.json", "--concept", "nash", "--json").ShouldSucceed().Json;
        json.GetProperty("concept").GetString().ShouldBe("nash");
        json.GetProperty("commitment").ValueKind.ShouldBe(JsonValueKind.Null);
        json.GetProperty("complete").GetBoolean().ShouldBeTrue();
        json.GetProperty("degenerate").GetBoolean().ShouldBeFalse();
        Solutions(json).ShouldBe(["1 0 | 1 0 | 3, 2", "3/5 2/5 | 2/5 3/5 | 6/5, 6/5", "0 1 | 0 1 | 2, 3"]);
    }

    [Fact]
    public void Commitment_ties_and_preference_reach_the_solver()
    {
        // the follower is indifferent in row 0
        folder.Write("ties.json", """{"A": [[3, 9], [9, 1]], "B": [[0, 0], [1, 8]]}""");
        Values("ties.json").ShouldBe("pure optimistic 9 True");
        Values("ties.json", "--ties", "pessimistic").ShouldBe("pure pessimistic 3 True");
        Values("ties.json", "--commitment", "mixed").ShouldBe("mixed optimistic 9 True");
        Values("ties.json", "--commitment", "mixed", "--ties", "pessimistic").ShouldBe("mixed pessimistic 9 False");

        folder.Write("winkels.json",
            """
            {"A": [[1, 3], [1, 3], [3, 1], [3, 1], ["5/2", "5/2"], ["5/2", "5/2"]], "B": [[1, 2], [0, -1], [-2, 2], [4, -1], [-1, 6], [6, -1]]}
            """);
        Follower().ShouldBe(["2", "1/2", "2/3", "4"]);
        Follower("--follower", "best").ShouldBe(["4"]);
        Follower("--follower", "worst").ShouldBe(["1/2"]);

        string Values(string file, params string[] flags)
        {
            JsonElement json = Run(["game", "solve", file, "--concept", "stackelberg", "--json", .. flags]).ShouldSucceed().Json;
            return $"{json.GetProperty("commitment")} {json.GetProperty("ties")} {json.GetProperty("solutions")[0].GetProperty("leader_value")} {json.GetProperty("attained")}";
        }

        string[] Follower(params string[] flags) =>
            [.. Run(["game", "solve", "winkels.json", "--concept", "stackelberg", "--commitment", "mixed", "--json", .. flags]).ShouldSucceed().Json
                .GetProperty("solutions").EnumerateArray().Select(s => s.GetProperty("follower_value").GetString()!)];
    }

    [Fact]
    public void Zero_sum_and_correlated_are_solved()
    {
        Solutions(Run("game", "solve", "RockPaperScissors-v0", "--concept", "zero-sum", "--json").ShouldSucceed().Json).ShouldBe(["1/3 1/3 1/3 | 1/3 1/3 1/3 | 0, 0"]);
        JsonElement json = Run("game", "solve", "Chicken-v0", "--concept", "correlated", "--json").ShouldSucceed().Json;
        json.GetProperty("complete").GetBoolean().ShouldBeFalse();
        JsonElement lottery = json.GetProperty("solutions")[0];
        lottery.GetProperty("joint_strategy").EnumerateArray().Select(r => string.Join(' ', r.EnumerateArray())).ShouldBe(["1/3 1/3", "1/3 0"]);
        Solutions(json).ShouldBe(["2/3 1/3 | 2/3 1/3 | 3, 3"]);
        folder.Write("battle.json", Battle);
        Run("game", "solve", "battle.json", "--concept", "zero-sum").ShouldRefuse(2, "add up to 5 in row 0, column 0 and to 0 in row 0, column 1", "--concept nash").Output.ShouldBeEmpty();
    }

    [Fact]
    public void Three_players_have_pure_equilibria_only()
    {
        folder.Write("three.nfg", "NFG 1 R \"all alike\" { \"a\" \"b\" \"c\" } { 2 2 2 } 1 1 1  0 0 0  0 0 0  0 0 0  0 0 0  0 0 0  0 0 0  2 2 1/2");
        JsonElement json = Run("game", "solve", "three.nfg", "--json").ShouldSucceed().Json;
        json.GetProperty("complete").GetBoolean().ShouldBeFalse();
        json.GetProperty("notes")[0].GetString()!.ShouldContain("3 player(s)");
        json.GetProperty("solutions").EnumerateArray()
            .Select(s => $"{string.Join(" | ", s.GetProperty("strategies").EnumerateArray().Select(x => string.Join(' ', x.EnumerateArray())))} | {string.Join(' ', s.GetProperty("values").EnumerateArray())}")
            .ShouldBe(["1 0 | 1 0 | 1 0 | 1 1 1", "0 1 | 0 1 | 0 1 | 2 2 1/2"]);
        Run("game", "solve", "three.nfg").ShouldSucceed().Output.ShouldContain("1/2 (0.5)");
        Run("game", "solve", "three.nfg", "--concept", "stackelberg").ShouldRefuse(2, "needs two players; the game has 3: a, b, c", "--concept nash");
        Run("game", "convert", "three.nfg", "--out", "three.csv").ShouldRefuse(2, ".csv holds games of two players", "--out game.nfg");
        Run("game", "convert", "three.nfg", "--out", "three.json").ShouldSucceed();
        Run("game", "solve", "three.json", "--json").ShouldSucceed().LastLine.ShouldBe(Run("game", "solve", "three.nfg", "--json").LastLine);
    }

    [Fact]
    public void Game_too_large_to_enumerate_says_what_it_lists()
    {
        // every cell of the diagonal is an equilibrium, and 2^40 − 1 mixed ones are
        string rows = string.Join(',', Enumerable.Range(0, 40).Select(i => $"[{string.Join(',', Enumerable.Range(0, 40).Select(j => i == j ? i + 1 : 0))}]"));
        folder.Write("large.json", $"{{\"A\": [{rows}], \"B\": [{rows}]}}");
        JsonElement json = Run("game", "solve", "large.json", "--json").ShouldSucceed().Json;
        json.GetProperty("complete").GetBoolean().ShouldBeFalse();
        json.GetProperty("notes")[0].GetString()!.ShouldContain("Incomplete");
        json.GetProperty("solutions").GetArrayLength().ShouldBe(40);
        Run("game", "solve", "large.json").ShouldSucceed().Output.ShouldContain("not complete");
        Run("game", "solve", "large.json", "--concept", "stackelberg", "--json").ShouldSucceed().Json.GetProperty("solutions")[0].GetProperty("leader_value").GetString().ShouldBe("40");
        Run("game", "solve", "large.json", "--concept", "stackelberg", "--commitment", "mixed").ShouldRefuse(2, "at most 1024 cells and 64 columns", "40 x 40", "--commitment pure").Output.ShouldBeEmpty();
        Run("game", "solve", "large.json", "--concept", "correlated").ShouldRefuse(2, "at most 36 cells");
    }

    [Theory]
    [InlineData("'Maintan-v0' is no file and no matrix game|did you mean 'Maintain-v0'?", "solve", "Maintan-v0")]
    [InlineData("'none.json' is no file|the path of a file", "solve", "none.json")]
    [InlineData("--concept 'nahs' is not known|did you mean 'nash'?", "solve", "Escape-v0", "--concept", "nahs")]
    [InlineData("--commitment 'mixd' is not known|did you mean 'mixed'?", "solve", "Escape-v0", "--concept", "stackelberg", "--commitment", "mixd")]
    [InlineData("--ties 'x' is not known|optimistic, pessimistic", "solve", "Escape-v0", "--concept", "stackelberg", "--ties", "x")]
    [InlineData("--follower 'bst' is not known|best, worst", "solve", "Escape-v0", "--concept", "stackelberg", "--follower", "bst")]
    [InlineData("--commitment mixed was given, but --concept nash|--concept stackelberg", "solve", "Escape-v0", "--commitment", "mixed")]
    [InlineData("--ties optimistic was given, but --concept zero-sum|--concept stackelberg", "solve", "Escape-v0", "--concept", "zero-sum", "--ties", "optimistic")]
    [InlineData("--out cannot be 'g.efg'|.nfg, .json, .lrs or .csv", "convert", "Escape-v0", "--out", "g.efg")]
    [InlineData("'none/g.nfg' cannot be written|--out", "convert", "Escape-v0", "--out", "none/g.nfg")]
    [InlineData("the game file '.' cannot be read|folder", "solve", ".")]
    [InlineData("'svole' is not known to 'stackelberg game'|did you mean 'solve'?", "svole")]
    [InlineData("--out|required", "convert", "Escape-v0")]
    public void Mistake_is_refused_with_what_is_allowed(string words, params string[] arguments) =>
        Run(["game", .. arguments]).ShouldRefuse(2, words.Split('|')).Output.ShouldBeEmpty();

    [Theory]
    [InlineData("hostile.json, line 2, column 16: leader[1] has 1 entries; 2 are needed", "{\"leader\":\n [[1, 2],      [3]], \"follower\": [[1, 2], [3, 4]]}")]
    [InlineData("hostile.json, line 1, column 14: not valid JSON", "{\"leader\": [[NaN]]}")]
    [InlineData("hostile.json, line 1, column 1: the file is empty", "")]
    [InlineData("hostile.json, line 2, column 3: 3 payoffs; 1 x 1 joint actions of 2 player(s) need 2", "NFG 1 R \"\" { \"a\" \"b\" } { 1 1 } 1\n1 2")]
    public void File_that_is_no_game_is_refused_with_its_place(string words, string text)
    {
        folder.Write("hostile.json", text);
        Run("game", "solve", "hostile.json").ShouldRefuse(2, words, "docs/games.md").Output.ShouldBeEmpty();
        Run("game", "convert", "hostile.json", "--out", "g.nfg").ShouldRefuse(2, words).Output.ShouldBeEmpty();
        File.Exists(folder["g.nfg"]).ShouldBeFalse();
    }

    private CommandResult Run(params string[] arguments) => Command.Run(folder.Path, arguments);

    private static string[] Solutions(JsonElement json) => [.. json.GetProperty("solutions").EnumerateArray().Select(s =>
        $"{Numbers(s, "leader_strategy")} | {Numbers(s, "follower_strategy")} | {s.GetProperty("leader_value")}, {s.GetProperty("follower_value")}")];

    private static string Numbers(JsonElement solution, string key) => string.Join(' ', solution.GetProperty(key).EnumerateArray());

    private static string Repository([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
