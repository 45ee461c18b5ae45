using Stackelberg.Environments;
using Stackelberg.MuJoCo.Tasks;

namespace Stackelberg.MuJoCo.Tests.Tasks;

public sealed class HopperTests
{
    private static readonly double[] Upright = [0, 1.25, 0, 0, 0, 0];
    private static readonly double[] Still = new double[6];

    [Fact]
    public void One_step_lasts_8_milliseconds()
    {
        using var hopper = new Hopper();
        hopper.StepSeconds.ShouldBe(0.008);
        hopper.ResetTo(Upright, Still, new double[11]);
        hopper.Step([0, 0, 0], new double[11]);
        hopper.Data.Time.ShouldBe(0.008, 1e-15);
    }

    [Fact]
    public void Actions_beyond_the_range_push_no_harder_but_cost_more()
    {
        (double[] clampedObservation, double clampedReward) = StepOnce(new HopperOptions(), [1, -1, 1]);
        (double[] observation, double reward) = StepOnce(new HopperOptions(), [3, -3, 3]);
        observation.ShouldBe(clampedObservation);
        reward.ShouldBe(clampedReward - (1e-3 * (27 - 3)), 1e-12);
    }

    [Fact]
    public void Weights_scale_their_parts_of_the_reward()
    {
        double[] action = [0.5, -0.25, 1];
        double cost = 0.25 + 0.0625 + 1;
        double speed = StepOnce(new HopperOptions { CtrlCostWeight = 0, HealthyReward = 0 }, action).Reward;
        speed.ShouldNotBe(0);
        StepOnce(new HopperOptions { ForwardRewardWeight = 3, CtrlCostWeight = 0.5, HealthyReward = 2 }, action).Reward
            .ShouldBe((3 * speed) + 2 - (0.5 * cost), 1e-12);
    }

    [Theory]
    [InlineData(0.5, 0, 0, true)]
    [InlineData(1.25, 0.19, 0, false)]
    [InlineData(1.25, 0.21, 0, true)]
    [InlineData(1.25, -0.21, 0, true)]
    [InlineData(1.25, 0, 99, false)]
    [InlineData(1.25, 0, 101, true)]
    public void It_terminates_outside_the_healthy_ranges(double height, double pitch, double forwardSpeed, bool terminated)
    {
        using var hopper = new Hopper();
        hopper.ResetTo([0, height, pitch, 0, 0, 0], [forwardSpeed, 0, 0, 0, 0, 0], new double[11]);
        StepResult result = hopper.Step([0, 0, 0], new double[11]);
        result.Terminated.ShouldBe(terminated);
    }

    [Fact]
    public void Without_termination_the_unhealthy_step_goes_on_and_loses_the_healthy_reward()
    {
        double[] fallen = [0, 0.5, 0, 0, 0, 0];
        using var hopper = new Hopper(new HopperOptions { TerminateWhenUnhealthy = false, ForwardRewardWeight = 0 });
        hopper.ResetTo(fallen, Still, new double[11]);
        hopper.Step([0, 0, 0], new double[11]).ShouldBe(new StepResult(0, Terminated: false, Truncated: false));
        hopper.Step([0, 0, 0], new double[11]).Terminated.ShouldBeFalse();

        using var terminating = new Hopper(new HopperOptions { ForwardRewardWeight = 0 });
        terminating.ResetTo(fallen, Still, new double[11]);
        terminating.Step([0, 0, 0], new double[11]).ShouldBe(new StepResult(1, Terminated: true, Truncated: false));
    }

    [Fact]
    public void Velocities_are_observed_clipped_and_the_position_on_request()
    {
        using var hopper = new Hopper(new HopperOptions { ExcludeCurrentPositionsFromObservation = false });
        double[] observation = new double[12];
        hopper.ResetTo([0.5, 1.25, 0.1, -0.2, -0.3, 0.4], [25, -25, 9, 0, 0, 0], observation);
        observation.ShouldBe([0.5, 1.25, 0.1, -0.2, -0.3, 0.4, 10, -10, 9, 0, 0, 0]);
    }

    private static (double[] Observation, double Reward) StepOnce(HopperOptions options, double[] action)
    {
        using var hopper = new Hopper(options);
        double[] observation = new double[11];
        hopper.ResetTo(Upright, Still, observation);
        return (observation, hopper.Step(action, observation).Reward);
    }
}
