using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Tests.Algorithms;

public sealed class OffPolicyGradientTests
{
    private static readonly OffPolicyNetworkOptions Network = new() { Hidden = [5, 4], Activation = Activation.Tanh };

    [Fact]
    public void The_actors_gradient_agrees_with_finite_differences()
    {
        using Ddpg<double> ddpg = Prepared(new DdpgOptions());
        ddpg.ActorLossGradient();
        double[] gradient = ddpg.ActorGradient.Span.ToArray();
        Check(ddpg.Actor.Parameters, gradient, () => ddpg.ActorLossGradient());
    }

    [Fact]
    public void The_critics_gradient_agrees_with_finite_differences_at_fixed_targets()
    {
        using Ddpg<double> ddpg = Prepared(new DdpgOptions());
        ddpg.BellmanTargets();
        QCritic<double> critic = ddpg.AllCritics[0];
        double Loss() => critic.LossGradient(ddpg.Batch.Inputs, ddpg.Targets, ddpg.Batch.Rows);
        Loss();
        Check(critic.Parameters, critic.Gradient.Span.ToArray(), Loss);
    }

    [Fact]
    public void Targets_of_ddpg_agree_with_a_plain_loop()
    {
        using Ddpg<double> ddpg = Prepared(new DdpgOptions());
        ddpg.BellmanTargets();
        ddpg.Batch.Continues.ShouldContain(0);
        ddpg.Batch.Continues.ShouldContain(1);
        for (int i = 0; i < ddpg.Batch.Rows; i++)
        {
            double[] next = ddpg.Batch.NextObservations.Row(i).ToArray();
            double q = PlainNetwork.Evaluate(ddpg.AllCritics[0].Layout, ddpg.AllCritics[0].Target, [.. next, .. PlainNetwork.Evaluate(ddpg.Actor.Layout, ddpg.Actor.Target, next)])[0];
            double expected = ddpg.Batch.Rewards[i] + (ddpg.Batch.Continues[i] == 0 ? 0 : 0.99 * q);
            ddpg.Targets[i].ShouldBe(expected, 1e-12);
        }
    }

    [Fact]
    public void Targets_of_td3_take_the_smaller_critic_at_an_action_with_clipped_noise()
    {
        using Td3<double> td3 = Prepared(new Td3Options { TargetNoise = 0.5, NoiseClip = 0.3 });
        // level the critics, so that either is the smaller one in some rows
        double Gap(int row)
        {
            double[] next = td3.Batch.NextObservations.Row(row).ToArray();
            double[] input = [.. next, .. PlainNetwork.Evaluate(td3.Actor.Layout, td3.Actor.Target, next)];
            return PlainNetwork.Evaluate(td3.AllCritics[1].Layout, td3.AllCritics[1].Target, input)[0]
                - PlainNetwork.Evaluate(td3.AllCritics[0].Layout, td3.AllCritics[0].Target, input)[0];
        }

        QCritic<double> other = td3.AllCritics[1];
        other.Target[other.Layout.Bias(other.Layout.Layers - 1).Offset] -= Enumerable.Range(0, td3.Batch.Rows).Average(Gap);
        double[] noise = new double[2 * td3.Batch.Rows];
        RandomStream.FromSeed(5).Split("smoothing").FillNormalBlock(noise);
        td3.BellmanTargets();
        int clipped = 0;
        int second = 0;
        for (int i = 0; i < td3.Batch.Rows; i++)
        {
            double[] next = td3.Batch.NextObservations.Row(i).ToArray();
            double[] action = PlainNetwork.Evaluate(td3.Actor.Layout, td3.Actor.Target, next);
            for (int j = 0; j < action.Length; j++)
            {
                double draw = 0.5 * noise[(2 * i) + j];
                clipped += Math.Abs(draw) > 0.3 ? 1 : 0;
                action[j] = Math.Clamp(action[j] + Math.Clamp(draw, -0.3, 0.3), -1, 1);
            }

            double[] q = [.. td3.AllCritics.Select(c => PlainNetwork.Evaluate(c.Layout, c.Target, [.. next, .. action])[0])];
            second += q[1] < q[0] ? 1 : 0;
            td3.Targets[i].ShouldBe(td3.Batch.Rewards[i] + (td3.Batch.Continues[i] == 0 ? 0 : 0.99 * q.Min()), 1e-12);
        }

        // the batch exercises the clip and both critics
        clipped.ShouldBeGreaterThan(0);
        second.ShouldBeInRange(1, td3.Batch.Rows - 1);
    }

    [Fact]
    public void A_truncated_transition_is_bootstrapped_and_a_terminated_one_is_not()
    {
        // every episode is cut after two steps and none terminates that early
        using var ddpg = new Ddpg<double>(Context(limit: 2), Small(new DdpgOptions()));
        ddpg.Collect(40, new RecordingSink());
        ddpg.Sample();
        ddpg.Batch.Continues.ShouldAllBe(c => c == 1);
    }

    [Fact]
    public void Td3_moves_its_actor_and_targets_every_second_update_only()
    {
        using Td3<double> td3 = Prepared(new Td3Options());
        double[] actor = td3.Actor.Parameters.Span.ToArray();
        double[] target = td3.AllCritics[1].Target.Span.ToArray();
        td3.Update(0);
        td3.Actor.Parameters.Span.ToArray().ShouldBe(actor);
        td3.AllCritics[1].Target.Span.ToArray().ShouldBe(target);
        td3.Update(1);
        td3.Actor.Parameters.Span.ToArray().ShouldNotBe(actor);
        td3.AllCritics[1].Target.Span.ToArray().ShouldNotBe(target);
    }

    private static void Check(FlatVector<double> parameters, double[] gradient, Func<double> loss)
    {
        double[] differences = new double[gradient.Length];
        for (int i = 0; i < gradient.Length; i++)
        {
            if (gradient[i] == 0)
            {
                continue;
            }

            double kept = parameters[i];
            parameters[i] = kept + 1e-5;
            double above = loss();
            parameters[i] = kept - 1e-5;
            double below = loss();
            parameters[i] = kept;
            differences[i] = (above - below) / 2e-5;
        }

        // every parameter of the networks used here has a gradient; padding has none
        gradient.Count(g => g != 0).ShouldBeGreaterThan(40);
        Learners.RelativeError(gradient, differences).ShouldBeLessThan(1e-7);
    }

    private static AlgorithmContext Context(int limit) => new(new Drift(discrete: false, limit), RandomStream.FromSeed(5), 10_000, 1);

    private static TOptions Small<TOptions>(TOptions options)
        where TOptions : OffPolicyOptions =>
        options with { Actor = Network, Critic = Network, BatchSize = 64, BufferSize = 600, Precision = Precision.Double };

    private static Ddpg<double> Prepared(DdpgOptions options) => Filled(new Ddpg<double>(Context(30), Small(options)));

    private static Td3<double> Prepared(Td3Options options) => Filled(new Td3<double>(Context(30), Small(options)));

    private static TLearner Filled<TLearner>(TLearner learner)
        where TLearner : OffPolicyLearner<double>
    {
        learner.Collect(500, new RecordingSink());
        learner.Sample();
        return learner;
    }
}
