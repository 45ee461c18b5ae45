using Stackelberg.Environments;
using Stackelberg.MuJoCo.Tests.Support;
using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tests.Tasks;

public sealed class TrajectoryTests
{
    public static TheoryData<string> Recordings => [.. TaskCase.Recordings];

    public static TheoryData<string, int> SavedAfter()
    {
        var cases = new TheoryData<string, int>();
        foreach (string recording in TaskCase.Recordings)
        {
            cases.Add(recording, 1);
            cases.Add(recording, 17);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public void Trajectory_equals_the_reference_bit_for_bit(string recording)
    {
        var recorded = new Reference(recording);
        using MujocoEnvironment task = TaskCase.Make(recording);
        double[] observation = new double[task.ObservationSpace.Size];
        task.ResetTo(recorded.InitialQpos, recorded.InitialQvel, observation);
        CheckRow(task, recorded, 0, observation);
        for (int step = 1; step <= recorded.StepCount; step++)
        {
            StepResult result = Step(task, recorded, step, observation);
            result.Reward.ShouldHaveTheBitsOf(recorded.Value(step, "reward"), $"reward of step {step}");
            result.Terminated.ShouldBe(recorded.Value(step, "terminated") != 0, $"terminated in step {step}");
            result.Truncated.ShouldBeFalse();
            CheckRow(task, recorded, step, observation);
        }

        recorded.StepCount.ShouldBe(100);
    }

    [Theory]
    [MemberData(nameof(SavedAfter))]
    public void Saved_in_the_middle_of_an_episode_it_continues_bit_for_bit(string recording, int savedAfter)
    {
        var recorded = new Reference(recording);
        using MujocoEnvironment first = TaskCase.Make(recording);
        using MujocoEnvironment second = TaskCase.Make(recording);
        double[] expected = new double[first.ObservationSpace.Size];
        double[] actual = new double[first.ObservationSpace.Size];
        first.ResetTo(recorded.InitialQpos, recorded.InitialQvel, expected);
        for (int step = 1; step <= savedAfter; step++)
        {
            Step(first, recorded, step, expected);
        }

        second.Reset(99, actual);
        MemoryState.Of(first).Restore(second);
        for (int step = savedAfter + 1; step <= savedAfter + 10; step++)
        {
            StepResult a = Step(first, recorded, step, expected);
            StepResult b = Step(second, recorded, step, actual);
            b.ShouldBe(a);
            actual.ShouldHaveTheBitsOf(expected, $"observation of step {step}");
            second.Data.Time.ShouldHaveTheBitsOf(first.Data.Time, "time");
            second.Data.ContactCount.ShouldBe(first.Data.ContactCount);
        }

        MemoryState.Of(second).FirstDifference(MemoryState.Of(first)).ShouldBeNull();
    }

    [Theory]
    [InlineData("Hopper-v4")]
    [InlineData("HumanoidStandup-v4")]
    public void Without_the_solvers_warm_start_the_continuation_would_differ(string recording)
    {
        // Shows that the test above can fail: the warm start is part of the state wherever there are contacts.
        var recorded = new Reference(recording);
        using MujocoEnvironment task = TaskCase.Make(recording);
        double[] observation = new double[task.ObservationSpace.Size];
        task.ResetTo(recorded.InitialQpos, recorded.InitialQvel, observation);
        for (int step = 1; step <= recorded.StepCount && task.Data.ContactCount == 0; step++)
        {
            Step(task, recorded, step, observation);
        }

        task.Data.ContactCount.ShouldBePositive();
        MemoryState saved = MemoryState.Of(task);
        double[] kept = NextPositions(task, saved, dropWarmstart: false);
        double[] dropped = NextPositions(task, saved, dropWarmstart: true);
        NextPositions(task, saved, dropWarmstart: false).ShouldHaveTheBitsOf(kept, "repeated");
        dropped.AsSpan().SequenceEqual(kept).ShouldBeFalse();
    }

    private static double[] NextPositions(MujocoEnvironment task, MemoryState saved, bool dropWarmstart)
    {
        saved.Restore(task);
        if (dropWarmstart)
        {
            task.Data.QaccWarmstart.Clear();
        }

        task.Data.Step(40);
        return [.. task.Data.Qpos, .. task.Data.Qvel];
    }

    /// <summary>The recorded step. Recordings go on after a fall.</summary>
    private static StepResult Step(MujocoEnvironment task, Reference recorded, int step, double[] observation)
    {
        if (step > 1 && recorded.Value(step - 1, "terminated") != 0)
        {
            task.ContinueAfterTermination();
        }

        return task.Step(recorded.Values(step, "action"), observation);
    }

    private static void CheckRow(MujocoEnvironment task, Reference recorded, int step, double[] observation)
    {
        task.Data.Qpos.ShouldHaveTheBitsOf(recorded.Values(step, "qpos"), $"qpos of step {step}");
        task.Data.Qvel.ShouldHaveTheBitsOf(recorded.Values(step, "qvel"), $"qvel of step {step}");
        task.Data.ContactCount.ShouldBe((int)recorded.Value(step, "ncon"), $"contacts of step {step}");
        if (recorded.Observation(step) is double[] expected)
        {
            observation.ShouldHaveTheBitsOf(expected, $"observation of step {step}");
        }
    }
}
