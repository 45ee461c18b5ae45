using Stackelberg.Agents.Algorithms;
using Stackelberg.Bilevel;

namespace Stackelberg.Agents.Catalogue;

/// <summary>What the catalogue says of the Stackelberg forms of DDPG, TD3 and SAC: one update, many names.</summary>
internal static class StackelbergEntries
{
    private const string Fast =
        "Anonymous: Fast Stackelberg Deterministic Actor-Critic. Under review at ICLR 2022.";

    private const string Released =
        "Zheng, Fiez, Alumbaugh, Chasnov, Ratliff: Stackelberg Actor-Critic: Game-Theoretic Reinforcement Learning Algorithms. AAAI 2022.";

    private const string Derivative = "The leader descends D f1 = d1 f1 - (d12 f2)(d22 f2 + λI)^-1 d2 f1. ";

    /// <summary>Tables 4 and 5 of the FSDDPG paper.</summary>
    private static readonly AlgorithmPreset FastPaper = new(
        "The FSDDPG paper's settings: 16x16 networks, rates 1e-3, batches of 100.",
        [
            new("actor.hidden", "16,16"),
            new("critic.hidden", "16,16"),
            new("actor.learning_rate", "0.001"),
            new("critic.learning_rate", "0.001"),
            new("batch_size", "100"),
            new("polyak", "0.995"),
            new("action_noise", "0.1"),
        ]);

    private static readonly HypergradientOptions Hessian = new() { Solver = "exact", Guard = false };

    /// <summary>Appendix I of the FSDDPG paper.</summary>
    private static readonly HypergradientOptions Listing = new()
    {
        Solver = "block-diagonal",
        Degree = 1,
        Curvature = Curvature.GaussNewton,
        OuterProduct = OuterProduct.OfMeans,
        ErrorTerms = false,
        Sign = ImplicitSign.Plus,
        Damping = 1e-5,
        Guard = false,
    };

    private static readonly NetworkOptions Tiny = OffPolicyOptions.Wide([16, 16]);

    /// <summary>The variants of docs/algorithms/fsddpg.md.</summary>
    private static readonly IReadOnlyDictionary<string, AlgorithmPreset> FastPresets = new Dictionary<string, AlgorithmPreset>
    {
        ["paper"] = FastPaper,
        ["variant-a"] = Variant("As listed in appendix I; the default.", "of-means", "plus", "block-diagonal", "1e-5"),
        ["variant-b"] = Variant("Equation 7 with the outer product of means.", "of-means", "minus", "block-diagonal", "1e-5"),
        ["variant-c"] = Variant("Equation 7 exactly, in double precision; nearly no update unless damped.", "per-sample", "minus", "gauss-newton", "1e-8", "double"),
        ["variant-d"] = Variant("Equation 7 with diagonal blocks; reverses the update.", "per-sample", "minus", "block-diagonal", "1e-5"),
        ["variant-e"] = Variant("Diagonal blocks and the listing's sign.", "per-sample", "plus", "block-diagonal", "1e-5"),
        ["damped"] = Variant("Equation 7 exactly with damping 0.5, where it is an update of its own.", "per-sample", "minus", "gauss-newton", "0.5"),
    };

    private static readonly Dictionary<string, AlgorithmPreset> PaperOnly = new() { ["paper"] = FastPaper };

