using System.Numerics;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Internals;
using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Problems;
using Stackelberg.Agents.Replay;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Optimisers;

namespace Stackelberg.Agents.Algorithms;

/// <summary>What an action is measured in where its probability density is taken.</summary>
public enum ActionUnits
{
    /// <summary>Half the action range: every action lies in [−1, 1].</summary>
    HalfRange,

    /// <summary>The environment's own: log π is smaller by Σ log (half range).</summary>
    Action,
}

/// <summary>Options of SAC, without a leader or with one.</summary>
public sealed record SacOptions : OffPolicyOptions
{
    /// <summary>Targets at the current actor's actions, and no noise beside the actor's own.</summary>
    public SacOptions() => (TargetPolicy, ActionNoise) = (TargetPolicy.Current, 0);

    /// <summary>α</summary>
    [Option("Temperature α, the weight of the entropy; where it begins with autotune.", Minimum = 0, Maximum = 1e6)]
    public double Temperature { get; init; } = 0.2;

    /// <summary>Whether α is learned.</summary>
    [Option("Whether the temperature is tuned so that the actor keeps its target entropy.")]
    public bool Autotune { get; init; }

    /// <summary>H̄ per action.</summary>
    [Option("Target entropy for each number of an action, in nats and the units of entropy_units; used with autotune.", Minimum = -100, Maximum = 100)]
    public double TargetEntropy { get; init; } = -1;

    /// <summary>Units of log π.</summary>
    [Option("Units of actions in log-probabilities, and so in entropies: half the action range as in Spinning Up, or the action's own as in CleanRL.")]
    public ActionUnits EntropyUnits { get; init; }

    /// <summary>d</summary>
    [Option("The actor, and with it the temperature, moves in every so manieth update only, and takes as many steps then.", Minimum = 1, Maximum = 1e6)]
    public int PolicyDelay { get; init; } = 1;

    /// <summary>α_α</summary>
    [Option("Learning rate of Adam on log α; used with autotune.", Minimum = 0, ExclusiveMinimum = true)]
    public double TemperatureLearningRate { get; init; } = 1e-3;
}

