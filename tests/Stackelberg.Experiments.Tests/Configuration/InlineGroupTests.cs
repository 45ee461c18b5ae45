using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Experiments.Configuration.Internals;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests.Configuration;

/// <summary>Groups whose options have keys without the group's name, and what records share when they are made.</summary>
public sealed class InlineGroupTests : IDisposable
{
    private static readonly Solving Shared = new() { Steps = 5 };

    private readonly List<string> files = [];

    public void Dispose() => files.ForEach(File.Delete);

    [Fact]
    public void Keys_of_an_inline_group_lack_its_name_and_keep_those_of_groups_within() =>
        ConfigurationResolver.Describe(Descriptor(typeof(Player)), SolverCatalogue.BuiltIn).Select(o => $"{o.Key}={o.Default}")
            .ShouldBe(["width=8", "role=nobody", "solving.steps=5", "solving.damping=0.5", "twin.role=nobody", "twin.solving.steps=5", "twin.solving.damping=0.5"]);

    [Theory]
    [InlineData("Gamma", "gamma", "gamma")]
    [InlineData("PaperQ", "paper_q", "paper-q")]
    [InlineData("GaeLambda", "gae_lambda", "gae-lambda")]
    [InlineData("MDPFile", "mdp_file", "mdp-file")]
    [InlineData("LogStd", "log_std", "log-std")]
    public void Names_are_separated_at_capitals(string name, string snake, string kebab)
    {
        OptionEntry.SnakeCase(name).ShouldBe(snake);
        OptionEntry.KebabCase(name).ShouldBe(kebab);
        OptionEntry.KebabFromSnake(snake).ShouldBe(kebab);
    }

    [Fact]
    public void Every_layer_reaches_an_inline_group()
    {
        string file = Write("algo: inline\nenv: Toy-v0\nsolving:\n  steps: 30\nrole: second\n");

        Of(Resolve(null, [], ("algo", "inline"), ("env", "Other-v0"))).ShouldBe((Role.Nobody, 5, 0.5));
        Of(Resolve(null, [], ("algo", "inline"), ("env", "Toy-v0"))).ShouldBe((Role.First, 10, 0.5));
        Of(Resolve(null, [], ("algo", "inline"), ("env", "Toy-v0"), ("preset", "own"))).ShouldBe((Role.First, 20, 0.25));
        Of(Resolve(file, [], ("preset", "own"))).ShouldBe((Role.Second, 30, 0.25));
        ResolvedConfiguration set = Resolve(file, ["solving.steps=40", "role=first"], ("preset", "own"));
        Of(set).ShouldBe((Role.First, 40, 0.25));
        ((Player)set.Options).Twin.ShouldBe(new Leading());
        set.Values.Where(v => v.Origin.Layer > SettingLayer.Algorithm && v.Description.Length == 1).Select(v => $"{v.Key} {v.Origin}")
            .ShouldBe(["role --set", "solving.steps --set", "solving.damping preset own"]);
    }

    [Fact]
    public void Written_configuration_does_not_name_the_group_and_reads_back()
    {
        ResolvedConfiguration first = Resolve(null, ["role=second", "twin.role=first", "solving.damping=3"], ("algo", "inline"), ("env", "Other-v0"));
        string text = first.ToYaml(origins: false);

        text.ShouldEndWith("width: 8\nrole: second\nsolving:\n  steps: 5\n  damping: 3.0\ntwin:\n  role: first\n  solving:\n    steps: 5\n    damping: 0.5\n");
        text.ShouldNotContain("leading");
        Resolve(Write(text), []).Options.ShouldBe(first.Options);
    }

    [Theory]
    [InlineData("leading.role=first")]
    [InlineData("leading.solving.steps=3")]
    [InlineData("leading=first")]
    public void Name_of_an_inline_group_is_no_key(string assignment)
    {
        ConfigurationError error = Faults(() => Resolve(null, [assignment], ("algo", "inline"), ("env", "Toy-v0"))).ShouldHaveSingleItem();
        error.Key.ShouldBe(assignment.Split('=')[0]);
        error.Problem.ShouldContain("unknown key");
    }

    [Fact]
    public void Slip_in_a_key_of_an_inline_group_is_answered_with_the_key() =>
        Faults(() => Resolve(null, ["rloe=first", "dampng=1"], ("algo", "inline"), ("env", "Toy-v0"))).Select(e => e.Next)
            .ShouldBe(["did you mean 'role'?", "did you mean 'solving.damping'?"]);

    [Theory]
    [InlineData(typeof(TwoRoles), "role")]
    [InlineData(typeof(TakesSeeds), "seeds")]
    public void Key_that_two_options_would_share_is_a_fault_of_the_algorithm(Type options, string key)
    {
        ConfigurationError error = Faults(() => Resolve(options, null, [], ("algo", "inline"), ("env", "Other-v0"))).ShouldHaveSingleItem();
        error.Key.ShouldBe(key);
        error.Origin.Layer.ShouldBe(SettingLayer.Algorithm);
        error.Problem.ShouldContain($"'{key}' that is taken");
    }

