using FsCheck;
using FsCheck.Fluent;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Experiments.Tests.Configuration;

public sealed class SuggestionsTests
{
    // Hand-counted.
    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("stac", "stca", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ca", "abc", 3)]
    [InlineData("gamma", "gama", 1)]
    public void Distance_counts_edits_and_swaps(string a, string b, int expected) => Suggestions.Distance(a, b).ShouldBe(expected);

    [Fact]
    public void Distance_is_symmetric_zero_only_on_equals_and_at_most_the_longer_length() =>
        Prop.ForAll<NonNull<string>, NonNull<string>>((x, y) =>
        {
            int distance = Suggestions.Distance(x.Get, y.Get);
            return distance == Suggestions.Distance(y.Get, x.Get)
                && (distance == 0) == (x.Get == y.Get)
                && distance <= Math.Max(x.Get.Length, y.Get.Length)
                && distance >= Math.Abs(x.Get.Length - y.Get.Length);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("cartpole-v1", "CartPole-v1")]
    [InlineData("CartPole", "CartPole-v0")]
    [InlineData("CatrPole-v1", "CartPole-v1")]
    [InlineData("hopper", "Hopper-v4")]
    [InlineData("Breakout-v5", null)]
    [InlineData("", null)]
    public void Nearest_ignores_case_and_forgives_slips(string given, string? expected) =>
        Suggestions.Nearest(given, ["CartPole-v0", "CartPole-v1", "Hopper-v4"]).ShouldBe(expected);

    [Theory]
    [InlineData("learnig_rate", "critic.learning_rate")]
    [InlineData("boud", "hypergradient.bound")]
    [InlineData("xyzzy", null)]
    public void Nearest_forgives_a_forgotten_group_but_measures_by_the_last_part(string given, string? expected) =>
        Suggestions.Nearest(given, ["gamma", "critic.learning_rate", "hypergradient.bound"]).ShouldBe(expected);
}
