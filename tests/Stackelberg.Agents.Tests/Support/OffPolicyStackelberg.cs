using Stackelberg.Agents.Algorithms;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>Sets what makes off-policy options Stackelberg ones, whatever the base.</summary>
internal static class OffPolicyStackelberg
{
    public static IStackelbergOptions Choice(Leader leader, FollowerLoss loss) => new StackelbergDdpgOptions
    {
        Leader = leader,
        FollowerLoss = loss,
        UpdateOrder = UpdateOrder.Simultaneous,
    };

    public static OffPolicyOptions With(OffPolicyOptions options, Leader leader, FollowerLoss loss, OffPolicyHypergradientOptions? hypergradient = null) =>
        options switch
        {
            StackelbergDdpgOptions ddpg => ddpg with
            {
                Leader = leader,
                FollowerLoss = loss,
                TargetPolicy = Target(loss),
                Hypergradient = hypergradient ?? ddpg.Hypergradient,
            },
            StackelbergTd3Options td3 => td3 with
            {
                Leader = leader,
                FollowerLoss = loss,
                TargetPolicy = Target(loss),
                TargetNoise = 0.9,
                NoiseClip = 2,
                Hypergradient = hypergradient ?? td3.Hypergradient,
            },
            StackelbergSacOptions sac => sac with { Leader = leader, FollowerLoss = loss, Hypergradient = hypergradient ?? sac.Hypergradient },
            _ => throw new ArgumentException($"{options.GetType().Name} has no leader.", nameof(options)),
        };

    private static TargetPolicy Target(FollowerLoss loss) => loss == FollowerLoss.Bellman ? TargetPolicy.Current : TargetPolicy.Target;
}
