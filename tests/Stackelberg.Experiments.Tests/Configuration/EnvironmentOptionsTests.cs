using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests.Configuration;

public sealed class EnvironmentOptionsTests : IDisposable
{
    private readonly List<string> files = [];

    public void Dispose() => files.ForEach(File.Delete);

    [Fact]
    public void Group_in_a_file_set_and_flag_change_the_options_and_the_later_wins()
    {
        string file = Write("algo: fake\nenv: World-v0\nenv_options:\n  range: [0.5, infinity]\n  ends: false\n  noise: 0.25\n");

        ResolvedConfiguration resolved = Resolve(file, ["env_options.noise=0.5", "env_options.form=paper-q"], ["noise=0.75"]);

        World world = Options(resolved);
        world.Range.ShouldBe((0.5, double.PositiveInfinity));
        world.Ends.ShouldBeFalse();
        world.Noise.ShouldBe(0.75);
        world.Form.ShouldBe(FakeForm.PaperQ);
        world.Inner.Depth.ShouldBe(3);
        resolved.HasEnvironmentOptions.ShouldBeTrue();
        Origin(resolved, "noise").ShouldBe("--env-set");
        Origin(resolved, "form").ShouldBe("--set");
        Origin(resolved, "range").ShouldEndWith(":4:10");
        Origin(resolved, "inner.depth").ShouldBe("default");
        Options(Resolve(null, [], [])).ShouldBe(new World());
        Resolve(null, [], []).HasEnvironmentOptions.ShouldBeFalse();
    }

    [Theory]
    [InlineData("range=0.5,2", 0.5, 2)]
    [InlineData("range=-infinity,inf", double.NegativeInfinity, double.PositiveInfinity)]
    [InlineData("range=(-1e-3, 1_000)", -1e-3, 1000)]
    [InlineData("range=7,7", 7, 7)]
    public void Interval_is_read_and_written_to_the_same_bits(string assignment, double low, double high)
    {
        ResolvedConfiguration resolved = Resolve(null, [], [assignment]);
        ResolvedConfiguration again = Resolve(Write(resolved.ToYaml()), [], []);

        Options(resolved).Range.ShouldBe((low, high));
        Options(again).ShouldBe(Options(resolved));
    }

    [Theory]
    [InlineData("range=2,1", "low ≤ high")]
    [InlineData("range=1", "an interval")]
    [InlineData("range=1,2,3", "an interval")]
    [InlineData("range=nan,1", "an interval")]
    [InlineData("noise=-1", "a number ≥ 0")]
    [InlineData("noise=infinity", "a number ≥ 0")]
    [InlineData("ends=yes", "true or false")]
    [InlineData("inner.depth=2.5", "an integer ≥ 1")]
    [InlineData("form=papr-q", "did you mean 'paper-q'?")]
    [InlineData("nois=1", "did you mean 'noise'?")]
    [InlineData("depth=1", "did you mean 'inner.depth'?")]
    [InlineData("noise=13", "unlucky")]
    [InlineData("noise", "is not an assignment")]
    public void Wrong_option_says_what_is_allowed(string assignment, string words) =>
        Should.Throw<ConfigurationException>(() => Resolve(null, [], [assignment])).Errors.ShouldHaveSingleItem().ToString().ShouldContain(words);

    [Fact]
    public void All_faults_are_reported_together_and_with_those_of_other_keys()
    {
        string file = Write("algo: fake\nenv: World-v0\nenv_options:\n  nose: 1\n  ends: 3\ngamma: 7\n");

        IReadOnlyList<ConfigurationError> errors = Should.Throw<ConfigurationException>(() => Resolve(file, [], ["noise=1", "noise=2"])).Errors;

        errors.Select(e => e.Key).ShouldBe(["noise", "env_options.nose", "env_options.ends", "gamma"], ignoreOrder: true);
        errors.Single(e => e.Key == "env_options.nose").Origin.Line.ShouldBe(4);
    }

    [Theory]
    [InlineData("env_options: 3\n")]
    [InlineData("env_options:\n")]
    public void Group_without_keys_is_said_to_be_a_group(string line) =>
        Should.Throw<ConfigurationException>(() => Resolve(Write("algo: fake\nenv: World-v0\n" + line), [], []))
            .Errors.ShouldHaveSingleItem().ToString().ShouldContain("'env_options' is a group: set one of its keys");

    [Fact]
    public void Options_for_an_environment_that_has_none_are_refused() =>
        Should.Throw<ConfigurationException>(() => FakeAlgorithm.Resolve(null, ["env_options.noise=1"], ("algo", "fake"), ("env", "Toy-v0")))
            .Errors.ShouldHaveSingleItem().ToString().ShouldContain("Toy-v0 has none");

    [Fact]
    public void Options_that_do_not_go_together_are_refused_before_anything_runs() =>
        Should.Throw<ConfigurationException>(() => Resolve(null, [], ["noise=2", "ends=false"]))
            .Errors.ShouldHaveSingleItem().Problem.ShouldContain("noise without end");

    [Fact]
    public void Options_are_described_with_present_value_and_range() =>
        EnvironmentOptions.Describe(EnvironmentOptions.Apply(Catalogue(), "World-v0", ["noise=0.5"]).OptionsOf("World-v0"))
            .Select(o => $"{o.Key}|{o.Value}|{o.Allowed}|{o.Description}")
            .ShouldBe([
                "noise|0.5|a number ≥ 0|how much", "ends|true|true or false|whether it ends",
                "range|-1,1|an interval low,high with low ≤ high; infinity and -infinity are allowed|where",
                "form|official|one of paper-q, official|which", "inner.depth|3|an integer ≥ 1|how deep",
            ]);

    private static EnvironmentCatalogue Catalogue()
    {
        EnvironmentCatalogue catalogue = FakeAlgorithm.Catalogue();
        catalogue.Add(new EnvironmentSpec("World-v0", 10, null), new World(), options => options is { Noise: 2, Ends: false }
            ? throw new ArgumentException("noise without end")
            : throw new NotSupportedException());
        return catalogue;
    }

    private static ResolvedConfiguration Resolve(string? file, string[] set, string[] environmentSet) => ConfigurationResolver.Resolve(new ConfigurationRequest
    {
        Algorithms = static _ => FakeAlgorithm.Algorithms(),
        Environments = _ => Catalogue(),
        File = file,
        Assignments = set,
        EnvironmentAssignments = environmentSet,
        Flags = file is null ? [new("algo", "fake"), new("env", "World-v0")] : [],
    });

    private static World Options(ResolvedConfiguration resolved) => (World)resolved.Environments.OptionsOf("World-v0")!;

    private static string Origin(ResolvedConfiguration resolved, string key) => resolved.Values.Single(v => v.Key == "env_options." + key).Origin.ToString();

    private string Write(string text)
    {
        files.Add(FakeAlgorithm.TemporaryFile(text, $"env-options-{files.Count}-{text.Length}"));
        return files[^1];
    }

    private sealed record World
    {
        [Option("how much", Minimum = 0)]
        public double Noise { get; init => field = value != 13 ? value : throw new ArgumentException("unlucky"); } = 0.1;

        [Option("whether it ends")]
        public bool Ends { get; init; } = true;

        [Option("where")]
        public (double Low, double High) Range { get; init; } = (-1, 1);

        [Option("which")]
        public FakeForm Form { get; init; } = FakeForm.Official;

        public InnerWorld Inner { get; init; } = new();
    }

    private sealed record InnerWorld
    {
        [Option("how deep", Minimum = 1)]
        public int Depth { get; init; } = 3;
    }
}
