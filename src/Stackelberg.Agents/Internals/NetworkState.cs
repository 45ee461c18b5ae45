using System.Numerics;
using System.Runtime.InteropServices;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Internals;

/// <summary>
/// Saves network parameters tensor by tensor, without padding and with weights as [outputs × inputs], the order of other frameworks.
/// Double-precision parameters are kept as plain arrays in the same order.
/// </summary>
internal static class NetworkState
{
    public static void Save<T>(StateWriter writer, ParameterLayout layout, FlatVector<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (ParameterBlock block in layout.Blocks)
        {
            var values = new T[block.Count];
            Visit(block, (stored, dense) => values[dense] = parameters[stored]);
            if (typeof(T) == typeof(float))
            {
                writer.WriteTensor(block.Name, MemoryMarshal.Cast<T, float>(values), Shape(block));
            }
            else
            {
                writer.WriteArray(block.Name, MemoryMarshal.Cast<T, double>(values));
            }
        }
    }

    public static void Load<T>(StateReader reader, ParameterLayout layout, FlatVector<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (ParameterBlock block in layout.Blocks)
        {
            var values = new T[block.Count];
            if (typeof(T) == typeof(float))
            {
                reader.ReadTensor(block.Name, MemoryMarshal.Cast<T, float>(values.AsSpan()), Shape(block));
            }
            else
            {
                reader.ReadArray(block.Name, MemoryMarshal.Cast<T, double>(values.AsSpan()));
            }

            Visit(block, (stored, dense) => parameters[stored] = values[dense]);
        }
    }

    private static int[] Shape(ParameterBlock block) => block.Rows == 1 ? [block.Columns] : [block.Columns, block.Rows];

    private static void Visit(ParameterBlock block, Action<int, int> visit)
    {
        for (int row = 0; row < block.Rows; row++)
        {
            for (int column = 0; column < block.Columns; column++)
            {
                visit(block.Offset + (row * block.Stride) + column, (column * block.Rows) + row);
            }
        }
    }
}
