using Stackelberg.Environments.Tests.Support;
using Stackelberg.Environments.Wrappers;
using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests;

public sealed class VectorEnvironmentTests
{
    [Fact]
    public void An_ended_copy_shows_its_final_observation_and_the_first_of_the_next_episode()
    {
        using VectorEnvironment environment = new(2, i => new ScriptedEnvironment(i == 0 ? [Steps.Going(), Steps.Terminated(5)] : [Steps.Going()]));
        environment.Reset(0);
        environment.Step([0, 0]);
        environment.Ended(0).ShouldBeFalse();
        environment.FinalObservations.ToArray().ShouldAllBe(o => double.IsNaN(o));

        environment.Step([0, 0]);

        environment.Observations.ToArray().ShouldBe([2.0, 0.0, 1.0, 2.0], "copy 0 is in its second episode, copy 1 at step 2 of its first");
        environment.FinalObservations.ToArray().ShouldBe([1.0, 2.0, double.NaN, double.NaN]);
        environment.SuccessorObservation(0).ToArray().ShouldBe([1.0, 2.0]);
        environment.SuccessorObservation(1).ToArray().ShouldBe([1.0, 2.0]);
        environment.Rewards.ToArray().ShouldBe([5.0, 1.0]);

        environment.Step([0, 0]);
        environment.FinalObservations.ToArray().ShouldAllBe(o => double.IsNaN(o), "nothing ended in this step");
        environment.Terminated.ToArray().ShouldBe([false, false]);
    }

    [Fact]
    public void Flags_never_merge()
    {
        StepResult[] ends = [new(1, true, false), new(1, false, true), new(1, true, true), new(1, false, false)];
        using VectorEnvironment environment = new(4, i => new ScriptedEnvironment(ends[i]));
        environment.Reset(0);
        environment.Step(new double[4]);
        environment.Terminated.ToArray().ShouldBe([true, false, true, false]);
        environment.Truncated.ToArray().ShouldBe([false, true, true, false]);
        Enumerable.Range(0, 4).Select(environment.Ended).ShouldBe([true, true, true, false]);
    }

    [Fact]
    public void The_value_of_an_endless_task_does_not_depend_on_its_time_limit()
    {
        // One point per step for ever: V = 1/(1 − γ). TD(0) with the final observation bootstraps over truncation and so finds that value
        // under every limit; treating truncation as termination gives less.
        const double gamma = 0.9;
        foreach (int limit in (int[])[1, 3, 50])
        {
            using VectorEnvironment environment = new(2, () => new TimeLimit(new ScriptedEnvironment(Steps.Going()), limit));
            environment.Reset(1);
            double value = 0;
            for (int step = 0; step < 4000; step++)
            {
                environment.Step([0, 0]);
                for (int i = 0; i < 2; i++)
                {
                    double bootstrap = environment.Terminated[i] ? 0 : value;
                    value += 0.1 * (environment.Rewards[i] + (gamma * bootstrap) - value);
                }
            }

            value.ShouldBe(1 / (1 - gamma), 1e-9);
        }
    }

    [Fact]
    public void Episode_statistics_are_given_in_the_step_that_ends_the_episode()
    {
        using VectorEnvironment environment = new(1, () => new ScriptedEnvironment(Steps.Going(1), Steps.Going(2), Steps.Truncated(4)));
        environment.Reset(0);
        for (int episode = 0; episode < 2; episode++)
        {
            environment.Step([0]);
            environment.Step([0]);
            environment.EpisodeReturns[0].ShouldBe(double.NaN);
            environment.EpisodeLengths[0].ShouldBe(0);
            environment.Step([0]);
            environment.EpisodeReturns[0].ShouldBe(7);
            environment.EpisodeLengths[0].ShouldBe(3);
        }
    }

    [Fact]
    public void Episode_statistics_come_from_the_wrapper_inside_reward_clipping()
    {
        using VectorEnvironment environment = new(1, () => new ClipReward(new EpisodeStatistics(new ScriptedEnvironment(Steps.Terminated(9))), -1, 1));
        environment.Reset(0);
        environment.Step([0]);
        (environment.Rewards[0], environment.EpisodeReturns[0]).ShouldBe((1.0, 9.0));
    }

    [Fact]
    public void A_copy_runs_the_same_episodes_however_many_others_there_are()
    {
        double[][] one = Run(1, 3, 40), four = Run(4, 3, 40);
        for (int step = 0; step < one.Length; step++)
        {
            four[step][..4].ShouldBe(one[step]);
        }
    }

