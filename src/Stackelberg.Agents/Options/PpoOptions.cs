using Stackelberg.Agents.Rollouts;

namespace Stackelberg.Agents;

/// <summary>How a rollout is cut into minibatches.</summary>
public enum MinibatchKind
{
    /// <summary>Steps in random order, shuffled anew in every epoch.</summary>
    Shuffled,

    /// <summary>Each copy's steps in their own order, the copies in random order: advantages can be estimated within a minibatch.</summary>
    PerEnvironment,
}

/// <summary>When advantages are estimated.</summary>
public enum AdvantageTiming
{
    /// <summary>Once, by the critic that collected.</summary>
    PerRollout,

    /// <summary>At the start of every epoch, with the critic's targets (Tianshou's recomputed advantages).</summary>
    PerEpoch,

    /// <summary>Before every actor step, by the critic as it is then; the critic's targets stay. The actor's objective depends on the critic.</summary>
    PerMinibatch,
}

/// <summary>What stops when the policy has moved too far from the one that collected.</summary>
public enum KlStop
{
    /// <summary>The update: no further step of either network.</summary>
    Update,

    /// <summary>The actor: the critic goes on to the end of the update.</summary>
    Actor,
}

/// <summary>Options of PPO, of A2C, and of nested PPO and BLPO: PPO with a leader.</summary>
public sealed record PpoOptions
{
    /// <summary>γ</summary>
    [Option("Discount γ.", Minimum = 0, Maximum = 1)]
    public double Gamma { get; init; } = 0.99;

    /// <summary>λ of GAE.</summary>
    [Option("λ of generalised advantage estimation.", Minimum = 0, Maximum = 1)]
    public double GaeLambda { get; init; } = 0.95;

    /// <summary>Copies of the environment.</summary>
    [Option("Copies of the environment.", Minimum = 1, Maximum = 4096)]
    public int Environments { get; init; } = 1;

    /// <summary>Steps of each copy per rollout.</summary>
    [Option("Steps of each copy per rollout; observations are carried over from one rollout to the next.", Minimum = 1, Maximum = 1e6)]
    public int RolloutSteps { get; init; } = 2048;

    /// <summary>Passes over a rollout.</summary>
    [Option("Passes over each rollout.", Minimum = 1, Maximum = 10_000)]
    public int Epochs { get; init; } = 10;

    /// <summary>Steps per minibatch.</summary>
    [Option("Steps per shuffled minibatch; one minibatch where the rollout is not larger.", Minimum = 1, Maximum = 1e8)]
    public int MinibatchSize { get; init; } = 64;

    /// <summary>How minibatches are made.</summary>
    [Option("Minibatches of steps in random order, or one of each copy's steps in their own order.")]
    public MinibatchKind Minibatches { get; init; } = MinibatchKind.Shuffled;

    /// <summary>When advantages are estimated.</summary>
    [Option("When advantages are estimated: once, in every epoch with the critic's targets, or before every actor step by the critic as it is.")]
    public AdvantageTiming Advantages { get; init; } = AdvantageTiming.PerRollout;

    /// <summary>Normalise advantages.</summary>
    [Option("Give the advantages of each minibatch mean 0 and standard deviation 1; a minibatch of one step is left as it is.")]
    public bool NormaliseAdvantages { get; init; } = true;

    /// <summary>Order of play.</summary>
    [Option("Whether both take their gradients at the old point, or the critic takes its steps first and the actor looks at the new critic (nested).")]
    public UpdateOrder UpdateOrder { get; init; } = UpdateOrder.Simultaneous;

    /// <summary>ε of the surrogate.</summary>
    [Option("ε of the clipped surrogate: ratios count within 1 ± ε; infinity for no clipping.", Minimum = 0, ExclusiveMinimum = true, AllowsInfinity = true)]
    public double Clip { get; init; } = 0.2;

    /// <summary>Schedule of ε.</summary>
    [Option("How ε changes over training: not at all, or linearly to 0 at the last step.")]
    public ClipSchedule ClipSchedule { get; init; } = ClipSchedule.Constant;

