using Stackelberg.Environments;
using Stackelberg.MuJoCo.Tasks;
using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tests;

public sealed class MujocoEnvironmentTests
{
    private readonly double[] observation = new double[11];

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Step_with_an_action_that_is_not_finite_names_component_and_value(double bad)
    {
        using Hopper hopper = Started();
        double[] before = hopper.Data.Qpos.ToArray();
        var exception = Should.Throw<EnvironmentException>(() => hopper.Step([0, bad, 0], observation));
        exception.Message.ShouldContain("Hopper-v4");
        exception.Message.ShouldContain($"component 1 of the action is {bad} in step 1");
        hopper.Data.Qpos.ToArray().ShouldBe(before);
    }

    [Fact]
    public void Step_with_an_action_of_wrong_length_says_what_is_needed()
    {
        using Hopper hopper = Started();
        Should.Throw<EnvironmentException>(() => hopper.Step([0, 0], observation)).Message.ShouldContain("the action 2 number(s) is not in Box(-1, 1, 3)");
    }

    [Theory]
    [InlineData(1e12, 0, "QPOS")]
    [InlineData(0, 1e12, "QVEL")]
    [InlineData(0, double.NaN, "QVEL")]
    public void Step_from_an_impossible_state_reports_divergence_in_the_engines_words(double position, double velocity, string engineWord)
    {
        using var hopper = new Hopper();
        hopper.ResetTo([position, 1.25, 0, 0, 0, 0], [velocity, 0, 0, 0, 0, 0], observation);
        var exception = Should.Throw<EnvironmentException>(() => hopper.Step([0, 0, 0], observation));
        exception.Message.ShouldContain("Hopper-v4: the physics diverged in step 1");
        exception.Message.ShouldContain(engineWord);
        exception.Message.ShouldContain("call Reset");
        Should.Throw<EnvironmentException>(() => hopper.Step([0, 0, 0], observation)).Message.ShouldContain("no episode was running");

        hopper.Reset(1, observation);
        hopper.Step([0, 0, 0], observation).Reward.ShouldBe(1, 0.1);
    }

    [Fact]
    public void Step_that_leaves_a_bad_state_behind_is_caught_at_once()
    {
        // The engine looks at a state only when it starts from it, and position 1e10 is passed in the middle of the last of four engine
        // steps.
        const double Velocity = 9e9;
        using var hopper = new Hopper();
        hopper.ResetTo([1e10 - (0.007 * Velocity), 1.25, 0, 0, 0, 0], [Velocity, 0, 0, 0, 0, 0], observation);
        var exception = Should.Throw<EnvironmentException>(() => hopper.Step([0, 0, 0], observation));
        exception.Message.ShouldContain("the physics diverged in step 1 of the episode (a position or velocity is not finite or beyond 1e10)");
        hopper.Data.Diverged.ShouldBeFalse();
    }

    [Fact]
    public void Step_before_the_first_reset_and_after_termination_is_refused()
    {
        using var hopper = new Hopper();
        Should.Throw<EnvironmentException>(() => hopper.Step([0, 0, 0], observation)).Message.ShouldContain("Call Reset first");
        hopper.ResetTo([0, 0.5, 0, 0, 0, 0], new double[6], observation);
        hopper.Step([0, 0, 0], observation).Terminated.ShouldBeTrue();
        Should.Throw<EnvironmentException>(() => hopper.Step([0, 0, 0], observation)).Message.ShouldContain("Call Reset first");
    }

    [Fact]
    public void Spans_of_wrong_length_are_refused()
    {
        using var hopper = new Hopper();
        Should.Throw<EnvironmentException>(() => hopper.Reset(0, new double[10])).Message.ShouldContain("the observation buffer has 10 number(s)");
        hopper.Reset(0, observation);
        Should.Throw<EnvironmentException>(() => hopper.Step([0, 0, 0], new double[12])).Message.ShouldContain("has 12 number(s)");
        Should.Throw<ArgumentException>(() => hopper.ResetTo(new double[5], new double[6], observation)).Message.ShouldContain("got 5 and 6");
    }

    [Fact]
    public void Loading_restores_the_random_stream_of_later_resets()
    {
        using Hopper first = Started();
        using var second = new Hopper();
        MemoryState.Of(first).Restore(second);
        double[] other = new double[11];
        for (int i = 0; i < 3; i++)
        {
            first.Reset(null, observation);
            second.Reset(null, other);
            other.ShouldBe(observation);
        }
    }

    [Fact]
    public void An_ended_episode_is_still_ended_after_loading()
    {
        using var first = new Hopper();
        using var second = new Hopper();
        first.ResetTo([0, 0.5, 0, 0, 0, 0], new double[6], observation);
        first.Step([0, 0, 0], observation);
        second.Reset(3, observation);
        MemoryState.Of(first).Restore(second);
        Should.Throw<EnvironmentException>(() => second.Step([0, 0, 0], observation));
    }

    [Fact]
    public void A_terminated_episode_goes_on_when_asked_to_also_after_loading()
    {
        using var first = new Hopper();
        using var second = new Hopper();
        first.ResetTo([0, 0.5, 0, 0, 0, 0], new double[6], observation);
        first.Step([0, 0, 0], observation).Terminated.ShouldBeTrue();
        MemoryState.Of(first).Restore(second);
        first.ContinueAfterTermination();
        second.ContinueAfterTermination();
        double[] other = new double[11];
        StepResult result = first.Step([0.5, 0, 0], observation);
        result.Terminated.ShouldBeTrue();
        second.Step([0.5, 0, 0], other).ShouldBe(result);
        other.ShouldBe(observation);
        first.Data.Time.ShouldBe(0.016, 1e-15);
    }

    [Fact]
    public void Only_a_terminated_episode_can_go_on()
    {
        using var hopper = new Hopper();
        Should.Throw<EnvironmentException>(hopper.ContinueAfterTermination).Message.ShouldContain("Hopper-v4: there is no terminated episode");
        hopper.Reset(1, observation);
        Should.Throw<EnvironmentException>(hopper.ContinueAfterTermination);

        hopper.ResetTo([0, 0.5, 0, 0, 0, 0], new double[6], observation);
        hopper.Step([0, 0, 0], observation);
        hopper.ContinueAfterTermination();
        Should.Throw<EnvironmentException>(hopper.ContinueAfterTermination);
        hopper.Data.Qvel[0] = double.NaN;
        Should.Throw<EnvironmentException>(() => hopper.Step([0, 0, 0], observation)).Message.ShouldContain("diverged");
        Should.Throw<EnvironmentException>(hopper.ContinueAfterTermination);
    }

    [Fact]
    public void Reset_before_any_seed_is_that_of_seed_zero()
    {
        using var never = new Hopper();
        using var zero = new Hopper();
        double[] other = new double[11];
        never.Reset(null, observation);
        zero.Reset(0, other);
        observation.ShouldBe(other);
    }

    private Hopper Started()
    {
        var hopper = new Hopper();
        hopper.Reset(7, observation);
        return hopper;
    }
}
