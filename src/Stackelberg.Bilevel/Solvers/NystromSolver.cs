using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// <c>nystrom</c>: puts the rank-q Nyström approximation Cᵀ C_Q⁺ C in place of A and inverts it plus ρI by the Woodbury identity,
/// x = b/ρ − (1/ρ²) Cᵀ (C_Q + CCᵀ/ρ)⁺ C b.
/// </summary>
/// <remarks>
/// <para>
/// C are the rows of A at q coordinates, drawn as <see cref="SolverOptions.Columns"/> says. With all n coordinates and ρ = λ this is (A + λI)⁻¹ b. The
/// inner inverse is a pseudo-inverse: sampled rows may be linearly dependent, the same or zero. How many were exactly zero is reported.
/// </para>
/// <para>
/// Reports <see cref="SolveStatus.Approximated"/>, or <see cref="SolveStatus.Converged"/> where the true residual of (A + λI) x = b is
/// within the tolerance. The BLPO code adds a further identity inside the inverse and scrambles C (<see cref="ReleasedNystromSolver{T}"/>); this is
/// the formula of its paper.
/// </para>
/// </remarks>
public sealed class NystromSolver<T> : LinearSolver<T>, IStateful
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IterationControl<T> control;
    private readonly double? rho;
    private readonly NystromDraw<T> draw;
    private readonly NystromSketch<T> sketch;
    private double[] inner = [], values = [], vectors = [], projected = [], coefficients = [];

    /// <summary>Reads rank, ρ, columns and tolerance.</summary>
    /// <param name="random">Where coordinates are drawn from; part of this solver's state.</param>
    public NystromSolver(SolverOptions options, RandomStream random)
    {
        NystromArguments.Check(options);
        control = new IterationControl<T>(options.Iterations, options.Tolerance);
        rho = options.Rho;
        draw = new NystromDraw<T>(options.Columns, random);
        sketch = new NystromSketch<T>(options.Rank, draw);
    }

    /// <inheritdoc/>
    public override string Name => "nystrom";

    /// <inheritdoc/>
    public override OperatorProperties Requires => OperatorProperties.Symmetric;

    /// <inheritdoc/>
    public void Save(StateWriter writer) => sketch.Save(writer);

    /// <inheritdoc/>
    public void Load(StateReader reader) => sketch.Load(reader);

    /// <inheritdoc/>
    protected override void CheckOperator(ILinearOperator<T> a, double damping)
    {
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
        if (projected.Length != q)
        {
            (inner, vectors) = (new double[q * q], new double[q * q]);
            (values, projected, coefficients) = (new double[q], new double[q], new double[q]);
        }

        for (int i = 0; i < inner.Length; i++)
        {
            inner[i] = sketch.Block[i] + (sketch.Gram[i] / r);
        }

        SymmetricEigen.Decompose(q, inner, values, vectors);
        sketch.Multiply(b, projected);
        ApplyPseudoInverse(q);
        b.CopyTo(x);
        Vectors.Scale(x, 1 / r);
        sketch.AddTransposed(x, -1 / (r * r), coefficients);
        Vectors.Scale(x, 1 / sketch.Unit);
        return new Outcome(SolveStatus.Approximated, 0, double.NaN) { ZeroColumns = sketch.ZeroColumns };
    }

    /// <inheritdoc/>
    protected override SolveStatus Judge(SolveStatus claimed, double residual, double solutionNorm, double norm) =>
        residual <= control.Tolerance ? SolveStatus.Converged : claimed;

    // coefficients ← (Vᵀ diag(w)⁺ V) projected
    private void ApplyPseudoInverse(int q)
    {
        double largest = 0;
        foreach (double value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        Array.Clear(coefficients);
        for (int i = 0; i < q; i++)
        {
            if (Math.Abs(values[i]) > q * Numbers<T>.Epsilon * largest)
            {
                ReadOnlySpan<double> vector = vectors.AsSpan(i * q, q);
                Vectors.AddScaled(coefficients, Vectors.Dot<double>(vector, projected) / values[i], vector);
            }
        }
    }
}
