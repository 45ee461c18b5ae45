using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Games;

namespace Stackelberg.Agents.Catalogue;

/// <summary>Methods for several agents.</summary>
internal static class GameEntries
{
    private const string Paper = "Zhang, Chen, Huang, Li, Yang, Zhang, Wang: Bi-level Actor-Critic for Multi-agent Coordination. AAAI 2020, arXiv 1909.03510.";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<AlgorithmDescriptor> All { get; } = [BilevelQ, BiAc];

    private static AlgorithmDescriptor BiAc => new()
    {
        Id = "bi-ac",
        Title = "Bi-level actor-critic",
        Summary = "The leader has a critic Q_1(s, a_1, a_2) and takes argmax over a_1 at the answers a_2 ~ pi_2(. | s, a_1) of the follower, whose actor sees the leader's action;\n"
            + "both critics are moved towards r_i + gamma Q_i(s', a') of the same following joint action, the actor up Q_2.",
        References = [$"{Paper} Algorithm 1."],
        OptionsType = typeof(BiAcOptions),
        IsMultiAgent = true,
        Unread = BiAcOptions.Ignored,
        Create = static (context, options) => (BiAcOptions)options is { Precision: Precision.Double } wide ? new BiAc<double>(context, wide) : new BiAc<float>(context, (BiAcOptions)options),
    };

    private static AlgorithmDescriptor BilevelQ => new()
    {
        Id = "bilevel-q",
        Title = "Bi-level Q-learning (tables)",
        Summary = "Every agent keeps a table Q_i(s, a) of joint actions. The leader chooses a_1 = argmax Q_1(s, a_1, b(s, a_1)) by the follower's answer b(s, a_1) = argmax Q_2(s, a_1, a_2);\n"
            + "both tables are moved towards r_i + gamma Q_i(s', a') of the joint action a' that follows in the next state.",
        References = [$"{Paper} Equations 8 to 11."],
        OptionsType = typeof(TabularOptions),
        IsMultiAgent = true,
        Validate = TabularOptions.Faults,
        Unread = TabularOptions.Ignored,
        Create = static (context, options) => new BilevelQ(context, (TabularOptions)options),
    };
}
