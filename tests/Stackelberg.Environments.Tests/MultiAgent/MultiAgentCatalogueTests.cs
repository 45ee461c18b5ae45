using Stackelberg.Environments.Tests.Support;

namespace Stackelberg.Environments.Tests.MultiAgent;

public sealed class MultiAgentCatalogueTests
{
    [Fact]
    public void Make_applies_the_registered_time_limit_and_truncates_exactly_there()
    {
        MultiAgentCatalogue catalogue = new();
        EnvironmentSpec spec = new("Duel", 3, null);
        catalogue.Add(spec, () => new Duel(null));
        using IMultiAgentEnvironment environment = catalogue.Make("Duel");
        environment.Spec.ShouldBe(spec);
        double[] observations = new double[3], rewards = new double[2];
        environment.Reset(1, observations);
        for (int step = 1; step <= 3; step++)
        {
            environment.Step([0, 0], observations, rewards).ShouldBe(new JointStepResult(false, step == 3));
        }

        Should.Throw<EnvironmentException>(() => environment.Step([0, 0], observations, rewards)).Message.ShouldContain("Call Reset first");
    }

    [Fact]
    public void An_unknown_id_names_the_nearest() =>
        Should.Throw<KeyNotFoundException>(() => MultiAgentCatalogue.WithAll().Make("Escap-v0")).Message.ShouldContain("'Escape-v0'");

    [Fact]
    public void Ids_are_taken_once()
    {
        MultiAgentCatalogue catalogue = MultiAgentCatalogue.WithAll();
        catalogue.Contains("Maintain-v0").ShouldBeTrue();
        Should.Throw<ArgumentException>(() => GameEnvironments.Register(catalogue)).Message.ShouldContain("registered already");
    }

    [Fact]
    public void An_environment_of_another_name_is_refused()
    {
        MultiAgentCatalogue catalogue = new();
        catalogue.Add(new EnvironmentSpec("Other", null, null), () => new Duel(null));
        Should.Throw<EnvironmentException>(() => catalogue.Make("Other")).Message.ShouldContain("calls itself 'Duel'");
    }
}
