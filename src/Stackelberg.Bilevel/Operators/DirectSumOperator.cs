using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>A ⊕ B ⊕ …: independent operators on the parts of one vector, such as the curvatures of twin critics. Has the properties that all have.</summary>
public class DirectSumOperator<T> : ILinearOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ILinearOperator<T>[] parts;

    /// <summary>Lays the operators' vectors one after the other.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public DirectSumOperator(params ReadOnlySpan<ILinearOperator<T>> parts)
    {
        if (parts.IsEmpty)
        {
            throw new ArgumentException("A direct sum needs at least one operator.", nameof(parts));
        }

        this.parts = parts.ToArray();
        Dimension = this.parts.Sum(static p => p.Dimension);
        Coordinates = CoordinateMap.Concatenate([.. this.parts.Select(static p => (p.Coordinates, p.Dimension))]);
        Properties = this.parts.Aggregate((OperatorProperties)~0, static (all, p) => all & p.Properties);
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public CoordinateMap Coordinates { get; }

    /// <inheritdoc/>
    public OperatorProperties Properties { get; }

    /// <inheritdoc/>
    public bool HasTransposed => Array.TrueForAll(parts, static p => p.HasTransposed);

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<T> x, Span<T> result)
    {
        int offset = 0;
        foreach (ILinearOperator<T> part in parts)
        {
            part.Multiply(x.Slice(offset, part.Dimension), result.Slice(offset, part.Dimension));
            offset += part.Dimension;
        }
    }

    /// <inheritdoc/>
    public void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result)
    {
        int offset = 0;
        foreach (ILinearOperator<T> part in parts)
        {
            part.MultiplyTransposed(x.Slice(offset, part.Dimension), result.Slice(offset, part.Dimension));
            offset += part.Dimension;
        }
    }
}

/// <summary>The direct sum of Gauss-Newton matrices, with their sample spaces one after the other.</summary>
public sealed class DirectSumGaussNewton<T> : DirectSumOperator<T>, ISampleSpaceOperator<T>, IKnownDiagonal<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NetworkGaussNewton<T>[] parts;
    private T[] kernel = [];

    /// <summary>Lays the operators' vectors one after the other.</summary>
    public DirectSumGaussNewton(params ReadOnlySpan<NetworkGaussNewton<T>> parts)
        : base([.. parts])
    {
        this.parts = parts.ToArray();
    }

    /// <inheritdoc/>
    public int Samples => parts.Sum(static p => p.Samples);

    /// <inheritdoc/>
    public double Scale => parts[0].Scale;

    /// <inheritdoc/>
    public void Kernel(Span<T> result)
    {
        int all = Samples;
        int first = 0;
        result.Clear();
        foreach (NetworkGaussNewton<T> part in parts)
        {
            int side = part.Samples;
            if (kernel.Length != side * side)
            {
                kernel = new T[side * side];
            }

            part.Kernel(kernel);
            for (int i = 0; i < side; i++)
            {
                kernel.AsSpan(i * side, side).CopyTo(result[(((first + i) * all) + first)..]);
            }

            first += side;
        }
    }

    /// <inheritdoc/>
    public void MultiplyJacobian(ReadOnlySpan<T> x, Span<T> result)
    {
        int offset = 0;
        int first = 0;
        foreach (NetworkGaussNewton<T> part in parts)
        {
            part.MultiplyJacobian(x.Slice(offset, part.Dimension), result.Slice(first, part.Samples));
            offset += part.Dimension;
            first += part.Samples;
        }
    }

    /// <inheritdoc/>
    public void MultiplyJacobianTransposed(ReadOnlySpan<T> u, Span<T> result)
    {
        int offset = 0;
        int first = 0;
        foreach (NetworkGaussNewton<T> part in parts)
        {
            part.MultiplyJacobianTransposed(u.Slice(first, part.Samples), result.Slice(offset, part.Dimension));
            offset += part.Dimension;
            first += part.Samples;
        }
    }

    /// <inheritdoc/>
    public void Diagonal(Span<T> result)
    {
        int offset = 0;
        foreach (NetworkGaussNewton<T> part in parts)
        {
            part.Diagonal(result.Slice(offset, part.Dimension));
            offset += part.Dimension;
        }
    }
}
