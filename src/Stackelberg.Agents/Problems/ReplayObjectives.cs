using System.Numerics;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Replay;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Problems;

/// <summary>Changes next actions before the target critics see them.</summary>
internal interface ITargetSmoothing<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Standard normal draws behind the change, [batch × action size].</summary>
    ReadOnlySpan<T> Draws { get; }

    /// <summary>Changes the actions in the critics' input, (s′, a′).</summary>
    /// <param name="redraw">Whether to draw anew; otherwise the last draws serve again.</param>
    void Apply(Matrix<T> nextInputs, int rows, RandomStream noise, bool redraw);

    /// <summary>Clears cotangents of next actions that do not move with the actor.</summary>
    void Mask(Matrix<T> cotangents);
}

/// <summary>
/// f_A = mean (α log π(a | s) − min_k Q_k(s, a)) at a = a_θ(s, ε), and L = Σ_k mean (Q_k(s, a) − y)² with
/// y = r + γ (1 − terminated) (min_k Q′_k(s′, a′) − α log π(a′ | s′)), on a batch of transitions: DDPG, TD3 and SAC.
/// </summary>
/// <remarks>
/// The critics descend L at the batch's actions. What a leading actor anticipates is L in one of two forms (<see cref="FollowerLoss"/>); only critics that
/// f_A depends on take part: of TD3's twins the first, of SAC's both. y is taken anew whenever the critics' gradient is asked for, and held otherwise.
/// </remarks>
internal sealed partial class ReplayObjectives<T> : IActorCriticObjectives<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReparameterisedActor<T> policy;
    private readonly QCritics<T> critics;
    private readonly QNetwork<T>[] networks;
    private readonly OffPolicyOptions options;
    private readonly RandomStream noise;
    private readonly int actorCritics;
    private readonly int length;
    private readonly bool criticLeads;
    private readonly Matrix<T> policyInputs, nextInputs, actionCotangents, otherActions;
    private readonly Matrix<T>[] valueWeights;
    private readonly T[] logCotangents;
    private readonly int[] smallest;
    private int fixedAtBatch;
    private readonly Products? products;

    /// <summary>Makes room for derivatives.</summary>
    /// <param name="actorCritics">How many of the critics, from the first, f_A takes the minimum of.</param>
    /// <param name="noise">Where next actions and a stochastic actor's draws come from.</param>
    public ReplayObjectives(
        ReparameterisedActor<T> policy,
        Player<T> actor,
        QCritics<T> critics,
        int actorCritics,
        ReplayBatch<T> batch,
        OffPolicyOptions options,
        RandomStream noise,
        RowParallelism? parallelism)
    {
        (this.policy, this.critics, this.actorCritics, this.options, this.noise) = (policy, critics, actorCritics, options, noise);
        (Actor, Critic, Batch) = (actor, critics.Player, batch);
        networks = [.. critics.Networks];
        length = critics.Layout.Parameters.Length;
        criticLeads = options.Leading.Leader == LeaderRole.Critic;
        bool leads = options.Leading.Leader != LeaderRole.None;
        int width = policy.Layout.Inputs + policy.ActionSize;
        AtObservations = policy.CreatePoint(batch.Rows, parallelism);
        AtNext = leads ? policy.CreatePoint(batch.Rows, parallelism) : AtObservations;
        policyInputs = new Matrix<T>(batch.Rows, width);
        nextInputs = leads ? new Matrix<T>(batch.Rows, width) : policyInputs;
        (actionCotangents, otherActions) = (new Matrix<T>(batch.Rows, policy.ActionSize), new Matrix<T>(batch.Rows, policy.ActionSize));
        valueWeights = [.. Enumerable.Range(0, actorCritics).Select(_ => new Matrix<T>(batch.Rows, 1))];
        Array.ForEach(valueWeights, m => m.Span.Fill(T.CreateTruncating(-1.0 / batch.Rows)));
        (logCotangents, smallest, Targets) = (new T[batch.Rows], new int[batch.Rows], new T[batch.Rows]);
        products = leads ? new Products(this) : null;
    }

    public Player<T> Actor { get; }

    public Player<T> Critic { get; }

    public int CriticDimension => actorCritics * length;

    /// <summary>Elements of one critic.</summary>
    public int NetworkLength => length;

    /// <summary>The transitions.</summary>
    public ReplayBatch<T> Batch { get; }

    /// <summary>y, one per transition.</summary>
    public T[] Targets { get; }

    /// <summary>The actor at s.</summary>
    public ActorPoint<T> AtObservations { get; }

    /// <summary>The actor at s′.</summary>
    public ActorPoint<T> AtNext { get; }

    /// <summary>The critics' networks.</summary>
    public QCritics<T> Critics => critics;

    /// <summary>Where next actions and a stochastic actor's draws come from.</summary>
    public RandomStream Noise => noise;

    /// <summary>What changes next actions (TD3); null for nothing.</summary>
    public ITargetSmoothing<T>? Smoothing { get; init; }

    /// <summary>α, the weight of log π in f_A and y (SAC); null for 0.</summary>
    public Func<double>? Temperature { get; init; }

    /// <summary>Mean of y.</summary>
    public double MeanTarget()
    {
        double sum = 0;
        foreach (T target in Targets)
        {
            sum += double.CreateTruncating(target);
        }

        return sum / Targets.Length;
    }

    /// <summary>−mean log π(a | s) at the actions of the last actor's gradient, in nats.</summary>
    public double MeanEntropy()
    {
        double sum = 0;
        for (int i = 0; i < Batch.Rows; i++)
        {
            sum -= double.CreateTruncating(AtObservations.LogProbabilities[i]);
        }

        return sum / Batch.Rows;
    }

    private double Alpha => Temperature?.Invoke() ?? 0;

    private bool IsBellman => options.Leading.FollowerLoss == FollowerLoss.Bellman;

    public void Linearise(Asked asked) => Linearise(asked, redraw: true);

    public void Relinearise() => Linearise(Asked.ActorGradient | Asked.Products | (IsBellman ? Asked.CriticGradient : 0), redraw: false);

    /// <summary>y ← r + γ (1 − terminated) (min_k Q′_k(s′, a′) − α log π(a′ | s′)).</summary>
    private void BellmanTargets(bool redraw)
    {
        FlatVector<T> parameters = options.TargetPolicy == TargetPolicy.Current ? Actor.Parameters : Actor.Target;
        AtNext.Evaluate(parameters, Batch.NextObservations, Batch.Rows, redraw ? noise : null, nextInputs);
        Smoothing?.Apply(nextInputs, Batch.Rows, noise, redraw);
        for (int k = 0; k < networks.Length; k++)
        {
            Linearisation<T> q = networks[k].AtNext;
            q.Forward(networks[k].Target, nextInputs, Batch.Rows);
            ReadOnlySpan<T> values = q.Outputs.Span;
            for (int i = 0; i < Targets.Length; i++)
            {
                if (k == 0 || values[i] < Targets[i])
                {
                    (Targets[i], smallest[i]) = (values[i], k);
                }
            }
        }

        double alpha = Alpha;
        if (alpha != 0)
        {
            Vectors.AddScaled<T>(Targets, -alpha, AtNext.LogProbabilities);
        }

        T gamma = T.CreateTruncating(options.Gamma);
        for (int i = 0; i < Targets.Length; i++)
        {
            Targets[i] = Batch.Rewards[i] + (gamma * Batch.Continues[i] * Targets[i]);
        }
    }

    /// <summary>The actor at s with its actions, the critics there, and ∂f_A/∂Q_k and ∂f_A/∂a.</summary>
    private void EvaluateActor(bool withCriticGradient, bool redraw)
    {
        AtObservations.Evaluate(Actor.Parameters, Batch.Observations, Batch.Rows, redraw ? noise : null, policyInputs);
        for (int k = 0; k < actorCritics; k++)
        {
            networks[k].AtPolicy.Forward(networks[k].Parameters, policyInputs, Batch.Rows);
        }

        WeighValues();
        double alpha = Alpha;
        if (alpha != 0)
        {
            logCotangents.AsSpan().Fill(T.CreateTruncating(alpha / Batch.Rows));
        }

        for (int k = 0; k < actorCritics; k++)
        {
            if (withCriticGradient)
            {
                products!.TakeCriticGradient(k);
            }
            else
            {
                AddActionVjp(networks[k].AtPolicy, valueWeights[k], actionCotangents, accumulate: k > 0);
            }
        }
    }

    /// <summary>f_A</summary>
    public double ActorLoss()
    {
        double sum = 0, alpha = Alpha;
        ReadOnlySpan<T> first = networks[0].AtPolicy.Outputs.Span, last = networks[actorCritics - 1].AtPolicy.Outputs.Span;
        for (int i = 0; i < Batch.Rows; i++)
        {
            sum += (alpha * double.CreateTruncating(AtObservations.LogProbabilities[i])) - double.CreateTruncating(last[i] < first[i] ? last[i] : first[i]);
        }

        return sum / Batch.Rows;
    }

    /// <summary>∂f_A/∂θ</summary>
    public double ActorGradient(Span<T> result)
    {
        AtObservations.Vjp(actionCotangents, logCotangents, result);
        products?.TakeActorGradient(result);
        return ActorLoss();
    }

    /// <summary>∂L/∂w at the batch's actions. Returns the mean over critics of their loss.</summary>
    public double CriticGradient(Span<T> result)
    {
        double loss = 0;
        for (int k = 0; k < networks.Length; k++)
        {
            loss += k < fixedAtBatch
                ? FixedLossGradient(networks[k].AtBatch, Part(result, k))
                : networks[k].AtBatch.SquaredLossGradient(networks[k].Parameters, Batch.Inputs, Targets, Batch.Rows, Part(result, k));
        }

        return loss / networks.Length;
    }

    private void Linearise(Asked asked, bool redraw)
    {
        bool wantsProducts = (asked & Asked.Products) != 0;
        if ((asked & Asked.CriticGradient) != 0)
        {
            BellmanTargets(redraw);
        }

        fixedAtBatch = !wantsProducts ? 0 : criticLeads ? networks.Length : IsBellman ? actorCritics : 0;
        for (int k = 0; k < fixedAtBatch; k++)
        {
            networks[k].AtBatch.Forward(networks[k].Parameters, Batch.Inputs, Batch.Rows);
            networks[k].AtBatch.SetSquaredLoss(Targets);
        }

        if ((asked & (Asked.ActorGradient | Asked.Products)) != 0)
        {
            EvaluateActor(wantsProducts && !criticLeads, redraw);
        }

        if (wantsProducts)
        {
            products!.Prepare();
        }
    }

    private double FixedLossGradient(Linearisation<T> network, Span<T> result)
    {
        network.LossGradient(result);
        return MeanSquaredError(network.Outputs);
    }

    private double MeanSquaredError(Matrix<T> values)
    {
        double sum = 0;
        for (int i = 0; i < Batch.Rows; i++)
        {
            double error = double.CreateTruncating(values.Span[i * values.Stride] - Targets[i]);
            sum += error * error;
        }

        return sum / Batch.Rows;
    }

    /// <summary>valueWeights ← ∂f_A/∂Q_k: −1/B where a critic is the smallest, else 0.</summary>
    private void WeighValues()
    {
        if (actorCritics == 1)
        {
            return;
        }

        T weight = T.CreateTruncating(-1.0 / Batch.Rows);
        ReadOnlySpan<T> first = networks[0].AtPolicy.Outputs.Span, second = networks[1].AtPolicy.Outputs.Span;
        for (int i = 0; i < Batch.Rows; i++)
        {
            bool takesSecond = second[i] < first[i];
            valueWeights[0].Span[i] = takesSecond ? T.Zero : weight;
            valueWeights[1].Span[i] = takesSecond ? weight : T.Zero;
        }
    }

    /// <summary>result ← (or +=) Σ seedᵢ ∂Q(sᵢ, aᵢ)/∂aᵢ, [batch × action size].</summary>
    private void AddActionVjp(Linearisation<T> critic, Matrix<T> seeds, Matrix<T> result, bool accumulate)
    {
        Matrix<T> target = accumulate ? otherActions : result;
        critic.InputVjp(seeds, policy.Layout.Inputs, target);
        if (accumulate)
        {
            Vectors.AddScaled<T>(result.Span, 1, target.Span);
        }
    }

    private Span<T> Part(Span<T> joint, int k) => joint.Slice(k * length, length);

    private ReadOnlySpan<T> Part(ReadOnlySpan<T> joint, int k) => joint.Slice(k * length, length);
}
