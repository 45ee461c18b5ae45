using Stackelberg.Agents.Algorithms;

namespace Stackelberg.Agents.Catalogue;

/// <summary>What the catalogue says of AC and STAC.</summary>
internal static class ActorCriticEntries
{
    private const string Paper =
        "Zheng, Fiez, Alumbaugh, Chasnov, Ratliff: Stackelberg Actor-Critic: Game-Theoretic Reinforcement Learning Algorithms. AAAI 2022.";

    private static readonly AlgorithmPreset AcPaper = new(
        "The released code's settings: SGD 0.1 / 0.01, k = 80, 4000 steps per iteration, time limits count as terminal.",
        [
            new("actor.optimiser", "sgd"),
            new("actor.learning_rate", "0.1"),
            new("actor.clip_actions", "false"),
            new("critic.optimiser", "sgd"),
            new("critic.learning_rate", "0.01"),
            new("critic.updates", "80"),
            new("time_limit", "terminal"),
        ]);

    public static AlgorithmDescriptor Ac { get; } = new()
    {
        Id = "ac",
        Title = "Actor-critic",
        Summary = "θ ← θ + α_θ ∂J/∂θ by policy gradient with GAE, then k steps w ← w − α_w ∂L/∂w on the critic. The baseline of STAC.",
        References = [Paper],
        OptionsType = typeof(AcOptions),
        Presets = new Dictionary<string, AlgorithmPreset> { ["paper"] = AcPaper },
        Create = static (context, options) => (AcOptions)options is { Precision: Precision.Double } wide
            ? new ActorCritic<double>(context, wide)
            : new ActorCritic<float>(context, (AcOptions)options),
        Validate = static options => AcOptions.FaultsOf((AcOptions)options),
        Unread = static options => AcOptions.UnreadOf((AcOptions)options),
    };

    public static AlgorithmDescriptor Stac { get; } = Ac with
    {
        Id = "stac",
        Title = "Stackelberg actor-critic",
        Summary =
            """
            AC whose leader descends the total derivative D f1 = d1 f1 - (d12 f2)(d22 f2 + λI)^-1 d2 f1.
            With the actor leading, f1 = -J and f2 = L, the critic's regression loss; with the critic leading it is the other way round.
            """,
        Defaults = static () => new AcOptions { Leading = new() { Leader = LeaderRole.Actor } },
        Presets = new Dictionary<string, AlgorithmPreset>
        {
            ["paper"] = AcPaper with
            {
                Description = AcPaper.Description + " Full Hessian, CG 10, no guard; λ = 0 on CartPole, 500 on MuJoCo.",
                Settings =
                [
                    .. AcPaper.Settings,
                    new("form", "official"),
                    new("leader", "actor"),
                    new("hypergradient.solver", "cg"),
                    new("hypergradient.iterations", "10"),
                    new("hypergradient.curvature", "hessian"),
                    new("hypergradient.negative_curvature", "continue"),
                    new("hypergradient.damping", "0"),
                    new("hypergradient.guard", "false"),
                ],
                PerEnvironment = new[] { "Hopper-v4", "Reacher-v4", "Walker2d-v4" }.ToDictionary(
                    static id => id,
                    static IReadOnlyList<KeyValuePair<string, string>> (_) => [new("hypergradient.damping", "500")]),
            },
        },
    };
}
