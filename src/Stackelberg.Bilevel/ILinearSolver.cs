using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>Solves (A + damping·I) x = b. One instance serves one dimension at a time and keeps its workspace: not thread-safe.</summary>
public interface ILinearSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The name used in configuration and reports, such as <c>cg</c>.</summary>
    string Name { get; }

    /// <summary>What an operator must declare.</summary>
    OperatorProperties Requires { get; }

    /// <summary>Solves for x.</summary>
    /// <param name="a">The operator.</param>
    /// <param name="damping">λ ≥ 0 added to the diagonal.</param>
    /// <param name="b">Right-hand side.</param>
    /// <param name="x">On entry the starting point of iterative methods (zero for a cold start); on return the solution, or what was
    /// reached: the status says which.</param>
    /// <exception cref="ArgumentException">The operator does not declare what the solver requires, or lengths differ.</exception>
    LinearSolution Solve(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, Span<T> x);
}
