using Stackelberg.Agents.Rollouts;

namespace Stackelberg.Agents.Algorithms;

/// <summary>The sampled objectives that exist for actor-critic with a total derivative.</summary>
public enum ActorCriticForm
{
    /// <summary>The released code: critic V_w, J's gradient is the mean of ∇log π times normalised GAE advantages over all steps.</summary>
    Official,

    /// <summary>Proposition 1: critic V_w, mean over trajectories of Σ_t γᵗ ∇log π(a_t|s_t) Q^π(s_t, a_t), Q^π the return to go.</summary>
    Paper,

    /// <summary>Theorem 1: critic Q_w(s, a), mean over trajectories of Σ_t γᵗ ∇log π(a_t|s_t) Q_w(s_t, a_t).</summary>
    PaperQ,
}

/// <summary>Options of AC; those of STAC extend them.</summary>
public record AcOptions
{
    /// <summary>Sampled objectives.</summary>
    [Option("The sampled objectives: those of the released code, of Proposition 1 (V critic) or of Theorem 1 (Q critic).")]
    public ActorCriticForm Form { get; init; } = ActorCriticForm.Official;

    /// <summary>γ</summary>
    [Option("Discount γ.", Minimum = 0, Maximum = 1)]
    public double Gamma { get; init; } = 0.99;

    /// <summary>λ of GAE.</summary>
    [Option("λ of generalised advantage estimation.", Minimum = 0, Maximum = 1)]
    public double GaeLambda { get; init; } = 0.97;

    /// <summary>Steps between updates.</summary>
    [Option("Environment steps collected per iteration.", Minimum = 1, Maximum = 1e7)]
    public int StepsPerIteration { get; init; } = 4000;

    /// <summary>Time limits.</summary>
    [Option("Whether an episode cut by its time limit is bootstrapped with the critic's value or counts as terminated.")]
    public TimeLimit TimeLimit { get; init; } = TimeLimit.Bootstrap;

    /// <summary>Arithmetic.</summary>
    [Option("Arithmetic of networks and updates.")]
    public Precision Precision { get; init; } = Precision.Single;

    /// <summary>Actor.</summary>
    public ActorOptions Actor { get; init; } = new();

    /// <summary>Critic.</summary>
    public CriticOptions Critic { get; init; } = new();
}
