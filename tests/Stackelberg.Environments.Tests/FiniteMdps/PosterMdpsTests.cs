using static Stackelberg.Environments.PosterMdps;

namespace Stackelberg.Environments.Tests.FiniteMdps;

public sealed class PosterMdpsTests
{
    // Published exact values: undiscounted, 50 steps; policies as (action in A, action in B).
    [Theory]
    [InlineData(1, 1, 36.4500, 1.1314)]
    [InlineData(0, 0, 0.9875, 0.0280)]
    [InlineData(1, 0, 0.9875, 0.0280)]
    [InlineData(0, 1, 2.5780, 1.3724)]
    public void Returns_of_the_deterministic_policies_of_the_results_are_the_published_ones(int atA, int atB, double mean, double deviation)
    {
        (double Mean, double Deviation) result = MdpPlanning.Return(SimpleMdp2, MdpPlanning.Greedy(SimpleMdp2, [atA, atB, 0]), 50);
        result.Mean.ShouldBe(mean, 5e-5);
        result.Deviation.ShouldBe(deviation, 5e-5);
    }

    [Fact]
    public void Return_of_the_uniform_policy_is_the_published_one()
    {
        (double mean, double deviation) = MdpPlanning.Return(SimpleMdp2, [0.5, 0.5, 0.5, 0.5, 0.5, 0.5], 50);
        mean.ShouldBe(1.6937, 5e-5);
        deviation.ShouldBe(1.4177, 5e-5);
    }

    public static TheoryData<string, int, double> Optima => new()
    {
        { "SimpleMdp2-v0", 50, 36.45 },
        { "SimpleMdp2-v0", 46, 33.45 },
        { "SimpleMdp1-v0", 50, 35.94 },
        { "SimpleMdpVariant2-v0", 50, 37.05 },
        { "Counterexample-v0", 50, 10 },
        { "CounterexampleModel-v0", 50, 1 },
        { "ErgodicCounterexample-v0", 50, 491 },
        { "ErgodicCounterexampleModel-v0", 50, 50 },
        { "ErgodicDeterministicMdp2-v0", 50, 246 },
        { "ErgodicDeterministicMdp3-v0", 50, 246 },
        { "FourStateMdp-v0", 50, 485.1 },
        { "FourStateErgodicMdp-v0", 50, 436.59 },
    };

    [Theory]
    [MemberData(nameof(Optima))]
    public void Optimal_returns_are_the_published_ones(string name, int horizon, double expected) =>
        MdpPlanning.Optimum(All.Single(m => m.Name == name), horizon).ShouldBe(expected, 1e-9);

    [Theory]
    [InlineData(0.9, 1, 1)]
    [InlineData(0.99, 1, 1)]
    [InlineData(0.5, 1, 0)]
    public void Discounted_optimum_of_the_results_changes_with_the_discount(double discount, int atA, int atB) =>
        MdpPlanning.Optimum(SimpleMdp2.WithDiscount(discount)).Actions[..2].ShouldBe([atA, atB]);

    [Fact]
    public void Models_of_the_counterexamples_are_right_wherever_their_own_best_policy_goes_and_trap_it()
    {
        foreach ((FiniteMdp truth, FiniteMdp model, double trap) in new[] { (Counterexample, CounterexampleModel, 1.0), (ErgodicCounterexample, ErgodicCounterexampleModel, 50.0) })
        {
            (_, int[] actions) = MdpPlanning.Optimum(model.WithDiscount(0.9));
            double[] policy = MdpPlanning.Greedy(truth, actions);
            MdpPlanning.Return(truth, policy, 50).Mean.ShouldBe(trap, 1e-9);
            HashSet<int> visited = [];
            int state = 0;
            while (visited.Add(state) && !truth.IsTerminal(state))
            {
                model.Transition(state, actions[state]).ToArray().ShouldBe(truth.Transition(state, actions[state]).ToArray());
                int next = Array.IndexOf(truth.Transition(state, actions[state]).ToArray(), 1.0);
                model.Reward(state, actions[state], next).ShouldBe(truth.Reward(state, actions[state], next));
                state = next;
            }
        }
    }

    [Fact]
    public void Variants_change_what_they_say_and_nothing_else()
    {
        SimpleMdpVariant1.Transition(1, 0).ToArray().ShouldBe([0.0, 1, 0]);
        EndlessMdp.IsTerminal(2).ShouldBeFalse();
        EndlessMdp.Transition(2, 1).ToArray().ShouldBe([0.0, 0, 1]);
        ErgodicMdp1.Transition(2, 0).ToArray().ShouldBe([0, 0.1, 0.9]);
        ErgodicMdp1.Transition(2, 1).ToArray().ShouldBe([0.1, 0, 0.9]);
        foreach (FiniteMdp variant in (FiniteMdp[])[SimpleMdpVariant1, EndlessMdp, ErgodicMdp1])
        {
            variant.Transition(1, 1).ToArray().ShouldBe([0.5, 0.5, 0]);
            variant.Transition(0, 0).ToArray().ShouldBe([0.1, 0.6, 0.3]);
            variant.Initial.ToArray().ShouldBe([0.0, 1, 0]);
            variant.Horizon.ShouldBe(50);
            (variant.Reward(1, 1, 0), variant.Reward(1, 0, 2), variant.Reward(0, 1, 0), variant.Reward(2, 0, 2)).ShouldBe((0.5, 1, 0.75, 0));
        }

        SimpleMdp2.IsTerminal(2).ShouldBeTrue();
        SimpleMdp1.Reward(1, 1, 0).ShouldBe(-0.01);
    }

    [Fact]
    public void Every_registered_MDP_keeps_the_environment_contract()
    {
        EnvironmentCatalogue catalogue = new();
        Register(catalogue);
        catalogue.Specs.Select(s => s.Id).ShouldBe(All.Select(m => m.Name), ignoreOrder: true);
        foreach (EnvironmentSpec spec in catalogue.Specs)
        {
            EnvironmentCheckReport report = EnvironmentChecker.Check(
                () => catalogue.Make(spec.Id), new EnvironmentCheckOptions { SearchSteps = 1000 });
            report.Findings.Where(f => !f.Seen.StartsWith("the longest episode found", StringComparison.Ordinal)).ShouldBeEmpty(spec.Id);
        }
    }
}
