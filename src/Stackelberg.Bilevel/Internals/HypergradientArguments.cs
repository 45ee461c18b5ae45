using System.Diagnostics;
using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>The checks every hypergradient begins with.</summary>
[StackTraceHidden]
internal static class HypergradientArguments
{
    public static void CheckResult<T>(IBilevelProblem<T> problem, ReadOnlySpan<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (result.Length != problem.LeaderDimension)
        {
            throw new ArgumentException(
                $"The result has {result.Length} elements, but the leader has {problem.LeaderDimension}.", nameof(result));
        }
    }

    public static ILinearOperator<T> CurvatureOf<T>(IBilevelProblem<T> problem, Curvature kind)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ILinearOperator<T> curvature = problem.FollowerCurvature(kind);
        return curvature.Dimension == problem.FollowerDimension
            ? curvature
            : throw new ArgumentException(
                $"The follower's curvature has dimension {curvature.Dimension}, but the follower {problem.FollowerDimension}.");
    }

    public static IDifferentiableBilevelProblem<T> Differentiable<T>(IBilevelProblem<T> problem, string method)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => problem as IDifferentiableBilevelProblem<T>
        ?? throw new ArgumentException(
            $"The hypergradient '{method}' evaluates the problem away from the current point and needs an "
            + $"{nameof(IDifferentiableBilevelProblem<>)}; {problem.GetType().Name} gives derivatives at one point only. "
            + "Implement that interface, or use an implicit hypergradient.");
}
