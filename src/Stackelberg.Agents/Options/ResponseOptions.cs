namespace Stackelberg.Agents;

/// <summary>What of the critic the actor's objective depends on.</summary>
public enum CriticObjective
{
    /// <summary>The advantages of the surrogate, estimated from the critic as it is (BLPO).</summary>
    Gae,

    /// <summary>The mean of V_w over the minibatch, J's gradient by the critic in STAC.</summary>
    MeanValue,
}

/// <summary>Which of the critic's errors a step's term of f₂ is weighted with.</summary>
public enum ResponseForm
{
    /// <summary>The step's own, R_t − V(s_t).</summary>
    PerStep,

    /// <summary>Those of all later steps of the minibatch too: f₂'s terms are running means from its first step on.</summary>
    RunningMean,
}

/// <summary>Whether f₂ is a sum over steps or their mean.</summary>
public enum ResponseReduction
{
    /// <summary>Sum; only a bound keeps the implicit term near the direct gradient.</summary>
    Sum,

    /// <summary>Mean, as f_C itself.</summary>
    Mean,
}

/// <summary>The sign of f₂.</summary>
public enum ResponseSign
{
    /// <summary>As the code of BLPO has it: f₂ = −2 Σ l (R − V).</summary>
    Released,

    /// <summary>As the derivative of mean (R − V)² by the policy has it: +2 Σ l (R − V).</summary>
    Derived,
}

/// <summary>With what the scores of the implicit term are weighted.</summary>
public enum ResponseWeights
{
    /// <summary>With what f₂ says.</summary>
    Sampled,

    /// <summary>With standard normal numbers, the term as long as f₂'s: a control that shows what the weights are worth.</summary>
    Random,
}

/// <summary>
/// How the critic's loss on sampled returns depends on the actor, for PPO with a leader: the mixed derivative is that of
/// f₂ = ∓2 Σ_t min(r_t Â_t, clip(r_t, 1 ± C) Â_t) (R_t − V_w(s_t)), which BLPO's code has in several forms.
/// </summary>
public sealed record ResponseOptions
{
    /// <summary>Form.</summary>
    [Option("Whether a step of f2 is weighted with its own error of the critic, or with those of later steps too, as running means.")]
    public ResponseForm Form { get; init; } = ResponseForm.RunningMean;

    /// <summary>Reduction.</summary>
    [Option("Whether f2 is a sum over the minibatch or a mean.")]
    public ResponseReduction Reduction { get; init; } = ResponseReduction.Mean;

    /// <summary>C</summary>
    [Option("Clip range C of the ratios in f2; infinity for none.", Minimum = 0, ExclusiveMinimum = true, AllowsInfinity = true)]
    public double Clip { get; init; } = 0.5;

    /// <summary>Sign.</summary>
    [Option("Sign of f2: as released, or as derived from the squared error.")]
    public ResponseSign Sign { get; init; } = ResponseSign.Released;

    /// <summary>Weights.</summary>
    [Option("Whether the implicit term's scores are weighted as f2 says, or at random at the same length, as a control.")]
    public ResponseWeights Weights { get; init; } = ResponseWeights.Sampled;

    /// <summary>What of the critic J depends on.</summary>
    [Option("Whether J depends on the critic through the surrogate's advantages, or is its mean value.")]
    public CriticObjective CriticObjective { get; init; } = CriticObjective.Gae;
}
