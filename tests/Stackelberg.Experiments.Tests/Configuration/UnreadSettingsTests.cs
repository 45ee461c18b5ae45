using Stackelberg.Agents;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Experiments.Tests.Configuration;

/// <summary>Settings that nothing reads are said of what the user wrote, with the place, and of nothing else.</summary>
public sealed class UnreadSettingsTests : IDisposable
{
    private readonly List<string> files = [];

    public static TheoryData<string> WithActors => [.. AlgorithmCatalogue.BuiltIn.All.Where(a => !a.IsMultiAgent && a.OptionsType.GetProperty("Actor") is not null).Select(a => a.Id)];

    public void Dispose() => files.ForEach(File.Delete);

    [Theory]
    [InlineData("Other-v0", "")]
    [InlineData("Toy-v0", "")]
    [InlineData("Other-v0", "paper")]
    [InlineData("Toy-v0", "paper")]
    public void Defaults_and_presets_are_not_reported(string environment, string preset)
    {
        ResolvedConfiguration resolved = Resolve(null, [], ("algo", "talk"), ("env", environment), ("preset", preset));
        resolved.Unread.ShouldBeEmpty();
        // the algorithm does say it of them
        Says(resolved.Options).Count().ShouldBe(3);
    }

    [Fact]
    public void Each_source_of_the_users_is_named_with_its_place()
    {
        string file = Write("algo: talk\nenv: Toy-v0\ncritic:\n  steps: 12\n");
        Resolve(file, ["gamma=0.5"], ("bound", "2")).Unread.ShouldBe([
            "--set: 'gamma' is not read: nobody looks ahead.",
            $"{file}:4:10: 'critic.steps' is not read: nobody counts.",
            "--bound: 'bound' is not read: nothing is bounded.",
        ]);
    }

    [Fact]
    public void What_the_user_repeats_of_a_preset_is_the_users()
    {
        Resolve(null, ["gamma=0.95"], ("algo", "talk"), ("env", "Other-v0"), ("preset", "paper")).Unread.ShouldHaveSingleItem().ShouldStartWith("--set: 'gamma'");
        Resolve(Write("gamma: 0.95\n"), ["gamma=0.9"], ("algo", "talk"), ("env", "Toy-v0")).Unread.ShouldHaveSingleItem().ShouldStartWith("--set: 'gamma'");
    }

    [Fact]
    public void Each_seeds_own_configuration_says_the_same()
    {
        ResolvedConfiguration resolved = Resolve(null, ["bound=1"], ("algo", "talk"), ("env", "Toy-v0"), ("seeds", "0..3"));
        resolved.Unread.Count.ShouldBe(1);
        resolved.ForSeed(2).Unread.ShouldBe(resolved.Unread);
    }

    [Fact]
    public void A_refused_configuration_says_its_faults_alone() =>
        Should.Throw<ConfigurationException>(() => Resolve(null, ["gamma=2", "bound=1"], ("algo", "talk"), ("env", "Toy-v0")))
            .Errors.ShouldHaveSingleItem().Key.ShouldBe("gamma");

    [Theory]
    [MemberData(nameof(WithActors))]
    public void End_of_a_learning_rate_is_read_with_the_linear_schedule_alone(string algorithm)
    {
        Keys(algorithm, "actor.final_learning_rate=1e-5").ShouldBe(["actor.final_learning_rate"]);
        Keys(algorithm, "actor.final_learning_rate=1e-5", "actor.learning_rate_schedule=exponential").ShouldBe(["actor.final_learning_rate"]);
        Keys(algorithm, "actor.final_learning_rate=1e-5", "actor.learning_rate_schedule=linear").ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(WithActors))]
    public void Time_constant_is_read_with_the_exponential_schedule_alone(string algorithm)
    {
        Keys(algorithm, "critic.learning_rate_decay=1e5").ShouldBe(["critic.learning_rate_decay"]);
        Keys(algorithm, "critic.learning_rate_decay=1e5", "actor.learning_rate_schedule=exponential").ShouldBe(["critic.learning_rate_decay"]);
        Keys(algorithm, "critic.learning_rate_decay=1e5", "critic.learning_rate_schedule=exponential").ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(WithActors))]
    public void A_default_that_the_user_writes_out_is_no_news(string algorithm) =>
        Keys(algorithm, "actor.final_learning_rate=0", "critic.learning_rate_decay=1e6").ShouldBeEmpty();

    [Fact]
    public void Without_a_leader_its_settings_are_not_read_and_with_one_they_are()
    {
        Keys("stac", "leader=none", "hypergradient.damping=0.25", "hypergradient.iterations=3").ShouldBe(["hypergradient.damping", "hypergradient.iterations"], ignoreOrder: true);
        Keys("stac", "leader=actor", "hypergradient.damping=0.25", "hypergradient.iterations=3").ShouldBeEmpty();
        Keys("ac", "hypergradient.damping=0.25").ShouldBe(["hypergradient.damping"]);
    }

    private static IEnumerable<(string Key, string Message)> Says(object options)
    {
        options.ShouldBeOfType<FakeOptions>();
        return [("gamma", "nobody looks ahead."), ("critic.steps", "nobody counts."), ("bound", "nothing is bounded.")];
    }

    private static string[] Keys(string algorithm, params string[] set)
    {
        ResolvedConfiguration resolved = ConfigurationResolver.Resolve(new ConfigurationRequest
        {
            Environments = _ => FakeAlgorithm.Catalogue(),
            Assignments = set,
            Flags = [new("algo", algorithm), new("env", "Toy-v0")],
        });
        resolved.Unread.ShouldAllBe(u => u.StartsWith("--set: '", StringComparison.Ordinal));
        return [.. resolved.Unread.Select(u => u.Split('\'')[1])];
    }

    private static ResolvedConfiguration Resolve(string? file, string[] set, params (string Key, string Value)[] flags) =>
        ConfigurationResolver.Resolve(new ConfigurationRequest
        {
            Algorithms = static _ =>
            {
                AlgorithmCatalogue catalogue = AlgorithmCatalogue.WithAll();
                catalogue.Add(FakeAlgorithm.Descriptor with { Id = "talk", Unread = Says });
                return catalogue;
            },
            Environments = _ => FakeAlgorithm.Catalogue(),
            File = file,
            Assignments = set,
            Flags = [.. flags.Select(f => KeyValuePair.Create(f.Key, f.Value))],
        });

    private string Write(string text)
    {
        files.Add(FakeAlgorithm.TemporaryFile(text, $"unread-{files.Count}"));
        return files[^1];
    }
}
