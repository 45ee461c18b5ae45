using Stackelberg.Agents;
using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Experiments.Tests.Fakes;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests;

/// <summary>Schedules of learning rates, from a configuration's text to the steps of the players.</summary>
public sealed class LearningRateScheduleTests
{
    private const int Total = 200;
    private const int PerIteration = 40;

    private static readonly string[] Small =
        ["actor.hidden=[4]", "critic.hidden=[4]", $"total_timesteps={Total}", "precision=double", "actor.learning_rate=0.01", "critic.learning_rate=0.004"];

    private static readonly string[] OnPolicy = [.. Small, $"steps_per_iteration={PerIteration}", "critic.updates=2"];

    private static readonly string[] OffPolicy =
        [.. Small, $"update_every={PerIteration}", "updates=1", "batch_size=8", "buffer_size=500", "learning_starts=10", "update_after=10"];

    public static TheoryData<string> Algorithms => ["ac", "stac", "ddpg", "st-ddpg", "sac"];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_linear_schedule_ends_at_its_final_rate(string algorithm)
    {
        using Learner<double> learner = Make(algorithm, "actor.learning_rate_schedule=linear", "actor.final_learning_rate=0.002");
        while (learner.Steps < Total)
        {
            long before = learner.Steps;
            learner.Iterate(Total - before, new Deaf());
            Rate(learner, "actor").ShouldBe(0.01 - (0.008 * before / Total), 1e-15);
            Rate(learner, "critic").ShouldBe(0.004);
        }

        // whoever trains on stays there
        learner.Iterate(PerIteration, new Deaf());
        Rate(learner, "actor").ShouldBe(0.002, 1e-17);
        learner.Iterate(PerIteration, new Deaf());
        Rate(learner, "actor").ShouldBe(0.002, 1e-17);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void An_exponential_schedule_falls_by_e_in_its_time_constant(string algorithm)
    {
        using Learner<double> learner = Make(algorithm, "critic.learning_rate_schedule=exponential", $"critic.learning_rate_decay={2 * PerIteration}");
        double[] rates = [.. Enumerable.Range(0, 5).Select(_ =>
        {
            learner.Iterate(PerIteration, new Deaf());
            return Rate(learner, "critic");
        })];

        rates[0].ShouldBe(0.004, 1e-17);
        rates[2].ShouldBe(0.004 / Math.E, 1e-16);
        rates[4].ShouldBe(0.004 / (Math.E * Math.E), 1e-16);
        rates.Zip(rates.Skip(1)).ShouldAllBe(p => Math.Abs((p.Second / p.First) - Math.Exp(-0.5)) < 1e-14);
        Rate(learner, "actor").ShouldBe(0.01);
    }

    [Fact]
    public void Steps_are_as_long_as_the_scheduled_rate_says()
    {
        // one plain gradient step of the actor per iteration: θ' − θ = −α(t) g
        using Learner<double> learner = Make("ac", "actor.optimiser=sgd", "actor.learning_rate_schedule=linear", "actor.final_learning_rate=0");
        Player<double> actor = learner.Players.Single(p => p.Name == "actor");
        for (int i = 0; i < Total / PerIteration; i++)
        {
            double rate = 0.01 * (1 - (i * PerIteration / (double)Total));
            double[] before = actor.Parameters.Span.ToArray();
            learner.Iterate(PerIteration, new Deaf());

            double[] after = actor.Parameters.Span.ToArray(), gradient = actor.Gradient.Span.ToArray();
            gradient.Max(g => Math.Abs(g)).ShouldBeGreaterThan(1e-6);
            for (int j = 0; j < after.Length; j++)
            {
                after[j].ShouldBe(before[j] - (rate * gradient[j]), 1e-14);
            }
        }

        // at the end of a schedule that falls to 0 nothing moves any more
        double[] last = actor.Parameters.Span.ToArray();
        learner.Iterate(PerIteration, new Deaf());
        actor.Parameters.Span.ToArray().ShouldBe(last);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_learner_that_was_saved_goes_on_with_the_rate_it_would_have_had(string algorithm)
    {
        string[] schedule = ["actor.learning_rate_schedule=linear", "actor.final_learning_rate=0.002", "critic.learning_rate_schedule=exponential", "critic.learning_rate_decay=100"];
        using Learner<double> whole = Make(algorithm, schedule);
        using Learner<double> resumed = Make(algorithm, schedule);
        whole.Iterate(PerIteration, new Deaf());
        whole.Iterate(PerIteration, new Deaf());
        MemoryState.Of(whole).Restore(resumed);
        whole.Iterate(PerIteration, new Deaf());
        resumed.Iterate(PerIteration, new Deaf());

        Rate(resumed, "actor").ShouldBe(Rate(whole, "actor"));
        Rate(resumed, "critic").ShouldBe(0.004 * Math.Exp(-80 / 100.0), 1e-16);
        MemoryState.Of(resumed).FirstDifference(MemoryState.Of(whole)).ShouldBeNull();
    }

    [Fact]
    public void A_linear_schedule_to_the_same_rate_trains_like_a_constant_one_and_another_end_does_not()
    {
        MemoryState Train(params string[] set)
        {
            using Learner<double> learner = Make("ac", set);
            while (learner.Steps < Total)
            {
                learner.Iterate(Total - learner.Steps, new Deaf());
            }

            return MemoryState.Of(learner);
        }

        MemoryState constant = Train();
        Train("actor.learning_rate_schedule=linear", "actor.final_learning_rate=0.01").FirstDifference(constant).ShouldBeNull();
        Train("actor.learning_rate_schedule=linear", "actor.final_learning_rate=0.001").FirstDifference(constant).ShouldNotBeNull();
        // a setting that is said not to be read is not read
        Train("actor.final_learning_rate=0.001", "actor.learning_rate_decay=5").FirstDifference(constant).ShouldBeNull();
    }

    private static double Rate(Learner<double> learner, string player) => learner.Players.Single(p => p.Name.StartsWith(player, StringComparison.Ordinal)).LearningRate;

    private static Learner<double> Make(string algorithm, params string[] set)
    {
        var environments = new EnvironmentCatalogue();
        environments.Add(new NoisyWalk().Spec, static () => new NoisyWalk());
        ResolvedConfiguration resolved = ConfigurationResolver.Resolve(new ConfigurationRequest
        {
            Environments = _ => environments,
            Assignments = [.. algorithm is "ac" or "stac" ? OnPolicy : OffPolicy, .. set],
            Flags = [new("algo", algorithm), new("env", "NoisyWalk")],
        });
        AlgorithmContext context = AlgorithmContext.For(() => resolved.Environments.Make("NoisyWalk"), 3, resolved.Run.TotalTimesteps);
        return resolved.MakeAlgorithm(context).ShouldBeAssignableTo<Learner<double>>()!;
    }

    private sealed class Deaf : ITrainingSink;
}
