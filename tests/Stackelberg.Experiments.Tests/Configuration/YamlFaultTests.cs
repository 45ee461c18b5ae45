using Stackelberg.Experiments.Configuration;
using static Stackelberg.Experiments.Tests.Configuration.FakeAlgorithm;

namespace Stackelberg.Experiments.Tests.Configuration;

/// <summary>What is wrong with a file is said with line and column, counted here by hand.</summary>
public sealed class YamlFaultTests : IDisposable
{
    private readonly List<string> files = [];

    public void Dispose() => files.ForEach(File.Delete);

    [Theory]
    [InlineData("- algo\n- env\n", 1, 1, "does not hold a mapping")]
    [InlineData("\n\n  just words\n", 3, 3, "does not hold a mapping")]
    [InlineData("gamma: 0.5\n---\nguard: false\n", 2, 1, "a second document")]
    [InlineData("gamma: 0.5\n? [a, b]\n: 1\n", 2, 3, "a key that is not a text")]
    [InlineData("hidden: [1, [2], 3]\n", 1, 13, "the list 'hidden' holds something that is not a plain value")]
    [InlineData("gamma: 0.5\nhidden:\n  - 1\n  - a: 2\n", 4, 5, "the list 'hidden' holds something")]
    [InlineData("gamma: &half 0.5\nlimit: *half\n", 2, 8, "'limit' uses an alias")]
    [InlineData("guard: true\ncritic:\n  steps: 3\ncritic.steps: 4\n", 4, 1, "'critic.steps' is given twice (first in line 3)")]
    [InlineData("gamma: 0.5\ngamma: 0.6\n", 2, 1, "'gamma' is given twice (first in line 1)")]
    [InlineData("gamma: 3\n", 1, 8, "'gamma' cannot be '3'")]
    [InlineData("critic:\n  steps:    2.5\n", 2, 13, "'critic.steps' cannot be '2.5'")]
    [InlineData("critic: {steps: 3, learning_rate: -1}\n", 1, 35, "'critic.learning_rate' cannot be '-1'")]
    [InlineData("guard:\n", 1, 1, "'guard' cannot be ''")]
    [InlineData("guard: ''\n", 1, 1, "'guard' cannot be ''")]
    [InlineData("hidden: [64, zero]\n", 1, 9, "'hidden' cannot be '64,zero'")]
    [InlineData("# words\n\nspeed: 1 # more\n", 3, 8, "unknown key 'speed'")]
    [InlineData("critic:\n  speed: 1\n", 2, 10, "unknown key 'critic.speed'")]
    [InlineData("critic:\n  steps:\n    more: 1\n", 3, 11, "unknown key 'critic.steps.more'")]
    [InlineData("critic: 3\n", 1, 9, "unknown key 'critic'")]
    public void Fault_in_a_file_carries_its_line_and_column(string text, long line, long column, string problem)
    {
        string file = Write(text);
        ConfigurationError error = Faults(file).ShouldHaveSingleItem();

        error.Problem.ShouldContain(problem);
        error.Origin.ShouldBe(new SettingOrigin(SettingLayer.File, file, line, column));
        error.ToString().ShouldStartWith($"{file}:{line}:{column}: ");
        error.Allowed.ShouldNotBeEmpty();
        error.Next.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("critic:\n\tsteps: 3\n", 2, 1)]
    [InlineData("gamma: 0.5\ncritic:\n\tsteps: 3\nguard: true\n", 3, 1)]
    [InlineData("gamma: 0.5\nguard: \"true\nlimit: 3\n", 2, 8)]
    [InlineData("gamma: 0.5\nlimit: @3\n", 2, 8)]
    [InlineData("@gamma: 0.5\n", 1, 1)]
    public void What_is_no_yaml_is_said_with_its_place(string text, long line, long column)
    {
        string file = Write(text);
        ConfigurationError error = Faults(file).First();
        error.Problem.ShouldStartWith("not valid YAML: ");
        error.Origin.Name.ShouldBe(file);
        (error.Origin.Line, error.Origin.Column).ShouldBe((line, column));
    }

    [Theory]
    [InlineData("hidden: 10, 16]\n")]
    [InlineData("hidden: \"[10, 16\"\n")]
    public void List_with_one_bracket_is_refused(string text) => Faults(Write(text)).ShouldHaveSingleItem().Problem.ShouldContain("hidden");

    [Fact]
    public void Key_that_is_missing_is_a_fault_of_the_file() =>
        Faults(Write("critic:\n  : 3\n  steps: 3\n")).Last().Problem.ShouldStartWith("not valid YAML: a key is missing");

    [Theory]
    [InlineData("hidden: [1, 2\n")]
    [InlineData("critic: {steps: 3\n")]
    public void List_or_group_that_is_not_closed_is_one_fault(string text) => Faults(Write(text)).ShouldHaveSingleItem().Problem.ShouldStartWith("not valid YAML");

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but words\n")]
    [InlineData("---\n")]
    [InlineData("---\n# words\n...\n")]
    public void File_that_says_nothing_changes_nothing(string text)
    {
        ResolvedConfiguration resolved = Resolve(Write(text), null, ("algo", "fake"), ("env", "Other-v0"));
        resolved.Values.ShouldAllBe(v => v.Origin.Layer != SettingLayer.File);
        ((FakeOptions)resolved.Options).Gamma.ShouldBe(0.99);
    }

    [Fact]
    public void File_that_is_missing_is_named()
    {
        string file = Path.Combine(Path.GetTempPath(), "stackelberg-tests-no-such-file.yml");
        ConfigurationError error = Faults(file).ShouldHaveSingleItem();
        error.Problem.ShouldContain(file);
        error.Origin.ToString().ShouldBe(file);
        Faults(Path.GetTempPath()).ShouldHaveSingleItem().Problem.ShouldContain("cannot be read");
    }

    [Fact]
    public void Reading_goes_on_behind_a_fault()
    {
        IReadOnlyList<ConfigurationError> errors = Faults(Write("? {a: 1}\n: [2, 3]\nhidden: [[1], 2]\ngamma: 9\nlimit: *none\n"));
        errors.Select(e => e.Origin.Line).ShouldContain(1);
        errors.Select(e => e.Origin.Line).ShouldContain(3);
        errors.Count.ShouldBeGreaterThanOrEqualTo(3);
    }

    [Theory]
    [InlineData("critic:\n  steps: 7\n")]
    [InlineData("critic: {steps: 7}\n")]
    [InlineData("critic.steps: 7\n")]
    [InlineData("'critic.steps': \"7\"\n")]
    [InlineData("critic:\r\n  steps: 7\r\n")]
    [InlineData("\uFEFFcritic:\n  steps: 7\n")]
    public void One_setting_can_be_written_in_several_ways(string text) =>
        ((FakeOptions)Resolve(Write(text), null, ("algo", "fake"), ("env", "Other-v0")).Options).Critic.Steps.ShouldBe(7);

    private static IReadOnlyList<ConfigurationError> Faults(string file) =>
        Should.Throw<ConfigurationException>(() => Resolve(file, null, ("algo", "fake"), ("env", "Other-v0"))).Errors;

    private string Write(string text)
    {
        files.Add(TemporaryFile(text, $"yaml-{files.Count}-{GetHashCode()}"));
        return files[^1];
    }
}
