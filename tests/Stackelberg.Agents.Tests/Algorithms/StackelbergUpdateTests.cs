using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Algorithms;

/// <summary>Who moves when, and from where, in one update with a leader.</summary>
public sealed class StackelbergUpdateTests
{
    private static readonly OffPolicyHypergradientOptions Solved = new() { Solver = "exact", Damping = 2 };

    public static TheoryData<string, FollowerLoss, UpdateOrder> Cases
    {
        get
        {
            var data = new TheoryData<string, FollowerLoss, UpdateOrder>();
            foreach (string id in (string[])["st-ddpg", "std3-cg", "st-sac"])
            {
                foreach (FollowerLoss loss in Enum.GetValues<FollowerLoss>())
                {
                    data.Add(id, loss, UpdateOrder.Simultaneous);
                    data.Add(id, loss, UpdateOrder.CriticFirst);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_leading_actor_descends_the_total_derivative_at_the_point_its_order_of_play_gives(string id, FollowerLoss loss, UpdateOrder order)
    {
        using OffPolicyGame game = Game(id, Leader.Actor, loss, order);
        using OffPolicyGame twin = Game(id, Leader.Actor, loss, order);
        game.RestoreNoise();
        // TD3's actor moves in the second of two updates
        game.Learner.StackelbergUpdate(1, new RecordingSink());

        twin.RestoreNoise();
        twin.Learner.BellmanTargets();
        twin.Learner.CriticGradients(fix: true);
        if (order == UpdateOrder.CriticFirst)
        {
            twin.Learner.StepCritics(track: false);
        }

        double[] expected = new double[twin.Learner.Actor.Parameters.Length];
        new ImplicitHypergradient<double>(new ExactSolver<double>())
            .Compute(new OffPolicyActorLeads<double>(twin.Learner, twin.Choice, Solved), Solved.Damping, expected);
        Learners.RelativeError(game.Learner.ActorGradient.Span, expected).ShouldBeLessThan(1e-12);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Leading_critics_descend_the_total_derivative_and_the_actor_its_own_gradient(string id, FollowerLoss loss, UpdateOrder order)
    {
        using OffPolicyGame game = Game(id, Leader.Critic, loss, order);
        using OffPolicyGame twin = Game(id, Leader.Critic, loss, order);
        game.RestoreNoise();
        game.Learner.StackelbergUpdate(1, new RecordingSink());

        twin.RestoreNoise();
        twin.Learner.BellmanTargets();
        twin.Learner.CriticGradients(fix: true);
        var problem = new OffPolicyCriticLeads<double>(twin.Learner, twin.Choice, Solved);
        double[] expected = new double[problem.LeaderDimension];
        new ImplicitHypergradient<double>(new ExactSolver<double>()).Compute(problem, Solved.Damping, expected);
        Learners.RelativeError(game.CriticGradient(game.Critics.Count), expected).ShouldBeLessThan(1e-12);

        if (order == UpdateOrder.CriticFirst)
        {
            expected.AsSpan(0, twin.Critics[0].Gradient.Length).CopyTo(twin.Critics[0].Gradient.Span);
            expected.AsSpan(expected.Length - twin.Critics[^1].Gradient.Length).CopyTo(twin.Critics[^1].Gradient.Span);
            twin.Learner.StepCritics(track: true);
            twin.Learner.ActorLossGradient();
        }

        Learners.RelativeError(game.Learner.ActorGradient.Span, twin.Learner.ActorGradient.Span).ShouldBeLessThan(1e-12);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Target_networks_follow_once_by_their_share(string id, FollowerLoss loss, UpdateOrder order)
    {
        foreach (Leader leader in (Leader[])[Leader.Actor, Leader.Critic])
        {
            using OffPolicyGame game = Game(id, leader, loss, order, followerSteps: 3);
            double[] before = game.Critics[0].Target.Span.ToArray();
            game.Learner.StackelbergUpdate(1, new RecordingSink());
            QCritic<double> critic = game.Critics[0];
            double[] expected = [.. before.Select((t, i) => (0.5 * t) + (0.5 * critic.Parameters[i]))];
            Learners.RelativeError(critic.Target.Span, expected).ShouldBeLessThan(1e-14);
        }
    }

    [Theory]
    [InlineData(Leader.Actor)]
    [InlineData(Leader.Critic)]
    public void SAC_has_no_target_actor_with_a_leader_either(Leader leader)
    {
        using OffPolicyGame game = OffPolicyGame.Of("st-sac", o => OffPolicyStackelberg.With(o, leader, FollowerLoss.Bellman));
        double[] actor = game.Learner.Actor.Parameters.Span.ToArray(), before = game.Learner.Actor.Target.Span.ToArray();
        game.Learner.StackelbergUpdate(1, new RecordingSink());
        game.Learner.Actor.Parameters.Span.ToArray().ShouldNotBe(actor);
        game.Learner.Actor.Target.Span.ToArray().ShouldBe(before);
    }

    [Fact]
    public void Without_a_leader_the_options_change_nothing()
    {
        MemoryState bare = Trained("ddpg", static o => o);
        MemoryState led = Trained("st-ddpg", static o => (StackelbergDdpgOptions)o with { Leader = Leader.None, TargetPolicy = TargetPolicy.Target });
        led.FirstDifference(bare).ShouldBeNull();
    }

    [Theory]
    [InlineData("sddpg-cg")]
    [InlineData("st-ddpg")]
    [InlineData("std3-cg")]
    [InlineData("st-sac")]
    public void Adaptive_damping_moves(string id)
    {
        var adaptive = new OffPolicyHypergradientOptions { Damping = 1, DampingSchedule = DampingKind.Adaptive, Iterations = 3 };
        using OffPolicyGame game = OffPolicyGame.Of(id, o => OffPolicyStackelberg.With(o, Leader.Actor, FollowerLoss.Policy, adaptive) with { UpdateAfter = 100 });
        var sink = new RecordingSink();
        for (int i = 0; i < 3; i++)
        {
            game.Learner.Iterate(50, sink);
        }

        sink.Reports[^1].Solve.Damping.ShouldNotBe(1);
        double.IsFinite(sink.Reports[^1].Solve.Damping).ShouldBeTrue();
    }

    [Theory]
    [InlineData("st-ddpg")]
    [InlineData("st-sac")]
    public void The_critics_quadratic_model_predicts_a_small_step_to_third_order(string id)
    {
        using OffPolicyGame game = OffPolicyGame.Of(id);
        OffPolicyLearner<double> learner = game.Learner;
        var check = new CriticModelCheck<double>(learner);
        check.Mark(learner.CriticGradients());
        learner.StepCritics(track: false);
        double actual = check.ActualReduction();
        actual.ShouldBeGreaterThan(0);
        double predicted = check.PredictedReduction();
        predicted.ShouldBe(actual, 1e-4 * actual);
    }

    private static MemoryState Trained(string id, Func<OffPolicyOptions, OffPolicyOptions> change)
    {
        AlgorithmDescriptor descriptor = AlgorithmCatalogue.BuiltIn.Find(id)!;
        OffPolicyOptions options = change((OffPolicyOptions)descriptor.CreateOptions() with
        {
            Actor = OffPolicyGame.Network,
            Critic = OffPolicyGame.Network,
            BufferSize = 400,
            LearningStarts = 100,
            UpdateAfter = 100,
        });
        using IAlgorithm learner = descriptor.Create(new AlgorithmContext(new Drift(discrete: false, 20), RandomStream.FromSeed(4), 10_000, 1), options);
        for (int i = 0; i < 4; i++)
        {
            learner.Iterate(50, new RecordingSink());
        }

        return MemoryState.Of(learner);
    }

    private static OffPolicyGame Game(string id, Leader leader, FollowerLoss loss, UpdateOrder order, int followerSteps = 1) => OffPolicyGame.Of(id, options =>
        OffPolicyStackelberg.With(options, leader, loss, Solved) with { Polyak = 0.5 } switch
        {
            StackelbergDdpgOptions o => o with { UpdateOrder = order, FollowerSteps = followerSteps },
            StackelbergTd3Options o => o with { UpdateOrder = order, FollowerSteps = followerSteps },
            StackelbergSacOptions o => o with { UpdateOrder = order, FollowerSteps = followerSteps },
            OffPolicyOptions o => o,
        });
}
