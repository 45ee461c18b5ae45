using Stackelberg.Agents.Algorithms;

namespace Stackelberg.Agents.Catalogue;

/// <summary>What the catalogue says of PPO, A2C, nested PPO and BLPO: one method in different forms.</summary>
internal static class PpoEntries
{
    private const string PpoPaper = "Schulman, Wolski, Dhariwal, Radford, Klimov: Proximal Policy Optimization Algorithms. arXiv 1707.06347, 2017.";
    private const string BlpoPaper =
        "Prakash, He, Goktas, Makar-Limanov, Greenwald: Bi-level policy optimization with Nyström hypergradients. arXiv 2505.11714, 2025.";

    private static readonly AlgorithmDescriptor Ppo = new()
    {
        Id = "ppo",
        Title = "Proximal policy optimisation",
        Summary = "θ descends -mean min(r A, clip(r, 1 ± ε) A) with r = π_θ/π_old and GAE advantages A, w descends mean (V_w - R)^2, in minibatches over several epochs.",
        References =
        [
            PpoPaper,
            "Huang, Dossa, Raffin, Kanervisto, Wang: The 37 implementation details of proximal policy optimization. ICLR blog track, 2022.",
        ],
        OptionsType = typeof(PpoOptions),
        Presets = PpoPresets.OfPpo,
        EnvironmentPresets = PpoPresets.Normalised,
        Create = static (context, options) => (PpoOptions)options is { Precision: Precision.Double } wide
            ? new Ppo<double>(context, wide)
            : new Ppo<float>(context, (PpoOptions)options),
        Validate = static options => PpoFaults.Of((PpoOptions)options),
        Unread = static options => PpoFaults.UnreadOf((PpoOptions)options),
    };

    /// <summary>By id: A2C, the BLPO family, PPO.</summary>
    public static IReadOnlyList<AlgorithmDescriptor> All { get; } =
    [
        Ppo,
        Ppo with
        {
            Id = "a2c",
            Title = "Advantage actor-critic",
            Summary = "PPO with one epoch, one minibatch and no clipping: θ ascends mean A log π, w descends mean (V_w - R)^2, a step each per short rollout.",
            References = ["Mnih et al.: Asynchronous methods for deep reinforcement learning. ICML 2016.", PpoPaper],
            Presets = PpoPresets.OfA2c,
            Defaults = static () => new PpoOptions
            {
                Environments = 8,
                RolloutSteps = 5,
                Epochs = 1,
                MinibatchSize = 40,
                Clip = double.PositiveInfinity,
                GaeLambda = 1,
                NormaliseAdvantages = false,
                Actor = new PpoOptions().Actor with { Optimiser = OptimiserKind.RmsProp, LearningRate = 7e-4 },
                Critic = new PpoOptions().Critic with { Optimiser = OptimiserKind.RmsProp, LearningRate = 7e-4 },
            },
        },
        Ppo with
        {
            Id = "nested-ppo",
            Title = "PPO with a nested critic",
            Summary = "For each copy's steps: k critic steps on mean (V_w - R)^2, then one actor step on PPO's surrogate with advantages from the new critic. BLPO without its implicit term.",
            References = [BlpoPaper, PpoPaper],
            Presets = PpoPresets.OfNested,
            EnvironmentPresets = PpoPresets.OneMillionSteps,
            Defaults = static () => Nested(LeaderRole.None, new()),
        },
        Ppo with
        {
            Id = "blpo",
            Title = "Bilevel policy optimisation with Nyström hypergradients",
            Summary =
                """
                Nested PPO whose actor leads: it descends D f1 = d1 f1 - (d12 f2)(d22 f2)^-1 d2 f1 through the advantages' dependence on the critic,
                the inverse by a Nyström approximation of rank q plus ρI, the implicit term bounded by a multiple of the direct gradient.
                """,
            References = [BlpoPaper],
            Presets = PpoPresets.OfBlpo,
            EnvironmentPresets = PpoPresets.OneMillionSteps,
            Defaults = static () => Nested(LeaderRole.Actor, Implicit with { Solver = "nystrom", Rank = 5, Rho = 50 }),
        },
        Ppo with
        {
            Id = "blpo-cg",
            Title = "Bilevel policy optimisation with conjugate gradients",
            Summary = "BLPO whose linear system is solved by 20 conjugate-gradient steps, which go on through negative curvature as the released code does.",
            References = [BlpoPaper],
            Presets = PpoPresets.OfBlpo,
            EnvironmentPresets = PpoPresets.OneMillionSteps,
            Defaults = static () => Nested(LeaderRole.Actor, Implicit with { Solver = "cg", Iterations = 20, Tolerance = 1e-10 }),
        },
        Ppo with
        {
            Id = "blpo-pcg",
            Title = "Bilevel policy optimisation with preconditioned conjugate gradients",
            Summary = "BLPO whose linear system, damped by λ, is solved by conjugate gradients with a Nyström preconditioner of rank q and shift ρ.",
            References = [BlpoPaper],
            Presets = PpoPresets.OfBlpo,
            EnvironmentPresets = PpoPresets.OneMillionSteps,
            Defaults = static () => Nested(
                LeaderRole.Actor, Implicit with { Solver = "nystrom-pcg", Iterations = 20, Tolerance = 1e-10, Rank = 8, Rho = 10, Damping = 1e-3 }),
        },
    ];

    // there is a solve per minibatch: a row for each would fill the disk, and its true residual costs a further Hessian-vector product
    private static HypergradientOptions Implicit => new() { Bound = 1, Guard = false, LogEvery = 100 };

    private static PpoOptions Nested(LeaderRole leader, HypergradientOptions hypergradient) => new()
    {
        Environments = 4,
        RolloutSteps = 128,
        Epochs = 4,
        Minibatches = MinibatchKind.PerEnvironment,
        Advantages = AdvantageTiming.PerMinibatch,
        NormaliseAdvantages = false,
        UpdateOrder = UpdateOrder.CriticFirst,
        ValueCoefficient = 1,
        MaxGradientNorm = double.PositiveInfinity,
        Actor = new PpoOptions().Actor with { LearningRate = 2.5e-4 },
        Critic = new PpoOptions().Critic with { LearningRate = 1e-3, Updates = 5 },
        Leading = new() { Leader = leader, Hypergradient = hypergradient },
    };
}
