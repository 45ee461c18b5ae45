using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// <c>nystrom-released</c>, for reproduction only: what BLPO's released code computes where its paper has the formula of <see cref="NystromSolver{T}"/>,
/// x = b/ρ − (1/ρ²) C̃ᵀ (I + C̃_Q + C̃C̃ᵀ/ρ)⁻¹ C̃ b.
/// </summary>
/// <remarks>
/// <para>
/// There is one identity too many, and C̃ holds the q sampled rows of A flattened tensor by tensor and read row by row, so that hardly an entry is where it
/// belongs; C̃_Q = C̃[:, Q] inherits that and is not symmetric. With the published ρ = 50 little but b/ρ is left of it.
/// </para>
/// <para>
/// The operator has to tell its tensors (<see cref="IKnownTensors{T}"/>). Reports <see cref="SolveStatus.Approximated"/> with the true residual of
/// (A + λI) x = b, or <see cref="SolveStatus.Converged"/> where that is within the tolerance; where the inner matrix cannot be inverted, x = 0 and
/// <see cref="SolveStatus.Breakdown"/>.
/// </para>
/// </remarks>
public sealed class ReleasedNystromSolver<T> : LinearSolver<T>, IStateful
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IterationControl<T> control;
    private readonly double? rho;
    private readonly NystromDraw<T> draw;
    private readonly NystromSketch<T> sketch;
    private double[] inner = [], coefficients = [];
    private int[] pivots = [];

    /// <summary>Reads rank, ρ, columns and tolerance.</summary>
    /// <param name="random">Where coordinates are drawn from; part of this solver's state.</param>
    public ReleasedNystromSolver(SolverOptions options, RandomStream random)
    {
        NystromArguments.Check(options);
        control = new IterationControl<T>(options.Iterations, options.Tolerance);
        rho = options.Rho;
        draw = new NystromDraw<T>(options.Columns, random);
        sketch = new NystromSketch<T>(options.Rank, draw, new LeafScramble<T>());
    }

    /// <inheritdoc/>
    public override string Name => "nystrom-released";

    /// <inheritdoc/>
    public override OperatorProperties Requires => OperatorProperties.Symmetric;

    /// <inheritdoc/>
    public void Save(StateWriter writer) => sketch.Save(writer);

    /// <inheritdoc/>
    public void Load(StateReader reader) => sketch.Load(reader);

    /// <inheritdoc/>
    protected override void CheckOperator(ILinearOperator<T> a, double damping)
    {
        LeafScramble<T>.Check(Name, a);
        NystromArguments.CheckShift(Name, rho, damping);
        draw.Check(a);
    }

    /// <inheritdoc/>
    protected override Outcome Run(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, double norm, Span<T> x)
    {
        if (!sketch.Draw(a))
        {
            return new Outcome(SolveStatus.NonFinite, 0, double.NaN);
        }

        double r = (rho ?? damping) / sketch.Unit;
        int q = sketch.Rank;
        if (pivots.Length != q)
        {
            (inner, coefficients, pivots) = (new double[q * q], new double[q], new int[q]);
        }

        for (int i = 0; i < inner.Length; i++)
        {
            // the identity is in the matrix's own unit
            inner[i] = sketch.Block[i] + (sketch.Gram[i] / r) + (i % (q + 1) == 0 ? 1 / sketch.Unit : 0);
        }

        if (!DenseMatrix.FactorLu(inner, pivots, 0))
        {
            x.Clear();
            return new Outcome(SolveStatus.Breakdown, 0, double.NaN) { ZeroColumns = sketch.ZeroColumns };
        }

        sketch.Multiply(b, coefficients);
        DenseMatrix.SolveLu(inner, pivots, coefficients);
        b.CopyTo(x);
        Vectors.Scale(x, 1 / r);
        sketch.AddTransposed(x, -1 / (r * r), coefficients);
        Vectors.Scale(x, 1 / sketch.Unit);
        return new Outcome(SolveStatus.Approximated, 0, double.NaN) { ZeroColumns = sketch.ZeroColumns };
    }

    /// <inheritdoc/>
    protected override SolveStatus Judge(SolveStatus claimed, double residual, double solutionNorm, double norm) =>
        residual <= control.Tolerance ? SolveStatus.Converged : claimed;
}