    public static IReadOnlyList<AlgorithmDescriptor> All { get; } =
    [
        OnDdpg("sddpg", "Stackelberg DDPG", "Exact inverse Hessian of the critic's loss at the actor's actions; 16x16 networks by default.", PaperOnly,
            Fast, static () => new() { Actor = Tiny, Critic = Tiny, Leading = ActorLeads(Hessian) }),
        OnDdpg("sddpg-cg", "Stackelberg DDPG by conjugate gradients", "As sddpg with five iterations of CG.", PaperOnly,
            Fast, static () => new() { Leading = ActorLeads(Hessian with { Solver = "cg", Iterations = 5 }) }),
        OnDdpg("sddpg-bd", "Stackelberg DDPG by diagonal blocks", "As sddpg with the Hessian's diagonal blocks; 16x16 networks by default.", PaperOnly,
            Fast, static () => new() { Actor = Tiny, Critic = Tiny, Leading = ActorLeads(Hessian with { Solver = "block-diagonal" }) }),
        OnDdpg("fsddpg", "Fast Stackelberg DDPG", "Gauss-Newton curvature without terms in the critic's error, as listed in appendix I.", FastPresets,
            Fast, static () => new() { Leading = ActorLeads(Listing) }),
        OnDdpg("fsddpg-cg", "Fast Stackelberg DDPG by conjugate gradients", "As fsddpg on each transition's outer products, by five iterations of CG.", PaperOnly,
            Fast, static () => new() { Leading = ActorLeads(Listing with { Solver = "cg", Iterations = 5, OuterProduct = OuterProduct.PerSample, Damping = 0 }) }),
        OnDdpg("st-ddpg", "Stackelberg DDPG, released code", "The critic's loss depends on the actor through its target; both move at once.", ReleasedPresets(),
            Released, static () => new() { TargetPolicy = TargetPolicy.Current, Leading = ReleasedLeader }),
        OnTd3("std3", "Stackelberg TD3", "sddpg's actor step on TD3's first critic; 16x16 networks by default.", PaperOnly,
            static () => new() { Actor = Tiny, Critic = Tiny, Leading = ActorLeads(Hessian) }),
        OnTd3("std3-cg", "Stackelberg TD3 by conjugate gradients", "As std3 with five iterations of CG.", PaperOnly,
            static () => new() { Leading = ActorLeads(Hessian with { Solver = "cg", Iterations = 5 }) }),
        OnTd3("fstd3", "Fast Stackelberg TD3", "fsddpg's actor step on TD3's first critic.", FastPresets,
            static () => new() { Leading = ActorLeads(Listing) }),
        OffPolicyEntries.Sac with
        {
            Id = "st-sac",
            Title = "Stackelberg SAC, released code",
            Summary = Derivative + "st-ddpg's update on SAC: both critics are one follower, entropy is part of both losses.",
            References = [Released],
            Presets = ReleasedPresets(),
            Defaults = static () => new SacOptions { Leading = ReleasedLeader },
        },
    ];

    private static OffPolicyLeaderOptions ReleasedLeader => ActorLeads(new() { Iterations = 10, Tolerance = 0, Guard = false }) with
    {
        FollowerLoss = FollowerLoss.Bellman,
        UpdateOrder = UpdateOrder.Simultaneous,
    };

    private static OffPolicyLeaderOptions ActorLeads(HypergradientOptions hypergradient) => new() { Leader = LeaderRole.Actor, Hypergradient = hypergradient };

    private static AlgorithmDescriptor OnDdpg(
        string id, string title, string summary, IReadOnlyDictionary<string, AlgorithmPreset> presets, string reference, Func<DdpgOptions> defaults) =>
        OffPolicyEntries.Ddpg with { Id = id, Title = title, Summary = Derivative + summary, References = [reference], Presets = presets, Defaults = defaults };

    private static AlgorithmDescriptor OnTd3(
        string id, string title, string summary, IReadOnlyDictionary<string, AlgorithmPreset> presets, Func<Td3Options> defaults) =>
        OffPolicyEntries.Td3 with { Id = id, Title = title, Summary = Derivative + summary, References = [Fast], Presets = presets, Defaults = defaults };

    private static AlgorithmPreset Variant(string description, string outerProduct, string sign, string solver, string damping, string? precision = null) => new(
        description,
        [
            new("follower_loss", "policy"),
            new("update_order", "critic-first"),
            new("hypergradient.curvature", "gauss-newton"),
            new("hypergradient.error_terms", "false"),
            new("hypergradient.outer_product", outerProduct),
            new("hypergradient.sign", sign),
            new("hypergradient.solver", solver),
            new("hypergradient.damping", damping),
            .. precision is null ? (KeyValuePair<string, string>[])[] : [new("precision", precision)],
        ]);

    private static Dictionary<string, AlgorithmPreset> ReleasedPresets() => new()
    {
        ["paper"] = new(
            "The released code's settings with the actor leading; they are the defaults. Its damping above 0 falls: damping_schedule=exponential.",
            [
                new("leader", "actor"),
                new("hypergradient.solver", "cg"),
                new("hypergradient.iterations", "10"),
                new("hypergradient.tolerance", "0"),
                new("hypergradient.damping", "0"),
                new("follower_steps", "1"),
            ]),
        ["critic-leads"] = new("The released code with the critic leading, as it does by default.", [new("leader", "critic")]),
    };
}
