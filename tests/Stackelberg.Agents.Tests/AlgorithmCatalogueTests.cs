using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;

namespace Stackelberg.Agents.Tests;

public sealed class AlgorithmCatalogueTests
{
    [Fact]
    public void Every_algorithm_is_found_by_its_id_and_says_what_it_is()
    {
        AlgorithmCatalogue.All.Select(a => a.Id).ShouldBe(
        [
            "ac", "ddpg", "ddpg-ttsu", "fsddpg", "fsddpg-cg", "fstd3", "sac", "sddpg", "sddpg-bd", "sddpg-cg", "st-ddpg", "st-sac",
            "stac", "std3", "std3-cg", "td3",
        ]);
        foreach (AlgorithmDescriptor descriptor in AlgorithmCatalogue.All)
        {
            AlgorithmCatalogue.Find(descriptor.Id).ShouldBeSameAs(descriptor);
            descriptor.Summary.ShouldNotBeNullOrWhiteSpace();
            descriptor.References.ShouldNotBeEmpty();
            descriptor.CreateOptions().ShouldBeAssignableTo(descriptor.OptionsType);
        }

        AlgorithmCatalogue.Find("sarsa").ShouldBeNull();
    }

    [Fact]
    public void A_leader_that_has_nothing_to_anticipate_is_a_fault()
    {
        AlgorithmDescriptor stac = AlgorithmCatalogue.Find("stac")!;
        stac.Validate(Led(LeaderRole.Actor)).ShouldBeEmpty();
        stac.Validate(Led(LeaderRole.Critic) with { Form = ActorCriticForm.Paper }).Single().Key.ShouldBe("leader");
    }

    [Fact]
    public void A_hypergradient_that_actor_critic_does_not_know_is_a_fault_with_a_leader_and_merely_unread_without_one()
    {
        AlgorithmDescriptor stac = AlgorithmCatalogue.Find("stac")!;
        foreach (HypergradientOptions unknown in (HypergradientOptions[])[new() { ErrorTerms = false }, new() { OuterProduct = OuterProduct.OfMeans }])
        {
            stac.Validate(Led(LeaderRole.Actor).Changed(_ => unknown)).Single().Key.ShouldBe("hypergradient");
            stac.Validate(Led(LeaderRole.None).Changed(_ => unknown)).ShouldBeEmpty();
            stac.Unread(Led(LeaderRole.None).Changed(_ => unknown)).Single().Message.ShouldContain("nobody leads");
        }
    }

    [Theory]
    [InlineData(DampingKind.Exponential)]
    [InlineData(DampingKind.Adaptive)]
    public void A_damping_schedule_without_damping_is_a_fault(DampingKind schedule)
    {
        var options = new AcOptions
        {
            Leading = new LeaderOptions { Leader = LeaderRole.Actor, Hypergradient = new HypergradientOptions { DampingSchedule = schedule } },
        };
        AlgorithmCatalogue.Find("stac")!.Validate(options).Single().Key.ShouldBe("hypergradient.damping");
    }

    [Theory]
    [InlineData("sac")]
    [InlineData("st-sac")]
    public void Settings_that_sac_cannot_follow_are_faults(string id)
    {
        AlgorithmDescriptor descriptor = AlgorithmCatalogue.Find(id)!;
        var options = (SacOptions)descriptor.CreateOptions();
        descriptor.Validate(options).ShouldBeEmpty();
        descriptor.Validate(options with { TargetPolicy = TargetPolicy.Target }).Single().Key.ShouldBe("target_policy");
        descriptor.Validate(options with { ActionNoise = 0.1 }).Single().Key.ShouldBe("action_noise");
        descriptor.Validate(options with { Autotune = true, Temperature = 0 }).Single().Key.ShouldBe("temperature");
        descriptor.Validate(options with { Temperature = 0 }).ShouldBeEmpty();
    }

    private static AcOptions Led(LeaderRole leader) => new() { Leading = new LeaderOptions { Leader = leader } };
}
