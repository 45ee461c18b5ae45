namespace Stackelberg.Bilevel;

/// <summary>How a linear solve ended.</summary>
public enum SolveStatus
{
    /// <summary>No system was solved: the method has none.</summary>
    None,

    /// <summary>
    /// The relative residual is within the tolerance, or it is rounding: ‖b − (A + λI)x‖ ≤ 64 √n ε (‖A + λI‖‖x‖ + ‖b‖), as <see cref="LinearSolver{T}"/> explains. Of
    /// direct methods the latter alone is asked.
    /// </summary>
    Converged,

    /// <summary>The iteration budget was used up first. For truncated solves this is the intended end.</summary>
    IterationLimit,

    /// <summary>A direction p with pᵀAp ≤ 0 was met where the method needs positive curvature.</summary>
    NonPositiveCurvature,

    /// <summary>A zero divisor or a stagnation above rounding: the method cannot go on, or its solution is none.</summary>
    Breakdown,

    /// <summary>The right-hand side or a product contains NaN or infinity.</summary>
    NonFinite,

    /// <summary>
    /// A direct factorisation met a pivot too small to divide by, or a least-squares method reached the smallest residual there is, and it
    /// is more than rounding: the system has no solution.
    /// </summary>
    Singular,

    /// <summary>
    /// The method solved a cheaper system put in place of the given one (identity, blocks, low rank) and did so exactly; only the relative
    /// residual says how close that comes.
    /// </summary>
    Approximated,

    /// <summary>The residual grows: the step size does not suit the operator. The vector returned is the best one met.</summary>
    Diverged,
}

/// <summary>The outcome of one linear solve (A + damping·I) x = b.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Iterations">
/// Iterations made, one operator product each (two for conjugate gradients on the normal equations), residual checks not counted; 0 for
/// direct methods.
/// </param>
/// <param name="RelativeResidual">
/// True residual ‖b − (A + damping·I) x‖ / ‖b‖ of the vector returned, recomputed at the end; NaN when it cannot be computed, so compare as
/// <c>!(residual &lt;= limit)</c>.
/// </param>
/// <param name="SmallestCurvature">Smallest pᵀ(A + damping·I)p / pᵀp met; NaN when none was measured.</param>
/// <param name="Damping">The damping used.</param>
public readonly record struct LinearSolution(
    SolveStatus Status, int Iterations, double RelativeResidual, double SmallestCurvature, double Damping)
{
    /// <summary>Of the columns of A that a Nyström approximation sampled, how many are exactly zero; null where none were sampled.</summary>
    public int? ZeroColumns { get; init; }

    /// <summary>What methods without a linear system report: no status, no iteration, nothing measured.</summary>
    public static LinearSolution None { get; } = new(SolveStatus.None, 0, double.NaN, double.NaN, double.NaN);
}

/// <summary>The names of <see cref="SolveStatus"/> in tables and files.</summary>
public static class SolveStatusNames
{
    /// <summary>The status in kebab-case, such as <c>iteration-limit</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration.</exception>
    public static string Name(this SolveStatus status) => status switch
    {
        SolveStatus.None => "none",
        SolveStatus.Converged => "converged",
        SolveStatus.IterationLimit => "iteration-limit",
        SolveStatus.NonPositiveCurvature => "non-positive-curvature",
        SolveStatus.Breakdown => "breakdown",
        SolveStatus.NonFinite => "non-finite",
        SolveStatus.Singular => "singular",
        SolveStatus.Approximated => "approximated",
        SolveStatus.Diverged => "diverged",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a status of a linear solve."),
    };
}
