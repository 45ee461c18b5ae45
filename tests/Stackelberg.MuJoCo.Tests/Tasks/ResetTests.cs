using Stackelberg.MuJoCo.Tasks;
using Stackelberg.MuJoCo.Tests.Support;

namespace Stackelberg.MuJoCo.Tests.Tasks;

/// <summary>How episodes start: ranges and moments of what <c>Reset</c> draws, against the distributions of the original tasks.</summary>
public sealed class ResetTests
{
    private const int Episodes = 2000;

    public static TheoryData<string> Ids => [.. TaskCase.Ids];

    [Theory]
    [InlineData("Ant-v4", 0.1, true)]
    [InlineData("HalfCheetah-v4", 0.1, true)]
    [InlineData("Hopper-v4", 0.005, false)]
    [InlineData("Humanoid-v4", 0.01, false)]
    [InlineData("HumanoidStandup-v4", 0.01, false)]
    [InlineData("InvertedDoublePendulum-v4", 0.1, true)]
    [InlineData("InvertedPendulum-v4", 0.01, false)]
    [InlineData("Swimmer-v4", 0.1, false)]
    [InlineData("Walker2d-v4", 0.005, false)]
    public void Coordinates_get_uniform_noise_and_velocities_uniform_or_normal_noise(string id, double scale, bool normalVelocities)
    {
        using MujocoEnvironment task = TaskCase.Make(id);
        (double[][] qpos, double[][] qvel) = Starts(task);
        bool free = task.Model.Nq > task.Model.Nv;
        foreach ((int i, double[] values) in qpos.Index())
        {
            // Numbers 3 to 6 of a robot that floats are its orientation, which the engine scales to unit length.
            if (!free || i is < 3 or > 6)
            {
                CheckUniform(values, task.Model.Qpos0[i] - scale, task.Model.Qpos0[i] + scale, $"coordinate {i}");
            }
        }

        foreach ((int i, double[] values) in qvel.Index())
        {
            if (normalVelocities)
            {
                CheckNormal(values, scale, $"velocity {i}");
            }
            else
            {
                CheckUniform(values, -scale, scale, $"velocity {i}");
            }
        }
    }

    [Theory]
    [InlineData("Ant-v4", 0.1)]
    [InlineData("Humanoid-v4", 0.01)]
    [InlineData("HumanoidStandup-v4", 0.01)]
    public void Orientations_are_noisy_unit_quaternions(string id, double scale)
    {
        using MujocoEnvironment task = TaskCase.Make(id);
        double[][] quaternion = Starts(task).Qpos[3..7];
        for (int episode = 0; episode < Episodes; episode++)
        {
            quaternion.Sum(q => q[episode] * q[episode]).ShouldBe(1, 1e-14);
        }

        // Before scaling w is uniform on 1 ± s and the others on ± s, independently: their ratio has the mean square s²/3 · E[1/w²] = s²/3
        // / (1 − s²).
        for (int i = 1; i < 4; i++)
        {
            double[] ratio = [.. quaternion[i].Zip(quaternion[0], (q, w) => q / w)];
            ratio.Max(Math.Abs).ShouldBeLessThan(scale / (1 - scale));
            ratio.Average(r => r * r).ShouldBe(scale * scale / 3 / (1 - (scale * scale)), 0.1 * scale * scale / 3);
        }
    }

    [Fact]
    public void Reacher_starts_near_zero_with_a_target_uniform_on_the_disc()
    {
        using var task = new Reacher();
        (double[][] qpos, double[][] qvel) = Starts(task);
        for (int joint = 0; joint < 2; joint++)
        {
            CheckUniform(qpos[joint], -0.1, 0.1, $"angle {joint}");
            CheckUniform(qvel[joint], -0.005, 0.005, $"velocity {joint}");
            qvel[2 + joint].ShouldAllBe(v => v == 0);
        }

        // The squared distance of a uniform point of the disc is uniform on [0, R²).
        CheckUniform([.. qpos[2].Zip(qpos[3], (x, y) => (x * x) + (y * y))], 0, 0.04, "squared distance of the target");
        qpos[2].Average().ShouldBe(0, 5 * 0.1 / Math.Sqrt(Episodes));
        qpos[3].Average().ShouldBe(0, 5 * 0.1 / Math.Sqrt(Episodes));
    }

