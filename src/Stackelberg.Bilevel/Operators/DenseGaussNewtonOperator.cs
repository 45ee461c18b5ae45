using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>c JᵀJ for a Jacobian given by its entries: linear features, or a check of a network's Gauss-Newton products.</summary>
public sealed class DenseGaussNewtonOperator<T> : ISampleSpaceOperator<T>, IKnownDiagonal<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] jacobian;
    private readonly T[] samplesOfProduct;

    /// <summary>Copies a Jacobian.</summary>
    /// <param name="samples">Rows of J.</param>
    /// <param name="dimension">Columns of J.</param>
    /// <param name="jacobian">Row-major [samples × dimension].</param>
    /// <param name="scale">c, finite and above 0.</param>
    public DenseGaussNewtonOperator(int samples, int dimension, ReadOnlySpan<T> jacobian, double scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        if (!(scale > 0) || double.IsInfinity(scale))
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "The scale of a Gauss-Newton matrix is a finite number above 0.");
        }

        if (jacobian.Length != (long)samples * dimension)
        {
            throw new ArgumentException($"{jacobian.Length} entries given; a {samples}×{dimension} Jacobian has {(long)samples * dimension}.");
        }

        Samples = samples;
        Dimension = dimension;
        Scale = scale;
        Coordinates = CoordinateMap.Identity(dimension);
        this.jacobian = jacobian.ToArray();
        samplesOfProduct = new T[samples];
    }

    /// <inheritdoc/>
    public int Samples { get; }

    /// <inheritdoc/>
    public double Scale { get; }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public CoordinateMap Coordinates { get; }

    /// <inheritdoc/>
    public OperatorProperties Properties => OperatorProperties.PositiveSemidefinite;

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<T> x, Span<T> result)
    {
        MultiplyJacobian(x, samplesOfProduct);
        Vectors.Scale<T>(samplesOfProduct, Scale);
        MultiplyJacobianTransposed(samplesOfProduct, result);
    }

    /// <inheritdoc/>
    public void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result) => Multiply(x, result);

    /// <inheritdoc/>
    public void Kernel(Span<T> result)
    {
        for (int i = 0; i < Samples; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                T product = T.CreateTruncating(Vectors.Dot(Row(i), Row(j)));
                result[(i * Samples) + j] = product;
                result[(j * Samples) + i] = product;
            }
        }
    }

    /// <inheritdoc/>
    public void MultiplyJacobian(ReadOnlySpan<T> x, Span<T> result)
    {
        for (int i = 0; i < Samples; i++)
        {
            result[i] = T.CreateTruncating(Vectors.Dot(Row(i), x));
        }
    }

    /// <inheritdoc/>
    public void MultiplyJacobianTransposed(ReadOnlySpan<T> u, Span<T> result)
    {
        result.Clear();
        for (int i = 0; i < Samples; i++)
        {
            Vectors.AddScaled(result, double.CreateTruncating(u[i]), Row(i));
        }
    }

    /// <inheritdoc/>
    public void Diagonal(Span<T> result)
    {
        T scale = T.CreateTruncating(Scale);
        result.Clear();
        for (int i = 0; i < Samples; i++)
        {
            ReadOnlySpan<T> row = Row(i);
            for (int j = 0; j < row.Length; j++)
            {
                result[j] += scale * row[j] * row[j];
            }
        }
    }

    private ReadOnlySpan<T> Row(int sample) => jacobian.AsSpan(sample * Dimension, Dimension);
}
