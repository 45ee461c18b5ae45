using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary>Files of JSON that people write: whatever is wrong with one, exit code 2 and three lines, on every verb that reads it.</summary>
public sealed class JsonInputTests : IDisposable
{
    private const string Head = "\"states\": [\"A\", \"goal\"], \"actions\": [\"l\", \"r\"], \"terminal\": [\"goal\"], \"horizon\": 20";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("{}", "the key 'states' is missing")]
    [InlineData("null", "expected an object")]
    [InlineData("{\"states\": 2,", "not valid JSON at line 1, byte 13: it ends too early")]
    [InlineData("{\"\\ud800\": 1}", "half of a surrogate pair")]
    [InlineData("{\"states\": [\"\\udc00\", \"b\"], \"actions\": 1, \"transitions\": [[[1,0]],[[1,0]]], \"rewards\": [[0],[0]]}", "states[0]: the text has half of a surrogate pair")]
    [InlineData("{\"states\": 46341, \"actions\": 1, \"transitions\": [], \"rewards\": []}", "transitions is an array of 0; expected an array of 46341")]
    [InlineData("{\"states\": 1e400}", "states: 1e400 is beyond double precision")]
    [InlineData("{" + Head + ", \"transitions\": [[[1,0],[0,1]],[[0,1],[0,1]]], \"rewards\": [[0,null],[0,0]]}", "rewards[0][1] is null")]
    [InlineData("{" + Head + ", \"transitions\": [[[1,0],[0,1]],[[0,1],[0,1]]], \"rewards\": [[0,1e39],[0,0]]}", "rewards[0][1][1] is 1E+39")]
    [InlineData("{" + Head + ", \"transitions\": [[[1,0],[0,2]],[[0,1],[0,1]]], \"rewards\": [[0,1],[0,0]]}", "transitions[0][1][1] is 2")]
    [InlineData("{" + Head + ", \"horizon\": 30}", "the key 'horizon' is given twice")]
    [InlineData("{" + Head + ", \"initial\": [0.5, 0.5], \"transitions\": [[[1,0],[0,1]],[[0,1],[0,1]]], \"rewards\": [[0,1],[0,0]]}", "may start in state 1 ('goal'), which is terminal")]
    [InlineData("{\"players\": [\"a\"], \"players\": [\"b\"], \"actions\": [[\"u\"]], \"payoffs\": [[1]]}", "the key 'players' is given twice")]
    [InlineData("{\"players\": [\"a\"], \"actions\": [[\"u\", null]], \"payoffs\": [[1, 2]]}", "actions[0][1] is null; a text is needed")]
    [InlineData("{\"players\": [\"a\"], \"actions\": [[\"u\"]], \"payoffs\": [[-1e39]]}", "-1E+39")]
    [InlineData("{\"payoffs\": 1}", "the key 'players' is missing")]
    public void A_file_in_the_place_of_an_environment_is_refused_with_its_reason(string text, string words)
    {
        folder.Write("my.json", text);
        foreach (string[] verb in new string[][] { ["env", "show", "my.json"], ["env", "check", "my.json"], ["env", "rollout", "my.json", "--out", "x.csv"], ["train", "--algo", "ac", "--env", "my.json"] })
        {
            CommandResult result = Command.Run(folder.Path, verb).ShouldRefuse(2, "my.json");
            result.Error.ShouldNotContain("LineNumber");
            result.Error.ShouldNotContain("Path: $");
            if (verb[0] != "train" || !text.Contains("players", StringComparison.Ordinal))
            {
                result.Error.ShouldContain(words);
            }
        }
    }

    [Fact]
    public void A_file_that_is_no_utf8_is_refused()
    {
        File.WriteAllBytes(folder["my.json"], [.. "{\"name\": \""u8, 0xff, .. "\"}"u8]);
        Command.Run(folder.Path, "env", "show", "my.json").ShouldRefuse(2, "it is no UTF-8");
    }

    [Theory]
    [InlineData("[[0.5,0.5],[0.5,0.5]]")]
    [InlineData("[[0,0],[0,0]]")]
    [InlineData("[[2,-1],[7,7]]")]
    public void A_model_is_sound_whatever_the_rows_of_states_that_never_act(string goal)
    {
        folder.Write("my.json", "{" + Head + ", \"transitions\": [[[1,0],[0,1]]," + goal + "], \"rewards\": [[0,1],[0,0]]}");
        Command.Run(folder.Path, "env", "check", "my.json").ShouldSucceed().Output.ShouldStartWith("ok");
        Command.Run(folder.Path, "env", "rollout", "my.json", "--out", "x.csv").ShouldSucceed();
        Command.Run(folder.Path, "train", "--algo", "ac", "--env", "my.json", "--total-timesteps", "200", "--set", "steps_per_iteration=100", "--eval-episodes", "1", "--quiet").ShouldSucceed();
    }

    [Theory]
    [InlineData("{}", "key 'n' is missing")]
    [InlineData("{\"\\ud800\": 1}", "half of a surrogate pair")]
    [InlineData("{\"n\": 1, \"n\": 1}", "the key 'n' is given twice")]
    [InlineData("{\"n\": 46341}", "'n' is 46341")]
    [InlineData("{\"n\": 1, \"m\": 1e999}", "m: 1e999 is beyond double precision")]
    [InlineData("[1, [", "it ends too early")]
    public void A_quadratic_problem_is_refused_with_its_reason(string text, string words)
    {
        folder.Write("my.json", text);
        Command.Run(folder.Path, "hypergradient", "check", "--problem", "my.json").ShouldRefuse(2, "my.json", words).Error.ShouldNotContain("LineNumber");
    }

    [Theory]
    [InlineData("{\"\\ud800\": 1}", "half of a surrogate pair")]
    [InlineData("{\"state\": [0, 0, 0, 0], \"state\": [0, 0, 0, 1]}", "the key 'state' is given twice")]
    [InlineData("{\"state\": [0, 0, 0, 1e999]}", "state[3]: 1e999 is beyond double precision")]
    [InlineData("{}", "has no 'state'")]
    [InlineData("", "the file is empty")]
    public void An_initial_state_is_refused_with_its_reason(string text, string words)
    {
        folder.Write("my.json", text);
        Command.Run(folder.Path, "env", "rollout", "CartPole-v1", "--initial-state", "my.json", "--out", "x.csv").ShouldRefuse(2, "my.json", words);
    }
}
