using System.Numerics;
using Stackelberg.Agents.Critics;
using Stackelberg.Bilevel;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Algorithms;

/// <summary>
/// x₁ = θ, x₂ = w: f₁ = mean (α log π − min_k Q_k(s, a_θ(s))) and f₂ = L in either of its forms (<see cref="FollowerLoss"/>). No second derivative of
/// the actor is needed.
/// </summary>
/// <remarks>
/// Only critics that f₁ depends on take part: of TD3's twins the first, of SAC's both, their parameters one after the other.
/// </remarks>
internal sealed class OffPolicyActorLeads<T> : IBilevelProblem<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OffPolicyLearner<T> learner;
    private readonly IStackelbergOptions options;
    private readonly OffPolicyHypergradientOptions hypergradient;
    private readonly QCritic<T>[] followers;
    private readonly FlatVector<T> rightHandSide;
    private readonly FlatVector<T>[] valueGradients;
    private readonly FlatVector<T> actor;
    private readonly Matrix<T> tangents;
    private readonly Matrix<T> errors;
    private readonly Matrix<T> actions;
    private readonly Matrix<T> otherActions;
    private readonly Matrix<T> inputs;
    private readonly T[] weights;
    private readonly T[] noLogs;

    public OffPolicyActorLeads(OffPolicyLearner<T> learner, IStackelbergOptions options, OffPolicyHypergradientOptions hypergradient)
    {
        (this.learner, this.options, this.hypergradient) = (learner, options, hypergradient);
        followers = learner.Critics[..learner.ActorCritics];
        int rows = learner.Batch.Rows;
        int length = followers[0].Parameters.Length;
        rightHandSide = new FlatVector<T>(length * followers.Length);
        valueGradients = [.. followers.Select(_ => new FlatVector<T>(length))];
        actor = new FlatVector<T>(learner.Actor.Parameters.Length);
        (tangents, errors) = (new Matrix<T>(rows, 1), new Matrix<T>(rows, 1));
        (actions, otherActions) = (new Matrix<T>(rows, learner.Actor.ActionSize), new Matrix<T>(rows, learner.Actor.ActionSize));
        inputs = new Matrix<T>(rows, learner.PolicyInputs.Columns);
        (weights, noLogs) = (new T[rows], new T[rows]);
        FollowerCurvature = MakeCurvature();
    }

    public int LeaderDimension => actor.Length;

    public int FollowerDimension => rightHandSide.Length;

    public ILinearOperator<T> FollowerCurvature { get; }

    private bool IsBellman => options.FollowerLoss == FollowerLoss.Bellman;

    private bool IsOfMeans => hypergradient is { Curvature: Curvature.GaussNewton, OuterProduct: OuterProduct.OfMeans };

    /// <summary>∂f₁/∂θ; brings all points up to date.</summary>
    public void LeaderGradient(Span<T> result)
    {
        learner.ActorLossGradient(valueGradients);
        learner.ActorGradient.Span.CopyTo(result);
        foreach (QCritic<T> follower in followers)
        {
            if (!IsBellman && !IsOfMeans)
            {
                follower.AtPolicy.SetSquaredLoss(learner.Targets);
            }
            else if (IsBellman && options.UpdateOrder == UpdateOrder.CriticFirst)
            {
                // the critics have moved since their loss was fixed
                follower.FixLoss(learner.Batch.Inputs, learner.Targets, learner.Batch.Rows);
            }
        }
    }

    /// <summary>∂f₁/∂w_k = −mean over the rows where Q_k is the smallest of ∇Q_k(s, a_θ(s)).</summary>
    public void RightHandSide(Span<T> result)
    {
        for (int k = 0; k < followers.Length; k++)
        {
            valueGradients[k].Span.CopyTo(Part(result, k));
        }

        result.CopyTo(rightHandSide.Span);
    }

    /// <summary>∂_θ(∂_w L · v).</summary>
    public void MixedProduct(ReadOnlySpan<T> v, Span<T> result)
    {
        if (IsOfMeans)
        {
            // k₁ = 2 ḡ_θ ḡ_wᵀ, and ∂f₁/∂θ = −ḡ_θ, ∂f₁/∂w = −ḡ_w
            learner.ActorGradient.Span.CopyTo(result);
            Vectors.Scale(result, 2 * Vectors.Dot<T>(rightHandSide.Span, v));
        }
        else
        {
            if (IsBellman)
            {
                BellmanProduct(v);
            }
            else
            {
                PolicyProduct(v);
            }

            actor.Span.CopyTo(result);
        }

        if (hypergradient.Sign == ImplicitSign.Plus)
        {
            Vectors.Scale(result, -1);
        }
    }

    /// <summary>
    /// L = Σ_k mean (Q_k − y_θ)²: ∂_θ(∂_w L · v) = −(2/B) Σᵢ cᵢ ∂yᵢ/∂θ with cᵢ = Σ_k ∇Q_k(sᵢ, aᵢ) · v_k.
    /// </summary>
    private void BellmanProduct(ReadOnlySpan<T> v)
    {
        T scale = T.CreateTruncating(-2.0 / learner.Batch.Rows);
        for (int k = 0; k < followers.Length; k++)
        {
            followers[k].AtBatch.Jvp(Part(v, k), tangents);
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] = (k == 0 ? T.Zero : weights[i]) + (scale * tangents.Span[i]);
            }
        }

        learner.TargetVjp(weights, actor);
    }

    /// <summary>
    /// L = Σ_k mean (Q_k(s, a_θ(s)) − y)²: ∂_θ(∂_w L · v) = (2/B) Σᵢ Σ_k [(∇_w Q_k · v_k) ∂_θ Q_k + (Q_k − yᵢ) ∂_θ(∇_w Q_k · v_k)]; the second part
    /// is that of <see cref="OffPolicyHypergradientOptions.ErrorTerms"/>.
    /// </summary>
    private void PolicyProduct(ReadOnlySpan<T> v)
    {
        T scale = T.CreateTruncating(2.0 / learner.Batch.Rows);
        int observationSize = learner.Actor.Layout.Inputs;
        for (int k = 0; k < followers.Length; k++)
        {
            Linearisation<T> q = followers[k].AtPolicy;
            q.Jvp(Part(v, k), tangents);
            for (int i = 0; i < weights.Length; i++)
            {
                tangents.Span[i] *= scale;
                errors.Span[i] = scale * (q.Outputs.Span[i] - learner.Targets[i]);
            }

            Matrix<T> into = k == 0 ? actions : otherActions;
            q.InputVjp(tangents, observationSize, into);
            if (hypergradient.ErrorTerms)
            {
                q.MixedInputProduct(Part(v, k), errors, inputs);
                learner.TakeActionColumns(inputs, into, accumulate: true);
            }

            if (k > 0)
            {
                Vectors.AddScaled<T>(actions.Span, 1, otherActions.Span);
            }
        }

        learner.AtObservations.Vjp(actions, noLogs, actor);
    }

    private ILinearOperator<T> MakeCurvature()
    {
        if (IsOfMeans)
        {
            CoordinateMap coordinates = followers[0].Layout.Parameters.Coordinates;
            int length = followers[0].Parameters.Length;
            return new RankOneOperator<T>(
                rightHandSide, CoordinateMap.Concatenate([.. followers.Select(_ => (coordinates, length))]), scale: 2);
        }

        Linearisation<T>[] points = [.. followers.Select(f => IsBellman ? f.AtBatch : f.AtPolicy)];
        return hypergradient.Curvature == Curvature.GaussNewton
            ? points.Length == 1 ? new NetworkGaussNewton<T>(points[0])
                : new DirectSumGaussNewton<T>([.. points.Select(p => new NetworkGaussNewton<T>(p))])
            : points.Length == 1 ? new NetworkHessian<T>(points[0])
                : new DirectSumOperator<T>([.. points.Select(p => new NetworkHessian<T>(p))]);
    }

    private Span<T> Part(Span<T> joint, int k) => joint.Slice(k * valueGradients[0].Length, valueGradients[0].Length);

    private ReadOnlySpan<T> Part(ReadOnlySpan<T> joint, int k) => joint.Slice(k * valueGradients[0].Length, valueGradients[0].Length);
}
