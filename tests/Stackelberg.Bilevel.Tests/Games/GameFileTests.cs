using System.Text;
using Stackelberg.Primitives;

namespace Stackelberg.Bilevel.Tests.Games;

public sealed class GameFileTests : IDisposable
{
    // the leader's matrix [[1/10, −2], [3, 1/3]], the follower's [[0, 1/2], [250, −1/7]]
    private const string Expected = "1/10 -2 3 1/3 | 0 1/2 250 -1/7";

    private readonly string folder = Directory.CreateTempSubdirectory("games").FullName;

    public static TheoryData<string, string> SameGame => new()
    {
        { "g.json", """{"leader": [[0.1, -2], [3, "1/3"]], "follower": [[0, 5e-1], [2.5E2, "-1/7"]]}""" },
        { "g.json", """{"A": [[0.10, -2.0], ["3", "2/6"]], "B": [["0", 0.5], [250, "-1/7"]],}""" },
        { "g.txt", """/* numbers */ {"B": [[-0, 0.5], [250, "-1/7"]], "A": [[0.1, -2], [3, "1/3"]], "name": "n" } // end"""[14..] },
        { "g.json", """{"players": ["x", "y"], "actions": [["U", "D"], ["L", "R"]], "payoffs": [[[0.1, -2], [3, "1/3"]], [[0, 0.5], [250, "-1/7"]]]}""" },
        { "g.nfg", "NFG 1 R \"t\" { \"a\" \"b\" } { 2 2 } 0.1 0 3 250 -2 1/2 1/3 -1/7" },
        { "g.nfg", "NFG 1 D \"a \\\"quoted\\\" title\"\n{\"a\"\"b\"}\n{2 2}\"a comment\"\n1/10\n0\n\n3 2.5e2 -2 .5 1/3 -1/7\n" },
        { "g", "\n  NFG 1 R \"t\" { \"a\" \"b\" } { { \"U\" \"D\" } { \"L\" \"R\" } } \"\" { { \"1\" 0.1, 0 } { \"2\" 3 250 } { -2, 1/2 } {\"\" 1/3,-1/7} } 1 2 3 4" },
        { "g.nfg", "NFG 1 R \"t\" { \"a\" \"b\" } { { \"U\" \"D\" } { \"L\" \"R\" } } 0.1 0 3 250 -2 1/2 1/3 -1/7" },
        { "g.nfg", "NFG 1 R \"t\" { \"a\" \"b\" } { 2 2 } { {\"\" 1/3,-1/7}{ \"\" -2, 1/2 }{ \"\" 3 250 }{ \"\" 0.1, 0 } } 4 3 2 1" },
        { "g.lrs", "2 2\n\n1/10 -2\n3 1/3\n\n0 1/2\n250 -1/7\n" },
        { "g", "* lrsnash\n2 2 1/10 -2\n * between\n3 1/3 0 1/2 250 -1/7" },
        { "g.csv", "0.1,-2\n3,1/3\n\n0,1/2\n250,-1/7\n" },
        { "g.txt", "\r\n 0.1 , -2\r\n3,\"1/3\"\r\n \r\n\r\n0,1/2\r\n250,-1/7" },
    };

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(SameGame))]
    public void Every_form_gives_the_same_exact_game(string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        Text(GameFile.Read(path)).ShouldBe(Expected);
        File.WriteAllText(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Text(GameFile.Read(path)).ShouldBe(Expected);
    }

    [Fact]
    public void Names_are_read()
    {
        NormalFormGame nfg = GameFile.Parse("NFG 1 R \"The \\\"title\\\"\" { \"Ann\" \"Bob\" } { { \"up\" \"a\\\\b\" } 1 } 1 2 3 4");
        (nfg.Name, string.Join('|', nfg.Players), string.Join('|', nfg.Actions[0]), string.Join('|', nfg.Actions[1])).ShouldBe(("The \"title\"", "Ann|Bob", "up|a\\b", "0"));
        NormalFormGame json = GameFile.Parse("""{"name": "n", "players": ["l", "f"], "actions": [["u"], ["ä", "b"]], "leader": [[1, 2]], "follower": [[3, 4]]}""");
        (json.Name, json.Players[1], json.Actions[1][0]).ShouldBe(("n", "f", "ä"));
        BimatrixGame game = json.ToBimatrix();
        (game.Name, game.LeaderActions[0], game.FollowerActions[1], game.Exchanged().LeaderActions[0]).ShouldBe(("n", "u", "b", "ä"));
    }

    [Fact]
    public void Three_players_are_read_in_the_right_order_and_solved_in_pure_strategies()
    {
        // everybody is paid the number of the joint action, written with the first player's action changing fastest
        string payoffs = string.Join(' ', from c in Enumerable.Range(0, 2) from b in Enumerable.Range(0, 3) from a in Enumerable.Range(0, 2) select $"{a}{b}{c} -{a} {b}.{c}");
        NormalFormGame game = GameFile.Parse($"NFG 1 R \"\" {{ \"1\" \"2\" \"3\" }} {{ 2 3 2 }} {payoffs}");
        for (int k = 0; k < 12; k++)
        {
            int[] actions = game.Split(k);
            game.Payoffs(0)[k].ShouldBe(Rational.Parse($"{actions[0]}{actions[1]}{actions[2]}"));
            game.Payoffs(1)[k].ShouldBe(-actions[0]);
            game.Payoffs(2)[k].ShouldBe(Rational.Parse($"{actions[1]}.{actions[2]}"));
        }

        PureNash.Find(game).Select(k => string.Concat(game.Split(k))).ShouldBe(["101", "111", "121"]);
        Should.Throw<InvalidOperationException>(game.ToBimatrix).Message.ShouldContain("3 player(s)");
        NormalFormGame again = GameFile.Parse("""{"players": ["1","2","3"], "actions": [["a","b"],["c"],["d"]], "payoffs": [[[[1]],[[2]]],[[[3]],[[4]]],[[["1/3"]],[[6]]]]}""");
        again.Payoffs(2).ToArray().ShouldBe([new Rational(1, 3), 6]);
        PureNash.Find(again).ShouldBe([1]);
        PureNash.Find(GameFile.Parse("""{"players": ["1","2","3"], "actions": [["H","T"],["H","T"],["H","T"]], "payoffs": [[[[1,1],[-1,-1]],[[-1,-1],[1,1]]],[[[1,-1],[-1,1]],[[1,-1],[-1,1]]],[[[-1,1],[-1,1]],[[1,-1],[1,-1]]]]}""")).ShouldBeEmpty();
    }

    [Fact]
    public void What_is_written_is_read_as_the_same_game()
    {
        RandomStream random = RandomStream.FromSeed(5);
        for (int k = 0; k < 300; k++)
        {
            int players = 1 + random.NextInt32(3);
            string[][] actions = [.. Enumerable.Range(0, players).Select(_ => Enumerable.Range(0, 1 + random.NextInt32(4)).Select(_ => Name(random)).ToArray())];
            int profiles = actions.Aggregate(1, (product, a) => product * a.Length);
            Rational[][] payoffs = [.. actions.Select(_ => Enumerable.Range(0, profiles).Select(_ => Number(random)).ToArray())];
            NormalFormGame game = new(Name(random), [.. actions.Select(_ => Name(random))], actions, payoffs);
            foreach (GameFileFormat format in Enum.GetValues<GameFileFormat>())
            {
                if (players != 2 && format is GameFileFormat.Csv or GameFileFormat.Lrs)
                {
                    Should.Throw<ArgumentException>(() => GameFile.Write(game, format));
                    continue;
                }

                string text = GameFile.Write(game, format);
                NormalFormGame read = GameFile.Parse(text, $"g.{format}");
                Text(read).ShouldBe(Text(game), text);
                read.Actions.Select(a => a.Count).ShouldBe(game.Actions.Select(a => a.Count));
                if (format is GameFileFormat.Json or GameFileFormat.Nfg)
                {
                    (read.Name, string.Join('|', read.Players), string.Join('|', read.Actions.SelectMany(a => a))).ShouldBe(
                        (game.Name, string.Join('|', game.Players), string.Join('|', game.Actions.SelectMany(a => a))), text);
                    GameFile.Write(read, format).ShouldBe(text);
                }
            }
        }
    }

    [Theory]
    [InlineData("", 1, 1, "the file is empty")]
    [InlineData(" \n ", 1, 1, "the file is empty")]
    [InlineData("[1]", 1, 1, "the top level is an array")]
    [InlineData("{", 1, 2, "not valid JSON")]
    [InlineData("{}", 1, 1, "no payoffs")]
    [InlineData("{\"leader\": [[1]]}", 1, 1, "'follower' is missing")]
    [InlineData("{\"leader\": [[1]],\n \"folower\": [[1]]}", 2, 13, "unknown key 'folower'")]
    [InlineData("{\"leader\": [[1]],\n \"leader\": [[1]], \"follower\": [[1]]}", 2, 2, "'leader' is given twice")]
    [InlineData("{\"leader\": [[1]], \"B\": [[1]]}", 1, 12, "beside 'A' or 'B'")]
    [InlineData("{\"A\": [[1]], \"B\": [[1]], \"payoffs\": []}", 1, 37, "'payoffs' beside")]
    [InlineData("{\"leader\": [[1, 2], [3]],\n \"follower\": [[1, 2], [3, 4]]}", 1, 21, "leader[1] has 1 entries; 2 are needed")]
    [InlineData("{\"leader\": [[1, 2], [3, 4]],\n \"follower\": [[1, 2], [3, 4], [5, 6]]}", 2, 14, "follower has 3 entries; 2 are needed")]
    [InlineData("{\"leader\": [[1, 2],\n 3], \"follower\": [[1, 2], [3, 4]]}", 2, 2, "leader[1] is a number")]
    [InlineData("{\"leader\": [[]], \"follower\": [[]]}", 1, 13, "leader[0] is empty")]
    [InlineData("{\"leader\": [], \"follower\": []}", 1, 12, "leader is empty")]
    [InlineData("{\"leader\": [[1]],\n\"follower\": [[null]]}", 2, 15, "follower[0][0] is null")]
    [InlineData("{\"leader\": [[\"ä\", \"1/0\"]], \"follower\": [[1, 2]]}", 1, 14, "'ä' is no finite number")]
    [InlineData("{\"leader\": [[1, \"1/0\"]], \"follower\": [[1, 2]]}", 1, 17, "divides by 0")]
    [InlineData("{\"leader\": [[\"NaN\"]], \"follower\": [[1]]}", 1, 14, "'NaN' is no finite number")]
    [InlineData("{\"leader\": [[NaN]], \"follower\": [[1]]}", 1, 14, "not valid JSON")]
    [InlineData("{\"leader\": [[1e999999999]], \"follower\": [[1]]}", 1, 14, "exponent")]
    [InlineData("{\"leader\": [[1]], \"follower\": [[1]]} x", 1, 38, "not valid JSON")]
    [InlineData("{\"leader\": [[1]], \"follower\": [[1]], \"players\": [\"a\", \"b\", \"c\"]}", 1, 49, "3 name(s) for 2 players")]
    [InlineData("{\"leader\": [[1]], \"follower\": [[1]], \"actions\": [[\"a\"], [\"b\", \"c\"]]}", 1, 49, "actions[1] has 2 name(s) for 1 action(s)")]
    [InlineData("{\"leader\": [[1]], \"follower\": [[1]], \"name\": 7}", 1, 46, "name is a number")]
    [InlineData("{\"players\": [\"a\"], \"actions\": [[\"x\", \"y\"]], \"payoffs\": [[1, 2, 3]]}", 1, 57, "payoffs[0] has 3 entries; 2 are needed")]
    [InlineData("{\"players\": [\"a\", \"b\"], \"actions\": [[\"x\"]], \"payoffs\": [[1]]}", 1, 36, "actions has 1 entries; 2 are needed")]
    [InlineData("{\"leader\": [[\"\\ud800\"]], \"follower\": [[1]]}", 1, 14, "surrogate")]
    [InlineData("NFG", 1, 4, "the file ends too early")]
    [InlineData("NFG 2 R \"t\"", 1, 5, "'1' is needed here")]
    [InlineData("NFGX 1 R", 1, 1, "'NFG' is needed here")]
    [InlineData("NFG 1 Q \"t\"", 1, 7, "'R' or 'D'")]
    [InlineData("NFG 1 R title", 1, 9, "the title: a text in quotation marks")]
    [InlineData("NFG 1 R \"title { }", 1, 9, "has no end")]
    [InlineData("NFG 1 R \"t\" { } { } ", 1, 16, "0 players")]
    [InlineData("NFG 1 R \"t\" { \"a\" \"b\" }\n{ 2 0 }", 2, 5, "'0' as number of actions")]
    [InlineData("NFG 1 R \"t\" { \"a\" \"b\" }\n{ 2 2000000000 }", 2, 5, "'2000000000' as number of actions")]
    [InlineData("NFG 1 R \"t\" { \"a\" \"b\" }\n{ 2 2 2 } 1", 2, 1, "3 number(s) or list(s) of actions for 2 player(s)")]
    [InlineData("NFG 1 R \"t\" { \"a\" \"b\" \"c\" }\n{ 2000 2000 2 } 1", 2, 1, "more than 1000000 joint actions")]
    [InlineData("NFG 1 R \"t\" { \"a\" \"b\" }\n{ 1 1 }\n1 NaN", 3, 3, "'NaN' is no finite number")]
    [InlineData("NFG 1 R \"t\" { \"a\" \"b\" }\n{ 1 1 }\n1 1,5", 3, 4, "',' was not expected")]
    [InlineData("NFG 1 R \"t\" { \"a\" \"b\" }\n{ 1 1 }\n1 1 \0 2", 3, 5, "a zero byte")]
    [InlineData("NFG 1 R \"t\" { \"a\" \"b\" }\n{ 1 1 }\n", 3, 1, "0 payoffs; 1 x 1 joint actions of 2 player(s) need 2")]
    [InlineData("NFG 1 R \"t\" { \"a\" \"b\" }\n{ 1 1 } { { \"\" 1 } } 1", 2, 11, "outcome 1 has 1 payoff(s) for 2 player(s)")]
    [InlineData("NFG 1 R \"t\" { \"a\" \"b\" }\n{ 1 1 } { { \"\" 1 2 3 } } 1", 2, 11, "outcome 1 has 3 payoff(s) for 2 player(s)")]
    [InlineData("NFG 1 R \"t\" { \"a\" \"b\" }\n{ 1 1 } { { \"\" 1 2 } } 2", 2, 24, "'2' as outcome; whole numbers from 0 to 1")]
    [InlineData("NFG 1 R \"t\" { \"a\" \"b\" }\n{ 1 1 } { { \"\" 1 2 } } 1 0", 2, 26, "2 outcome numbers; there are 1 joint actions")]
    [InlineData("NFG 1 R \"t\" { \"a\" \"b\" }\n{ 1 2 } { { \"\" 1 2 } } 1", 2, 25, "1 outcome numbers; there are 2 joint actions")]
    [InlineData("2", 1, 2, "the file ends too early")]
    [InlineData("2 x", 1, 3, "'x' is no finite number")]
    [InlineData("2 0", 1, 3, "'0' as number of actions")]
    [InlineData("1 2\n1 2\n3", 3, 2, "3 payoffs; two matrices of 1 x 2 need 4")]
    [InlineData("1 2\n1 2\n3 4\n5", 4, 1, "5 payoffs; two matrices of 1 x 2 need 4")]
    [InlineData("1 1\n1\nnan", 3, 1, "'nan' is no finite number")]
    [InlineData("1,2\n3,4\n", 3, 1, "only one block")]
    [InlineData("1,2\n3\n\n1,2\n3,4", 2, 1, "a row of 1 value(s) where the first has 2")]
    [InlineData("1,2\n3,4\n\n1,2\n", 4, 1, "the follower's block has 1 row(s), the leader's 2")]
    [InlineData("1,2\n\n3,4\n\n5,6", 5, 1, "a third block")]
    [InlineData("1,2\n\n3,\n", 3, 3, "an empty cell")]
    [InlineData("1,2\n\n3, inf\n", 3, 4, "'inf' is no finite number")]
    public void Text_that_is_no_game_is_refused_with_line_and_column(string text, int line, int column, string problem)
    {
        GameFormatException fault = Should.Throw<GameFormatException>(() => GameFile.Parse(text, "hostile"));
        fault.Message.ShouldStartWith($"hostile, line {fault.Line}, column {fault.Column}: ");
        fault.Message.ShouldContain(problem);
        (fault.Line, fault.Column).ShouldBe((line, column), fault.Message);
    }

    [Fact]
    public void Files_without_measure_are_refused_at_once()
    {
        string rows = string.Join(',', Enumerable.Repeat("[1,2]", 1_000_000));
        Fault($"{{\"A\":[{rows}],\"B\":[[1,2]]}}").Message.ShouldContain("line 1, column 12007: more than 2000 entries in one array");
        Fault($"1,2\n{string.Concat(Enumerable.Repeat("1,2\n", 1_000_000))}\n1,2").Message.ShouldContain("line 2001, column 1: A player has 2001 actions");
        Fault("1000000 2\n1").Message.ShouldContain("line 1, column 1: '1000000' as number of actions");
        Fault(string.Join(',', Enumerable.Repeat('1', 1_000_000))).Message.ShouldContain("line 1, column 4001: a row of more than 2000 values");
        Fault($"{{\"A\":{new string('[', 100_000)}").Message.ShouldContain("depth");
        Fault($"{{{string.Join(',', Enumerable.Range(0, 100_000).Select(k => $"\"k{k}\":1"))}}}").Message.ShouldContain("unknown key");
        Fault($"NFG 1 R \"\" {{ {string.Join(' ', Enumerable.Repeat("\"p\"", 200))} }} {{ 1 }}").Message.ShouldContain("200 players");
        Fault($"NFG 1 R \"\" {{ \"a\" \"b\" }} {{ {new string('9', 1_000_000)} 1 }}").Message.Length.ShouldBeLessThan(1000);
        Fault($"{{\"A\":[[{new string('9', 100_000)}]],\"B\":[[1]]}}").Message.ShouldContain("a number of 100000 characters is too long");
    }

    [Fact]
    public void Bytes_that_are_no_text_and_files_that_are_no_files_are_refused()
    {
        string path = Path.Combine(folder, "g.json");
        File.WriteAllBytes(path, [.. "{\n\"leader\": "u8, 0xff, 0xfe]);
        GameFormatException fault = Should.Throw<GameFormatException>(() => GameFile.Read(path));
        (fault.Line, fault.Column).ShouldBe((2, 11), fault.Message);
        Should.Throw<GameFormatException>(() => GameFile.Read("/dev/zero")).Message.ShouldContain("larger than 64 MiB");
        Should.Throw<FileNotFoundException>(() => GameFile.Read(Path.Combine(folder, "none")));
        Should.Throw<UnauthorizedAccessException>(() => GameFile.Read(folder));
    }

    [Theory]
    [InlineData(GameFileFormat.Json)]
    [InlineData(GameFileFormat.Nfg)]
    [InlineData(GameFileFormat.Lrs)]
    [InlineData(GameFileFormat.Csv)]
    public void Large_game_is_read(GameFileFormat format)
    {
        NormalFormGame game = new("", ["l", "f"], [[.. Enumerable.Range(0, 300).Select(i => $"{i}")], [.. Enumerable.Range(0, 300).Select(i => $"{i}")]],
            [[.. Enumerable.Range(0, 90_000).Select(k => new Rational(k, 1000))], [.. Enumerable.Range(0, 90_000).Select(k => (Rational)(k % 7))]]);
        GameFile.Parse(GameFile.Write(game, format), $"g.{format}").Payoffs(0)[^1].ShouldBe(new Rational(89_999, 1000));
        Should.Throw<ArgumentException>(() => NormalFormGame.CountProfiles([1001, 1000]));
    }

    private static GameFormatException Fault(string text) => Should.Throw<GameFormatException>(() => GameFile.Parse(text, "hostile"));

    private static string Text(NormalFormGame game) =>
        string.Join(" | ", Enumerable.Range(0, game.Players.Count).Select(p => string.Join(' ', game.Payoffs(p).ToArray())));

    private static string Name(RandomStream random)
    {
        const string Letters = "aB\"\\ {}\n,1é—'*";
        return string.Concat(Enumerable.Range(0, random.NextInt32(6)).Select(_ => Letters[random.NextInt32(Letters.Length)]));
    }

    private static Rational Number(RandomStream random) => random.NextInt32(4) switch
    {
        0 => random.NextInt32(21) - 10,
        1 => new Rational(random.NextInt32(2001) - 1000, 1 + random.NextInt32(30)),
        2 => Rational.Parse($"{random.NextInt32(9)}e{random.NextInt32(60) - 30}"),
        _ => -new Rational((long)(random.NextUInt64() >> 1), 1 + (long)(random.NextUInt64() >> 2)),
    };
}
