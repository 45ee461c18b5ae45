using System.Diagnostics;
using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// <c>finite-difference</c>: differences of f₁(x, y*(x)) with the follower solved anew at every displaced x. The reference of the others,
/// for small problems in double precision.
/// </summary>
/// <remarks>
/// Five-point central differences, error O(h⁴); every leader coordinate takes four follower solves. Needs an
/// <see cref="IDifferentiableBilevelProblem{T}"/>. The problem is left at (x, y*(x)): the derivative belongs to the solved follower,
/// whatever y was on entry.
/// </remarks>
public sealed class FiniteDifferenceHypergradient<T> : IHypergradient<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double step;
    private readonly FollowerNewton<T> newton = new();

    /// <summary>Sets the displacement.</summary>
    /// <param name="step">h relative to max(1, |xᵢ|), in (0, 1).</param>
    public FiniteDifferenceHypergradient(double step = 2e-4)
    {
        if (!(step > 0 && step < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(step), step, "The displacement is relative to the coordinate and lies in (0, 1).");
        }

        this.step = step;
    }

    /// <inheritdoc/>
    public string Name => "finite-difference";

    /// <inheritdoc/>
    public HypergradientReport Compute(IBilevelProblem<T> problem, double damping, Span<T> result)
    {
        long start = Stopwatch.GetTimestamp();
        HypergradientArguments.CheckResult(problem, result);
        IDifferentiableBilevelProblem<T> game = HypergradientArguments.Differentiable(problem, Name);
        newton.Solve(game);
        T[] x = game.Leader.ToArray(), y = game.Follower.ToArray(), moved = game.Leader.ToArray();
        var direct = new T[x.Length];
        game.DirectGradient(direct);
        result.Clear();
        for (int i = 0; i < game.LeaderCoordinates.Count; i++)
        {
            int position = game.LeaderCoordinates[i];
            double at = double.CreateTruncating(x[position]);
            double h = step * Math.Max(1, Math.Abs(at));
            double near = Value(h) - Value(-h);
            double far = Value(2 * h) - Value(-2 * h);
            result[position] = T.CreateTruncating(((8 * near) - far) / (12 * h));
            moved[position] = x[position];

            double Value(double displacement)
            {
                moved[position] = T.CreateTruncating(at + displacement);
                game.MoveTo(moved, y);
                newton.Solve(game);
                return game.LeaderLoss();
            }
        }

        game.MoveTo(x, y);
        var indirect = direct.ToArray();
        Vectors.AddScaled<T>(indirect, -1, result);
        double directNorm = Vectors.Norm<T>(direct), indirectNorm = Vectors.Norm<T>(indirect);
        double cosine = -Vectors.Cosine<T>(direct, indirect);
        return new HypergradientReport(
            Name, directNorm, indirectNorm, cosine, 1, LinearSolution.None, false, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>Nothing is kept between calls.</summary>
    public void Save(StateWriter writer)
    {
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
    }
}