    [Fact]
    public void Pusher_starts_with_a_resting_arm_and_the_object_away_from_the_goal()
    {
        using var task = new Pusher();
        (double[][] qpos, double[][] qvel) = Starts(task);
        qpos[..7].ShouldAllBe(joint => joint.All(q => q == 0));
        qpos[9..].ShouldAllBe(goal => goal.All(q => q == 0));
        qvel[7..].ShouldAllBe(velocity => velocity.All(v => v == 0));
        foreach ((int i, double[] values) in qvel[..7].Index())
        {
            CheckUniform(values, -0.005, 0.005, $"velocity {i}");
        }

        (double[] y, double[] x) = (qpos[7], qpos[8]);
        y.Min().ShouldBeInRange(-0.3, -0.295);
        y.Max().ShouldBeInRange(-0.02, 0);
        x.Min().ShouldBeInRange(-0.2, -0.195);
        x.Max().ShouldBeInRange(0.195, 0.2);
        y.Zip(x, double.Hypot).Min().ShouldBeInRange(0.17, 0.175);

        // Moments over the rectangle 0.3 × 0.4 less the half disc of radius 0.17 around the goal.
        double area = 0.12 - (Math.PI * 0.17 * 0.17 / 2);
        double meanY = ((-0.15 * 0.12) + (2 * Math.Pow(0.17, 3) / 3)) / area;
        double squareX = ((0.3 * Math.Pow(0.4, 3) / 12) - (Math.PI * Math.Pow(0.17, 4) / 8)) / area;
        y.Average().ShouldBe(meanY, 5 * 0.08 / Math.Sqrt(Episodes));
        x.Average(v => v * v).ShouldBe(squareX, 5 * 0.013 / Math.Sqrt(Episodes));
        x.Average().ShouldBe(0, 5 * 0.13 / Math.Sqrt(Episodes));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_seed_determines_the_start_and_without_one_the_stream_goes_on(string id)
    {
        using MujocoEnvironment task = TaskCase.Make(id);
        double[] first = new double[task.ObservationSpace.Size];
        double[] second = new double[first.Length];
        task.Reset(11, first);
        task.Reset(11, second);
        second.ShouldBe(first);
        task.Reset(null, second);
        second.ShouldNotBe(first);
        task.Reset(12, second);
        second.ShouldNotBe(first);
    }

    [Fact]
    public void Without_noise_every_episode_starts_at_the_models_pose()
    {
        MujocoEnvironment[] tasks =
        [
            new Ant(new AntOptions { ResetNoiseScale = 0 }), new HalfCheetah(new HalfCheetahOptions { ResetNoiseScale = 0 }),
            new Hopper(new HopperOptions { ResetNoiseScale = 0 }), new Humanoid(new HumanoidOptions { ResetNoiseScale = 0 }),
            new HumanoidStandup(new HumanoidStandupOptions { ResetNoiseScale = 0 }),
            new InvertedDoublePendulum(new InvertedDoublePendulumOptions { ResetNoiseScale = 0 }),
            new InvertedPendulum(new InvertedPendulumOptions { ResetNoiseScale = 0 }), new Swimmer(new SwimmerOptions { ResetNoiseScale = 0 }),
            new Walker2d(new Walker2dOptions { ResetNoiseScale = 0 }),
        ];
        foreach (MujocoEnvironment task in tasks)
        {
            task.Reset(1, new double[task.ObservationSpace.Size]);
            task.Data.Qpos.ShouldHaveTheBitsOf(task.Model.Qpos0, task.Spec.Id);
            task.Data.Qvel.ToArray().ShouldAllBe(v => v == 0);
            task.Dispose();
        }
    }

    private static (double[][] Qpos, double[][] Qvel) Starts(MujocoEnvironment task)
    {
        double[][] qpos = [.. Enumerable.Range(0, task.Model.Nq).Select(_ => new double[Episodes])];
        double[][] qvel = [.. Enumerable.Range(0, task.Model.Nv).Select(_ => new double[Episodes])];
        double[] observation = new double[task.ObservationSpace.Size];
        for (int episode = 0; episode < Episodes; episode++)
        {
            task.Reset(episode == 0 ? 5 : null, observation);
            for (int i = 0; i < qpos.Length; i++)
            {
                qpos[i][episode] = task.Data.Qpos[i];
            }

            for (int i = 0; i < qvel.Length; i++)
            {
                qvel[i][episode] = task.Data.Qvel[i];
            }
        }

        return (qpos, qvel);
    }

    // Five standard errors of the mean and of the variance; fourth moments 9/5 and 3 of the variance squared.
    private static void CheckUniform(double[] values, double low, double high, string what)
    {
        double width = high - low;
        values.ShouldAllBe(v => v >= low && v <= high, what);
        values.Min().ShouldBe(low, 0.01 * width, what);
        values.Max().ShouldBe(high, 0.01 * width, what);
        CheckMoments(values, (low + high) / 2, width * width / 12, 9.0 / 5, what);
    }

    private static void CheckNormal(double[] values, double deviation, string what)
    {
        CheckMoments(values, 0, deviation * deviation, 3, what);
        double beyond = values.Count(v => Math.Abs(v) > 2 * deviation) / (double)Episodes;
        beyond.ShouldBe(0.0455, 5 * Math.Sqrt(0.0455 / Episodes), what);
    }

    private static void CheckMoments(double[] values, double mean, double variance, double kurtosis, string what)
    {
        values.Average().ShouldBe(mean, 5 * Math.Sqrt(variance / Episodes), what);
        values.Average(v => (v - mean) * (v - mean)).ShouldBe(variance, 5 * variance * Math.Sqrt((kurtosis - 1) / Episodes), what);
    }
}
