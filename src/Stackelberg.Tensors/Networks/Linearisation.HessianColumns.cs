using Stackelberg.Tensors.Networks.Internals;

namespace Stackelberg.Tensors.Networks;

public sealed unsafe partial class Linearisation<T>
{
    private FlatVector<T>? unit;

    /// <summary>Columns of the exact Hessian of the loss, one after the other.</summary>
    /// <param name="storagePositions">
    /// Positions in storage, each of a parameter of the layers; the column of a padding position or of a tensor behind the layers is zero.
    /// </param>
    /// <param name="result">As many times storage length as there are positions.</param>
    /// <exception cref="ArgumentException">The length of the result does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A position lies outside storage.</exception>
    /// <exception cref="InvalidOperationException">No loss is set since the last <see cref="Forward"/>.</exception>
    public void HessianColumns(ReadOnlySpan<int> storagePositions, Span<T> result)
    {
        RequireLoss();
        int length = Layout.Parameters.Length;
        Require.Length(result.Length, storagePositions.Length * length, "positions times the layout's storage length", nameof(result));
        foreach (int position in storagePositions)
        {
            if (position < 0 || position >= length)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(storagePositions), position, $"A storage position lies between 0 and {length - 1}.");
            }
        }

        unit ??= new FlatVector<T>(length);
        for (int i = 0; i < storagePositions.Length; i++)
        {
            Span<T> column = result.Slice(i * length, length);
            if (!IsParameter(storagePositions[i]))
            {
                column.Clear();
                continue;
            }

            unit[storagePositions[i]] = T.One;
            Hvp(unit.Span, column);
            unit[storagePositions[i]] = T.Zero;
        }
    }

    /// <summary>Whether a storage position holds a parameter of a layer, not padding.</summary>
    private bool IsParameter(int position)
    {
        for (int i = 0; i < 2 * layers.Length; i++)
        {
            ParameterBlock block = Layout.Parameters.Blocks[i];
            int within = position - block.Offset;
            if (within >= 0 && within < block.Length)
            {
                return within / block.Stride < block.Rows && within % block.Stride < block.Columns;
            }
        }

        return false;
    }
}
