namespace Stackelberg.Agents.Catalogue;

/// <summary>Named settings of methods for several agents.</summary>
internal static class GamePresets
{
    private const string Highway = "gamma=1 batch_size=64 buffer_size=10000 update_after=500 exploration.random_steps=500 exploration.epsilon=0.3 exploration.decay=0.9 exploration.decay_steps=500";

    /// <summary>Of Bi-AC for discrete actions.</summary>
    public static IReadOnlyDictionary<string, AlgorithmPreset> BiAc { get; } = new Dictionary<string, AlgorithmPreset>
    {
        ["legacy"] = Preset("The released runner's: the leader takes its first action unless another's value is above 0.", "positive_values_only=true"),
        ["tuned"] = Preset("A tenth of the released rate of the leader's critic, which reaches the better equilibrium more often.", "leader.learning_rate=0.01"),
        ["highway"] = Preset(
            "For the highway merge: networks of 30 x 30, 22 000 steps; followers keep an entropy, without which their answers harden before values are known.",
            Highway + " entropy=0.5 expectation=mode leader.hidden=30,30 follower.hidden=30,30 actor.hidden=30,30 leader.learning_rate=0.01 follower.learning_rate=0.01 "
            + "leader.learning_rate_schedule=linear follower.learning_rate_schedule=linear leader.final_learning_rate=0.0005 follower.final_learning_rate=0.0005"),
    };

    /// <summary>Of Bi-AC for continuous actions.</summary>
    public static IReadOnlyDictionary<string, AlgorithmPreset> BiAcContinuous { get; } = new Dictionary<string, AlgorithmPreset>
    {
        ["oligopoly"] = Preset(
            "For the sequential oligopoly, 40 000 steps: critics that are exact on its quadratic payoffs, and answers learnt from uniform play, so that their slopes are right.",
            "reward_scale=1e-6 quadratic_features=true batch_size=128 exploration.epsilon=1 critic.hidden= critic.learning_rate=0.01 critic.learning_rate_schedule=linear "
            + "critic.final_learning_rate=1e-4 actor.hidden=32,32 actor.learning_rate=0.003 actor.learning_rate_schedule=linear actor.final_learning_rate=1e-5"),
    };

    /// <summary>Of independent DQN.</summary>
    public static IReadOnlyDictionary<string, AlgorithmPreset> Dqn { get; } = new Dictionary<string, AlgorithmPreset>
    {
        ["legacy"] = Preset("The released independent DQN: no target network, the future counts beyond the end, no exploration after the random steps.",
            "gamma=0.75 ignore_termination=true double_q=false polyak=0 target_every=1 exploration.epsilon=0 exploration.decay=1"),
        ["highway"] = Preset("For the highway merge: networks of 30 x 30.", Highway + " critic.hidden=30,30"),
    };

    /// <summary>Of hysteretic and lenient DQN.</summary>
    public static IReadOnlyDictionary<string, AlgorithmPreset> Forgiving { get; } = new Dictionary<string, AlgorithmPreset>
    {
        ["legacy"] = Preset("The released baselines: rewards above 1 count as 1, and temperatures never fall.", "reward_ceiling=1 temperature_decay=1"),
    };

    /// <summary>Of MADDPG and multi-agent TD3.</summary>
    public static IReadOnlyDictionary<string, AlgorithmPreset> Maddpg { get; } = new Dictionary<string, AlgorithmPreset>
    {
        ["legacy"] = Preset("The released baselines: no exploration but the policies' own after the random steps; TD3's targets take one critic.",
            "gamma=0 clipped_double=false exploration.epsilon=0 exploration.decay=1"),
        ["warm-up"] = Preset("Learning goes on while all act at random.", "update_after=1 exploration.random_steps=1000 exploration.epsilon=0 exploration.decay=1"),
        ["highway"] = Preset("For the highway merge: networks of 30 x 30.", Highway + " critic.hidden=30,30 actor.hidden=30,30 critic.learning_rate=0.01"),
    };

    private static AlgorithmPreset Preset(string description, string settings) =>
        new(description, [.. settings.Split(' ').Select(s => s.Split('=', 2)).Select(s => KeyValuePair.Create(s[0], s[1]))]);
}
