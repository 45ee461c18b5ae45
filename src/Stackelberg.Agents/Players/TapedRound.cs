using System.Numerics;
using Stackelberg.Bilevel;

namespace Stackelberg.Agents;

/// <summary>Seats an actor and a critic whose two objectives are recorded on a tape: what a method of one's own needs of leaders.</summary>
public static class TapedRound
{
    /// <summary>Makes the round that the options describe: whoever leads, by any hypergradient.</summary>
    /// <param name="leading">Who leads, and how; of <see cref="OffPolicyLeaderOptions"/> the order and the follower's steps too, otherwise the critic moves first.</param>
    /// <param name="actor">θ</param>
    /// <param name="critic">w</param>
    /// <param name="record">
    /// Records (f_A, f_C) from the tape, the actor's and the critic's tensors, in this order whoever leads. The actor descends f_A, the critic f_C.
    /// </param>
    /// <param name="context">Of the learner: where sampling solvers draw from, and the solvers there are.</param>
    /// <param name="differentiatesTarget">Whether f_C depends on the actor through the critic's target network, which then waits for the leader's derivative.</param>
    public static Round<T> Of<T>(
        LeaderOptions leading, Player<T> actor, Player<T> critic, RecordLosses<T> record, AlgorithmContext context, bool differentiatesTarget = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool leads = leading.Leader != LeaderRole.None, criticLeads = leading.Leader == LeaderRole.Critic;
        (Player<T> first, Player<T> second) = criticLeads ? (critic, actor) : (actor, critic);
        var problem = new TapeProblem<T>(first.Layout, first.Parameters, second.Layout, second.Parameters, criticLeads ? Swapped(record) : record);
        OffPolicyLeaderOptions? off = leads ? leading as OffPolicyLeaderOptions : null;
        return new Round<T>(problem, first, second, leads ? leading.Hypergradient : null, context.Random, context.Solvers)
        {
            Order = off?.UpdateOrder == UpdateOrder.Simultaneous ? PlayOrder.Simultaneous : criticLeads ? PlayOrder.LeaderFirst : PlayOrder.FollowerFirst,
            FollowerSteps = off?.FollowerSteps ?? 1,
            DifferentiatesTarget = differentiatesTarget,
        };
    }

    private static RecordLosses<T> Swapped<T>(RecordLosses<T> record)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (tape, leader, follower) =>
    {
        BilevelLosses losses = record(tape, follower, leader);
        // residuals are those of f_C, which is the leader's now
        return new BilevelLosses(losses.Follower, losses.Leader);
    };
}
