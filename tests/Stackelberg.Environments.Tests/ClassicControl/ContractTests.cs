using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.ClassicControl;

public sealed class ContractTests
{
    private static readonly EnvironmentCatalogue Catalogue = Registered();

    public static TheoryData<string> Ids => [.. Catalogue.Specs.Select(s => s.Id)];

    [Theory]
    [InlineData("CartPole-v0", 200, 195.0, "Discrete(2)")]
    [InlineData("CartPole-v1", 500, 475.0, "Discrete(2)")]
    [InlineData("Acrobot-v1", 500, -100.0, "Discrete(3)")]
    [InlineData("Pendulum-v1", 200, null, "Box(-2, 2, 1)")]
    [InlineData("MountainCar-v0", 200, -110.0, "Discrete(3)")]
    [InlineData("MountainCarContinuous-v0", 999, 90.0, "Box(-1, 1, 1)")]
    public void Registered_facts_are_Gymnasiums(string id, int limit, double? threshold, string actions)
    {
        EnvironmentInformation information = Catalogue.Describe(id);
        (information.Spec.MaxEpisodeSteps, information.Spec.RewardThreshold, information.ActionSpace.ToString()).ShouldBe((limit, threshold, actions));
        information.Spec.Description.ShouldNotBeEmpty();
    }

    [Fact]
    public void Every_registered_task_is_listed_here() => Ids.Count.ShouldBe(6);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_task_keeps_the_contract_without_a_finding(string id)
    {
        EnvironmentCheckReport report = EnvironmentChecker.Check(() => Catalogue.Make(id), new EnvironmentCheckOptions { SearchSteps = 10_000 });
        report.Findings.Where(f => !f.Seen.StartsWith("the longest episode found", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Saved_state_continues_bit_for_bit_over_several_episodes(string id)
    {
        using IEnvironment original = Catalogue.Make(id), restored = Catalogue.Make(id);
        double[] expected = new double[original.ObservationSpace.Size], observed = new double[expected.Length];
        double[] action = new double[1];
        RandomStream random = RandomStream.FromSeed(8);
        original.Reset(5, expected);
        for (int step = 0; step < 37; step++)
        {
            Drive(original, random, action, expected);
        }

        MemoryState.Of(original).Restore(restored);
        RandomStream other = RandomStream.FromSeed(8);
        MemoryState.Of(random).Restore(other);
        for (int step = 0; step < 1200; step++)
        {
            StepResult result = Drive(original, random, action, expected);
            Drive(restored, other, action, observed).ShouldBe(result);
            observed.ShouldBe(expected);
        }
    }

    private static StepResult Drive(IEnvironment environment, RandomStream random, double[] action, double[] observation)
    {
        environment.ActionSpace.Sample(random, action);
        StepResult result = environment.Step(action, observation);
        if (result.Ended)
        {
            environment.Reset(null, observation);
        }

        return result;
    }

    private static EnvironmentCatalogue Registered()
    {
        EnvironmentCatalogue catalogue = new();
        Stackelberg.Environments.ClassicControl.Register(catalogue);
        return catalogue;
    }
}
