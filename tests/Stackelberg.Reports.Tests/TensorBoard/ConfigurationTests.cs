using Stackelberg.Reports.TensorBoard;

namespace Stackelberg.Reports.Tests.TensorBoard;

public sealed class ConfigurationTests
{
    [Theory]
    [InlineData("x: 0.003", 0.003)]
    [InlineData("x: 1.0e-05  # default", 1e-5)]
    [InlineData("x: 1E-05", 1e-5)]
    [InlineData("x: 12", 12.0)]
    [InlineData("x: true", true)]
    [InlineData("x: false", false)]
    [InlineData("x: .inf", "infinity")]
    [InlineData("x: -.inf", "-infinity")]
    [InlineData("x: null", "none")]
    [InlineData("x: \"1e5\"", "1e5")]
    [InlineData("x: \"true\"", "true")]
    [InlineData("x: \"\"", "")]
    [InlineData("x: tanh", "tanh")]
    [InlineData("x: [64, 64]", "64,64")]
    [InlineData("x: [64]", "64")]
    [InlineData("x: []", "")]
    public void Values_have_the_type_that_the_file_gives_them(string yaml, object value) =>
        Configuration.Read(yaml, 0).Single(p => p.Key == "x").Value.ShouldBe(value);

    [Fact]
    public void Groups_are_joined_by_dots_and_the_seed_is_the_runs_own() =>
        Configuration.Read("algo: ac\nseeds: [3]\nactor:\n  hidden: [8]\n  deep:\n    er: 1\n", 3).Select(p => $"{p.Key}={p.Value}")
            .ShouldBe(["seed=3", "algo=ac", "actor.hidden=8", "actor.deep.er=1"]);

    [Fact]
    public void A_bar_does_not_break_the_table() =>
        Configuration.ToMarkdown([new HyperParameter("a", "x|y"), new HyperParameter("b", true)]).ShouldBe("|param|value|\n|-|-|\n|a|x\\|y|\n|b|true|");
}
