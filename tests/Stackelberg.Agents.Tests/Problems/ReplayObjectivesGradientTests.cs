using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Problems;
using Stackelberg.Agents.Replay;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Tests.Problems;

/// <summary>Objectives without a leader: gradients and targets, with the learners' own settings.</summary>
public sealed class ReplayObjectivesGradientTests
{
    private static readonly NetworkOptions Network = OffPolicyOptions.Wide([5, 4]) with { Activation = Activation.Tanh };

    [Fact]
    public void The_actors_gradient_agrees_with_finite_differences()
    {
        using Ddpg<double> ddpg = Prepared(new DdpgOptions());
        Player<double> actor = ddpg.Objectives.Actor;
        double Loss()
        {
            ddpg.Objectives.Linearise(Asked.ActorGradient);
            return ddpg.Objectives.ActorGradient(actor.Gradient.Span);
        }

        Loss();
        Check(actor.Parameters, actor.Gradient.Span.ToArray(), Loss);
    }

    [Fact]
    public void The_critics_gradient_agrees_with_finite_differences_at_fixed_targets()
    {
        using Ddpg<double> ddpg = Prepared(new DdpgOptions());
        ddpg.Objectives.Linearise(Asked.CriticGradient);
        Player<double> critic = ddpg.Objectives.Critic;
        double Loss() => ddpg.Objectives.CriticGradient(critic.Gradient.Span);
        Loss();
        Check(critic.Parameters, critic.Gradient.Span.ToArray(), Loss);
    }

    [Fact]
    public void Targets_of_ddpg_agree_with_a_plain_loop()
    {
        using Ddpg<double> ddpg = Prepared(new DdpgOptions());
        ddpg.Objectives.Linearise(Asked.CriticGradient);
        QCritics<double> critics = ddpg.Objectives.Critics;
        MlpLayout policy = ((DeterministicActor<double>)ddpg.Policy).Layout;
        ReplayBatch<double> batch = ddpg.Replay.Batch;
        batch.Continues.ShouldContain(0);
        batch.Continues.ShouldContain(1);
        for (int i = 0; i < batch.Rows; i++)
        {
            double[] next = batch.NextObservations.Row(i).ToArray();
            double[] action = PlainNetwork.Evaluate(policy, ddpg.Objectives.Actor.Target, next);
            double q = PlainNetwork.Evaluate(critics.Layout, critics.Networks[0].Target, [.. next, .. action])[0];
            double expected = batch.Rewards[i] + (batch.Continues[i] == 0 ? 0 : 0.99 * q);
            ddpg.Objectives.Targets[i].ShouldBe(expected, 1e-12);
        }
    }

    [Fact]
    public void Targets_of_td3_take_the_smaller_critic_at_an_action_with_clipped_noise()
    {
        using Td3<double> td3 = Prepared(new Td3Options { TargetNoise = 0.5, NoiseClip = 0.3 });
        QCritics<double> critics = td3.Objectives.Critics;
        MlpLayout policy = ((DeterministicActor<double>)td3.Policy).Layout;
        ReplayBatch<double> batch = td3.Replay.Batch;

        // level the critics, so that either is the smaller one in some rows
        double Gap(int row)
        {
            double[] next = batch.NextObservations.Row(row).ToArray();
            double[] input = [.. next, .. PlainNetwork.Evaluate(policy, td3.Objectives.Actor.Target, next)];
            return PlainNetwork.Evaluate(critics.Layout, critics.Networks[1].Target, input)[0]
                - PlainNetwork.Evaluate(critics.Layout, critics.Networks[0].Target, input)[0];
        }

        critics.Networks[1].Target[critics.Layout.Bias(critics.Layout.Layers - 1).Offset] -= Enumerable.Range(0, batch.Rows).Average(Gap);
        double[] noise = new double[2 * batch.Rows];
        RandomStream.FromSeed(5).Split("smoothing").FillNormalBlock(noise);
        td3.Objectives.Linearise(Asked.CriticGradient);
        int clipped = 0;
        int second = 0;
        for (int i = 0; i < batch.Rows; i++)
        {
            double[] next = batch.NextObservations.Row(i).ToArray();
            double[] action = PlainNetwork.Evaluate(policy, td3.Objectives.Actor.Target, next);
            for (int j = 0; j < action.Length; j++)
            {
                double draw = 0.5 * noise[(2 * i) + j];
                clipped += Math.Abs(draw) > 0.3 ? 1 : 0;
                action[j] = Math.Clamp(action[j] + Math.Clamp(draw, -0.3, 0.3), -1, 1);
            }

            double[] q = [.. critics.Networks.Select(c => PlainNetwork.Evaluate(critics.Layout, c.Target, [.. next, .. action])[0])];
            second += q[1] < q[0] ? 1 : 0;
            td3.Objectives.Targets[i].ShouldBe(batch.Rewards[i] + (batch.Continues[i] == 0 ? 0 : 0.99 * q.Min()), 1e-12);
        }

        // the batch exercises the clip and both critics
        clipped.ShouldBeGreaterThan(0);
        second.ShouldBeInRange(1, batch.Rows - 1);
    }

    [Fact]
    public void A_truncated_transition_is_bootstrapped_and_a_terminated_one_is_not()
    {
        // every episode is cut after two steps and none terminates that early
        using var ddpg = new Ddpg<double>(Context(limit: 2), Small(new DdpgOptions()));
        ddpg.Replay.Collect(40, new RecordingSink());
        ddpg.Replay.Sample();
        ddpg.Replay.Batch.Continues.ShouldAllBe(c => c == 1);
    }

    [Fact]
    public void Td3_moves_its_actor_and_targets_every_second_update_only()
    {
        using Td3<double> td3 = Prepared(new Td3Options());
        FlatVector<double> parameters = td3.Objectives.Actor.Parameters, follower = td3.Objectives.Critics.Networks[1].Target;
        double[] actor = parameters.Span.ToArray();
        double[] target = follower.Span.ToArray();
        td3.Round.Play(td3.Steps, new TrainingClock(), new RecordingSink());
        parameters.Span.ToArray().ShouldBe(actor);
        follower.Span.ToArray().ShouldBe(target);
        td3.Round.Play(td3.Steps, new TrainingClock(), new RecordingSink());
        parameters.Span.ToArray().ShouldNotBe(actor);
        follower.Span.ToArray().ShouldNotBe(target);
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

    private static Ddpg<double> Prepared(DdpgOptions options)
    {
        var ddpg = new Ddpg<double>(Context(30), Small(options));
        Fill(ddpg.Replay);
        return ddpg;
    }

    private static Td3<double> Prepared(Td3Options options)
    {
        var td3 = new Td3<double>(Context(30), Small(options));
        Fill(td3.Replay);
        return td3;
    }

    private static void Fill(Replay<double> replay)
    {
        replay.Collect(500, new RecordingSink());
        replay.Sample();
    }
}
