using Stackelberg.Environments.Tests.Support;
using Stackelberg.Environments.Wrappers;

namespace Stackelberg.Environments.Tests;

public sealed class EnvironmentCatalogueTests
{
    [Theory]
    [InlineData("CartPole-v0", 200, 195.0)]
    [InlineData("CartPole-v1", 500, 475.0)]
    public void Make_applies_the_registered_time_limit_and_nothing_else_ends_it(string id, int limit, double threshold)
    {
        using IEnvironment environment = Classic().Make(id);
        environment.Spec.MaxEpisodeSteps.ShouldBe(limit);
        environment.Spec.RewardThreshold.ShouldBe(threshold);
        double[] observation = new double[4];
        environment.Reset(2, observation);

        int steps = 0;
        StepResult result;
        do
        {
            double lean = observation[2] + (0.5 * observation[3]) + (0.02 * observation[0]) + (0.05 * observation[1]);
            result = environment.Step([lean > 0 ? 1 : 0], observation);
            steps++;
        }
        while (!result.Ended);

        steps.ShouldBe(limit);
        result.ShouldBe(new StepResult(1, Terminated: false, Truncated: true));
    }

    [Fact]
    public void Specs_are_listed_by_id_and_Describe_adds_the_spaces()
    {
        EnvironmentCatalogue catalogue = Classic();
        catalogue.Specs.Select(s => s.Id).ShouldBe(["Acrobot-v1", "CartPole-v0", "CartPole-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Pendulum-v1"]);
        catalogue.Specs.ShouldAllBe(s => s.Description.Length > 10);
        EnvironmentInformation information = catalogue.Describe("CartPole-v0");
        information.ActionSpace.ShouldBeOfType<DiscreteSpace>().Count.ShouldBe(2);
        BoxSpace box = information.ObservationSpace.ShouldBeOfType<BoxSpace>();
        box.High[0].ShouldBe((double)4.8f);
        box.High[2].ShouldBe((double)0.41887902f);
        double.IsPositiveInfinity(box.High[1]).ShouldBeTrue();
    }

    [Theory]
    [InlineData("cartpole-v1", "CartPole-v1")]
    [InlineData("CartPol-v0", "CartPole-v0")]
    public void An_unknown_id_is_answered_with_the_nearest_one_first(string given, string nearest)
    {
        EnvironmentCatalogue catalogue = Classic();
        catalogue.Suggest(given)[0].ShouldBe(nearest);
        Should.Throw<KeyNotFoundException>(() => catalogue.Make(given)).Message.ShouldContain($"Did you mean '{nearest}'");
        catalogue.Contains(given).ShouldBeFalse();
    }

    [Fact]
    public void An_id_near_to_none_is_answered_with_all()
    {
        EnvironmentCatalogue catalogue = Classic();
        catalogue.Suggest("Pong").ShouldBeEmpty();
        Should.Throw<KeyNotFoundException>(() => catalogue.Make("Pong")).Message.ShouldContain("CartPole-v0, CartPole-v1");
    }

    [Fact]
    public void Registering_twice_or_nonsense_is_refused()
    {
        EnvironmentCatalogue catalogue = Classic();
        Should.Throw<ArgumentException>(() => Stackelberg.Environments.ClassicControl.Register(catalogue)).Message.ShouldContain("CartPole-v0");
        Should.Throw<ArgumentException>(() => catalogue.Add(new EnvironmentSpec(" ", null, null), () => new ScriptedEnvironment()));
        Should.Throw<ArgumentException>(() => catalogue.Add(new EnvironmentSpec("X", 0, null), () => new ScriptedEnvironment()));
    }

    [Fact]
    public void An_environment_that_contradicts_its_registration_is_refused_and_disposed()
    {
        ScriptedEnvironment named = new() { Spec = new EnvironmentSpec("A", null, null) };
        ScriptedEnvironment described = new() { Spec = new EnvironmentSpec("C", null, 1.0) };
        EnvironmentCatalogue catalogue = new();
        catalogue.Add(new EnvironmentSpec("B", 10, null), () => named);
        catalogue.Add(new EnvironmentSpec("C", null, 2.0), () => described);

        Should.Throw<EnvironmentException>(() => catalogue.Make("B")).Message.ShouldContain("'A'");
        Should.Throw<EnvironmentException>(() => catalogue.Make("C"));
        (named.Disposals, described.Disposals).ShouldBe((1, 1));
    }

    [Fact]
    public void Make_without_a_limit_returns_the_bare_environment()
    {
        EnvironmentCatalogue catalogue = new();
        EnvironmentSpec spec = new("Free", null, null);
        catalogue.Add(spec, () => new ScriptedEnvironment { Spec = spec });
        using IEnvironment environment = catalogue.Make("Free");
        environment.Find<TimeLimit>().ShouldBeNull();
    }

    [Fact]
    public void Options_change_what_is_made_and_leave_the_catalogue_they_came_from_alone()
    {
        EnvironmentCatalogue classic = Classic();
        EnvironmentCatalogue still = classic.WithOptions("CartPole-v1", new CartPoleOptions { ResetLow = 0, ResetHigh = 0 });

        double[] Start(EnvironmentCatalogue catalogue)
        {
            using IEnvironment environment = catalogue.Make("CartPole-v1");
            double[] observation = new double[4];
            environment.Reset(3, observation);
            return observation;
        }

        Start(still).ShouldAllBe(x => x == 0);
        Start(classic).ShouldNotContain(0.0);
        still.OptionsOf("CartPole-v1").ShouldBe(new CartPoleOptions { ResetLow = 0, ResetHigh = 0 });
        classic.OptionsOf("CartPole-v1").ShouldBe(new CartPoleOptions());
        still.OptionsOf("CartPole-v0").ShouldBe(new CartPoleOptions());
        still.Specs.ShouldBe(classic.Specs);
    }

    [Fact]
    public void Options_of_another_kind_or_for_an_environment_without_any_are_refused()
    {
        EnvironmentCatalogue catalogue = Classic();
        catalogue.Add(new EnvironmentSpec("Plain", 10, null), () => throw new NotSupportedException());

        catalogue.OptionsOf("Plain").ShouldBeNull();
        Should.Throw<ArgumentException>(() => catalogue.WithOptions("CartPole-v1", new PendulumOptions())).Message.ShouldContain("CartPoleOptions, not PendulumOptions");
        Should.Throw<ArgumentException>(() => catalogue.WithOptions("Plain", new PendulumOptions())).Message.ShouldContain("no options");
        Should.Throw<KeyNotFoundException>(() => catalogue.OptionsOf("CartPol-v1")).Message.ShouldContain("CartPole-v1");
    }

    [Fact]
    public void Options_that_take_the_chance_out_of_a_task_are_no_fault_when_the_check_is_told_of_them()
    {
        EnvironmentCatalogue still = Classic().WithOptions("CartPole-v1", new CartPoleOptions { ResetLow = 0, ResetHigh = 0 });
        EnvironmentCheckOptions brief = new() { Steps = 50, SearchSteps = 500 };

        EnvironmentChecker.Check(() => still.Make("CartPole-v1"), brief).Findings.Select(f => f.Rule).ShouldContain("seeds-differ");
        EnvironmentChecker.Check(() => still.Make("CartPole-v1"), brief with { ChanceIsOpen = true }).Passed.ShouldBeTrue();
    }

    private static EnvironmentCatalogue Classic()
    {
        EnvironmentCatalogue catalogue = new();
        Stackelberg.Environments.ClassicControl.Register(catalogue);
        return catalogue;
    }
}
