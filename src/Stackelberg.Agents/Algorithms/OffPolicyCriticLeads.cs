using System.Numerics;
using Stackelberg.Agents.Policies;
using Stackelberg.Bilevel;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Algorithms;

/// <summary>
/// x₁ = w, all critics' parameters one after the other, x₂ = θ: f₁ = L in either of its forms and f₂ = mean (α log π − min_k Q_k(s, a_θ(s))).
/// </summary>
/// <remarks>The follower's Hessian is indefinite: where Q is convex in the action, the actor's loss is concave.</remarks>
internal sealed class OffPolicyCriticLeads<T> : IBilevelProblem<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OffPolicyLearner<T> learner;
    private readonly IStackelbergOptions options;
    private readonly OffPolicyHypergradientOptions hypergradient;
    private readonly FlatVector<T> actor;
    private readonly FlatVector<T> critic;
    private readonly Matrix<T> seeds;
    private readonly Matrix<T> actions;
    private readonly Matrix<T> inputTangents;
    private readonly T[] weights;
    private readonly T[] noLogs;

    public OffPolicyCriticLeads(OffPolicyLearner<T> learner, IStackelbergOptions options, OffPolicyHypergradientOptions hypergradient)
    {
        (this.learner, this.options, this.hypergradient) = (learner, options, hypergradient);
        int rows = learner.Batch.Rows;
        actor = new FlatVector<T>(learner.Actor.Parameters.Length);
        critic = new FlatVector<T>(learner.Critics[0].Parameters.Length);
        seeds = new Matrix<T>(rows, 1);
        actions = new Matrix<T>(rows, learner.Actor.ActionSize);
        inputTangents = new Matrix<T>(rows, learner.PolicyInputs.Columns);
        (weights, noLogs) = (new T[rows], new T[rows]);
        FollowerCurvature = hypergradient.Curvature == Curvature.GaussNewton
            ? new ActionMetric<T>(learner)
            : new ActorLossHessian<T>(learner);
    }

    public int LeaderDimension => critic.Length * learner.Critics.Length;

    public int FollowerDimension => actor.Length;

    public ILinearOperator<T> FollowerCurvature { get; }

    /// <summary>∂L/∂w, which the critics hold; brings the actor's loss up to date.</summary>
    public void LeaderGradient(Span<T> result)
    {
        for (int k = 0; k < learner.Critics.Length; k++)
        {
            learner.Critics[k].Gradient.Span.CopyTo(result.Slice(k * critic.Length, critic.Length));
        }

        learner.ActorLossGradient();
        (FollowerCurvature as ActorLossHessian<T>)?.Refresh();
    }

    /// <summary>∂L/∂θ: −(2/B) Σᵢ Σ_k (Q_k − yᵢ) ∂yᵢ/∂θ, or (2/B) Σᵢ Σ_k (Q_k − yᵢ) ∂_θ Q_k(sᵢ, a_θ(sᵢ)).</summary>
    public void RightHandSide(Span<T> result)
    {
        bool isBellman = options.FollowerLoss == FollowerLoss.Bellman;
        T scale = T.CreateTruncating((isBellman ? -2.0 : 2.0) / learner.Batch.Rows);
        int count = isBellman ? learner.Critics.Length : learner.ActorCritics;
        for (int k = 0; k < count; k++)
        {
            Linearisation<T> q = isBellman ? learner.Critics[k].AtBatch : learner.Critics[k].AtPolicy;
            for (int i = 0; i < weights.Length; i++)
            {
                T error = scale * (q.Outputs.Span[i] - learner.Targets[i]);
                weights[i] = (k == 0 ? T.Zero : weights[i]) + error;
                seeds.Span[i] = error;
            }

            if (!isBellman)
            {
                learner.AddActionVjp(q, seeds, actions, accumulate: k > 0);
            }
        }

        if (isBellman)
        {
            learner.TargetVjp(weights, actor);
        }
        else
        {
            learner.AtObservations.Vjp(actions, noLogs, actor);
        }

        actor.Span.CopyTo(result);
    }

    /// <summary>∂_w(∂_θ f₂ · v) = Σ_k ∂_w Σᵢ (∂f₁/∂Q_k)ᵢ ∇_a Q_k(sᵢ, a) · uᵢ with uᵢ = ∂a_θ(sᵢ)/∂θ · v.</summary>
    public void MixedProduct(ReadOnlySpan<T> v, Span<T> result)
    {
        learner.AtObservations.Jvp(v, actions);
        learner.ToInputTangents(actions, inputTangents);
        result.Clear();
        for (int k = 0; k < learner.ActorCritics; k++)
        {
            learner.Critics[k].AtPolicy.MixedParameterProduct(inputTangents, learner.ValueWeights[k], critic);
            critic.Span.CopyTo(result.Slice(k * critic.Length, critic.Length));
        }

        if (hypergradient.Sign == ImplicitSign.Plus)
        {
            Vectors.Scale(result, -1);
        }
    }
}

