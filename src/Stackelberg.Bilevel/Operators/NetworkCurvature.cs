using System.Numerics;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Bilevel;

/// <summary>The exact Hessian of the loss set on a <see cref="Linearisation{T}"/>: symmetric, usually indefinite.</summary>
/// <param name="network">Forward pass and loss must be set before a product is taken.</param>
public sealed class NetworkHessian<T>(Linearisation<T> network) : IKnownColumns<T>, IGaussNewtonDiagonal<T>, IKnownTensors<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] weights = new T[network.Outputs.Rows];

    /// <inheritdoc/>
    public int Dimension => network.Layout.Parameters.Length;

    /// <inheritdoc/>
    public CoordinateMap Coordinates => network.Layout.Parameters.Coordinates;

    /// <inheritdoc/>
    public OperatorProperties Properties => OperatorProperties.Symmetric;

    /// <inheritdoc/>
    public IReadOnlyList<ParameterBlock> Tensors => network.Layout.Parameters.Blocks;

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<T> x, Span<T> result) => network.Hvp(x, result);

    /// <inheritdoc/>
    public void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result) => network.Hvp(x, result);

    /// <inheritdoc/>
    public void Columns(ReadOnlySpan<int> positions, Span<T> result) => network.HessianColumns(positions, result);

    /// <summary>result ← (2/N) Σᵢ (∂outᵢ/∂w)², of the mean squared error.</summary>
    /// <exception cref="InvalidOperationException">The network has more than one output.</exception>
    public void GaussNewtonDiagonal(Span<T> result)
    {
        Span<T> mean = weights.AsSpan(0, network.Rows);
        mean.Fill(T.CreateTruncating(2.0 / network.Rows));
        network.PerSampleSquares(mean, result);
    }
}

/// <summary>
/// (2/N) JᵀJ, the Gauss-Newton matrix of the mean squared error of a network with one output. Offers its sample-space form and its
/// diagonal.
/// </summary>
/// <param name="network">The squared loss must be set (<see cref="Linearisation{T}.SetSquaredLoss"/>) before a product is taken.</param>
public sealed class NetworkGaussNewton<T>(Linearisation<T> network) : ISampleSpaceOperator<T>, IKnownDiagonal<T>, IKnownTensors<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FlatVector<T> gradient = new(network.Layout.Parameters.Length);
    private readonly Matrix<T> cotangents = new(network.Outputs.Rows, 1);

    /// <inheritdoc/>
    public int Dimension => network.Layout.Parameters.Length;

    /// <inheritdoc/>
    public CoordinateMap Coordinates => network.Layout.Parameters.Coordinates;

    /// <inheritdoc/>
    public OperatorProperties Properties => OperatorProperties.PositiveSemidefinite;

    /// <inheritdoc/>
    public IReadOnlyList<ParameterBlock> Tensors => network.Layout.Parameters.Blocks;

    /// <inheritdoc/>
    public int Samples => network.Rows;

    /// <inheritdoc/>
    public double Scale => 2.0 / network.Rows;

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<T> x, Span<T> result) => network.GaussNewtonProduct(x, result);

    /// <inheritdoc/>
    public void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result) => network.GaussNewtonProduct(x, result);

    /// <inheritdoc/>
    public void Kernel(Span<T> result) => network.SampleKernel(result);

    /// <inheritdoc/>
    public void MultiplyJacobian(ReadOnlySpan<T> x, Span<T> result)
    {
        network.Jvp(x, cotangents);
        cotangents.Span[..Samples].CopyTo(result);
    }

    /// <inheritdoc/>
    public void MultiplyJacobianTransposed(ReadOnlySpan<T> u, Span<T> result)
    {
        u.CopyTo(cotangents.Span);
        network.Vjp(cotangents, gradient);
        gradient.Span.CopyTo(result);
    }

    /// <inheritdoc/>
    public void Diagonal(Span<T> result)
    {
        Span<T> weights = cotangents.Span[..Samples];
        weights.Fill(T.CreateTruncating(Scale));
        network.PerSampleSquares(weights, result);
    }
}
