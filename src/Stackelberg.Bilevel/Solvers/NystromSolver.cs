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
/// C are the rows of A at q coordinates, drawn anew without replacement for every solve. With q = n and ρ = λ this is (A + λI)⁻¹ b. The
/// inner inverse is a pseudo-inverse: sampled rows may be linearly dependent.
/// </para>
/// <para>
/// Reports <see cref="SolveStatus.Approximated"/>, or <see cref="SolveStatus.Converged"/> where the true residual of (A + λI) x = b is
/// within the tolerance. The BLPO code adds a further identity inside the inverse and scrambles C; this is the formula of its paper.
/// </para>
/// </remarks>
public sealed class NystromSolver<T> : LinearSolver<T>, IStateful
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IterationControl<T> control;
    private readonly double? rho;
    private readonly NystromSketch<T> sketch;
    private double[] inner = [], values = [], vectors = [], projected = [], coefficients = [];

    /// <summary>Reads rank, ρ and tolerance.</summary>
    /// <param name="random">Where coordinates are drawn from; part of this solver's state.</param>
    public NystromSolver(SolverOptions options, RandomStream random)
    {
        NystromArguments.Check(options);
        control = new IterationControl<T>(options.Iterations, options.Tolerance);
        rho = options.Rho;
        sketch = new NystromSketch<T>(options.Rank, random);
    }

    /// <inheritdoc/>
    public override string Name => "nystrom";

    /// <inheritdoc/>
    public override OperatorProperties Requires => OperatorProperties.Symmetric;

    /// <inheritdoc/>
    public void Save(StateWriter writer) => writer.Write("random", sketch.Random);

    /// <inheritdoc/>
    public void Load(StateReader reader) => reader.Read("random", sketch.Random);

    /// <inheritdoc/>
    protected override void CheckOperator(ILinearOperator<T> a, double damping)
    {
        if (rho is null && damping == 0)
        {
            throw new ArgumentException(
                "'nystrom' inverts a low-rank matrix plus ρI, which needs ρ > 0: set Rho, or solve with damping above 0 (then ρ = damping).");
        }
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
        return new Outcome(SolveStatus.Approximated, 0, double.NaN);
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
