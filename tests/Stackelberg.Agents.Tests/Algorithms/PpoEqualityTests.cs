using Stackelberg.Agents.Tests.Support;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Algorithms;

/// <summary>Members of PPO's family that are the same method, bit for bit.</summary>
public sealed class PpoEqualityTests
{
    [Theory]
    [InlineData("blpo")]
    [InlineData("blpo-cg")]
    [InlineData("blpo-pcg")]
    public void A_leader_whose_implicit_term_is_bounded_by_nothing_is_nested_ppo(string id)
    {
        PpoOptions led = Defaults(id);
        List<float[]> bounded = Train(id, led with { Leading = led.Leading with { Hypergradient = led.Leading.Hypergradient with { Bound = 0 } } });
        List<float[]> nested = Train("nested-ppo", Defaults("nested-ppo"));
        bounded.ShouldBe(nested);
        Train(id, led)[0].ShouldNotBe(nested[0]);
    }

    [Theory]
    [InlineData("a2c")]
    [InlineData("nested-ppo")]
    [InlineData("blpo")]
    [InlineData("blpo-cg")]
    [InlineData("blpo-pcg")]
    public void Without_a_leader_every_id_is_ppo_at_its_settings(string id)
    {
        PpoOptions options = Defaults(id);
        options = options with { Leading = options.Leading with { Leader = LeaderRole.None } };
        Train(id, options).ShouldBe(Train("ppo", options with { Leading = new() }));
    }

    [Theory]
    [InlineData(UpdateOrder.CriticFirst)]
    [InlineData(UpdateOrder.Simultaneous)]
    public void A_leader_that_takes_its_direct_gradient_plays_ppo(UpdateOrder order)
    {
        HypergradientOptions direct = new() { Method = HypergradientMethod.FirstOrder };
        PpoOptions nobody = Defaults("nested-ppo") with { UpdateOrder = order };
        List<float[]> expected = Train("ppo", nobody);
        Train("ppo", nobody with { Leading = new() { Leader = LeaderRole.Actor, Hypergradient = direct } }).ShouldBe(expected);
    }

    [Theory]
    [InlineData("ppo")]
    [InlineData("blpo")]
    [InlineData("blpo-cg")]
    public void The_number_of_threads_does_not_show_in_the_result(string id)
    {
        // large enough to be cut into several chunks
        PpoOptions options = Defaults(id) with { Environments = 2, RolloutSteps = 1100, Epochs = 1, MinibatchSize = id == "ppo" ? 1300 : 64 };
        List<float[]> one = Train(id, options, threads: 1, iterations: 2);
        Train(id, options, threads: 2, iterations: 2).ShouldBe(one);
        Train(id, options, threads: 4, iterations: 2).ShouldBe(one);
    }

    private static PpoOptions Defaults(string id)
    {
        var options = (PpoOptions)AlgorithmCatalogue.BuiltIn.Find(id)!.CreateOptions();
        return options with
        {
            RolloutSteps = Math.Min(options.RolloutSteps, 32),
            Actor = options.Actor with { Hidden = [16, 16] },
            Critic = options.Critic with { Hidden = [16, 16] },
        };
    }

    private static List<float[]> Train(string id, PpoOptions options, int threads = 1, int iterations = 4)
    {
        AlgorithmDescriptor descriptor = AlgorithmCatalogue.BuiltIn.Find(id)!;
        descriptor.Validate(options).ShouldBeEmpty();
        var catalogue = new EnvironmentCatalogue();
        ClassicControl.Register(catalogue);
        var context = new AlgorithmContext(catalogue.Make("CartPole-v1"), RandomStream.FromSeed(8), 100_000, threads)
        {
            MakeEnvironment = () => catalogue.Make("CartPole-v1"),
        };
        using IAlgorithm learner = descriptor.Create(context, options);
        learner.Go(iterations);
        return [.. ((Learner<float>)learner).Players.Select(static p => p.Parameters.Span.ToArray())];
    }
}
