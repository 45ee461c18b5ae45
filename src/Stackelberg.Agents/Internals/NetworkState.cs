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
            T[] values = Dense<T>(block, parameters.Span);
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
                reader.ReadTensor(block.Name, MemoryMarshal.Cast<T, double>(values.AsSpan()), Shape(block));
            }

            for (int row = 0; row < block.Rows; row++)
            {
                for (int column = 0; column < block.Columns; column++)
                {
                    parameters[block.Offset + (row * block.Stride) + column] = values[(column * block.Rows) + row];
                }
            }
        }
    }

    /// <summary>Tensors as they are saved, in double precision.</summary>
    public static NamedArray[] Tensors<T>(ParameterLayout layout, FlatVector<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. layout.Blocks.Select(b => new NamedArray(b.Name, Shape(b), Widen(Dense<T>(b, parameters.Span))))];

    /// <summary>The numbers of <see cref="Tensors"/> one after the other, for vectors laid out as parameters.</summary>
    public static double[] Flatten<T>(ParameterLayout layout, ReadOnlySpan<T> vector)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var flat = new List<double>(layout.Count);
        foreach (ParameterBlock block in layout.Blocks)
        {
            flat.AddRange(Widen(Dense(block, vector)));
        }

        return [.. flat];
    }

    private static T[] Dense<T>(ParameterBlock block, ReadOnlySpan<T> vector)
    {
        var values = new T[block.Count];
        for (int row = 0; row < block.Rows; row++)
        {
            for (int column = 0; column < block.Columns; column++)
            {
                values[(column * block.Rows) + row] = vector[block.Offset + (row * block.Stride) + column];
            }
        }

        return values;
    }

    private static double[] Widen<T>(T[] values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Array.ConvertAll(values, double.CreateTruncating);

    // a weight is a matrix however few inputs it has; of other tensors with one row, such as biases, none has a second axis
    private static int[] Shape(ParameterBlock block) =>
        block.Rows > 1 || block.Name.EndsWith("weight", StringComparison.Ordinal) ? [block.Columns, block.Rows] : [block.Columns];
}
