using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Stackelberg.Primitives.Internals;

/// <summary>Reads a group and all in it from binary form, and not one byte more.</summary>
/// <param name="source">What is read, for messages: <c>The stream</c>, or a file in quotation marks.</param>
internal sealed class StateStreamReader(Stream stream, string source) : IDisposable
{
    // of an array whose end cannot be foreseen; more room is made as its bytes arrive
    private const int FirstRoom = 1 << 20;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly long? available = stream.CanSeek ? stream.Length - stream.Position : null;
    private long taken;

    public StateGroup Read()
    {
        StateForm.CheckByteOrder();
        CheckBeginning();
        StateGroup root = new("");
        TakeEntries(root, 0);
        CheckHash();
        return root;
    }

    public void Dispose() => hash.Dispose();

    private void CheckBeginning()
    {
        Span<byte> word = stackalloc byte[StateForm.Magic.Length];
        int count = Receive(word);
        if (!word[..count].SequenceEqual(StateForm.Magic))
        {
            string found = count == 0 ? "is empty" : $"begins with the bytes {Convert.ToHexString(word[..count])}";
            throw new StateException(
                $"{source} is no saved state: it {found}, and a state with {Convert.ToHexString(StateForm.Magic)}. Give one that {nameof(MemoryState)} has written.");
        }

        hash.AppendData(word);
        int version = BinaryPrimitives.ReadInt32LittleEndian(Take(stackalloc byte[sizeof(int)]));
        if (version > StateForm.Version)
        {
            throw new StateException(
                $"{source} has form {version}, and this version of Stackelberg reads form {StateForm.Version}: it was written by a newer one. Update Stackelberg, or save it again with the version in use here.");
        }

        if (version != StateForm.Version)
        {
            throw Damaged($"it has form {version}, and forms begin with 1");
        }
    }

    private void CheckHash()
    {
        Span<byte> computed = stackalloc byte[StateForm.HashLength], stored = stackalloc byte[StateForm.HashLength];
        hash.GetHashAndReset(computed);
        Take(stored);
        if (!computed.SequenceEqual(stored))
        {
            throw Damaged($"its content has the SHA-256 {Convert.ToHexStringLower(computed)}, and it was written with {Convert.ToHexStringLower(stored)}");
        }
    }

    private void TakeEntries(StateGroup group, int depth)
    {
        if (depth > StateForm.MaximumDepth)
        {
            throw Damaged($"there are more than {StateForm.MaximumDepth} groups within each other");
        }

        Span<byte> one = stackalloc byte[1];
        while (Take(one)[0] != (byte)StateKind.End)
        {
            StateKind kind = (StateKind)one[0];
            string key = new(TakeArray<char>());
            if (!StateGroup.IsKey(key) || group.Contains(key))
            {
                throw Damaged("a key is malformed or stands there twice");
            }

            if (kind == StateKind.Group)
            {
                TakeEntries(group.AddGroup(key), depth + 1);
            }
            else
            {
                group.Add(key, TakeValue(kind));
            }
        }
    }

    private object TakeValue(StateKind kind) => kind switch
    {
        StateKind.Int64 => TakeInt64(),
        StateKind.UInt64 => unchecked((ulong)TakeInt64()),
        StateKind.Double => BitConverter.Int64BitsToDouble(TakeInt64()),
        StateKind.Boolean => TakeBoolean(),
        StateKind.Text => new string(TakeArray<char>()),
        StateKind.Singles => TakeArray<float>(),
        StateKind.Doubles => TakeArray<double>(),
        StateKind.Int64s => TakeArray<long>(),
        StateKind.Bytes => TakeArray<byte>(),
        StateKind.Tensor => TakeTensor(),
        _ => throw Damaged($"{(byte)kind} is no kind of value"),
    };

    private bool TakeBoolean() => Take(stackalloc byte[1])[0] switch
    {
        0 => false,
        1 => true,
        byte other => throw Damaged($"{other} is no truth value"),
    };

    private SavedTensor TakeTensor()
    {
        int[] shape = TakeArray<int>();
        float[] values = TakeArray<float>();
        return StateForm.Count(shape) == values.Length ? new SavedTensor(values, shape) : throw Damaged("a tensor's shape does not fit the number of its values");
    }

    private long TakeInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(stackalloc byte[sizeof(long)]));

    private TElement[] TakeArray<TElement>()
        where TElement : unmanaged
    {
        long count = TakeInt64();
        if (count < 0 || count > Array.MaxLength)
        {
            throw Damaged($"an array of {count} elements cannot be");
        }

        // a damaged length must not take the memory of the machine before it is noticed
        long bytes = count * Unsafe.SizeOf<TElement>();
        if (available is { } length && bytes > length - taken)
        {
            throw CutOff(bytes, length - taken);
        }

        TElement[] values = new TElement[available is null ? Math.Min(count, FirstRoom) : count];
        int filled = 0;
        while (filled < count)
        {
            if (filled == values.Length)
            {
                Array.Resize(ref values, (int)Math.Min(count, 2L * values.Length));
            }

            int step = Math.Min(StateForm.Chunk / Unsafe.SizeOf<TElement>(), values.Length - filled);
            Take(MemoryMarshal.AsBytes(values.AsSpan(filled, step)));
            filled += step;
        }

        return values;
    }

    private Span<byte> Take(Span<byte> bytes)
    {
        int count = Receive(bytes);
        if (count < bytes.Length)
        {
            throw CutOff(bytes.Length, count);
        }

        hash.AppendData(bytes);
        return bytes;
    }

    private int Receive(Span<byte> bytes)
    {
        int count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        taken += count;
        return count;
    }

    private StateException CutOff(long wanted, long found) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{source} is cut off or damaged: where {wanted} more bytes belong, {found} are left. Take another copy, or an earlier state."));

    private StateException Damaged(string what) => new(string.Create(
        CultureInfo.InvariantCulture, $"{source} is damaged: {what} (in its first {taken} bytes). Take another copy, or an earlier state."));
}
