using Stackelberg.Agents.Algorithms;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>Sets what makes off-policy options Stackelberg ones, whatever the base.</summary>
internal static class OffPolicyStackelberg
{
    public static OffPolicyOptions With(OffPolicyOptions options, LeaderRole leader, FollowerLoss loss, HypergradientOptions? hypergradient = null)
    {
        options = options with
        {
            Leading = options.Leading with { Leader = leader, FollowerLoss = loss, Hypergradient = hypergradient ?? options.Leading.Hypergradient },
        };
        return options switch
        {
            SacOptions => options,
            Td3Options td3 => td3 with { TargetPolicy = Target(loss), TargetNoise = 0.9, NoiseClip = 2 },
            _ => options with { TargetPolicy = Target(loss) },
        };
    }

    private static TargetPolicy Target(FollowerLoss loss) => loss == FollowerLoss.Bellman ? TargetPolicy.Current : TargetPolicy.Target;
}
