namespace Stackelberg.Environments.Tests.Games;

public sealed class MatrixGameFileTests
{
    private const string Maintain = """
        { "name": "Mine", "players": ["leader", "follower"], "actions": [["A", "B", "C"], ["X", "Y", "Z"]],
          "payoffs": [[[20, 0, 0], [30, 10, 0], [0, 0, 5]], [[15, 0, 0], [0, 5, 0], [0, 0, 10]]] }
        """;

    [Fact]
    public void A_two_player_game_is_read_as_it_is_printed()
    {
        MatrixGame game = MatrixGameFile.Parse(Maintain);
        game.Name.ShouldBe("Mine");
        game.Payoffs(0).ToArray().ShouldBe(MatrixGames.Maintain.Payoffs(0).ToArray());
        game.Payoffs(1).ToArray().ShouldBe(MatrixGames.Maintain.Payoffs(1).ToArray());
    }

    [Fact]
    public void Three_players_are_indexed_in_the_order_of_play_and_the_file_names_the_game()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "three_players.json");
        File.WriteAllText(path, """
            { "players": ["a", "b", "c"], "actions": [["0", "1"], ["0"], ["0", "1", "2"]],
              "payoffs": [[[[1, 2, 3]], [[4, 5, 6]]], [[[0, 0, 0]], [[0, 0, 0]]], [[[-1, -2, -3]], [[-4, -5, -6.5]]]] }
            """);
        try
        {
            MatrixGame game = MatrixGameFile.Load(path);
            game.Name.ShouldBe(Path.GetFileNameWithoutExtension(path));
            MarkovGame once = game.Once();
            once.Reward(0, once.JointAction(1, 0, 2), 2).ShouldBe(-6.5);
            once.Reward(0, once.JointAction(0, 0, 1), 0).ShouldBe(2);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("{", "game: ")]
    [InlineData("[]", "the top level is an array; an object is needed")]
    [InlineData("""{ "player": [] }""", "unknown key 'player'; known are name, players, actions, payoffs")]
    [InlineData("""{ "players": ["a", "a"] }""", "players is [a, a]; give at least one name, each only once")]
    [InlineData("""{ "players": ["a", 2] }""", "players[1] is a number; a text is needed")]
    [InlineData("""{ "players": ["a", "b"] }""", "the key 'actions' is missing")]
    [InlineData("""{ "players": ["a", "b"], "actions": [["x"]] }""", "actions has 1 entries; 2 are needed")]
    [InlineData("""{ "players": ["a"], "actions": [["x", "y"]], "payoffs": [[1]] }""", "payoffs[0] has 1 entries; 2 are needed")]
    [InlineData("""{ "players": ["a"], "actions": [["x", "y"]], "payoffs": [[1, "2"]] }""", "payoffs[0][1] is a text; a number is needed")]
    [InlineData("""{ "players": ["a"], "actions": [["x", "y"]], "payoffs": [[1, 1e999]] }""", "payoffs[0][1]: 1e999 is beyond double precision")]
    [InlineData("""{ "players": ["a"], "players": ["b"], "actions": [["x", "y"]], "payoffs": [[1, 2]] }""", "the key 'players' is given twice")]
    [InlineData("""{ "players": ["a", null], "actions": [["x", "y"]], "payoffs": [[1, 2]] }""", "players[1] is null; a text is needed")]
    [InlineData("""{}""", "the key 'players' is missing")]
    [InlineData("""null""", "the top level is null; an object is needed")]
    [InlineData("""{ "players": ["\udfff"] }""", "players[0]: the text has half of a surrogate pair")]
    public void What_is_wrong_is_named_with_its_place(string json, string message) =>
        Should.Throw<FormatException>(() => MatrixGameFile.Parse(json)).Message.ShouldContain(message);
}
