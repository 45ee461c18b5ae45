using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary>A rollout's table in which one cell was changed is refused with its line and its column.</summary>
public sealed class ReplayTableTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("t", "nan", "line 4: t is 'nan'")]
    [InlineData("t", "2.5", "line 4: t is '2.5'")]
    [InlineData("t", "-1", "line 4: t is '-1'")]
    [InlineData("t", "1", "line 4: t is 1 where 2")]
    [InlineData("t", "7", "line 4: t is 7 where 2")]
    [InlineData("t", "0", "line 4: t is 0 and episode 0 after episode 0")]
    [InlineData("episode", "4", "line 4: t is 2 and episode 4 after episode 0")]
    [InlineData("episode", "x", "line 4: episode is 'x'")]
    [InlineData("reward", "inf", "line 4: reward is 'inf'")]
    [InlineData("reward", "", "line 4: reward is ''")]
    [InlineData("reward", "1 000", "line 4: reward is '1 000'")]
    [InlineData("terminated", "0.5", "line 4: terminated is '0.5'")]
    [InlineData("terminated", "true", "line 4: terminated is 'true'")]
    [InlineData("truncated", "2", "line 4: truncated is '2'")]
    [InlineData("truncated", "-1", "line 4: truncated is '-1'")]
    [InlineData("obs1", "nan", "line 4: obs1 is 'nan'")]
    [InlineData("state3", "1e999", "line 4: state3 is '1e999'")]
    [InlineData("action0", "2", "line 4: action0 is 2")]
    [InlineData("action0", "0.5", "line 4: action0 is 0.5")]
    public void Changed_cell_is_named(string column, string value, string words) => Refused(rows => rows[3][Array.IndexOf(rows[0], column)] = value, words);

    [Fact]
    public void Cut_rows_and_headers_are_named()
    {
        Refused(rows => rows[3] = rows[3][..^1], "line 4 has 13 cells and the header 14");
        Refused(rows => rows[0][2] = "reward", "line 1 has the column 'reward' twice");
        Refused(rows => rows[0][1] = "time", "line 1 has no column 't'");
        Refused(rows => rows.RemoveAt(1), "line 2: t is 1 where 0 is due");
        Refused(rows => rows.RemoveAt(3), "line 4: t is 3 where 2");
        Refused(rows => rows.RemoveRange(1, rows.Count - 1), "has no rows");
        Refused(rows => rows.Clear(), "has no column");
    }

    [Fact]
    public void Table_as_it_was_written_is_replayed()
    {
        Roll();
        Command.Run(folder.Path, "replay", "table.csv", "--out", "page.html", "--env", "CartPole-v1").ShouldSucceed();
    }

    private void Refused(Action<List<string[]>> change, string words)
    {
        List<string[]> rows = [.. Roll().Select(l => l.Split(','))];
        change(rows);
        File.WriteAllLines(folder["table.csv"], rows.Select(r => string.Join(',', r)));
        Command.Run(folder.Path, "replay", "table.csv", "--out", "page.html", "--env", "CartPole-v1").ShouldRefuse(2, "'table.csv'", words);
        File.Exists(folder["page.html"]).ShouldBeFalse();
    }

    private string[] Roll()
    {
        Command.Run(folder.Path, "env", "rollout", "CartPole-v1", "--episodes", "2", "--steps", "4", "--out", "table.csv").ShouldSucceed();
        return File.ReadAllLines(folder["table.csv"]);
    }
}
