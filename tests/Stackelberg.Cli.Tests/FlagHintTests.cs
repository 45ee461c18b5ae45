using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Tests.Support;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Cli.Tests;

/// <summary>Flags that are settings here, or are called otherwise in other programs.</summary>
public sealed class FlagHintTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("ac", "--lr 3e-4", "--set actor.learning_rate=3e-4, --set critic.learning_rate=3e-4, or both")]
    [InlineData("ac", "--learning-rate=0.01", "--set actor.learning_rate=0.01, --set critic.learning_rate=0.01, or both")]
    [InlineData("ac", "--learnig_rate 1", "did you mean --set actor.learning_rate=1, --set critic.learning_rate=1, or both?")]
    [InlineData("ac", "--critic-learning-rate 1", "write --set critic.learning_rate=1;")]
    [InlineData("ac", "--gamma 0.9", "write --set gamma=0.9;")]
    [InlineData("ac", "--hidden 64,64", "--set actor.hidden=64,64, --set critic.hidden=64,64, or both")]
    [InlineData("td3", "--batch-size 64", "write --set batch_size=64;")]
    [InlineData("ac", "--batch-size 64", "ac has no such setting; with ddpg")]
    [InlineData("sac", "--ent_coef 0.1", "write --set temperature=0.1;")]
    [InlineData("td3", "--tau 0.005", "write --set polyak=0.995 (1 − tau);")]
    [InlineData("stac", "--cg-iters 5", "write --set hypergradient.iterations=5;")]
    [InlineData("stac", "--critic.updates 5", "write --set critic.updates=5;")]
    [InlineData("ac", "--gamma -1", "write --set gamma=-1;")]
    [InlineData("ac", "--steps 1e6", "write --total-timesteps 1e6")]
    [InlineData("ac", "--env-id CartPole-v1", "write --env CartPole-v1")]
    [InlineData("ac", "--cuda", "leave it out: training runs on the processor alone")]
    [InlineData("ac", "--sedes 3", "did you mean '--seeds'?")]
    [InlineData("ac", "--xyzzy 3", "settings are given by --set KEY=VALUE")]
    public void Unknown_flag_names_the_setting_it_stands_for(string algorithm, string flag, string hint) =>
        Run(["train", "--algo", algorithm, .. flag.Split(' ')]).ShouldRefuse(2, $"'{flag.Split(' ', '=')[0]}' is not known to 'stackelberg train'", hint).Output.ShouldBeEmpty();

    [Theory]
    [InlineData("--env")]
    [InlineData("--algo")]
    [InlineData("--config")]
    [InlineData("--plugin")]
    [InlineData("--set")]
    [InlineData("--env-set")]
    public void Flag_without_its_value_is_refused_with_and_without_an_unknown_one(string flag)
    {
        Run("train", "--dry-run", flag).ShouldRefuse(2, flag);
        Run("config", "show", "--xyzzy", "--seeds", "2", flag, "--", "--json").ShouldRefuse(2);
    }

    [Fact]
    public void Without_an_algorithm_all_who_have_the_setting_are_named()
    {
        Run("train", "--tau", "0.01").ShouldRefuse(2, "--set polyak=0.99 (1 − tau) with --algo one of ddpg,", "td3");
        Run("train", "--gamma", "0.9").ShouldRefuse(2, "next: write --set gamma=0.9\n");
    }

    [Fact]
    public void Algorithm_of_a_configuration_file_counts()
    {
        folder.Write("mine.yml", "env: Pendulum-v1\nalgo: sac  # soft\n");

        Run("config", "show", "-c", "mine.yml", "--alpha", "0.3").ShouldRefuse(2, "'stackelberg config show'", "write --set temperature=0.3;", "algo show sac");
    }

    [Fact]
    public void Option_of_the_environment_is_recognised() =>
        Run("train", "--algo", "td3", "--env", "Hopper-v4", "--terminate-when-unhealthy", "false").ShouldRefuse(2, "write --env-set terminate_when_unhealthy=false");

    [Fact]
    public void Every_unknown_flag_is_reported_also_behind_settings_that_take_several_values()
    {
        CommandResult result = Run("train", "--algo", "ac", "--set", "gamma=0.9", "--lr", "3e-4", "--device", "cpu");

        result.ShouldRefuse(2, "'--lr'", "actor.learning_rate=3e-4", "'--device'");
        result.Error.Split('\n').Count(l => l.StartsWith("error: ", StringComparison.Ordinal)).ShouldBe(2);
        Run("train", "--env", "Hopper-v4", "--env-set", "reset_noise_scale=0", "--lr", "1").ShouldRefuse(2, "'--lr'");
    }

    [Fact]
    public void Every_alias_leads_to_a_setting_or_flag_that_exists()
    {
        string[] keys = [.. AlgorithmCatalogue.BuiltIn.All.SelectMany(a => ConfigurationResolver.Describe(a, SolverCatalogue.BuiltIn)).Select(o => o.Key)];
        string help = Run("train", "--help").ShouldSucceed().Output;

        FlagAliases.Keys.Values.Distinct().ShouldAllBe(meaning => keys.Any(k => k == meaning || k.EndsWith("." + meaning, StringComparison.Ordinal)));
        FlagAliases.Flags.Values.Distinct().ShouldAllBe(flag => help.Contains(flag, StringComparison.Ordinal));
        FlagAliases.Complements.ShouldAllBe(c => FlagAliases.Keys[c.Key] == c.Value);
    }

    [Fact]
    public void Help_wins_over_an_unknown_flag() => Run("train", "--lr", "1", "--help").ShouldSucceed().Output.ShouldContain("--total-timesteps");

    private CommandResult Run(params string[] arguments) => Command.Run(folder.Path, arguments);
}
