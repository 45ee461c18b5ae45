using Stackelberg.Agents;
using Stackelberg.Reports.TensorBoard;
using Stackelberg.Reports.Tests.Support;

namespace Stackelberg.Reports.Tests.TensorBoard;

public sealed class TagsTests
{
    [Theory]
    [InlineData("ac", "critic/loss_before", "critic/loss_before")]
    [InlineData("stac", "actor/entropy_before", "losses/entropy")]
    [InlineData("ddpg", "critic/loss_before", "losses/qf1_loss")]
    [InlineData("fsddpg-cg", "critic/loss_before", "losses/qf1_loss")]
    [InlineData("td3", "critic/loss_before", "losses/qf_loss")]
    [InlineData("std3-cg", "critic/loss_before", "losses/qf_loss")]
    [InlineData("st-sac", "critic/loss_before", "losses/qf_loss")]
    [InlineData("sac", "actor/temperature_after", "losses/alpha")]
    [InlineData("sac", "actor/entropy_before", "actor/entropy_before")]
    [InlineData("mine", "critic/loss_before", "critic/loss_before")]
    public void Metrics_have_the_name_of_the_same_number_elsewhere(string algorithm, string metric, string tag) => Tags.For(algorithm).Of("progress", metric).ShouldBe(tag);

    [Theory]
    [InlineData("episodes", "return", "charts/episodic_return")]
    [InlineData("episodes", "episode", null)]
    [InlineData("progress", "episode_return", "progress/episode_return")]
    [InlineData("progress", "iteration", null)]
    [InlineData("evaluations", "return_mean", "eval/return_mean")]
    [InlineData("evaluations", "returns", null)]
    [InlineData("hypergradient", "cosine", "hypergradient/cosine")]
    [InlineData("hypergradient", "update", null)]
    public void Columns_are_curves_unless_they_only_count(string table, string column, string? tag) => Tags.For("ac").Of(table, column).ShouldBe(tag);

    [Fact]
    public void Names_of_elsewhere_stand_on_the_page()
    {
        string page = File.ReadAllText(Path.Combine(Programs.Repository, "docs", "tensorboard.md"));
        string[] metrics = ["critic/loss_before", "actor/entropy_before", "actor/temperature_after"];
        foreach (string tag in AlgorithmCatalogue.BuiltIn.All.SelectMany(a => metrics.Select(m => Tags.For(a.Id).Of("progress", m)!)).Distinct())
        {
            page.ShouldContain($"`{tag}`");
        }
    }
}
