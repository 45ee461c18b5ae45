using System.Numerics;
using System.Runtime.InteropServices;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>Saves vectors of either precision to the last bit.</summary>
internal static class StatefulVectors
{
    public static void Write<T>(StateWriter writer, string key, ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            writer.WriteArray(key, MemoryMarshal.Cast<T, float>(values));
        }
        else
        {
            writer.WriteArray(key, MemoryMarshal.Cast<T, double>(values));
        }
    }

    public static FlatVector<T> Read<T>(StateReader reader, string key)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var vector = new FlatVector<T>(checked((int)reader.Length(key)));
        if (typeof(T) == typeof(float))
        {
            reader.ReadArray(key, MemoryMarshal.Cast<T, float>(vector.Span));
        }
        else
        {
            reader.ReadArray(key, MemoryMarshal.Cast<T, double>(vector.Span));
        }

        return vector;
    }
}
