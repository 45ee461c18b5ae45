using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// <c>gauss-newton</c>: solves (c JᵀJ + λI) x = b exactly in sample space, with K = JJᵀ: x = (b − Jᵀ((λ/c) I + K)⁻¹ J b) / λ.
/// </summary>
/// <remarks>
/// <para>Needs an <see cref="ISampleSpaceOperator{T}"/>. B samples take one B×B Cholesky factorisation in double precision and 4 Jacobian
/// products.</para>
/// <para>
/// λ = 0: the matrix is singular whenever there are more parameters than samples. The system then has a solution only for b in the row
/// space of J, which holds for gradients of functions of the batch's outputs; x is the one of minimum norm, by a pivoted Cholesky
/// factorisation of K. For other b the status is <see cref="SolveStatus.Singular"/> and x the least-squares solution of minimum norm.
/// </para>
/// <para>Rounding of small λ is reduced by iterative refinement to what the precision can reach.</para>
/// </remarks>
public sealed class GaussNewtonSolver<T> : LinearSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Most samples the solver accepts; its factorisation then takes 8 GiB.</summary>
    public const int MaximumSamples = 32768;

    private FlatVector<T> residual = new(0), correction = new(0), before = new(0);
    private T[] kernel = [], samples = [];
    private double[] factor = [], unknowns = [];
    private PivotedCholesky? pivoted;

    /// <summary>Makes one; it reads none of the options.</summary>
    public GaussNewtonSolver(SolverOptions options) => _ = options;

    /// <inheritdoc/>
    public override string Name => "gauss-newton";

    /// <inheritdoc/>
    public override OperatorProperties Requires => OperatorProperties.PositiveSemidefinite;

    /// <inheritdoc/>
    protected override bool IsDirect => true;

    /// <inheritdoc/>
    protected override void Resize(int length)
    {
        residual = new FlatVector<T>(length);
        correction = new FlatVector<T>(length);
        before = new FlatVector<T>(length);
    }

    /// <inheritdoc/>
    protected override void CheckOperator(ILinearOperator<T> a, double damping)
    {
        if (a is not ISampleSpaceOperator<T> operation)
        {
            IEnumerable<string> others = SolverCatalogue.BuiltIn.NamesFor(a.Properties, a.HasTransposed).Where(name => name != Name);
            throw new ArgumentException(
                "'gauss-newton' works in sample space and needs a Gauss-Newton matrix with its Jacobian; this operator is known by its products alone. "
                + $"Use one of: {string.Join(", ", others)}.");
        }

        if (operation.Samples is < 1 or > MaximumSamples)
        {
            throw new ArgumentException(
                $"'gauss-newton' factorises a matrix with one row per sample and accepts 1 to {MaximumSamples} samples; the operator has "
                + $"{operation.Samples}. Use fewer, or cg.");
        }
    }

    /// <inheritdoc/>
    protected override Outcome Run(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, double norm, Span<T> x)
    {
        var operation = (ISampleSpaceOperator<T>)a;
        int count = operation.Samples;
        if (samples.Length != count)
        {
            (kernel, samples) = (new T[count * count], new T[count]);
            (factor, unknowns) = (new double[count * count], new double[count]);
        }

        operation.Kernel(kernel);
        if (!Vectors.AllFinite<T>(kernel))
        {
            return new Outcome(SolveStatus.NonFinite, 0, double.NaN);
        }

        for (int i = 0; i < factor.Length; i++)
        {
            factor[i] = double.CreateTruncating(kernel[i]);
        }

        if (!Factorise(count, damping / operation.Scale))
        {
            x.Clear();
            return new Outcome(SolveStatus.Singular, 0, double.NaN);
        }

        Apply(operation, damping, b, x);
        Refine(operation, damping, b, x);
        return new Outcome(damping == 0 ? SolveStatus.Singular : SolveStatus.Converged, 0, double.NaN)
        {
            // c JJᵀ has the eigenvalues of c JᵀJ
            MatrixNorm = (operation.Scale * Vectors.Norm<T>(kernel)) + damping,
        };
    }

    // Improves x while that at least halves the residual.
    private void Refine(ISampleSpaceOperator<T> operation, double damping, ReadOnlySpan<T> b, Span<T> x)
    {
        Span<T> r = residual.Span, d = correction.Span, old = before.Span;
        double size = Residual(operation, damping, b, x, r);
        for (double last = double.PositiveInfinity; size > 0 && size <= last / 2;)
        {
            Apply(operation, damping, r, d);
            x.CopyTo(old);
            Vectors.AddScaled(x, 1, d);
            last = size;
            size = Residual(operation, damping, b, x, r);
            if (!(size < last))
            {
                old.CopyTo(x);
            }
        }
    }

    private bool Factorise(int count, double ridge)
    {
        if (ridge == 0)
        {
            pivoted = PivotedCholesky.Of(factor, count, Numbers<T>.Epsilon);
            return pivoted.IsUsable;
        }

        for (int i = 0; i < count; i++)
        {
            factor[(i * count) + i] += ridge;
        }

        return DenseMatrix.FactorCholesky(factor, count, 0);
    }

    // x ← (c JᵀJ + λI)⁻¹ b, or the minimum-norm least-squares solution for λ = 0
    private void Apply(ISampleSpaceOperator<T> a, double damping, ReadOnlySpan<T> b, Span<T> x)
    {
        a.MultiplyJacobian(b, samples);
        for (int i = 0; i < unknowns.Length; i++)
        {
            unknowns[i] = double.CreateTruncating(samples[i]);
        }

        if (damping == 0)
        {
            pivoted!.SolveMinimumNorm(unknowns);
        }
        else
        {
            DenseMatrix.SolveCholesky(factor, unknowns.Length, unknowns);
        }

        for (int i = 0; i < unknowns.Length; i++)
        {
            samples[i] = T.CreateTruncating(unknowns[i]);
        }

        a.MultiplyJacobianTransposed(samples, x);
        if (damping == 0)
        {
            Vectors.Scale(x, 1 / a.Scale);
        }
        else
        {
            Vectors.ScaleAndAdd(x, -1, b);
            Vectors.Scale(x, 1 / damping);
        }
    }
}
