using Stackelberg.Experiments.Configuration;
using static Stackelberg.Experiments.Tests.Configuration.FakeAlgorithm;

namespace Stackelberg.Experiments.Tests.Configuration;

public sealed class ValueTests
{
    [Theory]
    [InlineData("1e6", 1_000_000)]
    [InlineData("1_000_000", 1_000_000)]
    [InlineData("2.5e3", 2500)]
    [InlineData("+12", 12)]
    [InlineData("12.0", 12)]
    public void Integers_accept_exponents_and_underscores(string text, long expected) =>
        Resolve(null, [$"total_timesteps={text}"], ("algo", "fake"), ("env", "Toy-v0")).Run.TotalTimesteps.ShouldBe(expected);

    [Theory]
    [InlineData("0.5")]
    [InlineData("1e")]
    [InlineData("_1")]
    [InlineData("1__0")]
    [InlineData("1e30")]
    [InlineData("")]
    [InlineData("one")]
    [InlineData("0x10")]
    [InlineData("1,000")]
    public void Texts_that_are_not_integers_are_refused(string text) =>
        Should.Throw<ConfigurationException>(() => Resolve(null, [$"total_timesteps={text}"], ("algo", "fake"), ("env", "Toy-v0")))
            .Errors.ShouldHaveSingleItem().Key.ShouldBe("total_timesteps");

    [Theory]
    [InlineData("nan")]
    [InlineData("inf")]
    [InlineData("1e400")]
    [InlineData("-0.001")]
    [InlineData("1.0001")]
    public void Numbers_not_finite_or_out_of_range_are_refused(string text) =>
        Should.Throw<ConfigurationException>(() => Resolve(null, [$"gamma={text}"], ("algo", "fake"), ("env", "Toy-v0")))
            .Errors.ShouldHaveSingleItem().Allowed.ShouldBe("a number ≥ 0 and ≤ 1");

    [Theory]
    [InlineData("0..4", new long[] { 0, 1, 2, 3, 4 })]
    [InlineData("1,2,5", new long[] { 1, 2, 5 })]
    [InlineData("[3, 1]", new long[] { 3, 1 })]
    [InlineData("7", new long[] { 7 })]
    [InlineData("0..1, 1e1..11", new long[] { 0, 1, 10, 11 })]
    public void Seeds_accept_lists_and_ranges_with_both_ends(string text, long[] expected) =>
        Resolve(null, null, ("algo", "fake"), ("env", "Toy-v0"), ("seeds", text)).Run.Seeds.ShouldBe(expected);

    [Theory]
    [InlineData("0..")]
    [InlineData("..3")]
    [InlineData("-1..2")]
    [InlineData("0..1e9")]
    [InlineData("1,,2")]
    [InlineData("a..b")]
    public void Malformed_seeds_are_refused(string text) =>
        Should.Throw<ConfigurationException>(() => Resolve(null, null, ("algo", "fake"), ("env", "Toy-v0"), ("seeds", text)))
            .Errors.ShouldHaveSingleItem().Key.ShouldBe("seeds");

    [Fact]
    public void Exclusive_bound_excludes_its_end_and_optional_value_accepts_none()
    {
        Should.Throw<ConfigurationException>(() => Resolve(null, ["critic.learning_rate=0"], ("algo", "fake"), ("env", "Toy-v0")));
        ((FakeOptions)Resolve(null, ["bound=2"], ("algo", "fake"), ("env", "Toy-v0")).Options).Bound.ShouldBe(2);
        ((FakeOptions)Resolve(null, ["bound=none"], ("algo", "fake"), ("env", "Toy-v0")).Options).Bound.ShouldBeNull();
    }

    [Fact]
    public void Infinity_is_a_value_only_where_it_is_the_default()
    {
        ResolvedConfiguration resolved = Resolve(null, ["limit=infinity"], ("algo", "fake"), ("env", "Toy-v0"));
        ((FakeOptions)resolved.Options).Limit.ShouldBe(double.PositiveInfinity);
        resolved.Values.First(v => v.Key == "limit").Text.ShouldBe("infinity");
        ((FakeOptions)Resolve(null, ["limit=2"], ("algo", "fake"), ("env", "Toy-v0")).Options).Limit.ShouldBe(2);
        Should.Throw<ConfigurationException>(() => Resolve(null, ["limit=-inf"], ("algo", "fake"), ("env", "Toy-v0")));
        Should.Throw<ConfigurationException>(() => Resolve(null, ["critic.learning_rate=infinity"], ("algo", "fake"), ("env", "Toy-v0")));
    }

    [Fact]
    public void List_where_one_value_belongs_is_refused()
    {
        string file = TemporaryFile("algo: fake\nenv: Toy-v0\ngamma: [0.9]\n", nameof(List_where_one_value_belongs_is_refused));
        Should.Throw<ConfigurationException>(() => Resolve(file)).Errors.ShouldHaveSingleItem().Origin.Column.ShouldBe(8);
        File.Delete(file);
    }
}
