using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Games;

namespace Stackelberg.Agents.Catalogue;

/// <summary>Methods for several agents that keep tables.</summary>
internal static class TabularGameEntries
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<AlgorithmDescriptor> All { get; } =
    [
        new()
        {
            Id = "bilevel-q",
            Title = "Bi-level Q-learning (tables)",
            Summary = "Every agent keeps a table Q_i(s, a) of joint actions. The leader chooses a_1 = argmax Q_1(s, a_1, b(s, a_1)) by the follower's answer b(s, a_1) = argmax Q_2(s, a_1, a_2);\n"
                + "both tables are moved towards r_i + gamma Q_i(s', a') of the joint action a' that follows in the next state.",
            References = ["Zhang, Chen, Huang, Li, Yang, Zhang, Wang: Bi-level Actor-Critic for Multi-agent Coordination. AAAI 2020, arXiv 1909.03510. Equations 8 to 11."],
            OptionsType = typeof(TabularOptions),
            IsMultiAgent = true,
            Validate = TabularOptions.Faults,
            Unread = TabularOptions.Ignored,
            Create = static (context, options) => new BilevelQ(context, (TabularOptions)options),
        },
        Independent("independent-q", "Independent Q-learning (tables)", "", new IndependentQOptions(),
            "Tan: Multi-agent reinforcement learning: independent vs. cooperative agents. ICML 1993."),
        Independent("hysteretic-q", "Hysteretic Q-learning (tables)", "\nNegative differences count negative_rate times.", new IndependentQOptions { NegativeRate = 0.1 },
            "Matignon, Laurent, Le Fort-Piat: Hysteretic Q-learning: an algorithm for decentralized reinforcement learning in cooperative multi-agent teams. IROS 2007."),
        Independent("lenient-q", "Lenient Q-learning (tables)", "\nNegative differences count exp(-K T) times, T cooling with every visit.", new IndependentQOptions { Leniency = 1 },
            "Panait, Tuyls, Luke: Theoretical advantages of lenient learners: an evolutionary game theoretic perspective. JMLR 9, 2008.",
            "Wei, Luke: Lenient learning in independent-learner stochastic cooperative games. JMLR 17(84), 2016."),
        new()
        {
            Id = "minimax-q",
            Title = "Minimax-Q (tables)",
            Summary = "For two agents of opposite interests: one table Q(s, a_1, a_2), moved towards r_1 + gamma V(s') with V(s) = max over pi of min over a_2 of sum_{a_1} pi(a_1) Q(s, a_1, a_2),\n"
                + "the value of the stage game, by linear programming. Both play their mixed strategies.",
            References = ["Littman: Markov games as a framework for multi-agent reinforcement learning. ICML 1994."],
            OptionsType = typeof(TabularOptions),
            IsMultiAgent = true,
            Validate = TabularOptions.Faults,
            Unread = TabularOptions.IgnoredWhereMixed,
            Create = static (context, options) => new MinimaxQ(context, (TabularOptions)options),
        },
        new()
        {
            Id = "nash-q",
            Title = "Nash-Q (tables)",
            Summary = "For two agents: tables Q_i(s, a_1, a_2), moved towards r_i + gamma V_i(s'), V_i the value to agent i of one Nash equilibrium of the stage game (Q_1(s'), Q_2(s')).\n"
                + "A rule chooses among pure equilibria; where there is none a mixed one is played.",
            References = ["Hu, Wellman: Nash Q-learning for general-sum stochastic games. JMLR 4, 2003."],
            OptionsType = typeof(NashQOptions),
            IsMultiAgent = true,
            Validate = TabularOptions.Faults,
            Unread = TabularOptions.IgnoredWhereMixed,
            Create = static (context, options) => new NashQ(context, (NashQOptions)options),
        },
    ];

    private static AlgorithmDescriptor Independent(string id, string title, string difference, IndependentQOptions defaults, params string[] references) => new()
    {
        Id = id,
        Title = title,
        Summary = "Every agent keeps a table Q_i(o_i, a_i) of its own actions, moved towards r_i + gamma max_a Q_i(o_i', a), as if the others were part of the environment." + difference,
        References = references,
        OptionsType = typeof(IndependentQOptions),
        Defaults = () => defaults with { },
        IsMultiAgent = true,
        Validate = TabularOptions.Faults,
        Unread = IndependentQOptions.Ignored,
        Create = static (context, options) => new IndependentQ(context, (IndependentQOptions)options),
    };
}
