namespace Stackelberg.Agents.Catalogue;

/// <summary>PPO's settings by the names people know them under, and those of BLPO. Sources: docs/algorithms/ppo.md.</summary>
internal static class PpoPresets
{
    private const string Wide = "actor.hidden=256,256 actor.activation=relu actor.log_std=-2 critic.hidden=256,256 critic.activation=relu " + NoOrthogonal;
    private const string NoOrthogonal = "actor.initialisation=pytorch critic.initialisation=pytorch";
    private const string Normalise = "normalise_observations=true normalise_rewards=true";
    private const string Annealed = "actor.learning_rate_schedule=linear critic.learning_rate_schedule=linear";

    private static readonly string[] MuJoCo =
    [
        "Ant-v4", "HalfCheetah-v4", "Hopper-v4", "Humanoid-v4", "HumanoidStandup-v4", "InvertedDoublePendulum-v4", "InvertedPendulum-v4", "Pusher-v4",
        "Reacher-v4", "Swimmer-v4", "Walker2d-v4",
    ];

    private static readonly string[] Discrete = ["Acrobot-v1", "CartPole-v1"];

    /// <summary>Observations and rewards of MuJoCo tasks are normalised.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<KeyValuePair<string, string>>> Normalised { get; } = ForEach(MuJoCo, Normalise);

