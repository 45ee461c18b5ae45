namespace Stackelberg.Agents;

/// <summary>In what way the critic's loss depends on the actor.</summary>
public enum FollowerLoss
{
    /// <summary>
    /// L(θ, w) = mean (Q_w(s, a) − y_θ)² at the batch's actions, where y bootstraps at the current actor's next action: the released ST-DDPG and ST-SAC.
    /// </summary>
    Bellman,

    /// <summary>
    /// L(θ, w) = mean (Q_w(s, a_θ(s)) − y)² at the actor's own actions, with y held fixed: what the FSDDPG paper differentiates (section 3). The critic
    /// itself still descends the loss at the batch's actions.
    /// </summary>
    Policy,
}

/// <summary>Which of the two players moves first in an update.</summary>
public enum UpdateOrder
{
    /// <summary>Both gradients are taken at the old point, then both move (ST-DDPG).</summary>
    Simultaneous,

    /// <summary>The critic moves, then the actor looks at the new critic (DDPG, TD3, SAC, FSDDPG's algorithm 1).</summary>
    CriticFirst,
}

/// <summary>What the outer products of a Gauss-Newton curvature are made of.</summary>
public enum OuterProduct
{
    /// <summary>Each transition's gradient: mean of gᵢgᵢᵀ, FSDDPG's equations 5 to 7.</summary>
    PerSample,

    /// <summary>The batch's mean gradient: ḡḡᵀ, FSDDPG's listing in appendix I.</summary>
    OfMeans,
}

/// <summary>The sign of the implicit term.</summary>
public enum ImplicitSign
{
    /// <summary>∂₁f₁ − implicit, the total derivative.</summary>
    Minus,

    /// <summary>∂₁f₁ + implicit, FSDDPG's listing in appendix I.</summary>
    Plus,
}

/// <summary>How an off-policy leader's implicit gradient is computed.</summary>
public sealed record OffPolicyHypergradientOptions : HypergradientOptions
{
    /// <summary>Conjugate gradients on the exact Hessian, no guard, as the released ST-DDPG.</summary>
    public OffPolicyHypergradientOptions() => Guard = false;

    /// <summary>Outer products.</summary>
    [Option("What outer products of the Gauss-Newton curvature and of its mixed product are made of; of-means needs follower_loss=policy.")]
    public OuterProduct OuterProduct { get; init; } = OuterProduct.PerSample;

    /// <summary>Keep the terms with the critic's error.</summary>
    [Option("Whether the mixed product keeps its terms with the critic's error Q - y (follower_loss=policy only); FSDDPG drops them.")]
    public bool ErrorTerms { get; init; } = true;

    /// <summary>Sign.</summary>
    [Option("Sign of the implicit term: minus is the total derivative, plus what FSDDPG's listing does.")]
    public ImplicitSign Sign { get; init; } = ImplicitSign.Minus;

    /// <summary>Rows of hypergradient.csv.</summary>
    [Option("Every how many leader updates one is logged to hypergradient.csv; the true residual is computed for these.", Minimum = 1, Maximum = 1e9)]
    public int LogEvery { get; init; } = 1;
}

/// <summary>What makes an off-policy method a Stackelberg one.</summary>
internal interface IStackelbergOptions
{
    /// <summary>Who leads.</summary>
    Leader Leader { get; }

    /// <summary>How the critic's loss depends on the actor.</summary>
    FollowerLoss FollowerLoss { get; }

    /// <summary>Who moves first.</summary>
    UpdateOrder UpdateOrder { get; }

    /// <summary>The follower's steps per update.</summary>
    int FollowerSteps { get; }

    /// <summary>The implicit gradient.</summary>
    OffPolicyHypergradientOptions Hypergradient { get; }
}
