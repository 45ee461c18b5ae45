using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Problems;

/// <summary>One update of DDPG, TD3 and SAC: each player's gradient is that of the recorded formulas, at the other player as the order has it.</summary>
public sealed class OffPolicyRoundTests
{
    public static TheoryData<string, LeaderRole, UpdateOrder> Cases()
    {
        var cases = new TheoryData<string, LeaderRole, UpdateOrder>();
        foreach (UpdateOrder order in Enum.GetValues<UpdateOrder>())
        {
            foreach (string id in new[] { "ddpg", "td3" })
            {
                cases.Add(id, LeaderRole.Actor, order);
                cases.Add(id, LeaderRole.Critic, order);
            }

            cases.Add("sac", LeaderRole.Actor, order);
        }

        // without a leader the order is the base's
        cases.Add("ddpg", LeaderRole.None, UpdateOrder.CriticFirst);
        cases.Add("td3", LeaderRole.None, UpdateOrder.CriticFirst);
        cases.Add("sac", LeaderRole.None, UpdateOrder.CriticFirst);

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_player_takes_its_gradient_where_the_order_of_the_update_has_it(string id, LeaderRole leader, UpdateOrder order)
    {
        using ReplayParts parts = ReplayParts.Of(
            id, leader, FollowerLoss.Policy, static o => o with { Solver = "cholesky", Curvature = Curvature.GaussNewton, Damping = 1 }, order);
        (Player<double> actor, Player<double> critic) = (parts.Objectives.Actor, parts.Critics.Player);
        if (id == "td3")
        {
            RestsExceptForTheCritic(parts);
        }

        (double[] theta, double[] w) = (actor.Parameters.Span.ToArray(), critic.Parameters.Span.ToArray());
        (double[] targetTheta, double[] targetW) = (actor.Target.Span.ToArray(), critic.Target.Span.ToArray());
        parts.Round.Play(0, new TrainingClock(), new RecordingSink());
        double[] movedTheta = actor.Parameters.Span.ToArray(), movedW = critic.Parameters.Span.ToArray();
        movedTheta.ShouldNotBe(theta);
        movedW.ShouldNotBe(w);
        Followed(actor, targetTheta, parts.Options.Polyak);
        Followed(critic, targetW, parts.Options.Polyak);

        theta.CopyTo(actor.Parameters.Span);
        (order == UpdateOrder.CriticFirst ? movedW : w).CopyTo(critic.Parameters.Span);
        Twins.Near(actor.Gradient.Span, ActorGradient(parts), "the actor's gradient");
        w.CopyTo(critic.Parameters.Span);
        Twins.Near(critic.Gradient.Span, CriticGradient(parts), "the critics' gradient");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Updates_allocate_nothing_once_they_are_running(string id, LeaderRole leader, UpdateOrder order)
    {
        using ReplayParts parts = ReplayParts.Of(id, leader, FollowerLoss.Policy, static o => o with { Damping = 1 }, order);
        (TrainingClock clock, ITrainingSink sink) = (new TrainingClock(), new Deaf());
        for (int i = 0; i < 4; i++)
        {
            parts.Round.Play(i, clock, sink);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            parts.Round.Play(i, clock, sink);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Theory]
    [InlineData("cholesky", HypergradientMethod.Implicit, true)]
    [InlineData("cholesky", HypergradientMethod.FirstOrder, false)]
    [InlineData("exact", HypergradientMethod.Darts, false)]
    [InlineData("cg", HypergradientMethod.Implicit, false)]
    public void A_follower_too_large_for_the_solver_is_refused_where_something_is_solved(string solver, HypergradientMethod method, bool refused)
    {
        var wide = new NetworkOptions { Hidden = [100, 100] };
        DdpgOptions options = new()
        {
            Actor = wide,
            Critic = wide,
            BatchSize = 2,
            BufferSize = 10,
            Leading = new() { Leader = LeaderRole.Actor, Hypergradient = new() { Solver = solver, Method = method } },
        };
        var context = new AlgorithmContext(new Drift(discrete: false, 5), RandomStream.FromSeed(1), 100, 1);
        Exception? error = Record.Exception(() => new Ddpg<double>(context, options).Dispose());
        (error is NotSupportedException).ShouldBe(refused, error?.Message);
    }

    private static double[] ActorGradient(ReplayParts parts)
    {
        TapeProblem<double> twin = ReplayTwin.Of(parts);
        twin.Linearise();
        return parts.Options.Leading.Leader switch
        {
            LeaderRole.None => Twins.Ask(twin.LeaderDimension, s => twin.DirectGradient(s)),
            LeaderRole.Actor => Total(twin),
            _ => Twins.Ask(twin.FollowerDimension, twin.FollowerGradient),
        };
    }

    private static double[] CriticGradient(ReplayParts parts)
    {
        TapeProblem<double> twin = parts.Options.Leading.Leader == LeaderRole.Critic ? ReplayTwin.Of(parts) : ReplayTwin.Descent(parts);
        twin.Linearise();
        return parts.Options.Leading.Leader == LeaderRole.Critic ? Total(twin) : Twins.Ask(twin.LeaderDimension, s => twin.DirectGradient(s));
    }

    private static double[] Total(TapeProblem<double> twin)
    {
        var implicitly = new ImplicitHypergradient<double>(new CholeskySolver<double>(), new ImplicitHypergradientOptions { Curvature = Curvature.GaussNewton });
        return Twins.Ask(twin.LeaderDimension, s => implicitly.Compute(twin, 1, s));
    }

    /// <summary>TD3's first update of two: the critics move, the actor and all targets rest.</summary>
    private static void RestsExceptForTheCritic(ReplayParts parts)
    {
        (Player<double> actor, Player<double> critic) = (parts.Objectives.Actor, parts.Critics.Player);
        double[][] before = [actor.Parameters.Span.ToArray(), actor.Target.Span.ToArray(), critic.Target.Span.ToArray(), critic.Parameters.Span.ToArray()];
        parts.Round.Play(0, new TrainingClock(), new RecordingSink());
        actor.Parameters.Span.ToArray().ShouldBe(before[0]);
        actor.Target.Span.ToArray().ShouldBe(before[1]);
        critic.Target.Span.ToArray().ShouldBe(before[2]);
        critic.Parameters.Span.ToArray().ShouldNotBe(before[3]);
    }

    private static void Followed(Player<double> player, double[] target, double polyak)
    {
        for (int i = 0; i < target.Length; i++)
        {
            player.Target[i].ShouldBe((polyak * target[i]) + ((1 - polyak) * player.Parameters[i]), 1e-14);
        }
    }

    /// <summary>Hears nothing and keeps nothing.</summary>
    private sealed class Deaf : ITrainingSink
    {
        public void Episode(in EpisodeSummary episode)
        {
        }

        public void Metric(string name, double value)
        {
        }

        public void Hypergradient(in HypergradientReport report)
        {
        }
    }
}
