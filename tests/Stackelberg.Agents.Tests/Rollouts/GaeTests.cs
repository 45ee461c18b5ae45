using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Rollouts;

public sealed class GaeTests
{
    private const double Gamma = 0.9, Lambda = 0.8;

    private static readonly Trajectory[] Three = [new(0, 4, 0, true), new(4, 1, 0.7, true, 0), new(5, 6, -0.4, false, 1)];

    [Theory]
    [InlineData(true, 5.9)]
    [InlineData(false, -4)]
    public void At_a_time_limit_the_value_of_the_last_observation_counts_and_nothing_of_the_next_episode(bool bootstraps, double expected)
    {
        // r 1, V(s₁) 5, V(last) 10, V(next start) 100: the state before the step would give 0.95, the next start 95
        var rollout = new Rollout<double>(3, 1, 1, keepsEnds: true);
        foreach (bool ends in new[] { false, true, false })
        {
            rollout.Begin([0], [0]);
            if (ends && bootstraps)
            {
                rollout.CompleteAt(1, isComplete: true, [10]);
            }
            else
            {
                rollout.Complete(1, ends, ends, bootstrap: 0);
            }
        }

        rollout.SetBootstrap(rollout.EndObservations);
        new[] { 3.0, 5, 100 }.CopyTo(rollout.Values, 0);
        rollout.Estimate(0.99, 0.95);
        rollout.Advantages[1].ShouldBe(expected, 1e-14);
        rollout.Advantages[0].ShouldBe(1 + (0.99 * 5) - 3 + (0.99 * 0.95 * expected), 1e-14);
    }

    [Fact]
    public void With_lambda_zero_an_advantage_is_the_temporal_difference()
    {
        (double[] rewards, double[] values) = (Normal(11, 1), Normal(11, 2));
        foreach (Trajectory trajectory in Three)
        {
            double[] advantages = new double[11];
            Gae.Estimate(trajectory, rewards, values, trajectory.Bootstrap, Gamma, 0, advantages);
            for (int t = trajectory.Start; t < trajectory.End; t++)
            {
                double next = t + 1 < trajectory.End ? values[t + 1] : trajectory.Bootstrap;
                advantages[t].ShouldBe(rewards[t] + (Gamma * next) - values[t], 1e-15);
            }
        }
    }

    [Fact]
    public void Targets_are_lambda_returns()
    {
        // G_t = r_t + γ ((1 − λ) V_{t+1} + λ G_{t+1})
        using Ppo<double> learner = PpoLearners.Create((PpoLearners.Small with { Gamma = Gamma, GaeLambda = Lambda }).Still());
        learner.Go();
        Rollout<double> rollout = learner.Rollout;
        Critic<double> critic = learner.Values();
        foreach (Trajectory trajectory in rollout.Trajectories)
        {
            double next = trajectory.EndRow < 0 ? 0 : critic.ValueOf(rollout.EndObservations.Row(trajectory.EndRow)), target = next;
            for (int t = trajectory.End - 1; t >= trajectory.Start; t--)
            {
                target = rollout.Rewards[t] + (Gamma * (((1 - Lambda) * next) + (Lambda * target)));
                next = critic.ValueOf(rollout.Observations.Row(t));
                rollout.Targets[t].ShouldBe(target, 1e-12);
            }
        }
    }

    [Fact]
    public void Tangents_are_the_change_of_advantages_for_a_change_of_values()
    {
        // linear: any two points will do
        (double[] rewards, double[] values, double[] change) = (Normal(11, 1), Normal(11, 2), Normal(11, 3));
        double[] before = new double[11], after = new double[11], tangents = new double[11];
        foreach (Trajectory trajectory in Three)
        {
            Gae.Estimate(trajectory, rewards, values, trajectory.Bootstrap, Gamma, Lambda, before);
            Gae.Estimate(trajectory, rewards, [.. values.Zip(change, static (a, b) => a + b)], trajectory.Bootstrap + 0.3, Gamma, Lambda, after);
            Gae.Tangents(trajectory, change, 0.3, Gamma, Lambda, tangents);
        }

        for (int t = 0; t < 11; t++)
        {
            tangents[t].ShouldBe(after[t] - before[t], 1e-14);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Tangents_and_adjoint_are_transposes_of_each_other(ulong seed)
    {
        RandomStream random = RandomStream.FromSeed(seed);
        int length = 1 + random.NextInt32(12);
        var trajectory = new Trajectory(2, length, 0, true);
        double gamma = random.NextDouble(), lambda = random.NextDouble(), end = random.NextNormal();
        double[] change = new double[length + 3], cotangents = new double[length + 3], tangents = new double[length + 3], adjoint = new double[length + 3];
        random.FillNormal(change);
        random.FillNormal(cotangents);
        Gae.Tangents(trajectory, change, end, gamma, lambda, tangents);
        double byEnd = Gae.Adjoint(trajectory, cotangents, gamma, lambda, adjoint);
        double left = 0, right = byEnd * end;
        for (int t = 2; t < 2 + length; t++)
        {
            left += cotangents[t] * tangents[t];
            right += adjoint[t] * change[t];
        }

        right.ShouldBe(left, 1e-12);
        (tangents[0], tangents[^1], adjoint[1], adjoint[^1]).ShouldBe((0, 0, 0, 0), "a trajectory writes its own rows");
    }

    [Fact]
    public void Far_from_an_end_one_more_on_every_value_takes_168_thousandths_off_an_advantage()
    {
        // −(1 − γ)/(1 − γλ) at γ .99, λ .95
        double[] tangents = new double[400], ones = new double[400];
        Array.Fill(ones, 1);
        Gae.Tangents(new Trajectory(0, 400, 0, false, 0), ones, 1, 0.99, 0.95, tangents);
        tangents[0].ShouldBe(-0.01 / (1 - (0.99 * 0.95)), 1e-9);
    }

    [Theory]
    [InlineData(TimeLimit.Bootstrap)]
    [InlineData(TimeLimit.Terminal)]
    public void A_learners_advantages_end_with_the_value_of_what_the_last_step_led_to(TimeLimit limit)
    {
        using Ppo<double> learner = PpoLearners.Create<double>((PpoLearners.Small with { TimeLimit = limit }).Still(), static () => new Steady(5));
        learner.Go();
        Rollout<double> rollout = learner.Rollout;
        Critic<double> critic = learner.Values();
        rollout.Trajectories.Length.ShouldBe(6, "each copy's 12 steps are 5, 5 and 2");
        foreach (Trajectory trajectory in rollout.Trajectories)
        {
            int last = trajectory.End - 1;
            bool cut = trajectory.Length == 2;
            double after = cut || limit == TimeLimit.Bootstrap ? critic.ValueOf([5, trajectory.Length]) : 0;
            rollout.Advantages[last].ShouldBe(1 + (0.99 * after) - critic.ValueOf([5, trajectory.Length - 1]), 1e-12);
            trajectory.Complete.ShouldBe(!cut);
        }
    }

    private static double[] Normal(int length, ulong seed)
    {
        double[] result = new double[length];
        RandomStream.FromSeed(seed).FillNormal(result);
        return result;
    }
}
