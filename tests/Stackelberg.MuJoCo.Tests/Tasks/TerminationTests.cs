using Stackelberg.MuJoCo.Tasks;

namespace Stackelberg.MuJoCo.Tests.Tasks;

/// <summary>When episodes end: one step without action from the model's pose with one coordinate changed.</summary>
public sealed class TerminationTests
{
    private static readonly Dictionary<string, (bool Closed, int Height, Func<(double, double)?, MujocoEnvironment> Make)> Walkers = new()
    {
        ["Ant"] = (true, 2, range => range is { } z ? new Ant(new AntOptions { HealthyZRange = z }) : new Ant()),
        ["Hopper"] = (false, 1, range => range is { } z ? new Hopper(new HopperOptions { HealthyZRange = z }) : new Hopper()),
        ["Humanoid"] = (false, 2, range => range is { } z ? new Humanoid(new HumanoidOptions { HealthyZRange = z }) : new Humanoid()),
        ["Walker2d"] = (false, 1, range => range is { } z ? new Walker2d(new Walker2dOptions { HealthyZRange = z }) : new Walker2d()),
    };

    public static TheoryData<string> WalkerNames => [.. Walkers.Keys];

    [Theory]
    [MemberData(nameof(WalkerNames))]
    public void Healthy_heights_are_an_interval_of_the_height_after_the_step(string name)
    {
        (bool closed, int coordinate, Func<(double, double)?, MujocoEnvironment> make) = Walkers[name];
        double height;
        using (MujocoEnvironment first = make(null))
        {
            StepFrom(first, coordinate, 0.9).ShouldBe(name is "Humanoid");
            height = first.Data.Qpos[coordinate];
        }

        EndsIn((height, 3)).ShouldBe(!closed);
        EndsIn((0, height)).ShouldBe(!closed);
        EndsIn((Math.BitIncrement(height), 3)).ShouldBeTrue();
        EndsIn((0, Math.BitDecrement(height))).ShouldBeTrue();
        EndsIn((Math.BitDecrement(height), Math.BitIncrement(height))).ShouldBeFalse();

        bool EndsIn((double, double) range) => EndsFrom(make(range), coordinate, 0.9);
    }

    [Theory]
    [InlineData("Ant", 0.95, false)]
    [InlineData("Ant", 1.1, true)]
    [InlineData("Humanoid", 2.0005, false)]
    [InlineData("Humanoid", 2.002, true)]
    [InlineData("Walker2d", 2.0002, false)]
    [InlineData("Walker2d", 2.001, true)]
    public void The_highest_healthy_height_is_Gymnasiums(string name, double height, bool terminated) =>
        EndsFrom(Walkers[name].Make(null), Walkers[name].Height, height).ShouldBe(terminated);

    [Theory]
    [InlineData(0.99, false)]
    [InlineData(1.01, true)]
    [InlineData(-0.99, false)]
    [InlineData(-1.01, true)]
    public void Walker2d_ends_outside_its_pitches(double pitch, bool terminated) => EndsFrom(new Walker2d(), 2, pitch).ShouldBe(terminated);

    [Theory]
    [InlineData(0.19, false)]
    [InlineData(0.201, true)]
    [InlineData(-0.19, false)]
    [InlineData(-0.201, true)]
    public void InvertedPendulum_ends_beyond_a_fifth_of_a_radian(double angle, bool terminated) =>
        EndsFrom(new InvertedPendulum(), 1, angle).ShouldBe(terminated);

    [Theory]
    [InlineData(0.5, false)]
    [InlineData(0.65, true)]
    public void InvertedDoublePendulum_ends_with_its_tip_at_one_metre(double angle, bool terminated)
    {
        // Two poles of 0.6 m in line: the tip is at 1.2 m times the cosine, 1.05 and 0.96 m.
        EndsFrom(new InvertedDoublePendulum(), 1, angle).ShouldBe(terminated);
    }

    [Theory]
    [InlineData("Ant")]
    [InlineData("Walker2d")]
    [InlineData("Humanoid")]
    public void Without_termination_an_unhealthy_step_goes_on_and_loses_the_healthy_reward(string name)
    {
        // A height no body has: every step is unhealthy.
        (double, double) never = (1000, 1001);
        (MujocoEnvironment kept, MujocoEnvironment ended) = name switch
        {
            "Ant" => ((MujocoEnvironment)new Ant(new AntOptions { HealthyZRange = never, HealthyReward = 8, TerminateWhenUnhealthy = false }),
                (MujocoEnvironment)new Ant(new AntOptions { HealthyZRange = never, HealthyReward = 8 })),
            "Walker2d" => (new Walker2d(new Walker2dOptions { HealthyZRange = never, HealthyReward = 8, TerminateWhenUnhealthy = false }),
                new Walker2d(new Walker2dOptions { HealthyZRange = never, HealthyReward = 8 })),
            _ => (new Humanoid(new HumanoidOptions { HealthyZRange = never, HealthyReward = 8, TerminateWhenUnhealthy = false }),
                new Humanoid(new HumanoidOptions { HealthyZRange = never, HealthyReward = 8 })),
        };
        using (kept)
        using (ended)
        {
            double[] observation = new double[kept.ObservationSpace.Size];
            double[] action = new double[kept.ActionSpace.Size];
            kept.Reset(1, observation);
            ended.Reset(1, observation);
            (double keptReward, bool keptTerminated, _) = kept.Step(action, observation);
            (double endedReward, bool endedTerminated, _) = ended.Step(action, observation);
            (keptTerminated, endedTerminated).ShouldBe((false, true));
            endedReward.ShouldBe(keptReward + 8, 1e-12);
            kept.Step(action, observation).Terminated.ShouldBeFalse();
        }
    }

    private static bool EndsFrom(MujocoEnvironment task, int coordinate, double value)
    {
        using (task)
        {
            return StepFrom(task, coordinate, value);
        }
    }

    private static bool StepFrom(MujocoEnvironment task, int coordinate, double value)
    {
        double[] qpos = task.Model.Qpos0.ToArray();
        qpos[coordinate] = value;
        double[] observation = new double[task.ObservationSpace.Size];
        task.ResetTo(qpos, new double[task.Model.Nv], observation);
        return task.Step(new double[task.ActionSpace.Size], observation).Terminated;
    }
}