/// <summary>Soft actor-critic (SAC). With a leader: ST-SAC, where both critics are one follower and entropy is part of both losses.</summary>
/// <remarks>
/// Haarnoja, Zhou, Abbeel, Levine: Soft Actor-Critic: Off-Policy Maximum Entropy Deep Reinforcement Learning with a Stochastic Actor (ICML 2018); the form
/// without a state value function and with a tuned temperature of Haarnoja et al.: Soft Actor-Critic Algorithms and Applications (2018), algorithm 1. The
/// leader: Zheng et al.: Stackelberg Actor-Critic (AAAI 2022).
/// </remarks>
public sealed class Sac<T> : Learner<T>, ILeaderSnapshots
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SquashedGaussianActor<T> policy;
    private readonly Player<T> actor;
    private readonly QCritics<T> critics;
    private readonly Replay<T> replay;
    private readonly ReplayObjectives<T> objectives;
    private readonly Round<T> round;
    private readonly TunedTemperature temperature;
    private readonly SacOptions options;

    /// <summary>Builds networks, buffer, objectives and the order of play.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">The action space is no box with finite bounds, or the options contradict each other.</exception>
    public Sac(AlgorithmContext context, SacOptions options)
        : base(context)
    {
        OptionsCheck.Require(options, OffPolicyFaults.Of);
        this.options = options;
        policy = new SquashedGaussianActor<T>(context.Environment.ObservationSpace, context.Environment.ActionSpace, options.Actor, context.Random.Split("actor"), options.EntropyUnits);
        actor = Keep("actor", new Player<T>("actor", policy.Layout.Parameters, policy.Parameters, options.Actor) { Delay = options.PolicyDelay });
        critics = new QCritics<T>(2, context, policy, options, Parallelism);
        Keep("critic", critics.Player);
        replay = Keep("replay", new Replay<T>(context, policy, options));
        temperature = Keep("temperature", new TunedTemperature(options, policy.ActionSize));
        RandomStream noise = Keep("smoothing_stream", context.Random.Split("smoothing"));
        objectives = new ReplayObjectives<T>(policy, actor, critics, 2, replay.Batch, options, noise, Parallelism)
        {
            Temperature = () => temperature.Value,
        };
        round = Keep("round", OffPolicyRound.Of(objectives, options.Leading, context));
    }

    /// <inheritdoc/>
    public override long Steps => replay.Steps;

    /// <inheritdoc/>
    public override IPolicy Policy => policy;

    /// <inheritdoc/>
    public override ReplayMemory? ReplayMemory => replay.Buffer.Memory;

    /// <summary>What is collected, and the batch of the last round.</summary>
    internal Replay<T> Replay => replay;

    /// <summary>f_A and L on that batch.</summary>
    internal ReplayObjectives<T> Objectives => objectives;

    /// <summary>The order of play.</summary>
    internal Round<T> Round => round;

    /// <inheritdoc/>
    public LeaderGradientSnapshot TakeSnapshot() => ReplaySnapshot.Of(this, options, policy, critics, replay, objectives, round);

    /// <inheritdoc/>
    protected override void Collect(long maximumSteps, ITrainingSink sink) => replay.Collect(maximumSteps, sink, Clock);

    /// <inheritdoc/>
    protected override void Update(ITrainingSink sink)
    {
        double loss = 0;
        for (int i = 0; i < replay.UpdatesDue; i++)
        {
            replay.Sample();

            // y = r + γ (1 − terminated) (min_k Q′_k(s′, a′) − α log π(a′ | s′)),  a′ ~ π_θ(s′)
            // w_k ← w_k − α_w ∂L/∂w_k,  L = Σ_k mean (Q_k(s, a) − y)²;  w_k′ ← ρ w_k′ + (1 − ρ) w_k
            // θ ← θ − α_θ ∂f_A/∂θ,  f_A = mean (α log π_θ(a | s) − min_k Q_k(s, a)) at a = a_θ(s, ε);  leader=actor: θ ← θ − α_θ D f_A
            loss = round.Play(Steps, Clock, sink).CriticBefore(options.Leading.Leader);

            // every d-th time the actor takes d steps, each on fresh draws, and after each
            // log α ← log α − α_α ∂/∂log α mean α (−log π(a | s) − H̄), at the actions of the actor's step
            for (int k = 0; round.FirstMoved && k < options.PolicyDelay; k++)
            {
                if (k > 0)
                {
                    round.RepeatFirst();
                }

                temperature.Tune(objectives.MeanEntropy());
            }
        }

        if (replay.UpdatesDue > 0)
        {
            sink.Metric("critic/loss_before", Finite("the critic's loss", loss));
            sink.Metric("critic/target_mean", objectives.MeanTarget());
            sink.Metric("actor/gradient_norm", Finite("the norm of the actor's gradient", Vectors.Norm<T>(actor.Gradient.Span)));
            sink.Metric("actor/entropy_before", temperature.Entropy);
            sink.Metric("actor/temperature_after", Finite("the temperature", temperature.Value));
        }
    }

    /// <summary>α, fixed or tuned towards a target entropy.</summary>
    private sealed class TunedTemperature(SacOptions options, int actionSize) : IStateful
    {
        private readonly FlatVector<double> log = new(1) { [0] = Math.Log(options.Temperature) };
        private readonly FlatVector<double> gradient = new(1);
        private readonly Adam<double> optimiser = new(1, options.TemperatureLearningRate);

        public double Value => options.Autotune ? Math.Exp(log[0]) : options.Temperature;

        /// <summary>−mean log π(a | s) at the last step.</summary>
        public double Entropy { get; private set; }

        public void Tune(double entropy)
        {
            Entropy = entropy;
            if (options.Autotune)
            {
                gradient[0] = Value * (entropy - (options.TargetEntropy * actionSize));
                optimiser.Step(log, gradient);
            }
        }

        public void Save(StateWriter writer)
        {
            writer.Write("entropy", Entropy);
            if (options.Autotune)
            {
                writer.Write("log", log[0]);
                writer.Write("optimiser", optimiser);
            }
        }

        public void Load(StateReader reader)
        {
            Entropy = reader.ReadDouble("entropy");
            if (options.Autotune)
            {
                log[0] = reader.ReadDouble("log");
                reader.Read("optimiser", optimiser);
            }
        }
    }
}
