using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// <c>identity</c>: puts I in place of A, so x = b / (1 + λ): one follower step of unit curvature, as first-order bilevel methods use.
/// </summary>
/// <remarks>Reports <see cref="SolveStatus.Approximated"/>, or <see cref="SolveStatus.Converged"/> where the true residual is within the
/// tolerance.</remarks>
public sealed class IdentitySolver<T> : LinearSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IterationControl<T> control;

    /// <summary>Reads the tolerance.</summary>
    public IdentitySolver(SolverOptions options) => control = new IterationControl<T>(options.Iterations, options.Tolerance);

    /// <inheritdoc/>
    public override string Name => "identity";

    /// <inheritdoc/>
    protected override Outcome Run(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, double norm, Span<T> x)
    {
        b.CopyTo(x);
        Vectors.Scale(x, 1 / (1 + damping));
        return new Outcome(SolveStatus.Approximated, 0, double.NaN);
    }

    /// <inheritdoc/>
    protected override SolveStatus Judge(SolveStatus claimed, double residual, double solutionNorm, double norm) =>
        residual <= control.Tolerance ? SolveStatus.Converged : claimed;
}
