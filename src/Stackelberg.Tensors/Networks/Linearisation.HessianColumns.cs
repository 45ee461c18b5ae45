using Stackelberg.Tensors.Networks.Internals;

namespace Stackelberg.Tensors.Networks;

public sealed unsafe partial class Linearisation<T>
{
    private readonly Action<int, int> prepareColumnsChunk, columnChunk;
    private FlatVector<T>? unit;
    private HessianColumnRoom<T>? columnRoom;
    private LateUnitVector unitVector;

    /// <summary>Columns of the exact Hessian of the loss, one after the other.</summary>
    /// <remarks>
    /// With a scalar output, a unit vector in the last hidden layer or behind it moves one hidden unit: such columns share one backward product
    /// and cost about a third of a product with <see cref="Hvp"/> each. Other columns are products with unit vectors.
    /// </remarks>
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
        Require.Length(result.Length, (long)storagePositions.Length * length, "positions times the layout's storage length", nameof(result));
        foreach (int position in storagePositions)
        {
            if (position < 0 || position >= length)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(storagePositions), position, $"A storage position lies between 0 and {length - 1}.");
            }
        }

        unit ??= new FlatVector<T>(length);
        bool prepared = false;
        for (int i = 0; i < storagePositions.Length; i++)
        {
            int position = storagePositions[i];
            Span<T> column = result.Slice(i * length, length);
            if (!IsParameter(position))
            {
                column.Clear();
            }
            else if (Chunk<T>.HasLateColumns(layers) && LateUnitVector.At(layers, position) is { } late)
            {
                if (!prepared)
                {
                    columnRoom ??= new HessianColumnRoom<T>(layers, maximumRows, workspaces.Select(workspace => workspace.Rows));
                    Run(prepareColumnsChunk);
                    prepared = true;
                }

                unitVector = late;
                fixed (T* into = column)
                {
                    RunAndAdd(columnChunk, into, accumulate: false);
                }
            }
            else
            {
                unit[position] = T.One;
                Hvp(unit.Span, column);
                unit[position] = T.Zero;
            }
        }
    }

    private void PrepareColumnsChunk(int chunk, int worker) => At(chunk, worker).PrepareLateColumns(columnRoom!, chunks.Start(chunk));

    private void ColumnChunk(int chunk, int worker) =>
        At(chunk, worker).LateColumn(loss!, columnRoom!, chunks.Start(chunk), worker, unitVector, targetOfChunk[chunk]);

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
