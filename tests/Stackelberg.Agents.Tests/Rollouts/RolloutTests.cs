using Stackelberg.Agents.Rollouts;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Rollouts;

public sealed class RolloutTests
{
    private const double Gamma = 0.9;
    private const double Lambda = 0.8;

    [Theory]
    [InlineData(0.0)]
    [InlineData(3.7)]
    public void Advantages_are_the_discounted_sum_of_temporal_differences_up_to_the_trajectorys_end(double bootstrap)
    {
        Rollout<double> rollout = Random(steps: 12, (0, bootstrap), (7, -1.2));
        rollout.Estimate(Gamma, Lambda);

        foreach (Trajectory trajectory in rollout.Trajectories)
        {
            for (int t = trajectory.Start; t < trajectory.End; t++)
            {
                double expected = 0;
                for (int l = 0; t + l < trajectory.End; l++)
                {
                    double next = t + l + 1 < trajectory.End ? rollout.Values[t + l + 1] : trajectory.Bootstrap;
                    double difference = rollout.Rewards[t + l] + (Gamma * next) - rollout.Values[t + l];
                    expected += Math.Pow(Gamma * Lambda, l) * difference;
                }

                rollout.Advantages[t].ShouldBe(expected, 1e-12);
            }
        }
    }

    [Fact]
    public void Returns_are_discounted_rewards_to_go_plus_the_discounted_bootstrap()
    {
        Rollout<double> rollout = Random(steps: 9, (0, 2.5), (4, 0));
        rollout.Estimate(Gamma, Lambda);

        foreach (Trajectory trajectory in rollout.Trajectories)
        {
            for (int t = trajectory.Start; t < trajectory.End; t++)
            {
                double expected = Math.Pow(Gamma, trajectory.End - t) * trajectory.Bootstrap;
                for (int s = t; s < trajectory.End; s++)
                {
                    expected += Math.Pow(Gamma, s - t) * rollout.Rewards[s];
                }

                rollout.Returns[t].ShouldBe(expected, 1e-12);
                rollout.Targets[t].ShouldBe(rollout.Returns[t]);
            }
        }
    }

    [Fact]
    public void With_lambda_one_the_advantage_is_return_minus_value()
    {
        Rollout<double> rollout = Random(steps: 10, (0, 1.5), (6, 0));
        rollout.Estimate(Gamma, 1);
        for (int t = 0; t < rollout.Count; t++)
        {
            rollout.Advantages[t].ShouldBe(rollout.Returns[t] - rollout.Values[t], 1e-12);
        }
    }

    [Fact]
    public void Normalised_advantages_have_mean_zero_and_population_deviation_one_and_keep_their_order()
    {
        Rollout<double> rollout = Random(steps: 50, (0, 1.5), (30, 0));
        rollout.Estimate(Gamma, Lambda);
        double[] before = rollout.Advantages[..50];
        double mean = before.Average();
        double deviation = Math.Sqrt(before.Average(a => (a - mean) * (a - mean)));

        double scale = rollout.NormaliseAdvantages();

        scale.ShouldBe(deviation, 1e-12);
        for (int t = 0; t < 50; t++)
        {
            rollout.Advantages[t].ShouldBe((before[t] - mean) / deviation, 1e-12);
        }
    }

    [Fact]
    public void Constant_advantages_become_zero_instead_of_NaN()
    {
        Rollout<double> rollout = Random(4, (0, 0));
        Array.Fill(rollout.Advantages, 2.0);
        rollout.NormaliseAdvantages().ShouldBe(1);
        rollout.Advantages.ShouldAllBe(a => a == 0);
    }

    private static Rollout<double> Random(int steps, params (int Start, double Bootstrap)[] trajectories)
    {
        var random = RandomStream.FromSeed(11);
        var rollout = new Rollout<double>(steps, 1, 1);
        for (int i = 0; i < trajectories.Length; i++)
        {
            int end = i + 1 < trajectories.Length ? trajectories[i + 1].Start : steps;
            for (int t = trajectories[i].Start; t < end; t++)
            {
                rollout.Complete(0, ends: t == end - 1, isComplete: true, trajectories[i].Bootstrap);
            }
        }

        random.FillNormal(rollout.Rewards.AsSpan());
        random.FillNormal(rollout.Values.AsSpan());
        return rollout;
    }
}
