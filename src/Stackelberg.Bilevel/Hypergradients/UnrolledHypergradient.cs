using System.Diagnostics;
using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// <c>unrolled</c>: the exact derivative of f₁(x, y_k(x)) through k follower steps y_{t+1} = y_t − α ∂₂f₂(x, y_t) from the current y₀, by
/// reverse accumulation.
/// </summary>
/// <remarks>
/// <para>
/// With v_k = ∂₂f₁(x, y_k) and v_t = (I − α ∂₂₂f₂)v_{t+1} at y_t, D f₁ = ∂₁f₁(x, y_k) − α Σ_t (∂₁₂f₂)(x, y_t) v_{t+1}. For a convergent
/// follower and k → ∞ this tends to the implicit hypergradient at the follower's minimum (Franceschi et al. 2017).
/// </para>
/// <para>
/// Needs an <see cref="IDifferentiableBilevelProblem{T}"/> with the true Hessian.
/// The problem is back at (x, y₀) afterwards. Keeps k + 1 follower vectors.
/// </para>
/// </remarks>
public sealed class UnrolledHypergradient<T> : IHypergradient<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int steps;
    private readonly double stepSize;
    private readonly FlatVector<T>[] trajectory;
    private FlatVector<T> leader = new(0), adjoint = new(0), product = new(0), mixed = new(0), indirect = new(0);

    /// <summary>Fixes the follower's steps.</summary>
    /// <param name="steps">k ≥ 1.</param>
    /// <param name="stepSize">α, finite and above 0.</param>
    public UnrolledHypergradient(int steps, double stepSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        if (!(stepSize > 0) || double.IsInfinity(stepSize))
        {
            throw new ArgumentOutOfRangeException(nameof(stepSize), stepSize, "The follower's step size is a finite number above 0.");
        }

        this.steps = steps;
        this.stepSize = stepSize;
        trajectory = new FlatVector<T>[steps + 1];
    }

    /// <inheritdoc/>
    public string Name => "unrolled";

    /// <inheritdoc/>
    public HypergradientReport Compute(IBilevelProblem<T> problem, double damping, Span<T> result)
    {
        long start = Stopwatch.GetTimestamp();
        HypergradientArguments.CheckResult(problem, result);
        IDifferentiableBilevelProblem<T> game = HypergradientArguments.Differentiable(problem, Name);
        ILinearOperator<T> hessian = HypergradientArguments.CurvatureOf(game, Curvature.Hessian);
        Resize(game);
        game.Leader.CopyTo(leader.Span);
        game.Follower.CopyTo(trajectory[0].Span);
        for (int t = 0; t < steps; t++)
        {
            game.FollowerGradient(product.Span);
            trajectory[t].Span.CopyTo(trajectory[t + 1].Span);
            Vectors.AddScaled<T>(trajectory[t + 1].Span, -stepSize, product.Span);
            game.MoveTo(leader.Span, trajectory[t + 1].Span);
        }

        double loss = game.DirectGradient(result);
        game.RightHandSide(adjoint.Span);
        indirect.Clear();
        for (int t = steps - 1; t >= 0; t--)
        {
            game.MoveTo(leader.Span, trajectory[t].Span);
            game.MixedProduct(adjoint.Span, mixed.Span);
            Vectors.AddScaled<T>(indirect.Span, stepSize, mixed.Span);
            hessian.MultiplyTransposed(adjoint.Span, product.Span);
            Vectors.AddScaled<T>(adjoint.Span, -stepSize, product.Span);
        }

        double directNorm = Vectors.Norm<T>(result), indirectNorm = Vectors.Norm<T>(indirect.Span);
        double cosine = -Vectors.Cosine<T>(result, indirect.Span);
        Vectors.AddScaled<T>(result, -1, indirect.Span);
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

    private void Resize(IDifferentiableBilevelProblem<T> game)
    {
        if (adjoint.Length == game.FollowerDimension && leader.Length == game.LeaderDimension)
        {
            return;
        }

        leader = new FlatVector<T>(game.LeaderDimension);
        mixed = new FlatVector<T>(game.LeaderDimension);
        indirect = new FlatVector<T>(game.LeaderDimension);
        adjoint = new FlatVector<T>(game.FollowerDimension);
        product = new FlatVector<T>(game.FollowerDimension);
        for (int t = 0; t <= steps; t++)
        {
            trajectory[t] = new FlatVector<T>(game.FollowerDimension);
        }
    }
}
