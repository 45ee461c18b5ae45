using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Stackelberg.Primitives.Tests;

/// <summary>The binary form of saved state, and its files.</summary>
public sealed class MemoryStateFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("stackelberg-state-").FullName;

    private string File1 => Path.Combine(folder, "learner.state");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Bytes_are_those_of_the_documented_form_put_together_by_hand()
    {
        MemoryState state = new();
        state.Writer.Write("i", -2L);
        state.Writer.Write("u", ulong.MaxValue - 1);
        state.Writer.Write("d", -0.0);
        state.Writer.Write("b", true);
        state.Writer.Write("t", "∂ö");
        state.Writer.WriteArray("f", [BitConverter.Int32BitsToSingle(0x7FC0_1234), 1.5f]);
        state.Writer.WriteArray("g", [BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_4321)]);
        state.Writer.WriteArray("l", [long.MinValue, 7L]);
        state.Writer.WriteArray("y", [(byte)9, (byte)255]);
        state.Writer.WriteTensor("w", [1f, 2f, 3f, 4f, 5f, 6f], [2, 3]);
        StateWriter group = state.Writer.Group("n");
        group.Write("i", 3L);
        group.Group("e");

        using MemoryStream expected = new();
        using BinaryWriter by = new(expected);
        void Text(string text)
        {
            by.Write((long)text.Length);
            by.Write(Encoding.Unicode.GetBytes(text));
        }

        void Entry(byte kind, string key)
        {
            by.Write(kind);
            Text(key);
        }

        by.Write("STKLSTAT"u8);
        by.Write(1);
        Entry(1, "i");
        by.Write(-2L);
        Entry(2, "u");
        by.Write(ulong.MaxValue - 1);
        Entry(3, "d");
        by.Write(0x8000_0000_0000_0000UL);
        Entry(4, "b");
        by.Write((byte)1);
        Entry(5, "t");
        Text("∂ö");
        Entry(6, "f");
        by.Write(2L);
        by.Write(0x7FC0_1234);
        by.Write(1.5f);
        Entry(7, "g");
        by.Write(1L);
        by.Write(0x7FF8_0000_0000_4321);
        Entry(8, "l");
        by.Write(2L);
        by.Write(long.MinValue);
        by.Write(7L);
        Entry(9, "y");
        by.Write(2L);
        by.Write([9, 255]);
        Entry(10, "w");
        by.Write(2L);
        by.Write(2);
        by.Write(3);
        by.Write(6L);
        foreach (float value in new[] { 1f, 2f, 3f, 4f, 5f, 6f })
        {
            by.Write(value);
        }

        Entry(11, "n");
        Entry(1, "i");
        by.Write(3L);
        Entry(11, "e");
        by.Write((byte)0);
        by.Write((byte)0);
        by.Write((byte)0);
        by.Write(SHA256.HashData(expected.ToArray()));

        BytesOf(state).ShouldBe(expected.ToArray());
        MemoryState back = MemoryState.ReadFrom(new MemoryStream(expected.ToArray()));
        back.FirstDifference(state).ShouldBeNull();
        BitConverter.DoubleToInt64Bits(back.Reader.ReadDouble("d")).ShouldBe(long.MinValue);
        float[] singles = new float[2];
        back.Reader.ReadArray("f", singles);
        BitConverter.SingleToInt32Bits(singles[0]).ShouldBe(0x7FC0_1234);
        back.Reader.Group("n").ReadInt64("i").ShouldBe(3);
    }

    [Fact]
    public void States_of_any_shape_come_back_with_their_bits_and_in_their_order_from_every_kind_of_stream()
    {
        int values = 0;
        for (ulong seed = 0; seed < 300; seed++)
        {
            MemoryState state = new();
            values += Fill(state.Writer, RandomStream.FromSeed(seed), 0);
            byte[] bytes = BytesOf(state);
            foreach (Stream stream in new Stream[] { new MemoryStream(bytes), new Trickle(bytes) })
            {
                MemoryState back = MemoryState.ReadFrom(stream);
                back.FirstDifference(state).ShouldBeNull();
                state.FirstDifference(back).ShouldBeNull();
                BytesOf(back).ShouldBe(bytes);
            }
        }

        values.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void A_file_comes_back_can_be_replaced_and_leaves_nothing_beside_it()
    {
        RandomStream stream = RandomStream.FromSeed(3);
        MemoryState.Of(stream).WriteFile(File1);
        ulong first = stream.NextUInt64();
        MemoryState.Of(stream).WriteFile(File1);
        ulong second = stream.NextUInt64();
        Directory.GetFiles(folder).ShouldBe([File1]);

        RandomStream other = RandomStream.FromSeed(99);
        MemoryState.ReadFile(File1).Restore(other);
        other.NextUInt64().ShouldBe(second);
        second.ShouldNotBe(first);
    }

    [Fact]
    public void States_follow_each_other_in_a_stream_and_what_follows_is_left_unread()
    {
        using MemoryStream stream = new();
        Single("a", 1).WriteTo(stream);
        Single("b", 2).WriteTo(stream);
        stream.WriteByte(77);
        stream.Position = 0;
        MemoryState.ReadFrom(stream).Reader.ReadInt64("a").ShouldBe(1);
        MemoryState.ReadFrom(stream).Reader.ReadInt64("b").ShouldBe(2);
        stream.ReadByte().ShouldBe(77);
    }

    [Fact]
    public void Any_byte_that_changed_is_noticed()
    {
        byte[] bytes = BytesOf(Sample());
        bytes.Length.ShouldBeGreaterThan(150);
        for (int i = 0; i < bytes.Length; i++)
        {
            foreach (byte flip in new byte[] { 1, 2, 0x80, 0xFF })
            {
                byte[] damaged = [.. bytes];
                damaged[i] ^= flip;
                Should.Throw<StateException>(() => MemoryState.ReadFrom(new MemoryStream(damaged)), $"byte {i}");
                Should.Throw<StateException>(() => MemoryState.ReadFrom(new Trickle(damaged)), $"byte {i}");
            }
        }

        // a value alone: nothing but the hash can tell
        byte[] wrong = BytesOf(Single("a", 1));
        wrong[8 + 4 + 1 + 8 + 2] ^= 1;
        string message = Should.Throw<StateException>(() => MemoryState.ReadFrom(new MemoryStream(wrong))).Message;
        message.ShouldContain("SHA-256");
        message.ShouldContain(Convert.ToHexStringLower(SHA256.HashData(wrong.AsSpan(0, wrong.Length - 32))));
        message.ShouldContain("another copy");
    }

    [Fact]
    public void Any_end_that_is_missing_is_noticed_and_so_is_one_too_many()
    {
        byte[] bytes = BytesOf(Sample());
        for (int length = 0; length < bytes.Length; length++)
        {
            byte[] part = bytes[..length];
            string message = Should.Throw<StateException>(() => MemoryState.ReadFrom(new MemoryStream(part)), $"{length} bytes").Message;
            message.ShouldContain(length == 0 ? "is empty" : length < 8 ? "no saved state" : "cut off");
            Should.Throw<StateException>(() => MemoryState.ReadFrom(new Trickle(part)), $"{length} bytes");
        }

        File.WriteAllBytes(File1, [.. bytes, 0]);
        string surplus = Should.Throw<StateException>(() => MemoryState.ReadFile(File1)).Message;
        surplus.ShouldContain($"'{File1}' goes on");
        surplus.ShouldContain($"byte {bytes.Length}");
    }

    [Fact]
    public void Files_of_others_and_of_newer_versions_are_named_as_such()
    {
        File.WriteAllText(File1, "{ \"format\": 1 }");
        string foreign = Should.Throw<StateException>(() => MemoryState.ReadFile(File1)).Message;
        foreign.ShouldContain($"'{File1}' is no saved state");
        foreign.ShouldContain(Convert.ToHexString("{ \"forma"u8));

        byte[] newer = BytesOf(Sample());
        BinaryPrimitives.WriteInt32LittleEndian(newer.AsSpan(8), 2);
        string message = Should.Throw<StateException>(() => MemoryState.ReadFrom(new MemoryStream(newer))).Message;
        message.ShouldContain("form 2");
        message.ShouldContain("reads form 1");
        message.ShouldContain("Update");

        Should.Throw<FileNotFoundException>(() => MemoryState.ReadFile(File1 + ".none"));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_no_other()
    {
        Single("a", 1).WriteFile(File1);
        MemoryState deep = new();
        deep.Writer.WriteArray("ballast", new double[100_000]);
        StateWriter writer = deep.Writer;
        for (int i = 0; i < 257; i++)
        {
            writer = writer.Group("g");
        }

        Should.Throw<StateException>(() => deep.WriteFile(File1)).Message.ShouldContain("256 groups deep");
        MemoryState.ReadFile(File1).Reader.ReadInt64("a").ShouldBe(1);
        Directory.GetFiles(folder).ShouldBe([File1]);
        Should.Throw<DirectoryNotFoundException>(() => deep.WriteFile(Path.Combine(folder, "none", "x.state")));
    }

    [Fact]
    public void Groups_nest_256_deep_and_a_file_that_claims_more_does_not_exhaust_the_stack()
    {
        MemoryState deep = new();
        StateWriter writer = deep.Writer;
        for (int i = 0; i < 256; i++)
        {
            writer = writer.Group("g");
        }

        writer.Write("a", 5L);
        MemoryState.ReadFrom(new MemoryStream(BytesOf(deep))).FirstDifference(deep).ShouldBeNull();

        using MemoryStream endless = new();
        endless.Write(BytesOf(new MemoryState()).AsSpan(0, 12));
        for (int i = 0; i < 100_000; i++)
        {
            endless.Write([11, 1, 0, 0, 0, 0, 0, 0, 0, (byte)'g', 0]);
        }

        endless.Position = 0;
        Should.Throw<StateException>(() => MemoryState.ReadFrom(endless)).Message.ShouldContain("within each other");
    }

    [Fact]
    public void Large_arrays_are_written_without_a_copy_and_read_into_one()
    {
        const int Count = 3_000_000;
        float[] values = new float[Count];
        RandomStream random = RandomStream.FromSeed(1);
        for (int i = 0; i < Count; i++)
        {
            values[i] = (float)random.NextUniform(-1, 1);
        }

        MemoryState state = new();
        state.Writer.WriteTensor("w", values, [Count / 100, 100]);
        using FileStream file = new(File1, FileMode.Create, FileAccess.ReadWrite);
        long before = GC.GetAllocatedBytesForCurrentThread();
        state.WriteTo(file);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);

        file.Position = 0;
        before = GC.GetAllocatedBytesForCurrentThread();
        MemoryState back = MemoryState.ReadFrom(file);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeInRange(4L * Count, (4L * Count) + (1 << 20));
        back.FirstDifference(state).ShouldBeNull();

        // more than the first room of a stream whose end cannot be foreseen
        MemoryState.ReadFrom(new Trickle(File.ReadAllBytes(File1), 1 << 20)).FirstDifference(state).ShouldBeNull();
    }

    [Fact]
    public void A_length_that_the_stream_cannot_keep_takes_no_memory()
    {
        byte[] claim = [.. BytesOf(new MemoryState())[..12], 7, 1, 0, 0, 0, 0, 0, 0, 0, (byte)'a', 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 1, 2, 3];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<StateException>(() => MemoryState.ReadFrom(new MemoryStream(claim))).Message.ShouldContain("8589934592 more bytes belong, 3 are left");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
        Should.Throw<StateException>(() => MemoryState.ReadFrom(new Trickle(claim)));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 25);
    }

    private static MemoryState Single(string key, long value)
    {
        MemoryState state = new();
        state.Writer.Write(key, value);
        return state;
    }

    private static MemoryState Sample()
    {
        MemoryState state = Single("count", 3);
        state.Writer.Write("yes", true);
        state.Writer.Write("text", "abc");
        StateWriter group = state.Writer.Group("group");
        group.WriteArray("values", [1.0, double.NaN]);
        group.WriteTensor("weight", [1f, 2f], [1, 2]);
        return state;
    }

    private static byte[] BytesOf(MemoryState state)
    {
        using MemoryStream stream = new();
        state.WriteTo(stream);
        return stream.ToArray();
    }

    /// <summary>Writes random values of random kinds, their bits random too, and says how many.</summary>
    private static int Fill(StateWriter writer, RandomStream random, int depth)
    {
        int entries = (int)(random.NextUInt64() % 9), written = entries;
        for (int i = 0; i < entries; i++)
        {
            string key = $"k{random.NextUInt64() % 1000}_{i}";
            byte[] raw = new byte[8 * (int)(random.NextUInt64() % 40)];
            for (int j = 0; j < raw.Length; j++)
            {
                raw[j] = (byte)random.NextUInt64();
            }

            ulong bits = random.NextUInt64();
            switch (random.NextUInt64() % 11)
            {
                case 0:
                    writer.Write(key, (long)bits);
                    break;
                case 1:
                    writer.Write(key, bits);
                    break;
                case 2:
                    writer.Write(key, BitConverter.UInt64BitsToDouble(bits | (bits % 3 == 0 ? 0x7FF0_0000_0000_0000UL : 0UL)));
                    break;
                case 3:
                    writer.Write(key, bits % 2 == 0);
                    break;
                case 4:
                    // any UTF-16 units at all, halves of pairs included
                    writer.Write(key, new string(As<char>(raw)));
                    break;
                case 5:
                    writer.WriteArray(key, As<float>(raw));
                    break;
                case 6:
                    writer.WriteArray(key, As<double>(raw));
                    break;
                case 7:
                    writer.WriteArray(key, As<long>(raw));
                    break;
                case 8:
                    writer.WriteArray(key, raw);
                    break;
                case 9:
                    writer.WriteTensor(key, As<float>(raw), [2, raw.Length / 8, 1]);
                    break;
                default:
                    written += depth < 4 ? Fill(writer.Group(key), random, depth + 1) : 0;
                    break;
            }
        }

        return written;
    }

    private static ReadOnlySpan<TElement> As<TElement>(byte[] raw)
        where TElement : unmanaged => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, TElement>(raw);

    /// <summary>A stream that cannot seek and gives a few bytes at a time, as a network does.</summary>
    private sealed class Trickle(byte[] bytes, int portion = 7) : Stream
    {
        private int position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int given = Math.Min(Math.Min(count, portion), bytes.Length - position);
            bytes.AsSpan(position, given).CopyTo(buffer.AsSpan(offset));
            position += given;
            return given;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
