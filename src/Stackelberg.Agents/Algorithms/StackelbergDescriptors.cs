namespace Stackelberg.Agents.Algorithms;

/// <summary>What the catalogue says of the Stackelberg forms of DDPG, TD3 and SAC: one update, many names.</summary>
internal static class StackelbergDescriptors
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

    private static readonly OffPolicyHypergradientOptions Hessian = new() { Solver = "exact" };

    /// <summary>Appendix I of the FSDDPG paper.</summary>
    private static readonly OffPolicyHypergradientOptions Listing = new()
    {
        Solver = "block-diagonal",
        Degree = 1,
        Curvature = Curvature.GaussNewton,
        OuterProduct = OuterProduct.OfMeans,
        ErrorTerms = false,
        Sign = ImplicitSign.Plus,
        Damping = 1e-5,
    };

    private static readonly OffPolicyNetworkOptions Tiny = new() { Hidden = [16, 16] };

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
            static () => Exact(new())),
        OnDdpg("sddpg-cg", "Stackelberg DDPG by conjugate gradients", "As sddpg with five iterations of CG.", PaperOnly,
            static () => new() { Hypergradient = Hessian with { Solver = "cg", Iterations = 5 } }),
        OnDdpg("sddpg-bd", "Stackelberg DDPG by diagonal blocks", "As sddpg with the Hessian's diagonal blocks; 16x16 networks by default.", PaperOnly,
            static () => Exact(new()) with { Hypergradient = Hessian with { Solver = "block-diagonal" } }),
        OnDdpg("fsddpg", "Fast Stackelberg DDPG", "Gauss-Newton curvature without terms in the critic's error, as listed in appendix I.", FastPresets,
            static () => new() { Hypergradient = Listing }),
        OnDdpg("fsddpg-cg", "Fast Stackelberg DDPG by conjugate gradients", "As fsddpg on each transition's outer products, by five iterations of CG.", PaperOnly,
            static () => new() { Hypergradient = Listing with { Solver = "cg", Iterations = 5, OuterProduct = OuterProduct.PerSample, Damping = 0 } }),
        OnDdpg("st-ddpg", "Stackelberg DDPG, released code", "The critic's loss depends on the actor through its target; both move at once.", ReleasedPresets(),
            static () => new()
            {
                TargetPolicy = TargetPolicy.Current,
                FollowerLoss = FollowerLoss.Bellman,
                UpdateOrder = UpdateOrder.Simultaneous,
                Hypergradient = new() { Iterations = 10, Tolerance = 0 },
            },
            Released),
        OnTd3("std3", "Stackelberg TD3", "sddpg's actor step on TD3's first critic; 16x16 networks by default.", PaperOnly,
            static () => new() { Actor = Tiny, Critic = Tiny, Hypergradient = Hessian }),
        OnTd3("std3-cg", "Stackelberg TD3 by conjugate gradients", "As std3 with five iterations of CG.", PaperOnly,
            static () => new() { Hypergradient = Hessian with { Solver = "cg", Iterations = 5 } }),
        OnTd3("fstd3", "Fast Stackelberg TD3", "fsddpg's actor step on TD3's first critic.", FastPresets,
            static () => new() { Hypergradient = Listing }),
        new()
        {
            Id = "st-sac",
            Title = "Stackelberg SAC, released code",
            Summary = Derivative + "st-ddpg's update on SAC: both critics are one follower, entropy is part of both losses.",
            References = [Released],
            OptionsType = typeof(StackelbergSacOptions),
            Presets = ReleasedPresets(),
            Create = OffPolicyDescriptors.Sac.Create,
            Validate = static options => [.. OffPolicyDescriptors.ValidateSac(options), .. Validate(options)],
        },
    ];

    /// <summary>What no range can say of options with a leader.</summary>
    public static IEnumerable<(string Key, string Message)> Validate(object options)
    {
        if (options is not IStackelbergOptions { Leader: not Leader.None } stackelberg)
        {
            yield break;
        }

        OffPolicyHypergradientOptions hypergradient = stackelberg.Hypergradient;
        bool criticLeads = stackelberg.Leader == Leader.Critic;
        if (stackelberg.FollowerLoss == FollowerLoss.Bellman && options is not SacOptions && ((OffPolicyOptions)options).TargetPolicy == TargetPolicy.Target)
        {
            yield return ("follower_loss", "bellman makes the critic's target depend on the actor, which it does not at a target actor's actions: set target_policy=current with it.");
        }

        if (hypergradient.OuterProduct == OuterProduct.OfMeans
            && (criticLeads || stackelberg.FollowerLoss != FollowerLoss.Policy || hypergradient.Curvature != Curvature.GaussNewton))
        {
            yield return ("hypergradient.outer_product", "of-means is a Gauss-Newton curvature at the actor's actions: set leader=actor, follower_loss=policy and hypergradient.curvature=gauss-newton with it.");
        }

        if (!hypergradient.ErrorTerms && (criticLeads || stackelberg.FollowerLoss == FollowerLoss.Bellman))
        {
            yield return ("hypergradient.error_terms", "there are terms in the critic's error only where the actor leads with follower_loss=policy: leave this true otherwise.");
        }

        foreach ((string Key, string Message) fault in HypergradientFaults.Of(hypergradient, criticLeads))
        {
            yield return fault;
        }
    }

    private static AlgorithmDescriptor OnDdpg(
        string id,
        string title,
        string summary,
        IReadOnlyDictionary<string, AlgorithmPreset> presets,
        Func<StackelbergDdpgOptions> defaults,
        string reference = Fast) => new()
    {
        Id = id,
        Title = title,
        Summary = Derivative + summary,
        References = [reference],
        OptionsType = typeof(StackelbergDdpgOptions),
        Defaults = defaults,
        Presets = presets,
        Create = OffPolicyDescriptors.Ddpg.Create,
        Validate = Validate,
    };

    private static AlgorithmDescriptor OnTd3(
        string id, string title, string summary, IReadOnlyDictionary<string, AlgorithmPreset> presets, Func<StackelbergTd3Options> defaults) => new()
    {
        Id = id,
        Title = title,
        Summary = Derivative + summary,
        References = [Fast],
        OptionsType = typeof(StackelbergTd3Options),
        Defaults = defaults,
        Presets = presets,
        Create = OffPolicyDescriptors.Td3.Create,
        Validate = Validate,
    };

    private static StackelbergDdpgOptions Exact(StackelbergDdpgOptions options) =>
        options with { Actor = Tiny, Critic = Tiny, Hypergradient = Hessian };

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
