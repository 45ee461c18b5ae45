using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>Which second derivatives of L a <see cref="ToyProblem"/> gives.</summary>
public enum ToyCurvature
{
    /// <summary>Those of L.</summary>
    Hessian,

    /// <summary>
    /// Those of (Q − sg(r))² without the terms that carry the residual Q − r: k₁ = 2 ∂θQ ∂wQ and k₂ = 2 (∂wQ)² of the FSDDPG paper (section 5).
    /// </summary>
    GaussNewton,
}

/// <summary>A toy game as a bilevel problem: f₁ = −J, f₂ = L, leader θ, follower w, one number each.</summary>
/// <remarks>
/// Q is linear in w, so ∂²L/∂w² = 2 (∂wQ)² is the Gauss-Newton curvature as well; the two forms differ in the mixed product alone.
/// </remarks>
public sealed class ToyProblem : IDifferentiableBilevelProblem<double>
{
    private readonly ToyGame game;
    private readonly ToyCurvature form;
    private readonly ILinearOperator<double> curvature;
    private readonly double[] leader = new double[1], follower = new double[1];

    /// <summary>The game at its start.</summary>
    public ToyProblem(ToyGame game, ToyCurvature form = ToyCurvature.Hessian)
    {
        (this.game, this.form) = (game, form);
        (leader[0], follower[0]) = (game.Start.Theta, game.Start.W);
        curvature = new DelegateOperator<double>(
            1, OperatorProperties.Diagonal | OperatorProperties.PositiveSemidefinite, (v, result) => result[0] = SecondByW() * v[0]);
    }

    /// <inheritdoc/>
    public int LeaderDimension => 1;

    /// <inheritdoc/>
    public int FollowerDimension => 1;

    /// <summary>2 (∂wQ)², of either kind.</summary>
    public ILinearOperator<double> FollowerCurvature(Curvature kind) => curvature;

    /// <inheritdoc/>
    public CoordinateMap LeaderCoordinates { get; } = CoordinateMap.Identity(1);

    /// <inheritdoc/>
    public ReadOnlySpan<double> Leader => leader;

    /// <inheritdoc/>
    public ReadOnlySpan<double> Follower => follower;

    /// <summary>The current point.</summary>
    public ToyPoint Point => new(leader[0], follower[0]);

    /// <inheritdoc/>
    public void MoveTo(ReadOnlySpan<double> leader, ReadOnlySpan<double> follower) => MoveTo(new ToyPoint(leader[0], follower[0]));

    /// <summary>Moves to a point.</summary>
    public void MoveTo(ToyPoint point) => (leader[0], follower[0]) = (point.Theta, point.W);

    /// <summary>The derivatives are computed when asked for: nothing to do.</summary>
    public void Linearise(Derivatives needs = Derivatives.All)
    {
    }

    /// <inheritdoc/>
    public double LeaderLoss() => -game.Objective(Point);

    /// <inheritdoc/>
    public double FollowerLoss() => game.CriticLoss(Point);

    /// <inheritdoc/>
    public double DirectGradient(Span<double> result)
    {
        result[0] = -game.ObjectiveByTheta(Point);
        return LeaderLoss();
    }

    /// <inheritdoc/>
    public void RightHandSide(Span<double> result) => result[0] = -game.ObjectiveByW(Point);

    /// <inheritdoc/>
    public void FollowerGradient(Span<double> result) => result[0] = 2 * game.Residual(Point) * game.ObjectiveByW(Point);

    /// <inheritdoc/>
    public void FollowerLossLeaderGradient(Span<double> result) => result[0] = 2 * game.Residual(Point) * ResidualByTheta();

    /// <inheritdoc/>
    public void MixedProduct(ReadOnlySpan<double> v, Span<double> result)
    {
        double mixed = form == ToyCurvature.GaussNewton
            ? 2 * game.ObjectiveByTheta(Point) * game.ObjectiveByW(Point)
            : 2 * ((ResidualByTheta() * game.ObjectiveByW(Point)) + (game.Residual(Point) * game.ObjectiveMixed(Point)));
        result[0] = mixed * v[0];
    }

    private double SecondByW() => 2 * game.ObjectiveByW(Point) * game.ObjectiveByW(Point);

    private double ResidualByTheta() => game.ObjectiveByTheta(Point) + (2 * game.RewardWeight * leader[0]);
}
