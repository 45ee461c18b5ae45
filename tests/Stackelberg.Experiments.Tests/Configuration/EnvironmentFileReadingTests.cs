using System.Security.Cryptography;
using System.Text;
using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Experiments.Tests.Fakes;

namespace Stackelberg.Experiments.Tests.Configuration;

/// <summary>Files in the place of an environment: what is read of them, and as what they are registered.</summary>
public sealed class EnvironmentFileReadingTests : IDisposable
{
    private const string Game = """{ "players": ["a", "b"], "actions": [["x"], ["y", "z"]], "payoffs": [[[1, 2]], [[2, 3]]] }""";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("two.json", true)]
    [InlineData("../a/b.JSON", true)]
    [InlineData("CartPole-v1", false)]
    [InlineData("two.json.gz", false)]
    [InlineData("", false)]
    public void A_file_is_meant_where_the_id_ends_as_its_name_would(string id, bool isFile) => EnvironmentFile.IsNamed(id).ShouldBe(isFile);

    [Fact]
    public void A_file_is_what_it_was_when_it_was_read()
    {
        string path = Write("two.json", Mdp("\"horizon\": 5"));
        EnvironmentFile file = EnvironmentFile.Read(Path.Combine(folder.Path, ".", "two.json"));
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllText(path, Game);

        file.Content.ToArray().ShouldBe(bytes);
        file.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(bytes)));
        file.SourcePath.ShouldBe(path);
        file.Name.ShouldBe("two.json");
        file.IsGame.ShouldBeFalse();
        EnvironmentFile.Read(path).IsGame.ShouldBeTrue();
    }

    [Fact]
    public void A_mark_of_encoding_comments_and_late_commas_change_the_hash_alone()
    {
        EnvironmentFile plain = EnvironmentFile.Read(Write("plain.json", Mdp("\"horizon\": 5")));
        EnvironmentFile marked = EnvironmentFile.Read(Write("marked.json", "\uFEFF" + Mdp("/* five */ \"horizon\": 5,")));

        marked.Content.Span[..3].ToArray().ShouldBe([0xEF, 0xBB, 0xBF]);
        marked.Sha256.ShouldNotBe(plain.Sha256);
        Walk(marked).ShouldBe(Walk(plain));
    }

    [Theory]
    [InlineData("\"horizon\": 3", false)]
    [InlineData("\"name\": \"endless\"", true)]
    public void An_mdp_without_horizon_or_terminal_state_is_endless(string more, bool isEndless) =>
        EnvironmentFile.Read(Write("mdp.json", Mdp(more))).IsEndless.ShouldBe(isEndless);

    [Fact]
    public void An_mdp_is_registered_under_any_id_with_its_horizon_and_rewards()
    {
        var environments = new EnvironmentCatalogue();
        EnvironmentSpec spec = EnvironmentFile.Read(Write("two.json", Mdp("\"horizon\": 4"))).Register(environments, "mine");

        (spec.Id, spec.MaxEpisodeSteps).ShouldBe(("mine", 4));
        environments.Contains("mine").ShouldBeTrue();
        using IEnvironment environment = environments.Make("mine");
        double[] observation = new double[environment.ObservationSpace.Size];
        environment.Reset(1, observation);
        // action 0 leads to state 1, action 1 to state 0, from either; rewards are 0, 1 there and 2, 3 here
        double[] rewards = new double[4];
        StepResult last = default;
        for (int i = 0; i < 4; i++)
        {
            last = environment.Step([i % 2], observation);
            rewards[i] = last.Reward;
        }

        last.Truncated.ShouldBeTrue();
        rewards[1..].ShouldBe([3, 0, 3]);
        Should.Throw<ArgumentException>(() => EnvironmentFile.Read(folder.Below("two.json")).Register(environments, "mine"));
    }

    [Fact]
    public void A_game_is_registered_as_a_game_or_as_one_environment_and_an_MDP_as_no_game()
    {
        var games = MultiAgentCatalogue.WithAll();
        EnvironmentFile game = EnvironmentFile.Read(Write("game.json", Game)), mdp = EnvironmentFile.Read(Write("mdp.json", Mdp("\"horizon\": 2")));

        game.Register(games, "ours").Id.ShouldBe("ours");
        games.Contains("ours").ShouldBeTrue();
        EnvironmentCatalogue joint = new();
        game.Register(joint, "ours");
        joint.Make("ours").Joint()!.Agents.Count.ShouldBe(2);
        Should.Throw<InvalidOperationException>(() => mdp.Register(games, "other")).Message.ShouldContain("mdp.json");
        games.Contains("other").ShouldBeFalse();
    }

    [Theory]
    [InlineData("{ \"states\": 2,")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("")]
    public void What_is_no_environment_is_refused_by_the_name_of_the_file(string text) =>
        Should.Throw<FormatException>(() => EnvironmentFile.Read(Write("bad.json", text))).Message.ShouldContain("bad.json");

    [Fact]
    public void A_file_that_is_not_there_is_a_fault_of_reading() =>
        Should.Throw<IOException>(() => EnvironmentFile.Read(folder.Below("none.json"))).Message.ShouldContain("none.json");

    private static string Mdp(string more) =>
        $$"""{ "states": 2, "actions": 2, "transitions": [[[0, 1], [1, 0]], [[0, 1], [1, 0]]], "rewards": [[0, 1], [2, 3]], {{more}} }""";

    private static double[] Walk(EnvironmentFile file)
    {
        var environments = new EnvironmentCatalogue();
        file.Register(environments, "walk");
        using IEnvironment environment = environments.Make("walk");
        double[] observation = new double[environment.ObservationSpace.Size];
        environment.Reset(7, observation);
        return [.. Enumerable.Range(0, 5).Select(i => environment.Step([i / 2 % 2], observation).Reward)];
    }

    private string Write(string name, string text)
    {
        string path = folder.Below(name);
        File.WriteAllText(path, text, new UTF8Encoding(false));
        return path;
    }
}