    /// <summary>ε of value clipping.</summary>
    [Option("Largest change of a value within an update that the critic's loss rewards; infinity for no value clipping.", Minimum = 0, ExclusiveMinimum = true, AllowsInfinity = true)]
    public double ValueClip { get; init; } = double.PositiveInfinity;

    /// <summary>c_v</summary>
    [Option("Weight of the critic's mean squared error, without a factor ½; Adam sees it only through max_gradient_norm and its ε.", Minimum = 0, ExclusiveMinimum = true)]
    public double ValueCoefficient { get; init; } = 0.5;

    /// <summary>c of the entropy.</summary>
    [Option("Weight of the policy's entropy, a bonus.", Minimum = 0)]
    public double EntropyCoefficient { get; init; }

    /// <summary>Bound on gradients.</summary>
    [Option("Largest norm of a step's gradient, both networks' together where they move at once; infinity for none.", Minimum = 0, ExclusiveMinimum = true, AllowsInfinity = true)]
    public double MaxGradientNorm { get; init; } = 0.5;

    /// <summary>KL at which an update stops.</summary>
    [Option("Updates stop before a minibatch where the estimated KL divergence from the policy that collected exceeds 1.5 times this; infinity for never.", Minimum = 0, ExclusiveMinimum = true, AllowsInfinity = true)]
    public double TargetKl { get; init; } = double.PositiveInfinity;

    /// <summary>What stops there.</summary>
    [Option("What stops at target_kl: the update, or the actor alone.")]
    public KlStop TargetKlStops { get; init; } = KlStop.Update;

    /// <summary>Time limits.</summary>
    [Option("Whether an episode cut by its time limit is bootstrapped with the critic's value or counts as terminated.")]
    public TimeLimit TimeLimit { get; init; } = TimeLimit.Bootstrap;

    /// <summary>Normalise observations.</summary>
    [Option("Normalise observations by running statistics, which are saved with the policy and frozen in evaluation.")]
    public bool NormaliseObservations { get; init; }

    /// <summary>Clip of normalised observations.</summary>
    [Option("Normalised observations are clipped to ± this; infinity for not.", Minimum = 0, ExclusiveMinimum = true, AllowsInfinity = true)]
    public double ObservationClip { get; init; } = 10;

    /// <summary>Normalise rewards.</summary>
    [Option("Divide rewards by the running standard deviation of the discounted return. Tables and evaluation keep raw rewards.")]
    public bool NormaliseRewards { get; init; }

    /// <summary>Clip of normalised rewards.</summary>
    [Option("Normalised rewards are clipped to ± this; infinity for not.", Minimum = 0, ExclusiveMinimum = true, AllowsInfinity = true)]
    public double RewardClip { get; init; } = 10;

    /// <summary>Arithmetic.</summary>
    [Option("Arithmetic of networks and updates.")]
    public Precision Precision { get; init; } = Precision.Single;

    /// <summary>Actor.</summary>
    public ActorOptions Actor { get; init; } = new()
    {
        Initialisation = Initialisation.Orthogonal,
        LearningRate = 3e-4,
        OptimiserEpsilon = 1e-5,
        LogStd = 0,
    };

    /// <summary>Critic.</summary>
    public CriticOptions Critic { get; init; } = new()
    {
        Initialisation = Initialisation.Orthogonal,
        LearningRate = 3e-4,
        OptimiserEpsilon = 1e-5,
        Updates = 1,
    };

    /// <summary>How the critic's loss depends on the actor.</summary>
    public ResponseOptions Response { get; init; } = new();

    /// <summary>The leader.</summary>
    [InlineOptions]
    public LeaderOptions Leading { get; init; } = new();
}

/// <summary>How the clip range changes over training.</summary>
public enum ClipSchedule
{
    /// <summary>The same throughout.</summary>
    Constant,

    /// <summary>ε (1 − t / total), t in environment steps.</summary>
    Linear,
}
