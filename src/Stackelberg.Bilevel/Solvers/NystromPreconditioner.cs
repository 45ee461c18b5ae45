using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// M = BᵀB + ρI with BᵀB the positive part of the rank-q Nyström approximation, so that M is positive definite for indefinite A as well.
/// </summary>
/// <remarks>
/// With C_Q = Vᵀ diag(w) V, row i of B is (V C)ᵢ / √wᵢ for the wᵢ that are clearly positive. Without ρ and damping, ρ is the smallest
/// positive eigenvalue kept of BBᵀ. All is in the sketch's unit: a preconditioner is determined up to a factor.
/// </remarks>
public sealed class NystromPreconditioner<T> : IPreconditioner<T>, IStateful
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NystromSketch<T> sketch;
    private readonly double? givenRho;
    private double[] values = [], vectors = [], reduced = [], projected = [], coefficients = [], scratch = [];
    private double rho;
    private int kept;

    /// <summary>Reads rank, ρ and columns.</summary>
    /// <param name="random">Where coordinates are drawn from; part of this preconditioner's state.</param>
    public NystromPreconditioner(SolverOptions options, RandomStream random)
    {
        NystromArguments.Check(options);
        sketch = new NystromSketch<T>(options.Rank, new NystromDraw<T>(options.Columns, random));
        givenRho = options.Rho;
    }

    /// <inheritdoc/>
    public int? ZeroColumns => sketch.ZeroColumns;

    /// <inheritdoc/>
    public void Save(StateWriter writer) => sketch.Save(writer);

    /// <inheritdoc/>
    public void Load(StateReader reader) => sketch.Load(reader);

    /// <inheritdoc/>
    public SolveStatus? Prepare(ILinearOperator<T> a, double damping)
    {
        if (!sketch.Draw(a))
        {
            return SolveStatus.NonFinite;
        }

        int q = sketch.Rank;
        if (values.Length != q)
        {
            (scratch, vectors, reduced) = (new double[q * q], new double[q * q], new double[q * q]);
            (values, projected, coefficients) = (new double[q], new double[q], new double[q]);
        }

        sketch.Block.CopyTo(scratch, 0);
        SymmetricEigen.Decompose(q, scratch, values, vectors);
        KeepPositive(q);
        // BBᵀ, in the basis of the directions kept: (V Gram Vᵀ)ᵢⱼ / √(wᵢ wⱼ)
        for (int i = 0; i < kept; i++)
        {
            for (int j = 0; j < kept; j++)
            {
                double sum = 0;
                for (int k = 0; k < q; k++)
                {
                    sum += vectors[(i * q) + k] * Vectors.Dot<double>(sketch.Gram.AsSpan(k * q, q), vectors.AsSpan(j * q, q));
                }

                reduced[(i * kept) + j] = sum / Math.Sqrt(values[i] * values[j]);
            }
        }

        rho = (givenRho ?? damping) / sketch.Unit is > 0 and double given ? given : SmallestEigenvalue();
        for (int i = 0; i < kept; i++)
        {
            reduced[(i * kept) + i] += rho;
        }

        // positive definite but for rounding, so a failure is one of precision
        return DenseMatrix.FactorCholesky(reduced, kept, 0) ? null : SolveStatus.Breakdown;
    }

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<T> r, Span<T> z)
    {
        int q = sketch.Rank;
        sketch.Multiply(r, projected);
        Span<double> u = scratch.AsSpan(0, kept);
        for (int i = 0; i < kept; i++)
        {
            u[i] = Vectors.Dot<double>(vectors.AsSpan(i * q, q), projected) / Math.Sqrt(values[i]);
        }

        DenseMatrix.SolveCholesky(reduced, kept, u);
        Array.Clear(coefficients);
        for (int i = 0; i < kept; i++)
        {
            Vectors.AddScaled(coefficients, u[i] / Math.Sqrt(values[i]), vectors.AsSpan(i * q, q));
        }

        // (BᵀB + ρI)⁻¹ r = (r − Bᵀ(ρI + BBᵀ)⁻¹B r) / ρ
        r.CopyTo(z);
        sketch.AddTransposed(z, -1, coefficients);
        Vectors.Scale(z, 1 / rho);
    }

    // moves the eigenpairs that are positive beyond rounding to the front
    private void KeepPositive(int q)
    {
        double largest = 0;
        foreach (double value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        kept = 0;
        for (int i = 0; i < q; i++)
        {
            if (values[i] > q * Numbers<T>.Epsilon * largest)
            {
                values[kept] = values[i];
                vectors.AsSpan(i * q, q).CopyTo(vectors.AsSpan(kept * q, q));
                kept++;
            }
        }
    }

    private double SmallestEigenvalue()
    {
        if (kept == 0)
        {
            return 1;
        }

        double[] copy = reduced.AsSpan(0, kept * kept).ToArray();
        double[] eigenvalues = new double[kept];
        SymmetricEigen.Decompose(kept, copy, eigenvalues, new double[kept * kept]);
        double smallest = double.PositiveInfinity;
        foreach (double value in eigenvalues)
        {
            smallest = value > 0 ? Math.Min(smallest, value) : smallest;
        }

        return smallest;
    }
}