    /// <summary>The BLPO family on MuJoCo tasks in a million steps.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<KeyValuePair<string, string>>> OneMillionSteps { get; } = ForEach(
        MuJoCo, Normalise + " environments=16 rollout_steps=128 epochs=10 actor.learning_rate=3e-4 critic.learning_rate=1.2e-3 critic.updates=3");

    /// <summary>Of <c>ppo</c>.</summary>
    public static IReadOnlyDictionary<string, AlgorithmPreset> OfPpo { get; } = new Dictionary<string, AlgorithmPreset>
    {
        ["cleanrl-continuous"] = Preset(
            "CleanRL's ppo_continuous_action.py. Its value coefficient 0.5 multiplies half the squared error: 0.25 here. Time limits count as terminal.",
            "environments=1 rollout_steps=2048 epochs=10 minibatch_size=64 gamma=0.99 gae_lambda=0.95 clip=0.2 value_clip=0.2 entropy_coefficient=0 "
            + "value_coefficient=0.25 max_gradient_norm=0.5 normalise_advantages=true time_limit=terminal observation_clip=10 reward_clip=10 " + Normalise + " "
            + Nets("3e-4") + " " + Annealed),
        ["cleanrl-discrete"] = Preset(
            "CleanRL's ppo.py, made for 5e5 steps of classic control.",
            "environments=4 rollout_steps=128 epochs=4 minibatch_size=128 gamma=0.99 gae_lambda=0.95 clip=0.2 value_clip=0.2 entropy_coefficient=0.01 "
            + "value_coefficient=0.25 max_gradient_norm=0.5 normalise_advantages=true time_limit=terminal " + NoNormalising + " " + Nets("2.5e-4") + " " + Annealed),
        ["sb3"] = Preset(
            "The defaults of Stable-Baselines3.",
            "environments=1 rollout_steps=2048 epochs=10 minibatch_size=64 gamma=0.99 gae_lambda=0.95 clip=0.2 value_clip=infinity entropy_coefficient=0 "
            + "value_coefficient=0.5 max_gradient_norm=0.5 normalise_advantages=true time_limit=bootstrap " + NoNormalising + " " + Nets("3e-4")),
        ["tianshou"] = Preset(
            "Tianshou's mujoco_ppo.py: advantages are recomputed in every epoch and not normalised. Rewards are scaled here where it scales returns.",
            "environments=8 rollout_steps=256 epochs=10 minibatch_size=64 gamma=0.99 gae_lambda=0.95 clip=0.2 value_clip=0.2 entropy_coefficient=0 "
            + "value_coefficient=0.25 max_gradient_norm=0.5 normalise_advantages=false advantages=per-epoch time_limit=bootstrap " + Normalise + " "
            + Nets("3e-4") + " actor.log_std=-0.5 " + Annealed),
        ["spinningup"] = Preset(
            "Spinning Up's ppo.py: whole rollouts of 4000 steps, 80 steps of each network, the actor's ended by the KL divergence.",
            "environments=1 rollout_steps=4000 epochs=80 minibatch_size=4000 gamma=0.99 gae_lambda=0.97 clip=0.2 value_clip=infinity entropy_coefficient=0 "
            + "value_coefficient=1 max_gradient_norm=infinity normalise_advantages=true time_limit=bootstrap target_kl=0.01 target_kl_stops=actor " + NoNormalising + " "
            + NoOrthogonal + " actor.hidden=64,64 critic.hidden=64,64 actor.log_std=-0.5 actor.learning_rate=3e-4 critic.learning_rate=1e-3 "
            + "actor.optimiser_epsilon=1e-8 critic.optimiser_epsilon=1e-8"),
        ["zoo"] = new(
            "The tuned settings of RL Baselines3 Zoo, by environment; elsewhere its defaults with normalised observations and rewards. Pendulum-v1 without its state-dependent exploration.",
            Settings("environments=1 rollout_steps=2048 epochs=10 minibatch_size=64 clip=0.2 value_clip=infinity value_coefficient=0.5 max_gradient_norm=0.5 "
                + "time_limit=bootstrap " + Normalise + " " + Nets("3e-4")),
            Zoo()),
        ["blpo"] = BlpoBaseline("The PPO that BLPO was compared with: constant rates, no entropy bonus, no bound on gradients; 32 x 640 steps on MuJoCo.", string.Empty),
        ["ppo-trimmed"] = BlpoBaseline(
            "That PPO with BLPO's trimmings: the critic's rate, no value clipping, advantages not normalised; what is left of the difference is nesting and the implicit term.",
            "value_clip=infinity normalise_advantages=false value_coefficient=1 critic.learning_rate=1e-3"),
        ["rltools-pendulum"] = Preset(
            "RLtools' PPO on Pendulum-v1, made for 3e5 steps: normalised observations, a wide start of the policy, no bound on gradients.",
            "environments=4 rollout_steps=1024 epochs=2 minibatch_size=256 gamma=0.9 gae_lambda=0.95 clip=0.2 value_clip=infinity entropy_coefficient=0 "
            + "value_coefficient=1 max_gradient_norm=infinity normalise_advantages=true time_limit=bootstrap normalise_observations=true normalise_rewards=false "
            + Nets("1e-3") + " actor.activation=relu critic.activation=relu actor.log_std=0.693 actor.optimiser_epsilon=1e-8 critic.optimiser_epsilon=1e-8 " + NoOrthogonal),
    };

    /// <summary>Of <c>a2c</c>.</summary>
    public static IReadOnlyDictionary<string, AlgorithmPreset> OfA2c { get; } = new Dictionary<string, AlgorithmPreset>
    {
        ["sb3"] = Preset(
            "The defaults of Stable-Baselines3, with 8 copies as its zoo has them.",
            "environments=8 rollout_steps=5 epochs=1 minibatch_size=40 clip=infinity gamma=0.99 gae_lambda=1 value_coefficient=0.5 entropy_coefficient=0 max_gradient_norm=0.5 "
            + "normalise_advantages=false actor.optimiser=rms-prop critic.optimiser=rms-prop " + NoNormalising + " " + Nets("7e-4")),
    };

    /// <summary>Of <c>nested-ppo</c>.</summary>
    public static IReadOnlyDictionary<string, AlgorithmPreset> OfNested { get; } = new Dictionary<string, AlgorithmPreset> { ["paper"] = BlpoPaper() };

    /// <summary>Of the ids with a leader.</summary>
    public static IReadOnlyDictionary<string, AlgorithmPreset> OfBlpo { get; } = new Dictionary<string, AlgorithmPreset>
    {
        ["paper"] = BlpoPaper(),
        ["nested-only"] = With(BlpoPaper(), "Ablation: nested critic steps without the implicit term, which is nested-ppo.", "leader=none"),
        ["bound-only"] = With(
            BlpoPaper(), "Ablation: a random direction as long as the bounded implicit term in its place.", "hypergradient.control=random-direction"),
        ["rate-only"] = With(BlpoPaper(), "Ablation: the direct gradient, as long as the total derivative.", "hypergradient.control=rate"),
        ["derived"] = With(
            BlpoPaper(), "The signs of Proposition 1: J is the mean value, and f2 has the sign of the squared error's derivative.",
            "response.sign=derived response.critic_objective=mean-value"),
    };

    private static string NoNormalising => "normalise_observations=false normalise_rewards=false";

    /// <summary>What the published runs of BLPO share: 32 copies of 640 steps on MuJoCo; four of 128 on the discrete tasks.</summary>
    private static AlgorithmPreset BlpoPaper() => new(
        "The released settings: 32 x 640 steps on MuJoCo, 4 x 128 on CartPole and Acrobot, constant rates, time limits count as terminal.",
        Settings("environments=32 rollout_steps=640 epochs=4 minibatches=per-environment gamma=0.99 gae_lambda=0.95 clip=0.2 normalise_advantages=false entropy_coefficient=0 "
            + "max_gradient_norm=infinity time_limit=terminal observation_clip=infinity reward_clip=infinity " + Normalise + " " + Nets("3e-4")
            + " critic.learning_rate=1.2e-3 critic.updates=3"),
        ForEach(Discrete, "environments=4 rollout_steps=128 actor.learning_rate=2.5e-4 critic.learning_rate=1e-3 critic.updates=5 observation_clip=10 reward_clip=10 " + NoNormalising));

    private static AlgorithmPreset BlpoBaseline(string description, string further) => new(
        description,
        Settings("environments=32 rollout_steps=640 epochs=4 minibatches=per-environment gamma=0.99 gae_lambda=0.95 clip=0.2 value_clip=0.2 value_coefficient=0.25 "
            + "entropy_coefficient=0 max_gradient_norm=infinity normalise_advantages=true time_limit=terminal observation_clip=infinity reward_clip=infinity " + Normalise + " "
            + Nets("3e-4") + " " + further),
        ForEach(Discrete, "environments=4 rollout_steps=128 minibatches=shuffled minibatch_size=128 actor.learning_rate=2.5e-4 critic.learning_rate=2.5e-4 observation_clip=10 reward_clip=10 "
            + NoNormalising + " " + further));

    private static Dictionary<string, IReadOnlyList<KeyValuePair<string, string>>> Zoo() => new()
    {
        ["HalfCheetah-v4"] = Settings(ZooRow(512, 64, 20, "2.0633e-5", 0.98, 0.92, 0.1, "4.01762e-4", 0.8, 0.58096) + " " + Wide),
        ["Hopper-v4"] = Settings(ZooRow(512, 32, 5, "9.80828e-5", 0.999, 0.99, 0.2, "0.00229519", 0.7, 0.835671) + " " + Wide),
        ["Walker2d-v4"] = Settings(ZooRow(512, 32, 20, "5.05041e-5", 0.99, 0.95, 0.1, "5.85045e-4", 1, 0.871923)),
        ["Swimmer-v4"] = Settings("environments=4 " + ZooRow(1024, 256, 10, "6e-4", 0.9999, 0.98, 0.2, "0", 0.5, 0.5)),
        ["Humanoid-v4"] = Settings(ZooRow(512, 256, 5, "3.56987e-5", 0.95, 0.9, 0.3, "0.00238306", 2, 0.431892) + " " + Wide),
        ["HumanoidStandup-v4"] = Settings(ZooRow(512, 32, 20, "2.55673e-5", 0.99, 0.9, 0.3, "3.62e-6", 0.7, 0.430793)),
        ["InvertedDoublePendulum-v4"] = Settings(ZooRow(128, 512, 10, "1.55454e-4", 0.98, 0.8, 0.4, "1.05e-6", 0.5, 0.695929)),
        ["InvertedPendulum-v4"] = Settings(ZooRow(32, 64, 5, "2.22425e-4", 0.999, 0.9, 0.4, "1.38e-7", 0.3, 0.19816)),
        ["Reacher-v4"] = Settings(ZooRow(512, 32, 5, "1.04019e-4", 0.9, 1, 0.3, "7.5e-8", 0.9, 0.950368)),
        ["CartPole-v1"] = Settings("environments=8 clip_schedule=linear " + ZooRow(32, 256, 20, "1e-3", 0.98, 0.8, 0.2, "0", 0.5, 0.5) + " " + Annealed + " " + NoNormalising),
        ["Acrobot-v1"] = Settings("environments=16 " + ZooRow(256, 64, 4, "3e-4", 0.99, 0.94, 0.2, "0", 0.5, 0.5)),
        ["MountainCar-v0"] = Settings("environments=16 " + ZooRow(16, 64, 4, "3e-4", 0.99, 0.98, 0.2, "0", 0.5, 0.5)),
        ["Pendulum-v1"] = Settings("environments=4 " + ZooRow(1024, 64, 10, "1e-3", 0.9, 0.95, 0.2, "0", 0.5, 0.5) + " " + NoNormalising),
    };

    private static string ZooRow(
        int steps, int batch, int epochs, string rate, double gamma, double lambda, double clip, string entropy, double maxGradient, double value) =>
        FormattableString.Invariant(
            $"rollout_steps={steps} minibatch_size={batch} epochs={epochs} actor.learning_rate={rate} critic.learning_rate={rate} gamma={gamma} gae_lambda={lambda} clip={clip} entropy_coefficient={entropy} max_gradient_norm={maxGradient} value_coefficient={value}");

    private static string Nets(string rate) =>
        $"actor.hidden=64,64 actor.activation=tanh actor.initialisation=orthogonal actor.optimiser_epsilon=1e-5 actor.log_std=0 actor.learning_rate={rate} "
        + $"critic.hidden=64,64 critic.activation=tanh critic.initialisation=orthogonal critic.optimiser_epsilon=1e-5 critic.learning_rate={rate}";

    private static AlgorithmPreset Preset(string description, string settings) => new(description, Settings(settings));

    private static AlgorithmPreset With(AlgorithmPreset preset, string description, string further) =>
        preset with { Description = description, Settings = Merge(preset.Settings, Settings(further)) };

    private static Dictionary<string, IReadOnlyList<KeyValuePair<string, string>>> ForEach(IEnumerable<string> environments, string settings) =>
        environments.ToDictionary(static id => id, _ => Settings(settings));

    /// <summary>Keys and values as on a command line; of a key given twice the last counts.</summary>
    private static IReadOnlyList<KeyValuePair<string, string>> Settings(string text) => Merge([], [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static pair =>
    {
        int equals = pair.IndexOf('=', StringComparison.Ordinal);
        return new KeyValuePair<string, string>(pair[..equals], pair[(equals + 1)..]);
    })]);

    private static List<KeyValuePair<string, string>> Merge(IReadOnlyList<KeyValuePair<string, string>> first, IReadOnlyList<KeyValuePair<string, string>> second)
    {
        List<KeyValuePair<string, string>> merged = [];
        foreach (KeyValuePair<string, string> setting in first.Concat(second))
        {
            merged.RemoveAll(s => s.Key == setting.Key);
            merged.Add(setting);
        }

        return merged;
    }
}