    [Fact]
    public void Copies_run_different_episodes_and_seeds_repeat()
    {
        double[] first = Run(3, 3, 1)[0];
        first[..4].ShouldNotBe(first[4..8]);
        first[4..8].ShouldNotBe(first[8..]);
        Run(3, 3, 30).ShouldBe(Run(3, 3, 30));
        Run(3, 4, 1)[0].ShouldNotBe(first);
    }

    [Fact]
    public void Saved_state_continues_with_the_same_bits_across_episode_ends()
    {
        using VectorEnvironment original = CartPoles(3), restored = CartPoles(3);
        original.Reset(9);
        for (int step = 0; step < 25; step++)
        {
            original.Step([1, 0, step & 1]);
        }

        MemoryState.Of(original).Restore(restored);
        MemoryState.Of(restored).FirstDifference(MemoryState.Of(original)).ShouldBeNull();
        restored.Observations.ToArray().ShouldBe(original.Observations.ToArray());
        for (int step = 0; step < 60; step++)
        {
            original.Step([1, 0, step & 1]);
            restored.Step([1, 0, step & 1]);
            restored.Observations.ToArray().ShouldBe(original.Observations.ToArray());
            restored.FinalObservations.ToArray().ShouldBe(original.FinalObservations.ToArray());
            restored.EpisodeReturns.ToArray().ShouldBe(original.EpisodeReturns.ToArray());
        }
    }

    [Fact]
    public void Loading_a_state_of_another_number_of_copies_is_refused()
    {
        using VectorEnvironment two = CartPoles(2), three = CartPoles(3);
        Should.Throw<StateException>(() => MemoryState.Of(two).Restore(three)).Message.ShouldContain("2 copies");
    }

    [Fact]
    public void A_failure_names_the_copy()
    {
        using VectorEnvironment environment = CartPoles(3);
        environment.Reset(0);
        Should.Throw<EnvironmentException>(() => environment.Step([0, 0.5, 1])).Message.ShouldContain("Copy 1 of 3");
    }

    [Fact]
    public void Misuse_is_refused()
    {
        using VectorEnvironment environment = CartPoles(2);
        Should.Throw<EnvironmentException>(() => environment.Step([0, 0]));
        Should.Throw<InvalidOperationException>(() => environment.Reset(null)).Message.ShouldContain("seed");
        environment.Reset(0);
        Should.Throw<EnvironmentException>(() => environment.Step([0])).Message.ShouldContain("2 × 1");
        Should.Throw<ArgumentOutOfRangeException>(() => CartPoles(0));
        Should.Throw<ArgumentException>(() => new VectorEnvironment(2, i => i == 0 ? new CartPole() : new ScriptedEnvironment()))
            .Message.ShouldContain("Copy 1");
    }

    [Fact]
    public void Reset_abandons_running_episodes_and_clears_what_the_last_step_left()
    {
        using VectorEnvironment environment = new(1, () => new ScriptedEnvironment(Steps.Terminated(3)));
        environment.Reset(0);
        environment.Step([0]);
        environment.Reset(null);
        environment.Terminated[0].ShouldBeFalse();
        environment.Rewards[0].ShouldBe(0);
        environment.FinalObservations[0].ShouldBe(double.NaN);
        environment.Observation(0).ToArray().ShouldBe([3.0, 0.0]);
    }

    [Fact]
    public void Step_allocates_nothing_between_episode_ends()
    {
        using VectorEnvironment environment = CartPoles(4);
        environment.Reset(0);
        double[] actions = [0, 1, 0, 1];
        environment.Step(actions);
        long before = GC.GetAllocatedBytesForCurrentThread();
        environment.Step(actions);
        environment.Step(actions);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static VectorEnvironment CartPoles(int count) => new(count, () => new TimeLimit(new CartPole(), 30));

    private static double[][] Run(int count, ulong seed, int steps)
    {
        using VectorEnvironment environment = CartPoles(count);
        environment.Reset(seed);
        List<double[]> rows = [environment.Observations.ToArray()];
        for (int step = 0; step < steps; step++)
        {
            environment.Step([.. Enumerable.Repeat((double)(step % 2), count)]);
            rows.Add(environment.Observations.ToArray());
        }

        return [.. rows];
    }
}
