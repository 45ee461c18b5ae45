using System.Diagnostics;
using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// <c>darts</c>: one follower step, its mixed product by a central difference of first derivatives (Liu, Simonyan and Yang 2019, equation
/// 8).
/// </summary>
/// <remarks>
/// With y′ = y − ξ ∂₂f₂, v = ∂₂f₁(x, y′) and ε = 0.01 / ‖v‖:
/// D f₁ ≈ ∂₁f₁(x, y′) − ξ (∂₁f₂(x, y + εv) − ∂₁f₂(x, y − εv)) / (2ε). It is the unrolled hypergradient of one step without second-order
/// products; the difference is exact for quadratic f₂. Needs an <see cref="IDifferentiableBilevelProblem{T}"/>, which is back at (x, y)
/// afterwards.
/// </remarks>
public sealed class DartsHypergradient<T> : IHypergradient<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double RelativePerturbation = 0.01;
    private readonly double stepSize;
    private FlatVector<T> leader = new(0), follower = new(0), moved = new(0), direction = new(0), forward = new(0), backward = new(0);

    /// <summary>Fixes ξ, finite and above 0.</summary>
    public DartsHypergradient(double stepSize)
    {
        if (!(stepSize > 0) || double.IsInfinity(stepSize))
        {
            throw new ArgumentOutOfRangeException(nameof(stepSize), stepSize, "The follower's step size is a finite number above 0.");
        }

        this.stepSize = stepSize;
    }

    /// <inheritdoc/>
    public string Name => "darts";

    /// <inheritdoc/>
    public HypergradientReport Compute(IBilevelProblem<T> problem, double damping, Span<T> result)
    {
        long start = Stopwatch.GetTimestamp();
        HypergradientArguments.CheckResult(problem, result);
        IDifferentiableBilevelProblem<T> game = HypergradientArguments.Differentiable(problem, Name);
        Resize(game);
        game.Leader.CopyTo(leader.Span);
        game.Follower.CopyTo(follower.Span);

        game.FollowerGradient(direction.Span);
        Displace(game, -stepSize);
        double loss = game.DirectGradient(result);
        game.RightHandSide(direction.Span);
        double size = Vectors.Norm<T>(direction.Span);
        if (size > 0)
        {
            double epsilon = RelativePerturbation / size;
            Displace(game, epsilon);
            game.FollowerLossLeaderGradient(forward.Span);
            Displace(game, -epsilon);
            game.FollowerLossLeaderGradient(backward.Span);
            Vectors.AddScaled<T>(forward.Span, -1, backward.Span);
            Vectors.Scale(forward.Span, stepSize / (2 * epsilon));
        }
        else
        {
            forward.Clear();
        }

        game.MoveTo(leader.Span, follower.Span);
        double directNorm = Vectors.Norm<T>(result), indirectNorm = Vectors.Norm<T>(forward.Span);
        double cosine = -Vectors.Cosine<T>(result, forward.Span);
        Vectors.AddScaled<T>(result, -1, forward.Span);
        return new HypergradientReport(
            Name, directNorm, indirectNorm, cosine, 1, LinearSolution.None, false, Stopwatch.GetElapsedTime(start).TotalSeconds)
        {
            LeaderLoss = loss,
        };
    }

    /// <summary>Nothing is kept between calls.</summary>
    public void Save(StateWriter writer)
    {
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
    }

    // moves to y + factor · direction
    private void Displace(IDifferentiableBilevelProblem<T> game, double factor)
    {
        follower.Span.CopyTo(moved.Span);
        Vectors.AddScaled<T>(moved.Span, factor, direction.Span);
        game.MoveTo(leader.Span, moved.Span);
    }

    private void Resize(IDifferentiableBilevelProblem<T> game)
    {
        if (follower.Length == game.FollowerDimension && leader.Length == game.LeaderDimension)
        {
            return;
        }

        leader = new FlatVector<T>(game.LeaderDimension);
        forward = new FlatVector<T>(game.LeaderDimension);
        backward = new FlatVector<T>(game.LeaderDimension);
        follower = new FlatVector<T>(game.FollowerDimension);
        moved = new FlatVector<T>(game.FollowerDimension);
        direction = new FlatVector<T>(game.FollowerDimension);
    }
}
