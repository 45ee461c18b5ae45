using Stackelberg.Agents.Algorithms;

namespace Stackelberg.Agents.Catalogue;

/// <summary>What the catalogue says of the off-policy methods without a leader.</summary>
internal static class OffPolicyEntries
{
    private static readonly IReadOnlyList<KeyValuePair<string, string>> SpinningUp =
    [
        new("gamma", "0.99"),
        new("polyak", "0.995"),
        new("batch_size", "100"),
        new("buffer_size", "1000000"),
        new("learning_starts", "10000"),
        new("update_after", "1000"),
        new("update_every", "50"),
        new("updates", "50"),
        new("action_noise", "0.1"),
        new("actor.hidden", "256,256"),
        new("actor.activation", "relu"),
        new("actor.initialisation", "pytorch"),
        new("actor.learning_rate", "0.001"),
        new("critic.hidden", "256,256"),
        new("critic.activation", "relu"),
        new("critic.initialisation", "pytorch"),
        new("critic.learning_rate", "0.001"),
    ];

    private static readonly IReadOnlyList<KeyValuePair<string, string>> CleanRl =
    [
        new("gamma", "0.99"),
        new("polyak", "0.995"),
        new("batch_size", "256"),
        new("buffer_size", "1000000"),
        new("learning_starts", "5000"),
        new("update_after", "5000"),
        new("update_every", "1"),
        new("updates", "1"),
        new("temperature", "1"),
        new("autotune", "true"),
        new("target_entropy", "-1"),
        new("entropy_units", "action"),
        new("policy_delay", "2"),
        new("temperature_learning_rate", "0.001"),
        new("actor.hidden", "256,256"),
        new("actor.activation", "relu"),
        new("actor.initialisation", "pytorch"),
        new("actor.learning_rate", "0.0003"),
        new("critic.hidden", "256,256"),
        new("critic.activation", "relu"),
        new("critic.initialisation", "pytorch"),
        new("critic.learning_rate", "0.001"),
    ];

    public static AlgorithmDescriptor Ddpg { get; } = new()
    {
        Id = "ddpg",
        Title = "Deep deterministic policy gradient",
        Summary = "Q_w descends mean (Q_w(s, a) - y)^2 with y = r + γ Q'(s', μ'(s')), μ_θ ascends mean Q_w(s, μ_θ(s)); targets follow slowly. Bounded box actions.",
        References =
        [
            "Lillicrap, Hunt, Pritzel, Heess, Erez, Tassa, Silver, Wierstra: Continuous control with deep reinforcement learning. ICLR 2016.",
        ],
        OptionsType = typeof(DdpgOptions),
        Presets = new Dictionary<string, AlgorithmPreset>
        {
            ["spinning-up"] = new("The settings of OpenAI's Spinning Up; they are the defaults.", SpinningUp),
        },
        Create = static (context, options) => (DdpgOptions)options is { Precision: Precision.Double } wide
            ? new Ddpg<double>(context, wide)
            : new Ddpg<float>(context, (DdpgOptions)options),
        Validate = Faults,
        Unread = Unread,
    };

    public static AlgorithmDescriptor DdpgTtsu { get; } = Ddpg with
    {
        Id = "ddpg-ttsu",
        Title = "DDPG on two time scales",
        Summary = "DDPG whose critic takes ten steps for each of its actor's.",
        References = [.. Ddpg.References, "Anonymous: Fast Stackelberg Deterministic Actor-Critic. Under review at ICLR 2022; a baseline of its section 6.2."],
        Defaults = static () => new DdpgOptions { PolicyDelay = 10 },
    };

    public static AlgorithmDescriptor Td3 { get; } = new()
    {
        Id = "td3",
        Title = "Twin delayed deep deterministic policy gradient",
        Summary = "DDPG with the smaller of two target critics, clipped noise on the target's action, and an actor that moves every second update. Bounded box actions.",
        References = ["Fujimoto, van Hoof, Meger: Addressing Function Approximation Error in Actor-Critic Methods. ICML 2018."],
        OptionsType = typeof(Td3Options),
        Presets = new Dictionary<string, AlgorithmPreset>
        {
            ["spinning-up"] = new(
                "The settings of OpenAI's Spinning Up; they are the defaults.",
                [.. SpinningUp, new("target_noise", "0.2"), new("noise_clip", "0.5"), new("policy_delay", "2")]),
        },
        Create = static (context, options) => (Td3Options)options is { Precision: Precision.Double } wide
            ? new Td3<double>(context, wide)
            : new Td3<float>(context, (Td3Options)options),
        Validate = Faults,
        Unread = Unread,
    };

    public static AlgorithmDescriptor Sac { get; } = new()
    {
        Id = "sac",
        Title = "Soft actor-critic",
        Summary = "Twin critics on y = r + γ (min Q'(s', a') - α log π(a'|s')); a squashed Gaussian actor descends mean (α log π(a|s) - min Q(s, a)). "
            + "The temperature α is fixed or tuned. Bounded box actions.",
        References =
        [
            "Haarnoja, Zhou, Abbeel, Levine: Soft Actor-Critic: Off-Policy Maximum Entropy Deep Reinforcement Learning with a Stochastic Actor. ICML 2018.",
            "Haarnoja et al.: Soft Actor-Critic Algorithms and Applications. 2018.",
        ],
        OptionsType = typeof(SacOptions),
        Presets = new Dictionary<string, AlgorithmPreset>
        {
            ["spinning-up"] = new(
                "The settings of OpenAI's Spinning Up; they are the defaults.",
                [.. SpinningUp.Where(static s => s.Key != "action_noise"), new("temperature", "0.2"), new("autotune", "false")]),
            ["cleanrl"] = new(
                "The settings of CleanRL, with a tuned temperature, log-probabilities in units of the action, and two actor steps at every second update.",
                CleanRl),
        },
        Create = static (context, options) => (SacOptions)options is { Precision: Precision.Double } wide
            ? new Sac<double>(context, wide)
            : new Sac<float>(context, (SacOptions)options),
        Validate = Faults,
        Unread = Unread,
    };

    public static IReadOnlyList<AlgorithmDescriptor> All { get; } = [Ddpg, DdpgTtsu, Td3, Sac];

    private static IEnumerable<(string Key, string Message)> Faults(object options) => OffPolicyFaults.Of((OffPolicyOptions)options);

    private static IEnumerable<(string Key, string Message)> Unread(object options) => OffPolicyFaults.UnreadOf((OffPolicyOptions)options);
}
