using MathNet.Numerics.Statistics;
using Stackelberg.Environments.Tests.Support;
using Stackelberg.Environments.Wrappers;
using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.Wrappers;

public sealed class NormaliseRewardTests
{
    private static readonly double[] Observation = new double[2];

    [Fact]
    public void Rewards_are_divided_by_the_deviation_of_the_forward_discounted_return()
    {
        double[] rewards = [1, -2, 4, 0.5];
        using NormaliseReward environment = new(
            new ScriptedEnvironment([.. rewards.Select(r => Steps.Going(r))]), gamma: 0.9, new RunningMoments(1, priorCount: 0));
        environment.Reset(null, Observation);
        double forward = 0;
        List<double> returns = [];
        foreach (double reward in rewards)
        {
            forward = (0.9 * forward) + reward;
            returns.Add(forward);
            double expected = reward / Math.Sqrt(returns.PopulationVariance() + 1e-8);
            environment.Step([0], Observation).Reward.ShouldBe(expected, Math.Abs(expected) * 1e-10);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_discounted_return_starts_anew_in_every_episode_however_the_last_one_ended(bool terminated)
    {
        // With gamma 1 and unit rewards, two-step episodes give returns 1, 2, 1, 2, …; a return that ran on would reach 8.
        StepResult last = new(1, terminated, !terminated);
        using NormaliseReward environment = new(new ScriptedEnvironment(Steps.Going(), last), gamma: 1, new RunningMoments(1, priorCount: 0));
        for (int episode = 0; episode < 4; episode++)
        {
            environment.Reset(null, Observation);
            environment.Step([0], Observation);
            environment.Step([0], Observation);
        }

        environment.Moments.Mean[0].ShouldBe(1.5, 1e-14);
        environment.Moments.Variance(0).ShouldBe(0.25, 1e-14);
    }

    [Fact]
    public void Flags_pass_unchanged_and_frozen_moments_stay()
    {
        using NormaliseReward environment = new(new ScriptedEnvironment(Steps.Truncated(3))) { Frozen = true };
        MemoryState before = MemoryState.Of(environment.Moments);
        environment.Reset(null, Observation);
        StepResult result = environment.Step([0], Observation);
        result.ShouldBe(new StepResult(3 / Math.Sqrt(1 + 1e-8), false, true));
        before.FirstDifference(MemoryState.Of(environment.Moments)).ShouldBeNull();
    }

    [Fact]
    public void Saved_state_continues_with_the_same_bits()
    {
        StepResult[] script = [Steps.Going(1), Steps.Going(0.3), Steps.Going(-2), Steps.Going(5)];
        using NormaliseReward original = new(new ScriptedEnvironment(script)), restored = new(new ScriptedEnvironment(script));
        original.Reset(null, Observation);
        original.Step([0], Observation);
        original.Step([0], Observation);
        MemoryState.Of(original).Restore(restored);
        restored.Step([0], Observation).ShouldBe(original.Step([0], Observation));
        restored.Step([0], Observation).ShouldBe(original.Step([0], Observation));
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new NormaliseReward(new ScriptedEnvironment(), gamma: 1.1));
        Should.Throw<ArgumentOutOfRangeException>(() => new NormaliseReward(new ScriptedEnvironment(), gamma: double.NaN));
        Should.Throw<ArgumentOutOfRangeException>(() => new NormaliseReward(new ScriptedEnvironment(), epsilon: 0));
        Should.Throw<ArgumentException>(() => new NormaliseReward(new ScriptedEnvironment(), moments: new RunningMoments(2)));
    }
}
