using System.Numerics;
using Stackelberg.Bilevel;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Problems;

/// <summary>Which derivatives of actor and critic are asked for at a point.</summary>
[Flags]
internal enum Asked
{
    /// <summary>∂f_A/∂θ</summary>
    ActorGradient = 1,

    /// <summary>∂L/∂w, as the critic descends it.</summary>
    CriticGradient = 2,

    /// <summary>What the leader's implicit term is made of.</summary>
    Products = 4,
}

/// <summary>
/// The objectives of an actor θ and a critic w, f_A(θ, w) = −J and f_C(θ, w) = L, with their derivatives by either player: written by hand where speed
/// pays.
/// </summary>
internal interface IActorCriticObjectives<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    Player<T> Actor { get; }

    Player<T> Critic { get; }

    /// <summary>Elements of w, from the first, that f_A depends on.</summary>
    int CriticDimension { get; }

    /// <summary>Takes the players and the data as they are.</summary>
    void Linearise(Asked asked);

    /// <summary>The same at other parameters: data, noise and all that was drawn stay.</summary>
    void Relinearise();

    /// <summary>f_A</summary>
    double ActorLoss();

    /// <summary>f_C, in the form the leader anticipates.</summary>
    double CriticLoss();

    /// <summary>∂f_A/∂θ. Returns f_A, or NaN where only its gradient is sampled.</summary>
    double ActorGradient(Span<T> result);

    /// <summary>∂f_A/∂w, over <see cref="CriticDimension"/>.</summary>
    void ActorLossByCritic(Span<T> result);

    /// <summary>What the critic descends, over all of w. Returns its loss.</summary>
    double CriticGradient(Span<T> result);

    /// <summary>∂f_C/∂w, over <see cref="CriticDimension"/>.</summary>
    void CriticLossByCritic(Span<T> result);

    /// <summary>∂f_C/∂θ</summary>
    void CriticLossByActor(Span<T> result);

    /// <summary>∂_θ(∂_w f_C · v), v over <see cref="CriticDimension"/>.</summary>
    void CriticMixedProduct(ReadOnlySpan<T> v, Span<T> result);

    /// <summary>∂_w(∂_θ f_A · v), over all of w.</summary>
    void ActorMixedProduct(ReadOnlySpan<T> v, Span<T> result);

    /// <summary>∂²f_A/∂θ², or what stands for it.</summary>
    ILinearOperator<T> ActorCurvature(Curvature kind);

    /// <summary>∂²f_C/∂w² over <see cref="CriticDimension"/>, or what stands for it.</summary>
    ILinearOperator<T> CriticCurvature(Curvature kind);
}

/// <summary>
/// Actor and critic as leader and follower: x₁ = θ, x₂ = w, f₁ = f_A, f₂ = f_C where the actor leads or nobody does, and the other way round where the
/// critic leads.
/// </summary>
internal sealed class ActorCriticProblem<T>(IActorCriticObjectives<T> objectives, LeaderRole leader) : IDifferentiableBilevelProblem<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool criticLeads = leader == LeaderRole.Critic;

    public int LeaderDimension => criticLeads ? objectives.Critic.Parameters.Length : objectives.Actor.Parameters.Length;

    public int FollowerDimension => criticLeads ? objectives.Actor.Parameters.Length : objectives.CriticDimension;

    public CoordinateMap LeaderCoordinates => (criticLeads ? objectives.Critic : objectives.Actor).Layout.Coordinates;

    public ReadOnlySpan<T> Leader => (criticLeads ? objectives.Critic : objectives.Actor).Parameters.Span;

    public ReadOnlySpan<T> Follower => (criticLeads ? objectives.Actor : objectives.Critic).Parameters.Span[..FollowerDimension];

    public void Linearise(Derivatives needs = Derivatives.All)
    {
        Asked direct = criticLeads ? Asked.CriticGradient : Asked.ActorGradient;
        Asked descent = criticLeads ? Asked.ActorGradient : Asked.CriticGradient;
        objectives.Linearise(
            ((needs & Derivatives.Direct) != 0 ? direct : 0)
            | ((needs & Derivatives.Descent) != 0 ? descent : 0)
            | ((needs & Derivatives.Implicit) != 0 ? Asked.Products : 0));
    }

    public void MoveTo(ReadOnlySpan<T> leader, ReadOnlySpan<T> follower)
    {
        Player<T> first = criticLeads ? objectives.Critic : objectives.Actor;
        Player<T> second = criticLeads ? objectives.Actor : objectives.Critic;
        leader.CopyTo(first.Parameters.Span);
        follower.CopyTo(second.Parameters.Span);
        objectives.Relinearise();
    }

    public double LeaderLoss() => criticLeads ? objectives.CriticLoss() : objectives.ActorLoss();

    public double FollowerLoss() => criticLeads ? objectives.ActorLoss() : objectives.CriticLoss();

    public double DirectGradient(Span<T> result) => criticLeads ? objectives.CriticGradient(result) : objectives.ActorGradient(result);

    public double FollowerDescent(Span<T> result) => criticLeads ? objectives.ActorGradient(result) : objectives.CriticGradient(result);

    public void FollowerGradient(Span<T> result)
    {
        if (criticLeads)
        {
            objectives.ActorGradient(result);
        }
        else
        {
            objectives.CriticLossByCritic(result);
        }
    }

    public void RightHandSide(Span<T> result)
    {
        if (criticLeads)
        {
            objectives.CriticLossByActor(result);
        }
        else
        {
            objectives.ActorLossByCritic(result);
        }
    }

    public void FollowerLossLeaderGradient(Span<T> result)
    {
        if (criticLeads)
        {
            result.Clear();
            objectives.ActorLossByCritic(result[..objectives.CriticDimension]);
        }
        else
        {
            objectives.CriticLossByActor(result);
        }
    }

    public ILinearOperator<T> FollowerCurvature(Curvature kind) => criticLeads ? objectives.ActorCurvature(kind) : objectives.CriticCurvature(kind);

    public void MixedProduct(ReadOnlySpan<T> v, Span<T> result)
    {
        if (criticLeads)
        {
            objectives.ActorMixedProduct(v, result);
        }
        else
        {
            objectives.CriticMixedProduct(v, result);
        }
    }
}
