using Stackelberg.Agents.Algorithms;
using Stackelberg.Bilevel;

namespace Stackelberg.Agents;

/// <summary>What no range can say of the options of an off-policy method.</summary>
internal static class OffPolicyFaults
{
    /// <summary>The contradictions, with the key first.</summary>
    public static IEnumerable<(string Key, string Message)> Of(OffPolicyOptions options) => [.. OfSac(options as SacOptions), .. OfLeader(options)];

    /// <summary>Settings that differ from their defaults and that nothing reads.</summary>
    public static IEnumerable<(string Key, string Message)> UnreadOf(OffPolicyOptions options)
    {
        if (options.Leading is { Leader: LeaderRole.None, UpdateOrder: UpdateOrder.Simultaneous })
        {
            yield return ("update_order", "nobody leads, and the critic moves first; leader=actor with hypergradient.method=first-order moves both at once.");
        }

        if (options.Leading is { Leader: LeaderRole.None, FollowerSteps: > 1 })
        {
            yield return ("follower_steps", "nobody leads, so nobody follows; with leader=actor the critic takes so many steps, with leader=critic the actor.");
        }

        foreach ((string Key, string Message) unread in
            (IEnumerable<(string, string)>)[.. options.Actor.Unread("actor"), .. options.Critic.Unread("critic"), .. HypergradientFaults.UnreadOf(options.Leading)])
        {
            yield return unread;
        }
    }

    private static IEnumerable<(string Key, string Message)> OfSac(SacOptions? options)
    {
        if (options is null)
        {
            yield break;
        }

        if (options.TargetPolicy != TargetPolicy.Current)
        {
            yield return ("target_policy", "SAC has no target actor: set target_policy=current.");
        }

        if (options.ActionNoise != 0)
        {
            yield return ("action_noise", "SAC explores by drawing from its actor and adds no noise: set action_noise=0.");
        }

        if (options is { Autotune: true, Temperature: 0 })
        {
            yield return ("temperature", "autotune moves the logarithm of the temperature and needs a start above 0.");
        }

        if (options.PolicyDelay > 1 && options.Leading.Leader != LeaderRole.None)
        {
            yield return ("policy_delay", "the actor makes up for the rounds it misses by steps without a leader: leave this at 1 with one.");
        }
    }

    private static IEnumerable<(string Key, string Message)> OfLeader(OffPolicyOptions options)
    {
        OffPolicyLeaderOptions leading = options.Leading;
        HypergradientOptions hypergradient = leading.Hypergradient;
        bool criticLeads = leading.Leader == LeaderRole.Critic;
        if (leading.Leader == LeaderRole.None)
        {
            yield break;
        }

        if (leading.FollowerLoss == FollowerLoss.Bellman && options is not SacOptions && options.TargetPolicy == TargetPolicy.Target)
        {
            yield return ("follower_loss", "bellman makes the critic's target depend on the actor, which it does not at a target actor's actions: set target_policy=current with it.");
        }

        bool isImplicit = hypergradient.Method == HypergradientMethod.Implicit;
        if (isImplicit && hypergradient.OuterProduct == OuterProduct.OfMeans
            && (criticLeads || leading.FollowerLoss != FollowerLoss.Policy || hypergradient.Curvature != Curvature.GaussNewton))
        {
            yield return ("hypergradient.outer_product", "of-means is a Gauss-Newton curvature at the actor's actions: set leader=actor, follower_loss=policy and hypergradient.curvature=gauss-newton with it.");
        }

        if (isImplicit && !hypergradient.ErrorTerms && (criticLeads || leading.FollowerLoss == FollowerLoss.Bellman))
        {
            yield return ("hypergradient.error_terms", "there are terms in the critic's error only where the actor leads with follower_loss=policy: leave this true otherwise.");
        }

        if (isImplicit && !criticLeads && hypergradient.Solver == "nystrom-released" && (options is SacOptions || hypergradient.OuterProduct == OuterProduct.OfMeans))
        {
            yield return ("hypergradient.solver", $"nystrom-released mixes up the tensors of one critic, and {(options is SacOptions ? "SAC has two" : "outer_product=of-means tells none")}; use nystrom.");
        }

        if (isImplicit && !criticLeads && options is SacOptions && hypergradient is { Columns: NystromColumns.GaussNewton, Curvature: Curvature.Hessian })
        {
            yield return ("hypergradient.columns", "gauss-newton draws by a diagonal that the Hessian of SAC's two critics does not tell: set hypergradient.curvature=gauss-newton with it, or columns=fresh or fixed.");
        }

        foreach ((string Key, string Message) fault in HypergradientFaults.Of(leading))
        {
            yield return fault;
        }
    }
}
