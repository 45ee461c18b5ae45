using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Stackelberg.Primitives.Internals;

/// <summary>Writes a group and all in it in binary form. Arrays are not copied.</summary>
internal sealed class StateStreamWriter(Stream stream) : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] buffer = new byte[StateForm.Chunk];
    private int used;

    public void Write(StateGroup root)
    {
        StateForm.CheckByteOrder();
        Put(StateForm.Magic);
        Put(StateForm.Version);
        PutEntries(root, 0);
        Flush();
        Span<byte> digest = stackalloc byte[StateForm.HashLength];
        hash.GetHashAndReset(digest);
        stream.Write(digest);
    }

    public void Dispose() => hash.Dispose();

    private void PutEntries(StateGroup group, int depth)
    {
        if (depth > StateForm.MaximumDepth)
        {
            throw new StateException($"'{group.Path}' lies more than {StateForm.MaximumDepth} groups deep, which the binary form does not hold; nest less.");
        }

        foreach ((string key, object value) in group.Entries)
        {
            Put((byte)KindOf(value));
            PutArray<char>(key);
            switch (value)
            {
                case long number:
                    Put(number);
                    break;
                case ulong number:
                    Put(unchecked((long)number));
                    break;
                case double number:
                    Put(BitConverter.DoubleToInt64Bits(number));
                    break;
                case bool truth:
                    Put(truth ? (byte)1 : (byte)0);
                    break;
                case string text:
                    PutArray<char>(text);
                    break;
                case float[] values:
                    PutArray<float>(values);
                    break;
                case double[] values:
                    PutArray<double>(values);
                    break;
                case long[] values:
                    PutArray<long>(values);
                    break;
                case byte[] values:
                    PutArray<byte>(values);
                    break;
                case SavedTensor tensor:
                    PutArray<int>(tensor.Shape);
                    PutArray<float>(tensor.Values);
                    break;
                default:
                    PutEntries((StateGroup)value, depth + 1);
                    break;
            }
        }

        Put((byte)StateKind.End);
    }

    private static StateKind KindOf(object value) => value switch
    {
        long => StateKind.Int64,
        ulong => StateKind.UInt64,
        double => StateKind.Double,
        bool => StateKind.Boolean,
        string => StateKind.Text,
        float[] => StateKind.Singles,
        double[] => StateKind.Doubles,
        long[] => StateKind.Int64s,
        byte[] => StateKind.Bytes,
        SavedTensor => StateKind.Tensor,
        _ => StateKind.Group,
    };

    private void PutArray<TElement>(ReadOnlySpan<TElement> values)
        where TElement : unmanaged
    {
        Put((long)values.Length);
        int step = StateForm.Chunk / Unsafe.SizeOf<TElement>();
        for (int i = 0; i < values.Length; i += step)
        {
            Put(MemoryMarshal.AsBytes(values.Slice(i, Math.Min(step, values.Length - i))));
        }
    }

    private void Put(byte value) => Put([value]);

    private void Put(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        Put(bytes);
    }

    private void Put(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        Put(bytes);
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > buffer.Length - used)
        {
            Flush();
        }

        if (bytes.Length == buffer.Length)
        {
            Send(bytes);
            return;
        }

        bytes.CopyTo(buffer.AsSpan(used));
        used += bytes.Length;
    }

    private void Flush()
    {
        Send(buffer.AsSpan(0, used));
        used = 0;
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(bytes);
        stream.Write(bytes);
    }
}
