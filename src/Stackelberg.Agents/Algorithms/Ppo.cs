using System.Numerics;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Internals;
using Stackelberg.Agents.Normalisers;
using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Problems;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Algorithms;

/// <summary>
/// Proximal policy optimisation: the actor descends −mean min(r Â, clip(r, 1 ± ε) Â), the critic mean (V_w − R)², in minibatches over several epochs. With
/// the critic first it is nested PPO; with a leader BLPO, whose actor descends D f₁ = ∂₁f₁ − (∂₁₂f₂)(∂₂₂f₂ + λI)⁻¹∂₂f₁ through the critic's response.
/// </summary>
/// <remarks>
/// Schulman, Wolski, Dhariwal, Radford, Klimov: Proximal Policy Optimization Algorithms (2017). Prakash, He, Goktas, Makar-Limanov, Greenwald: Bi-level
/// policy optimization with Nyström hypergradients (arXiv 2505.11714). Options name what implementations differ in: docs/algorithms/ppo.md.
/// </remarks>
public sealed class Ppo<T> : Learner<T>, ILeaderSnapshots
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PpoOptions options;
    private readonly long totalSteps;
    private readonly StochasticActor<T> policy;
    private readonly Critic<T> values;
    private readonly Player<T> actor;
    private readonly Player<T> critic;
    private readonly Collector collector;
    private readonly RandomStream actionStream;
    private readonly ObservationNormaliser? observationNormaliser;
    private readonly RewardNormaliser? rewardNormaliser;
    private readonly double[] seen;
    private readonly Rollout<T> rollout;
    private readonly MinibatchPlan plan;
    private readonly Minibatch<T> batch;
    private readonly SurrogateObjectives<T> objectives;
    private readonly Round<T> round;
    private readonly ChooseAction choose;
    private readonly TakeTransition take;

    /// <summary>Builds networks, normalisers, collector, objectives and the order of play.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">There is no actor for the action space, or the options contradict each other.</exception>
    public Ppo(AlgorithmContext context, PpoOptions options)
        : base(context)
    {
        OptionsCheck.Require(options, PpoFaults.Of);
        this.options = options;
        totalSteps = context.TotalTimesteps;
        Space observations = context.Environment.ObservationSpace, actions = context.Environment.ActionSpace;
        int rows = (int)Math.Min((long)options.RolloutSteps * options.Environments, Math.Max(1, totalSteps));
        policy = StochasticActor<T>.For(observations, actions, options.Actor, rows, context.Random.Split("actor"), Parallelism);
        values = new Critic<T>(observations, null, options.Critic, rows, context.Random.Split("critic"), Parallelism);
        actor = Keep("actor", new Player<T>("actor", policy.Layout.Parameters, policy.Parameters, options.Actor));
        critic = Keep("critic", new Player<T>("critic", values.Layout.Parameters, values.Parameters, options.Critic));
        if (values.Features is { } features)
        {
            Keep("critic_features", features);
        }

        collector = Keep("collector", new Collector(context, options.Environments));
        actionStream = Keep("action_stream", context.Random.Split("actions"));
        RandomStream responseStream = Keep("response_stream", context.Random.Split("response"));
        plan = Keep("minibatches", new MinibatchPlan(options, context.Random.Split("minibatches")));
        observationNormaliser = options.NormaliseObservations ? Keep("observation_normaliser", new ObservationNormaliser(observations.Size, options.ObservationClip)) : null;
        rewardNormaliser = options.NormaliseRewards ? Keep("reward_normaliser", new RewardNormaliser(options.Environments, options.Gamma, options.RewardClip)) : null;
        Policy = observationNormaliser is null ? policy : new NormalisedPolicy(policy, observationNormaliser, observations.Size);
        seen = new double[observations.Size];
        (choose, take) = (Choose, Take);

        rollout = new Rollout<T>(rows, observations.Size, policy.ActionSize, keepsEnds: true);
        batch = new Minibatch<T>(plan.LargestOf(rows), observations.Size, policy.ActionSize, values.Layout.Inputs, !values.HasFixedFeatures);
        objectives = new SurrogateObjectives<T>(policy, actor, values, critic, batch, options, responseStream, Parallelism);
        bool criticFirst = options.UpdateOrder == UpdateOrder.CriticFirst;
        round = Keep("round", new Round<T>(
            new ActorCriticProblem<T>(objectives, options.Leading.Leader),
            CriticLeads ? critic : actor,
            CriticLeads ? actor : critic,
            options.Leading.Leader == LeaderRole.None ? null : options.Leading.Hypergradient,
            context.Random,
            context.Solvers,
            Math.Max(1, totalSteps))
        {
            Order = !criticFirst ? PlayOrder.Simultaneous : CriticLeads ? PlayOrder.LeaderFirst : PlayOrder.FollowerFirst,
            LeaderSteps = CriticLeads ? options.Critic.Updates : 1,
            FollowerSteps = CriticLeads ? 1 : options.Critic.Updates,
            MaxGradientNorm = options.MaxGradientNorm,
        });
    }

    /// <inheritdoc/>
    public override long Steps => collector.Steps;

    /// <inheritdoc/>
    public override IPolicy Policy { get; }

    /// <summary>The steps of the last collecting.</summary>
    internal Rollout<T> Rollout => rollout;

    /// <summary>The order of play.</summary>
    internal Round<T> Round => round;

    /// <inheritdoc/>
    /// <remarks>On the first minibatch of a rollout. With the critic first and the actor leading, after the critic's steps there: at the point where the method takes it.</remarks>
    public LeaderGradientSnapshot TakeSnapshot()
    {
        LeaderGradientSnapshot.Require(options.Leading);
        foreach (Player<T> player in Players)
        {
            player.Anneal(Steps, totalSteps);
        }

        var ends = new RecordedEnds<T>(rollout, take, options.TimeLimit);
        Fill(rollout.Capacity, ends.Take, new SilentSink());
        if (objectives.Clip == 0)
        {
            // every ratio is 1, at the kink of the clipped surrogate: rounding would decide which steps count
            throw new InvalidOperationException(
                $"At step {Steps} the clip range has come to 0 (clip_schedule=linear), and the surrogate has no derivative there. Take a checkpoint from before the planned end of training.");
        }

        Remember();
        plan.Shuffle(rollout.Count);
        Load(0);
        FlatVector<T>? collecting = null;
        if (round.Order == PlayOrder.FollowerFirst)
        {
            collecting = new FlatVector<T>(critic.Parameters.Length);
            collecting.CopyFrom(critic.Parameters);
            round.FirstRests = true;
            round.Play(Steps, Clock, new SilentSink());
        }

        return OnPolicySnapshot.Of(this, options, policy, values, collecting, objectives, batch, ends, plan.Copy(0).Start, Normalisers());
    }

    /// <inheritdoc/>
    protected override void Collect(long maximumSteps, ITrainingSink sink) => Fill((int)Math.Min(rollout.Capacity, maximumSteps), take, sink);

    private void Fill(int steps, TakeTransition take, ITrainingSink sink)
    {
        objectives.Clip = options.ClipSchedule == ClipSchedule.Linear ? options.Clip * Math.Max(0, 1 - ((double)Steps / totalSteps)) : options.Clip;
        rollout.Clear();
        plan.Clear();
        collector.Collect(steps, choose, take, sink, Clock);
    }

    /// <inheritdoc/>
    protected override void Update(ITrainingSink sink)
    {
        Remember();
        double explained = ExplainedVariance();
        RoundLosses first = default, last = default;
        (objectives.Statistics, ActorRests) = (default, false);
        bool stops = false;
        int minibatches = 0;
        for (int epoch = 0; epoch < options.Epochs && !stops; epoch++)
        {
            if (epoch > 0 && options.Advantages == AdvantageTiming.PerEpoch)
            {
                Estimate();
            }

            plan.Shuffle(rollout.Count);
            for (int i = 0; i < plan.Count; i++)
            {
                Load(i);
                ActorRests |= HasMovedTooFar();
                stops = ActorRests && options.TargetKlStops == KlStop.Update;
                if (stops)
                {
                    break;
                }

                // simultaneous: θ ← θ − α_θ ∂f_A/∂θ and w ← w − α_w ∂f_C/∂w at the old point
                // critic-first: k times w ← w − α_w ∂f_C/∂w, then θ ← θ − α_θ ∂f_A/∂θ, or D f_A where the actor leads
                last = round.Play(Steps, Clock, sink);
                first = minibatches++ == 0 ? last : first;
            }
        }

        Report(sink, first, last, explained, minibatches);
    }

    /// <summary>Whether the actor stays where it is, whichever side of the round it plays on.</summary>
    private bool ActorRests
    {
        get => CriticLeads ? round.SecondRests : round.FirstRests;
        set => (round.FirstRests, round.SecondRests) = (value && !CriticLeads, value && CriticLeads);
    }

    private bool CriticLeads => options.Leading.Leader == LeaderRole.Critic;

    private void Choose(int copy, ReadOnlySpan<double> observation, Span<double> action)
    {
        observationNormaliser?.Add(observation);
        ReadOnlySpan<double> state = See(observation);
        policy.Draw(state, action, PolicyMode.Stochastic, actionStream);
        rollout.Begin(state, action);
        policy.ToEnvironment(action);
    }

    private void Take(in Transition t)
    {
        bool ended = t.Result.Ended;
        double reward = rewardNormaliser?.Normalise(t.Copy, t.Result.Reward, ended) ?? t.Result.Reward;
        if (ended)
        {
            observationNormaliser?.Add(t.NextObservation);
        }

        bool goesOn = ended ? !t.Result.Terminated && options.TimeLimit == TimeLimit.Bootstrap : t.IsLast;
        if (goesOn)
        {
            rollout.CompleteAt(reward, ended, See(t.NextObservation));
        }
        else
        {
            rollout.Complete(reward, ended, ended, bootstrap: 0);
        }

        if (t.IsLast)
        {
            plan.EndCopy(rollout.Count);
        }
    }

    /// <summary>The observation as the networks see it.</summary>
    private ReadOnlySpan<double> See(ReadOnlySpan<double> observation)
    {
        if (observationNormaliser is null)
        {
            return observation;
        }

        observationNormaliser.Normalise(observation, seen);
        return seen;
    }

    /// <summary>log π_old, V, Â and R where both players stand before the update.</summary>
    private void Remember()
    {
        policy.Evaluate(rollout.Observations, rollout.Count);
        policy.LogProbabilities(rollout.Actions, rollout.LogProbabilities);
        values.Load(rollout);
        values.LoadEnds(rollout);
        Estimate();
    }

    private void Estimate()
    {
        rollout.SetBootstrap(values.EvaluateEnds(rollout.EndCount));
        values.Evaluate(rollout.Count);
        Matrix<T> outputs = values.Linearisation.Outputs;
        for (int t = 0; t < rollout.Count; t++)
        {
            rollout.Values[t] = double.CreateTruncating(outputs.Span[t * outputs.Stride]);
        }

        rollout.Estimate(options.Gamma, options.GaeLambda);
        rollout.RegressOnLambdaReturns();
    }

    private void Load(int minibatch)
    {
        objectives.BeginMinibatch();
        if (options.Minibatches == MinibatchKind.PerEnvironment)
        {
            (int start, int count) = plan.Copy(minibatch);
            batch.Slice(rollout, values.Inputs, values.EndInputs, start, count);
        }
        else
        {
            batch.Pick(rollout, values.Inputs, plan.Rows(minibatch));
        }
    }

    /// <summary>The normalisers' statistics as they are now.</summary>
    private IEnumerable<NamedSetting> Normalisers()
    {
        if (observationNormaliser is not null)
        {
            yield return new("observation_normaliser", observationNormaliser.Settings);
        }

        if (rewardNormaliser is not null)
        {
            yield return new("reward_normaliser", rewardNormaliser.Settings);
        }
    }

    private bool HasMovedTooFar() =>
        !double.IsPositiveInfinity(options.TargetKl) && !ActorRests && objectives.KullbackLeibler() > 1.5 * options.TargetKl;

    /// <summary>1 − var(R − V) / var(R) before the update; NaN where returns do not vary.</summary>
    private double ExplainedVariance()
    {
        double meanReturn = 0, meanError = 0, returns = 0, errors = 0;
        for (int t = 0; t < rollout.Count; t++)
        {
            meanReturn += rollout.Returns[t] / rollout.Count;
            meanError += (rollout.Returns[t] - rollout.Values[t]) / rollout.Count;
        }

        for (int t = 0; t < rollout.Count; t++)
        {
            double deviation = rollout.Returns[t] - meanReturn, error = rollout.Returns[t] - rollout.Values[t] - meanError;
            returns += deviation * deviation;
            errors += error * error;
        }

        return returns > 0 ? 1 - (errors / returns) : double.NaN;
    }

    private void Report(ITrainingSink sink, RoundLosses first, RoundLosses last, double explained, int minibatches)
    {
        SurrogateStatistics met = objectives.Statistics.Mean;
        sink.Metric("actor/surrogate_loss", Finite("the actor's loss", met.Surrogate));
        sink.Metric("actor/entropy", met.Entropy);
        sink.Metric("actor/kl", Finite("the estimated KL divergence", met.Kl));
        sink.Metric("actor/kl_plain", met.PlainKl);
        sink.Metric("actor/clip_fraction", met.Clipped);
        sink.Metric("actor/gradient_norm", Finite("the norm of the actor's gradient", Vectors.Norm<T>(actor.Gradient.Span)));
        sink.Metric("critic/loss_before", first.CriticBefore(options.Leading.Leader));
        sink.Metric("critic/loss_before_last", Finite("the critic's loss", last.CriticBeforeLast(options.Leading.Leader)));
        sink.Metric("critic/explained_variance", explained);
        sink.Metric("update/minibatches", minibatches);
    }
}
