using Stackelberg.Agents.Algorithms;

namespace Stackelberg.Agents.Tests.Options;

/// <summary>What actor-critic refuses beyond ranges.</summary>
public sealed class ActorCriticFaultTests
{
    [Theory]
    [InlineData(LeaderRole.None, OuterProduct.PerSample, false, false)]
    [InlineData(LeaderRole.None, OuterProduct.OfMeans, true, false)]
    [InlineData(LeaderRole.Actor, OuterProduct.PerSample, true, false)]
    [InlineData(LeaderRole.Actor, OuterProduct.PerSample, false, true)]
    [InlineData(LeaderRole.Actor, OuterProduct.OfMeans, true, true)]
    [InlineData(LeaderRole.Critic, OuterProduct.OfMeans, false, true)]
    public void Choices_of_off_policy_methods_are_refused_where_a_leader_would_read_them(LeaderRole leader, OuterProduct outer, bool errorTerms, bool refused)
    {
        AcOptions options = new() { Leading = new() { Leader = leader, Hypergradient = new() { OuterProduct = outer, ErrorTerms = errorTerms } } };
        AcOptions.FaultsOf(options).Select(static f => f.Key).ShouldBe(
            !refused ? [] : [.. outer == OuterProduct.OfMeans ? (string[])["hypergradient.outer_product"] : [], .. errorTerms ? (string[])[] : ["hypergradient.error_terms"]]);
    }

    [Theory]
    [InlineData(ActorCriticForm.Official, false)]
    [InlineData(ActorCriticForm.Paper, true)]
    [InlineData(ActorCriticForm.PaperQ, false)]
    public void A_critic_cannot_lead_where_the_actors_objective_does_not_depend_on_it(ActorCriticForm form, bool refused)
    {
        foreach (LeaderRole leader in Enum.GetValues<LeaderRole>())
        {
            AcOptions options = new() { Form = form, Leading = new() { Leader = leader } };
            AcOptions.FaultsOf(options).Select(static f => f.Key).ShouldBe(refused && leader == LeaderRole.Critic ? ["leader"] : []);
        }
    }
}