/// <summary>∂²f₂/∂θ² of f₂ = mean (α log π − min_k Q_k(s, a_θ(s))): Jᵀ(∂²f₂/∂a²)J plus the curvature of the actor itself.</summary>
internal sealed class ActorLossHessian<T> : ILinearOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OffPolicyLearner<T> learner;
    private readonly Matrix<T> actions;
    private readonly Matrix<T> inputTangents;
    private readonly Matrix<T> inputs;
    private readonly FlatVector<T> sum;
    private readonly T[] noLogs;

    public ActorLossHessian(OffPolicyLearner<T> learner)
    {
        this.learner = learner;
        int rows = learner.Batch.Rows;
        actions = new Matrix<T>(rows, learner.Actor.ActionSize);
        (inputTangents, inputs) = (new Matrix<T>(rows, learner.PolicyInputs.Columns), new Matrix<T>(rows, learner.PolicyInputs.Columns));
        sum = new FlatVector<T>(learner.Actor.Parameters.Length);
        noLogs = new T[rows];
    }

    public int Dimension => sum.Length;

    public CoordinateMap Coordinates => learner.Actor.Layout.Parameters.Coordinates;

    public OperatorProperties Properties => OperatorProperties.Symmetric;

    /// <summary>To be called after the actor's loss was evaluated at a new point.</summary>
    public void Refresh() => learner.AtObservations.SetCotangents(learner.ActionCotangents, learner.LogCotangents);

    public void Multiply(ReadOnlySpan<T> x, Span<T> result)
    {
        ActorPoint<T> actor = learner.AtObservations;
        actor.Jvp(x, actions);
        learner.ToInputTangents(actions, inputTangents);
        for (int k = 0; k < learner.ActorCritics; k++)
        {
            learner.Critics[k].AtPolicy.InputHessianProduct(inputTangents, learner.ValueWeights[k], inputs);
            learner.TakeActionColumns(inputs, actions, accumulate: k > 0);
        }

        actor.Vjp(actions, noLogs, sum);
        actor.HessianProduct(x, result);
        Vectors.AddScaled<T>(result, 1, sum.Span);
    }

    public void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result) => Multiply(x, result);
}

/// <summary>
/// (1/B) Σᵢ JᵢᵀJᵢ with the actions' Jacobians Jᵢ = ∂a_θ(sᵢ)/∂θ: the Fisher information of a Gaussian of unit variance around the actor, positive
/// semidefinite where the Hessian is not.
/// </summary>
internal sealed class ActionMetric<T> : ILinearOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OffPolicyLearner<T> learner;
    private readonly Matrix<T> actions;
    private readonly FlatVector<T> sum;
    private readonly T[] noLogs;

    public ActionMetric(OffPolicyLearner<T> learner)
    {
        this.learner = learner;
        actions = new Matrix<T>(learner.Batch.Rows, learner.Actor.ActionSize);
        sum = new FlatVector<T>(learner.Actor.Parameters.Length);
        noLogs = new T[learner.Batch.Rows];
    }

    public int Dimension => sum.Length;

    public CoordinateMap Coordinates => learner.Actor.Layout.Parameters.Coordinates;

    public OperatorProperties Properties => OperatorProperties.PositiveSemidefinite;

    public void Multiply(ReadOnlySpan<T> x, Span<T> result)
    {
        learner.AtObservations.Jvp(x, actions);
        Vectors.Scale<T>(actions.Span, 1.0 / learner.Batch.Rows);
        learner.AtObservations.Vjp(actions, noLogs, sum);
        sum.Span.CopyTo(result);
    }

    public void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result) => Multiply(x, result);
}
