using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Games;

namespace Stackelberg.Agents.Catalogue;

/// <summary>Methods for several agents.</summary>
internal static class GameEntries
{
    private const string Paper = "Zhang, Chen, Huang, Li, Yang, Zhang, Wang: Bi-level Actor-Critic for Multi-agent Coordination. AAAI 2020, arXiv 1909.03510.";

    // the settings of the hysteretic and lenient baselines; each agent explores by itself
    private static GameDqnOptions Forgiving => new()
    {
        Critic = GameOptions.Network(1e-4),
        Polyak = 0,
        TargetEvery = 5000,
        UpdateAfter = 512,
        Exploration = new ExplorationOptions { RandomSteps = 500, Decay = 0.999999, Together = false },
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<AlgorithmDescriptor> All { get; } =
    [
        BiAc, BiAcContinuous,
        Dqn("i-dqn", "Independent deep Q-learning", "", new GameDqnOptions()),
        Dqn("hysteretic-dqn", "Hysteretic deep Q-learning", "\nNegative differences count negative_rate times.", Forgiving with { NegativeRate = 0.5 }),
        Dqn("lenient-dqn", "Lenient deep Q-learning", "\nNegative differences count exp(-K T) times, T cooling with every visit.", Forgiving with { Leniency = 1 }),
        Maddpg("maddpg", "Multi-agent DDPG", new MaddpgOptions()),
        Maddpg("ma-td3", "Multi-agent TD3", new MaddpgOptions { Critics = 2 }),
    ];

    private static AlgorithmDescriptor BiAc => new()
    {
        Id = "bi-ac",
        Title = "Bi-level actor-critic",
        Summary = "The leader has a critic Q_1(s, a_1, a_2) and takes argmax over a_1 at the answers a_2 ~ pi_2(. | s, a_1) of the follower, whose actor sees the leader's action;\n"
            + "both critics are moved towards r_i + gamma Q_i(s', a') of the same following joint action, the actor up Q_2.",
        References = [$"{Paper} Algorithm 1."],
        OptionsType = typeof(BiAcOptions),
        Presets = GamePresets.BiAc,
        IsMultiAgent = true,
        Unread = BiAcOptions.Ignored,
        Create = static (context, options) => (BiAcOptions)options is { Precision: Precision.Double } wide ? new BiAc<double>(context, wide) : new BiAc<float>(context, (BiAcOptions)options),
    };

    private static AlgorithmDescriptor BiAcContinuous => new()
    {
        Id = "bi-ac-continuous",
        Title = "Bi-level actor-critic for continuous actions and n levels",
        Summary = "Agent i has an actor mu_i(s, a_1, ..., a_{i-1}) that sees the actions of earlier levels and a critic Q_i(s, a_1, ..., a_n);\n"
            + "the actor goes up the total derivative of its critic through the answers of later levels, or up the partial one, as printed. The leader may act by soft Q instead.",
        References = [$"{Paper} Equations 18 to 22."],
        OptionsType = typeof(BiAcContinuousOptions),
        Presets = GamePresets.BiAcContinuous,
        IsMultiAgent = true,
        Unread = BiAcContinuousOptions.Ignored,
        Create = static (context, options) =>
            (BiAcContinuousOptions)options is { Precision: Precision.Double } wide ? new BiAcContinuous<double>(context, wide) : new BiAcContinuous<float>(context, (BiAcContinuousOptions)options),
    };

    private static AlgorithmDescriptor Dqn(string id, string title, string difference, GameDqnOptions defaults) => new()
    {
        Id = id,
        Title = title,
        Summary = "Every agent learns Q_i(o_i, a_i) towards r_i + gamma Q'_i(o_i', argmax_a Q_i(o_i', a)), as if the others were part of the environment." + difference,
        References =
        [
            "Tampuu et al.: Multiagent cooperation and competition with deep reinforcement learning. PLoS ONE 12(4), 2017.",
            "Omidshafiei et al.: Deep decentralized multi-task multi-agent reinforcement learning under partial observability. ICML 2017.",
            "Palmer, Tuyls, Bloembergen, Savani: Lenient multi-agent deep reinforcement learning. AAMAS 2018.",
        ],
        OptionsType = typeof(GameDqnOptions),
        Presets = id == "i-dqn" ? GamePresets.Dqn : GamePresets.Forgiving,
        Defaults = () => defaults with { },
        IsMultiAgent = true,
        Unread = GameDqnOptions.Ignored,
        Create = static (context, options) => (GameDqnOptions)options is { Precision: Precision.Double } wide ? new GameDqn<double>(context, wide) : new GameDqn<float>(context, (GameDqnOptions)options),
    };

    private static AlgorithmDescriptor Maddpg(string id, string title, MaddpgOptions defaults) => new()
    {
        Id = id,
        Title = title,
        Summary = "Every agent has an actor pi_i(. | o_i) and a critic Q_i(o_i, a) of the joint action, moved towards r_i + gamma Q'_i(o_i', a') with a_j' drawn from the target actors;\n"
            + "the actor goes up the critic at the others' actions from the buffer. Nobody sees another's action before it chooses.",
        References =
        [
            "Lowe, Wu, Tamar, Harb, Abbeel, Mordatch: Multi-agent actor-critic for mixed cooperative-competitive environments. NeurIPS 2017, arXiv 1706.02275.",
            "Ackermann, Gabler, Osa, Sugiyama: Reducing overestimation bias in multi-agent domains using double centralized critics. arXiv 1910.01465.",
        ],
        OptionsType = typeof(MaddpgOptions),
        Presets = GamePresets.Maddpg,
        Defaults = () => defaults with { },
        IsMultiAgent = true,
        Unread = MaddpgOptions.Ignored,
        Create = static (context, options) => (MaddpgOptions)options is { Precision: Precision.Double } wide ? new Maddpg<double>(context, wide) : new Maddpg<float>(context, (MaddpgOptions)options),
    };
}
