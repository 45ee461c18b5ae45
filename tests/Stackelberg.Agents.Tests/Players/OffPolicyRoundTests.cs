using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Players;

/// <summary>Who moves when, and from where, in one update with a leader.</summary>
public sealed class OffPolicyRoundTests
{
    private static readonly HypergradientOptions Solved = new() { Solver = "exact", Damping = 2, Guard = false };

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
        using OffPolicyGame game = Game(id, LeaderRole.Actor, loss, order);
        using OffPolicyGame twin = Twin(game, id, LeaderRole.Actor, loss, order);
        game.Play();

        if (order == UpdateOrder.CriticFirst)
        {
            twin.Problem.Linearise(Derivatives.Descent);
            twin.Problem.FollowerDescent(twin.Critic.Gradient.Span);
            twin.Critic.Step();
            twin.Problem.Linearise(Derivatives.Direct | Derivatives.Implicit);
        }
        else
        {
            twin.Problem.Linearise();
        }

        double[] expected = new double[twin.Actor.Parameters.Length];
        new ImplicitHypergradient<double>(new ExactSolver<double>()).Compute(twin.Problem, Solved.Damping, expected);
        Learners.RelativeError(game.Actor.Gradient.Span, expected).ShouldBeLessThan(1e-12);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Leading_critics_descend_the_total_derivative_and_the_actor_its_own_gradient(string id, FollowerLoss loss, UpdateOrder order)
    {
        using OffPolicyGame game = Game(id, LeaderRole.Critic, loss, order);
        using OffPolicyGame twin = Twin(game, id, LeaderRole.Critic, loss, order);
        game.Play();

        twin.Problem.Linearise();
        double[] expected = new double[twin.Problem.LeaderDimension];
        new ImplicitHypergradient<double>(new ExactSolver<double>()).Compute(twin.Problem, Solved.Damping, expected);
        Learners.RelativeError(game.CriticGradient(game.Critics.Count), expected).ShouldBeLessThan(1e-12);

        if (order == UpdateOrder.CriticFirst)
        {
            expected.CopyTo(twin.Critic.Gradient.Span);
            twin.Critic.Step(track: true);
            twin.Problem.Linearise(Derivatives.Descent);
        }

        twin.Problem.FollowerDescent(twin.Actor.Gradient.Span);
        Learners.RelativeError(game.Actor.Gradient.Span, twin.Actor.Gradient.Span).ShouldBeLessThan(1e-12);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Target_networks_follow_once_by_their_share(string id, FollowerLoss loss, UpdateOrder order)
    {
        foreach (LeaderRole leader in (LeaderRole[])[LeaderRole.Actor, LeaderRole.Critic])
        {
            using OffPolicyGame game = Game(id, leader, loss, order, followerSteps: 3);
            double[] before = game.Critics[0].Target.Span.ToArray();
            game.Play();
            QNetwork<double> critic = game.Critics[0];
            double[] expected = [.. before.Select((t, i) => (0.5 * t) + (0.5 * critic.Parameters[i]))];
            Learners.RelativeError(critic.Target.Span, expected).ShouldBeLessThan(1e-14);
        }
    }

    [Theory]
    [InlineData(LeaderRole.Actor)]
    [InlineData(LeaderRole.Critic)]
    public void SAC_has_no_target_actor_with_a_leader_either(LeaderRole leader)
    {
        using OffPolicyGame game = OffPolicyGame.Of("st-sac", o => OffPolicyStackelberg.With(o, leader, FollowerLoss.Bellman));
        double[] actor = game.Actor.Parameters.Span.ToArray();
        game.Play();
        game.Actor.Parameters.Span.ToArray().ShouldNotBe(actor);
        game.Actor.HasTarget.ShouldBeFalse();
        game.Actor.Target.Length.ShouldBe(0);
    }

    [Fact]
    public void Without_a_leader_the_options_change_nothing()
    {
        MemoryState bare = Trained("ddpg", static o => o);
        MemoryState led = Trained("st-ddpg", static o => o with
        {
            Leading = o.Leading with { Leader = LeaderRole.None, FollowerSteps = 3 },
            TargetPolicy = TargetPolicy.Target,
        });
        led.FirstDifference(bare).ShouldBeNull();
    }

    [Theory]
    [InlineData("sddpg-cg")]
    [InlineData("st-ddpg")]
    [InlineData("std3-cg")]
    [InlineData("st-sac")]
    public void Adaptive_damping_moves(string id)
    {
        var adaptive = new HypergradientOptions { Guard = false, Damping = 1, DampingSchedule = DampingKind.Adaptive, Iterations = 3 };
        using OffPolicyGame game = OffPolicyGame.Of(id, o => OffPolicyStackelberg.With(o, LeaderRole.Actor, FollowerLoss.Policy, adaptive) with { UpdateAfter = 100 });
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
        Leader<double> leader = game.Round.Leader!;
        game.Problem.Linearise();
        leader.BeforeFollower(game.Problem);
        game.Problem.FollowerDescent(game.Critic.Gradient.Span);
        game.Critic.Step();
        (double actual, double predicted) = leader.Reductions(game.Problem);
        actual.ShouldBeGreaterThan(0);
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

    /// <summary>A game after its first round: TD3's actor moves in the second of two.</summary>
    private static OffPolicyGame Game(string id, LeaderRole leader, FollowerLoss loss, UpdateOrder order, int followerSteps = 1)
    {
        OffPolicyGame game = Fresh(id, leader, loss, order, followerSteps);
        game.Play();
        return game;
    }

    /// <summary>Another game in the same state, with the same batch drawn.</summary>
    private static OffPolicyGame Twin(OffPolicyGame game, string id, LeaderRole leader, FollowerLoss loss, UpdateOrder order)
    {
        OffPolicyGame twin = Fresh(id, leader, loss, order, followerSteps: 1);
        MemoryState.Of(game.Learner).Restore(twin.Learner);
        game.Replay.Sample();
        twin.Replay.Sample();
        return twin;
    }

    private static OffPolicyGame Fresh(string id, LeaderRole leader, FollowerLoss loss, UpdateOrder order, int followerSteps) => OffPolicyGame.Of(id, options =>
    {
        options = OffPolicyStackelberg.With(options, leader, loss, Solved) with { Polyak = 0.5 };
        return options with { Leading = options.Leading with { UpdateOrder = order, FollowerSteps = followerSteps } };
    });
}
