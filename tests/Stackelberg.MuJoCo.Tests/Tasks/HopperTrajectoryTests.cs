using Stackelberg.Environments;
using Stackelberg.MuJoCo.Tasks;
using Stackelberg.MuJoCo.Tests.Support;
using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tests.Tasks;

public sealed class HopperTrajectoryTests
{
    private static readonly Reference Recorded = new("Hopper-v4");

    [Fact]
    public void Trajectory_equals_the_reference_bit_for_bit()
    {
        using var hopper = new Hopper();
        double[] observation = new double[11];
        hopper.ResetTo(Recorded.InitialQpos, Recorded.InitialQvel, observation);
        CheckRow(hopper, 0, observation);

        bool fell = false;
        for (int step = 1; step <= Recorded.StepCount; step++)
        {
            // The recording goes on after the fall; an episode does not, so it is picked up where it lies.
            if (fell)
            {
                ContinueAfterTermination(hopper);
            }

            StepResult result = hopper.Step(Recorded.Values(step, "action"), observation);
            result.Reward.ShouldHaveTheBitsOf(Recorded.Value(step, "reward"), $"reward of step {step}");
            result.Terminated.ShouldBe(Recorded.Value(step, "terminated") != 0, $"terminated in step {step}");
            result.Truncated.ShouldBeFalse();
            CheckRow(hopper, step, observation);
            fell = result.Terminated;
        }

        Recorded.StepCount.ShouldBe(100);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(12)]
    public void Saved_in_the_middle_of_an_episode_it_continues_bit_for_bit(int savedAfter)
    {
        using var first = new Hopper();
        using var second = new Hopper();
        double[] expected = new double[11];
        double[] actual = new double[11];
        first.ResetTo(Recorded.InitialQpos, Recorded.InitialQvel, expected);
        for (int step = 1; step <= savedAfter; step++)
        {
            first.Step(Recorded.Values(step, "action"), expected);
        }

        second.Reset(99, actual);
        MemoryState.Of(first).Restore(second);
        for (int step = savedAfter + 1; step <= savedAfter + 7; step++)
        {
            StepResult a = first.Step(Recorded.Values(step, "action"), expected);
            StepResult b = second.Step(Recorded.Values(step, "action"), actual);
            b.ShouldBe(a);
            actual.ShouldHaveTheBitsOf(expected, $"observation of step {step}");
            second.Data.Time.ShouldHaveTheBitsOf(first.Data.Time, "time");
            second.Data.ContactCount.ShouldBe(first.Data.ContactCount);
        }

        MemoryState.Of(second).FirstDifference(MemoryState.Of(first)).ShouldBeNull();
    }

    [Fact]
    public void Without_the_solvers_warm_start_the_continuation_would_differ()
    {
        // Shows that the test above can fail: the warm start is part of the state wherever there are contacts.
        using var hopper = new Hopper();
        double[] observation = new double[11];
        hopper.ResetTo(Recorded.InitialQpos, Recorded.InitialQvel, observation);
        StepUntilContact(hopper, observation);
        MemoryState saved = MemoryState.Of(hopper);
        double[] kept = NextPositions(hopper, saved, dropWarmstart: false);
        double[] dropped = NextPositions(hopper, saved, dropWarmstart: true);
        NextPositions(hopper, saved, dropWarmstart: false).ShouldHaveTheBitsOf(kept, "repeated");
        dropped.AsSpan().SequenceEqual(kept).ShouldBeFalse();
    }

    private static double[] NextPositions(Hopper hopper, MemoryState saved, bool dropWarmstart)
    {
        saved.Restore(hopper);
        if (dropWarmstart)
        {
            hopper.Data.QaccWarmstart.Clear();
        }

        hopper.Data.Step(40);
        return [.. hopper.Data.Qpos, .. hopper.Data.Qvel];
    }

    private static void StepUntilContact(Hopper hopper, double[] observation)
    {
        for (int step = 1; step <= Recorded.StepCount && hopper.Data.ContactCount == 0; step++)
        {
            hopper.Step(Recorded.Values(step, "action"), observation).Terminated.ShouldBeFalse();
        }

        hopper.Data.ContactCount.ShouldBePositive();
    }

    private static void ContinueAfterTermination(Hopper hopper)
    {
        var state = new MemoryState();
        state.Writer.Write("in_episode", true);
        state.Writer.Write("steps", 1L);
        state.Writer.Write("random", RandomStream.FromSeed(0));
        state.Writer.Write("physics", hopper.Data);
        state.Writer.Group("task");
        state.Restore(hopper);
    }

    private static void CheckRow(Hopper hopper, int step, double[] observation)
    {
        hopper.Data.Qpos.ShouldHaveTheBitsOf(Recorded.Values(step, "qpos"), $"qpos of step {step}");
        hopper.Data.Qvel.ShouldHaveTheBitsOf(Recorded.Values(step, "qvel"), $"qvel of step {step}");
        observation.ShouldHaveTheBitsOf(Recorded.Values(step, "obs"), $"observation of step {step}");
        hopper.Data.ContactCount.ShouldBe((int)Recorded.Value(step, "ncon"), $"contacts of step {step}");
    }
}