    [Fact]
    public void Record_that_many_defaults_share_is_never_written_to()
    {
        ResolvedConfiguration changed = Resolve(null, ["solving.steps=77", "twin.solving.steps=78"], ("algo", "inline"), ("env", "Other-v0"));
        ResolvedConfiguration after = Resolve(null, [], ("algo", "inline"), ("env", "Other-v0"));

        Of(changed).Steps.ShouldBe(77);
        ((Player)changed.Options).Twin.Solving.Steps.ShouldBe(78);
        Shared.Steps.ShouldBe(5);
        Of(after).Steps.ShouldBe(5);
        ((Player)after.Options).Leading.Solving.ShouldNotBeSameAs(Shared);
        ((Player)after.Options).Leading.Solving.ShouldNotBeSameAs(((Player)after.Options).Twin.Solving);
    }

    [Fact]
    public void Defaults_of_a_variant_are_as_little_shared_as_those_of_its_record()
    {
        Leading nested = new() { Role = Role.First, Solving = Shared };
        AlgorithmDescriptor variant = Descriptor(typeof(Player)) with { Defaults = () => new Player { Leading = nested } };
        ResolvedConfiguration Run(params string[] set) => Resolve(variant, null, set, ("algo", "inline"), ("env", "Other-v0"));

        Of(Run("solving.damping=9", "role=second")).ShouldBe((Role.Second, 5, 9));
        Of(Run()).ShouldBe((Role.First, 5, 0.5));
        nested.Role.ShouldBe(Role.First);
        Shared.Damping.ShouldBe(0.5);
    }

    [Fact]
    public void Leader_of_every_algorithm_that_has_one_is_a_key_of_its_own_with_its_hypergradient_beside_it()
    {
        AlgorithmDescriptor[] led = [.. AlgorithmCatalogue.BuiltIn.All.Where(a => a.OptionsType.GetProperty("Leading") is not null)];
        led.Length.ShouldBeGreaterThan(3);
        foreach (AlgorithmDescriptor algorithm in led)
        {
            string[] keys = [.. ConfigurationResolver.Describe(algorithm, SolverCatalogue.BuiltIn).Select(o => o.Key)];
            keys.ShouldContain("leader", algorithm.Id);
            keys.ShouldContain("hypergradient.method", algorithm.Id);
            keys.ShouldNotContain(k => k.StartsWith("leading", StringComparison.Ordinal), algorithm.Id);
            keys.ShouldBeUnique();
        }
    }

    private static (Role Role, int Steps, double Damping) Of(ResolvedConfiguration resolved) =>
        resolved.Options is Player { Leading: var l } ? (l.Role, l.Solving.Steps, l.Solving.Damping) : throw new InvalidOperationException("no player");

    private static IReadOnlyList<ConfigurationError> Faults(Func<ResolvedConfiguration> resolve) => Should.Throw<ConfigurationException>(() => resolve()).Errors;

    private static AlgorithmDescriptor Descriptor(Type options) => FakeAlgorithm.Descriptor with
    {
        Id = "inline",
        OptionsType = options,
        Validate = static _ => [],
        Presets = new Dictionary<string, AlgorithmPreset> { ["own"] = new("own", [new("solving.steps", "20"), new("solving.damping", "0.25")]) },
        EnvironmentPresets = new Dictionary<string, IReadOnlyList<KeyValuePair<string, string>>> { ["Toy-v0"] = [new("role", "first"), new("solving.steps", "10")] },
    };

    private static ResolvedConfiguration Resolve(string? file, string[] set, params (string Key, string Value)[] flags) => Resolve(typeof(Player), file, set, flags);

    private static ResolvedConfiguration Resolve(Type options, string? file, string[] set, params (string Key, string Value)[] flags) =>
        Resolve(Descriptor(options), file, set, flags);

    private static ResolvedConfiguration Resolve(AlgorithmDescriptor algorithm, string? file, string[] set, params (string Key, string Value)[] flags) =>
        ConfigurationResolver.Resolve(new ConfigurationRequest
        {
            Algorithms = _ =>
            {
                AlgorithmCatalogue catalogue = AlgorithmCatalogue.WithAll();
                catalogue.Add(algorithm);
                return catalogue;
            },
            Environments = _ => FakeAlgorithm.Catalogue(),
            File = file,
            Assignments = set,
            Flags = [.. flags.Select(f => KeyValuePair.Create(f.Key, f.Value))],
        });

    private string Write(string text)
    {
        files.Add(FakeAlgorithm.TemporaryFile(text, $"inline-{files.Count}"));
        return files[^1];
    }

    private enum Role
    {
        Nobody,
        First,
        Second,
    }

    private sealed record Solving
    {
        [Option("s", Minimum = 1)]
        public int Steps { get; init; } = 1;

        [Option("d", Minimum = 0)]
        public double Damping { get; init; } = 0.5;
    }

    private sealed record Leading
    {
        [Option("r")]
        public Role Role { get; init; }

        public Solving Solving { get; init; } = Shared;
    }

    private sealed record Player
    {
        [Option("width", Minimum = 1)]
        public int Width { get; init; } = 8;

        [InlineOptions]
        public Leading Leading { get; init; } = new();

        public Leading Twin { get; init; } = new();
    }

    private sealed record TwoRoles
    {
        [Option("r")]
        public Role Role { get; init; }

        [InlineOptions]
        public Leading Leading { get; init; } = new();
    }

    private sealed record Seeded
    {
        [Option("s")]
        public int Seeds { get; init; }
    }

    private sealed record TakesSeeds
    {
        [InlineOptions]
        public Seeded Seeded { get; init; } = new();
    }
}
