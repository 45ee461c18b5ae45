using System.Numerics;
using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Bilevel;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Problems;

/// <summary>
/// f_A = −J and f_C = L of an actor-critic on a rollout. What of L depends on θ are the visited returns, so its derivatives by the actor are sums of
/// scores ∇log π; the three forms sample them differently (docs/algorithms/stac.md).
/// </summary>
/// <remarks>
/// Zheng et al., Stackelberg Actor-Critic (AAAI 2022): Theorem 1, Proposition 1 and the released code. J depends on w through the advantages (form
/// official, whose standard deviation and bootstrap values are held fixed) or through Q_w (form paper-q); in the form paper it does not.
/// </remarks>
internal sealed class RolloutObjectives<T> : IActorCriticObjectives<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly StochasticActor<T> policy;
    private readonly Critic<T> values;
    private readonly Rollout<T> rollout;
    private readonly AcOptions options;
    private readonly ActorHessian<T> actorHessian;
    private readonly FisherInformation<T> fisher;
    private readonly NetworkHessian<T> criticHessian;
    private readonly NetworkGaussNewton<T> criticGaussNewton;
    private readonly FlatVector<T> actorVector;
    private readonly FlatVector<T> direct;
    private readonly Matrix<T> perStep;
    private readonly Matrix<T> weightColumn;
    private readonly double[] stepWeights;
    private readonly double[] weights;
    private readonly double[] scores;
    private double advantageScale = 1;
    private bool hasDirect;

    public RolloutObjectives(StochasticActor<T> policy, Player<T> actor, Critic<T> values, Player<T> critic, Rollout<T> rollout, AcOptions options)
    {
        (this.policy, this.values, this.rollout, this.options) = (policy, values, rollout, options);
        (Actor, Critic) = (actor, critic);
        (actorVector, direct) = (new FlatVector<T>(actor.Parameters.Length), new FlatVector<T>(actor.Parameters.Length));
        (perStep, weightColumn) = (new Matrix<T>(rollout.Capacity, 1), new Matrix<T>(rollout.Capacity, 1));
        (stepWeights, weights, scores) = (new double[rollout.Capacity], new double[rollout.Capacity], new double[rollout.Capacity]);
        actorHessian = new ActorHessian<T>(policy, RecordActorLoss);
        fisher = new FisherInformation<T>(policy, rollout);
        criticHessian = new NetworkHessian<T>(values.Linearisation);
        criticGaussNewton = new NetworkGaussNewton<T>(values.Linearisation);
    }

    public Player<T> Actor { get; }

    public Player<T> Critic { get; }

    public int CriticDimension => Critic.Parameters.Length;

    /// <summary>Mean entropy of π over the rollout where the players stood when they were last linearised, in nats.</summary>
    public double MeanEntropy { get; private set; }

    /// <summary>What the advantages of the last linearisation were divided by.</summary>
    internal double AdvantageScale => advantageScale;

    public void Linearise(Asked asked)
    {
        // L given the returns needs neither the actor nor the advantages
        if ((asked & (Asked.ActorGradient | Asked.Products)) != 0)
        {
            Evaluate();
            MeanEntropy = policy.MeanEntropy();
        }

        if ((asked & Asked.Products) != 0)
        {
            values.Linearisation.SetSquaredLoss(rollout.Targets.AsSpan(0, rollout.Count));
        }
    }

    public void Relinearise()
    {
        double kept = MeanEntropy;
        Linearise(Asked.ActorGradient | Asked.Products);
        MeanEntropy = kept;
    }

    public double ActorLoss()
    {
        policy.LogProbabilities(rollout.Actions, scores);
        double sum = 0;
        for (int t = 0; t < rollout.Count; t++)
        {
            sum += stepWeights[t] * scores[t];
        }

        return sum;
    }

    public double CriticLoss()
    {
        double sum = 0;
        for (int t = 0; t < rollout.Count; t++)
        {
            double error = rollout.Values[t] - rollout.Returns[t];
            sum += error * error;
        }

        return sum / rollout.Count;
    }

    /// <summary>∂f_A/∂θ = −Σ_t ψ_t ∇log π(a_t | s_t); its value is not sampled.</summary>
    public double ActorGradient(Span<T> result)
    {
        Direct().Span.CopyTo(result);
        return double.NaN;
    }

    /// <summary>∂f_A/∂w = −mean over the rollout of ∇_w V_w(s_t), or of ∇_w Q_w(s_t, a_t) (eq. 20).</summary>
    public void ActorLossByCritic(Span<T> result)
    {
        perStep.Span[..rollout.Count].Fill(T.CreateTruncating(-1.0 / rollout.Count));
        values.Linearisation.Vjp(perStep, result);
    }

    /// <summary>∂L/∂w of L = mean (V_w(s_t) − R_t)², at w as it is.</summary>
    public double CriticGradient(Span<T> result) => values.Linearisation.SquaredLossGradient(
        values.Parameters, values.Inputs, rollout.Targets.AsSpan(0, rollout.Count), rollout.Count, result);

    public void CriticLossByCritic(Span<T> result) => values.Linearisation.LossGradient(result);

    /// <summary>∂L/∂θ by Theorem 1, or by the released code's surrogate 2 mean(log π Â)(R_0 − V_w(s_0)).</summary>
    public void CriticLossByActor(Span<T> result)
    {
        double firstError = rollout.Returns[0] - rollout.Values[0];
        foreach (Trajectory trajectory in rollout.Trajectories)
        {
            double error = rollout.Returns[trajectory.Start] - rollout.Values[trajectory.Start];
            double discount = 1;
            for (int t = trajectory.Start; t < trajectory.End; t++)
            {
                weights[t] = options.Form switch
                {
                    ActorCriticForm.Official => 2 * firstError * rollout.Advantages[t] / rollout.Count,
                    _ when t == trajectory.Start => error * error / rollout.Trajectories.Length,
                    _ => 2 * error * discount * rollout.Returns[t] / rollout.Trajectories.Length,
                };
                discount *= options.Gamma;
            }
        }

        Score(weights, result);
    }

    /// <summary>
    /// ∂_θ(∂_w L · v). In each form ∂_θ L is a sum of scores weighted by critic errors at first steps, so that v enters through the numbers
    /// p_t = ∇_w V_w(s_t) · v alone and no second derivative is needed.
    /// </summary>
    public void CriticMixedProduct(ReadOnlySpan<T> v, Span<T> result)
    {
        values.Linearisation.Jvp(v, perStep);
        ReadOnlySpan<T> products = perStep.Span;
        if (options.Form == ActorCriticForm.Official)
        {
            // ∂_θ L = 2 mean(∇log π Â) (R_0 − V_w(s_0)), with the rollout's very first observation only: a multiple of ∂f_A/∂θ
            double first = double.CreateTruncating(products[0]);
            Direct().Span.CopyTo(result);
            Vectors.Scale(result, 2 * first);
            return;
        }

        foreach (Trajectory trajectory in rollout.Trajectories)
        {
            double p = double.CreateTruncating(products[trajectory.Start]);
            double discount = 1;
            for (int t = trajectory.Start; t < trajectory.End; t++)
            {
                weights[t] = options.Form switch
                {
                    // Proposition 1
                    ActorCriticForm.Paper => -2 * p * discount * rollout.Returns[t] / rollout.Trajectories.Length,

                    // Theorem 1: the first action's own score carries the squared error, later ones the returns
                    _ when t == trajectory.Start => 2 * p * (rollout.Values[t] - rollout.Returns[t]) / rollout.Trajectories.Length,
                    _ => -2 * p * discount * rollout.Returns[t] / rollout.Trajectories.Length,
                };
                discount *= options.Gamma;
            }
        }

        Score(weights, result);
    }

    /// <summary>∂_w(∂_θ f_A · v) = −∂_w Σ_t ψ_t(w) s_t, with the directional scores s_t = ∇log π(a_t|s_t) · v.</summary>
    public void ActorMixedProduct(ReadOnlySpan<T> v, Span<T> result)
    {
        policy.ScoreProducts(rollout.Actions, v, scores);
        double mean = 0;
        for (int t = 0; t < rollout.Count; t++)
        {
            mean += scores[t] / rollout.Count;
        }

        foreach (Trajectory trajectory in rollout.Trajectories)
        {
            if (options.Form == ActorCriticForm.Official)
            {
                AdjointOfAdvantages(trajectory, mean);
                continue;
            }

            double discount = 1;
            for (int t = trajectory.Start; t < trajectory.End; t++)
            {
                perStep.Span[t] = T.CreateTruncating(-discount * scores[t] / rollout.Trajectories.Length);
                discount *= options.Gamma;
            }
        }

        values.Linearisation.Vjp(perStep, result);
    }

    public ILinearOperator<T> ActorCurvature(Curvature kind) => kind == Curvature.GaussNewton ? fisher : actorHessian;

    public ILinearOperator<T> CriticCurvature(Curvature kind) => kind == Curvature.GaussNewton ? criticGaussNewton : criticHessian;

    /// <summary>Evaluates both networks on the rollout, and from the critic's values returns, advantages and ψ.</summary>
    private void Evaluate()
    {
        values.Load(rollout);
        values.Evaluate(rollout.Count);
        Matrix<T> outputs = values.Linearisation.Outputs;
        for (int t = 0; t < rollout.Count; t++)
        {
            rollout.Values[t] = double.CreateTruncating(outputs.Span[t * outputs.Stride]);
        }

        rollout.Estimate(options.Gamma, options.GaeLambda);
        advantageScale = rollout.NormaliseAdvantages();
        policy.Evaluate(rollout.Observations, rollout.Count);
        foreach (Trajectory trajectory in rollout.Trajectories)
        {
            double discount = 1;
            for (int t = trajectory.Start; t < trajectory.End; t++)
            {
                double psi = options.Form switch
                {
                    ActorCriticForm.Official => rollout.Advantages[t] / rollout.Count,
                    ActorCriticForm.Paper => discount * rollout.Returns[t] / rollout.Trajectories.Length,
                    _ => discount * rollout.Values[t] / rollout.Trajectories.Length,
                };
                stepWeights[t] = -psi;
                discount *= options.Gamma;
            }
        }

        actorHessian.Forget();
        hasDirect = false;
    }

    /// <summary>f_A = Σ_t stepWeight_t log π(a_t | s_t) on a tape.</summary>
    private Variable RecordActorLoss(Tape<T> tape, ReadOnlySpan<Variable> parameters)
    {
        for (int t = 0; t < rollout.Count; t++)
        {
            weightColumn[t, 0] = T.CreateTruncating(stepWeights[t]);
        }

        Variable log = policy.RecordLogProbabilities(tape, parameters, rollout.Observations, rollout.Actions, rollout.Count);
        return tape.Sum(tape.Multiply(log, tape.Leaf(weightColumn, rollout.Count)));
    }

    private FlatVector<T> Direct()
    {
        if (!hasDirect)
        {
            policy.Score(rollout.Actions, stepWeights, direct);
            hasDirect = true;
        }

        return direct;
    }

    private void Score(double[] weights, Span<T> result)
    {
        policy.Score(rollout.Actions, weights, actorVector);
        actorVector.Span.CopyTo(result);
    }

    /// <summary>perStep_t ← ∂/∂V_t of −Σ c_t Â_t.</summary>
    private void AdjointOfAdvantages(Trajectory trajectory, double mean)
    {
        double scale = -1 / (rollout.Count * advantageScale);
        for (int t = trajectory.Start; t < trajectory.End; t++)
        {
            weights[t] = scale * (scores[t] - mean);
        }

        // the value after a trajectory is held fixed, as it was at collection
        Gae.Adjoint(trajectory, weights, options.Gamma, options.GaeLambda, scores);
        for (int t = trajectory.Start; t < trajectory.End; t++)
        {
            perStep.Span[t] = T.CreateTruncating(scores[t]);
        }
    }
}
