using System.Numerics;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Internals;
using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Problems;

/// <summary>
/// PPO's objectives on a minibatch: f_A(θ, w) = −mean_t min(r_t Â_t, clip(r_t, 1 ± ε) Â_t) − c H, r_t = π_θ(a_t|s_t) / π_old(a_t|s_t), and
/// f_C(w) = mean_t (V_w(s_t) − R_t)² with targets R that stay fixed.
/// </summary>
/// <remarks>
/// Schulman et al. 2017, eqs. 7 and 9. f_A depends on w where advantages are estimated from the critic as it is (BLPO, arXiv 2505.11714). What leads, and
/// how f_C depends on θ through the targets: <see cref="ResponseOptions"/> and the second part of this class.
/// </remarks>
internal sealed partial class SurrogateObjectives<T> : IActorCriticObjectives<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double AdvantageEpsilon = 1e-8;
    private readonly StochasticActor<T> policy;
    private readonly Critic<T> critic;
    private readonly Linearisation<T> ends;
    private readonly Minibatch<T> batch;
    private readonly PpoOptions options;
    private readonly FlatVector<T> actorVector;
    private readonly Matrix<T> perStep, perEnd;
    private readonly double[] values, advantages, ratios, weights, scores, cotangents;
    private double advantageScale = 1, actorLoss, entropy;
    private bool isCounted;

    public SurrogateObjectives(
        StochasticActor<T> policy, Player<T> actor, Critic<T> values, Player<T> critic, Minibatch<T> batch, PpoOptions options, RandomStream random, RowParallelism? parallelism)
    {
        (this.policy, this.critic, this.batch, this.options, this.random) = (policy, values, batch, options, random);
        (Actor, Critic, Clip) = (actor, critic, options.Clip);
        int rows = batch.Capacity;
        ends = new Linearisation<T>(values.Layout, rows, parallelism);
        (actorVector, trueTerm) = (new FlatVector<T>(actor.Parameters.Length), new FlatVector<T>(actor.Parameters.Length));
        (perStep, perEnd, weightColumn, oldColumn) = (new(rows, 1), new(rows, 1), new(rows, 1), new(rows, 1));
        (this.values, advantages, ratios) = (new double[rows], new double[rows], new double[rows]);
        (weights, scores, cotangents) = (new double[rows], new double[rows], new double[rows]);
        (valueTangents, advantageTangents) = (new double[rows], new double[rows]);
        actorHessian = new ActorHessian<T>(policy, RecordActorLoss);
        fisher = new FisherInformation<T>(policy, batch);
        criticHessian = new NetworkHessian<T>(values.Linearisation);
        criticGaussNewton = new NetworkGaussNewton<T>(values.Linearisation);
    }

    public Player<T> Actor { get; }

    public Player<T> Critic { get; }

    public int CriticDimension => Critic.Parameters.Length;

    /// <summary>ε of the clipped surrogate.</summary>
    public double Clip { get; set; }

    /// <summary>What was met since it was last reset.</summary>
    public SurrogateStatistics Statistics { get; set; }

    /// <summary>Â of the minibatch's steps as f_A reads them, from the last linearisation.</summary>
    internal ReadOnlySpan<double> Advantages => advantages.AsSpan(0, Count);

    /// <summary>What they were divided by; 1 where they are not normalised.</summary>
    internal double AdvantageScale => advantageScale;

    private int Count => batch.Count;

    /// <summary>c_v where the critic leads: f₁ is what it descends. What a follower descends is scaled by it alone, its answer is not.</summary>
    private double CriticWeight => options.Leading.Leader == LeaderRole.Critic ? options.ValueCoefficient : 1;

    /// <summary>To be called when the minibatch has changed: its first evaluation counts in <see cref="Statistics"/>.</summary>
    public void BeginMinibatch() => isCounted = false;

    /// <summary>mean((r − 1) − ln r) over the minibatch at the actor as it is: Schulman's low-variance estimate of KL(π_old ‖ π).</summary>
    public double KullbackLeibler()
    {
        EvaluateRatios();
        return Divergences().Kl;
    }

    public void Linearise(Asked asked)
    {
        // f_C alone needs neither the actor nor advantages
        bool products = (asked & Asked.Products) != 0;
        if (!products && (asked & Asked.ActorGradient) == 0)
        {
            return;
        }

        if (products || options.Advantages == AdvantageTiming.PerMinibatch)
        {
            EvaluateCritic();
        }

        EstimateAdvantages();
        EvaluateActor();
        if (products)
        {
            critic.Linearisation.SetSquaredLoss(batch.Targets.AsSpan(0, Count));
        }
    }

    public void Relinearise() => Linearise(Asked.ActorGradient | Asked.Products);

    public double ActorLoss() => actorLoss;

    public double CriticLoss()
    {
        double sum = 0;
        for (int t = 0; t < Count; t++)
        {
            double error = values[t] - Widths.Widen(batch.Targets[t]);
            sum += error * error;
        }

        return CriticWeight * sum / Count;
    }

    /// <summary>∂f_A/∂θ = −mean_t m_t r_t Â_t ∇log π(a_t|s_t) − c ∇H, m_t = 0 where the clipped branch is the smaller.</summary>
    public double ActorGradient(Span<T> result)
    {
        for (int t = 0; t < Count; t++)
        {
            weights[t] = IsClipped(t, Clip) ? 0 : -ratios[t] * advantages[t] / Count;
        }

        Score(result, -options.EntropyCoefficient);
        if (!isCounted)
        {
            (double kl, double plain, double clipped) = Divergences();
            Statistics = Statistics.With(actorLoss + (options.EntropyCoefficient * entropy), entropy, kl, plain, clipped);
            isCounted = true;
        }

        return actorLoss;
    }

    /// <summary>∂/∂w of c_v times the squared error, whose values are clipped where the options say so.</summary>
    public double CriticGradient(Span<T> result)
    {
        double loss = double.IsPositiveInfinity(options.ValueClip)
            ? critic.Linearisation.SquaredLossGradient(Critic.Parameters, batch.CriticInputs, batch.Targets.AsSpan(0, Count), Count, result)
            : ClippedValueGradient(result);
        if (options.ValueCoefficient != 1)
        {
            Vectors.Scale(result, options.ValueCoefficient);
        }

        return loss;
    }

    /// <summary>∂ mean_t max((V − R)², (V_old + clip(V − V_old, ±ε) − R)²) / ∂w.</summary>
    private double ClippedValueGradient(Span<T> result)
    {
        critic.Linearisation.Forward(Critic.Parameters, batch.CriticInputs, Count);
        Matrix<T> outputs = critic.Linearisation.Outputs;
        double sum = 0;
        for (int t = 0; t < Count; t++)
        {
            double value = Widths.Widen(outputs.Span[t * outputs.Stride]);
            double target = Widths.Widen(batch.Targets[t]);
            double moved = value - batch.Values[t];
            double error = value - target;
            double clippedError = batch.Values[t] + Math.Clamp(moved, -options.ValueClip, options.ValueClip) - target;
            bool isHeld = clippedError * clippedError > error * error;
            sum += isHeld ? clippedError * clippedError : error * error;
            perStep.Span[t] = Widths.Narrow<T>(isHeld ? 0 : 2 * error / Count);
        }

        critic.Linearisation.Vjp(perStep, result);
        return sum / Count;
    }

    /// <summary>V_w of the minibatch's steps, with what derivatives by w need.</summary>
    private void EvaluateCritic()
    {
        critic.Linearisation.Forward(Critic.Parameters, batch.CriticInputs, Count);
        Matrix<T> outputs = critic.Linearisation.Outputs;
        for (int t = 0; t < Count; t++)
        {
            values[t] = Widths.Widen(outputs.Span[t * outputs.Stride]);
        }

        if (batch.EndCount > 0)
        {
            ends.Forward(Critic.Parameters, batch.EndInputs, batch.EndCount);
        }
    }

    private void EstimateAdvantages()
    {
        Span<double> estimates = advantages.AsSpan(0, Count);
        if (options.Advantages == AdvantageTiming.PerMinibatch)
        {
            foreach (Trajectory trajectory in batch.Trajectories)
            {
                double bootstrap = trajectory.EndRow < 0 ? 0 : Widths.Widen(ends.Outputs[trajectory.EndRow, 0]);
                Gae.Estimate(trajectory, batch.Rewards, values, bootstrap, options.Gamma, options.GaeLambda, advantages);
            }
        }
        else
        {
            batch.Advantages.AsSpan(0, Count).CopyTo(estimates);
        }

        // one step has no standard deviation: it is left as it is
        advantageScale = options.NormaliseAdvantages && Count > 1 ? Gae.Normalise(estimates, AdvantageEpsilon) : 1;
    }

    private void EvaluateRatios()
    {
        policy.Evaluate(batch.Observations, Count);
        policy.LogProbabilities(batch.Actions, scores);
        for (int t = 0; t < Count; t++)
        {
            ratios[t] = Math.Exp(scores[t] - batch.LogProbabilities[t]);
        }
    }

    private void EvaluateActor()
    {
        EvaluateRatios();
        entropy = policy.MeanEntropy();
        double sum = 0;
        for (int t = 0; t < Count; t++)
        {
            sum -= ChosenRatio(t) * advantages[t];
        }

        actorLoss = (sum / Count) - (options.EntropyCoefficient * entropy);
        actorHessian.Forget();
    }

    /// <summary>Whether clip(r, 1 ± ε) Â is the smaller: then the step's term does not move with θ.</summary>
    private bool IsClipped(int t, double clip) => advantages[t] > 0 ? ratios[t] > 1 + clip : advantages[t] < 0 && ratios[t] < 1 - clip;

    /// <summary>The ratio of the smaller branch.</summary>
    private double ChosenRatio(int t) => !IsClipped(t, Clip) ? ratios[t] : advantages[t] > 0 ? 1 + Clip : 1 - Clip;

    /// <summary>Σ_t weight_t ∇log π(a_t|s_t) + entropyWeight ∇H.</summary>
    private void Score(Span<T> result, double entropyWeight = 0)
    {
        policy.Score(batch.Actions, weights, actorVector, entropyWeight);
        actorVector.Span.CopyTo(result);
    }

    private (double Kl, double Plain, double Clipped) Divergences()
    {
        double kl = 0, plain = 0;
        int outside = 0;
        for (int t = 0; t < Count; t++)
        {
            double log = scores[t] - batch.LogProbabilities[t];
            kl += ratios[t] - 1 - log;
            plain -= log;
            outside += Math.Abs(ratios[t] - 1) > Clip ? 1 : 0;
        }

        return (kl / Count, plain / Count, (double)outside / Count);
    }
}
