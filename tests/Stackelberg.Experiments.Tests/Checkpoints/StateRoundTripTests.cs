using Stackelberg.Experiments.Checkpoints;
using Stackelberg.Experiments.Tests.Fakes;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests.Checkpoints;

public sealed class StateRoundTripTests : IDisposable
{
    private static readonly double[] Doubles =
    [
        0.0, -0.0, 1, -1, 0.1, 1.0 / 3, double.Epsilon, double.MaxValue, double.MinValue, 1e300, 123456789012345680,
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, BitConverter.UInt64BitsToDouble(0x7FF8_0000_DEAD_BEEF),
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_kind_of_value_comes_back_with_the_same_bits()
    {
        var random = RandomStream.FromSeed(1);
        double[] large = new double[5000];
        random.FillNormal(large);
        large[7] = double.NaN;
        float[] weights = new float[35];
        random.FillNormal(weights);

        // the in-memory state is the independent copy to compare with
        StateReader saved = Save(Write, out StateReader expected);

        saved.ReadInt64("smallest").ShouldBe(long.MinValue);
        saved.ReadUInt64("largest").ShouldBe(ulong.MaxValue);
        saved.ReadBoolean("yes").ShouldBeTrue();
        saved.ReadBoolean("no").ShouldBeFalse();
        saved.ReadString("text").ShouldBe(expected.ReadString("text"));
        for (int i = 0; i < Doubles.Length; i++)
        {
            BitConverter.DoubleToInt64Bits(saved.ReadDouble($"double_{i}")).ShouldBe(BitConverter.DoubleToInt64Bits(Doubles[i]));
        }

        StateReader nested = saved.Group("outer").Group("inner");
        Bits(nested, "doubles", Doubles.Length).ShouldBe(Doubles.Select(BitConverter.DoubleToInt64Bits));
        Bits(nested, "large", large.Length).ShouldBe(large.Select(BitConverter.DoubleToInt64Bits));
        float[] floats = new float[3];
        nested.ReadArray("floats", floats);
        floats.Select(BitConverter.SingleToUInt32Bits).ShouldBe([0x7FC00001u, 0x80000000u, 0x3DCCCCCDu]);
        long[] longs = new long[200];
        nested.ReadArray("longs", longs);
        longs.ShouldBe(Enumerable.Range(0, 200).Select(i => long.MaxValue - i));
        byte[] bytes = new byte[1000];
        nested.ReadArray("bytes", bytes);
        bytes.ShouldBe(Enumerable.Range(0, 1000).Select(i => (byte)(i * 7)));
        byte[] few = new byte[3];
        nested.ReadArray("few", few);
        few.ShouldBe([0, 255, 16]);
        nested.Length("large").ShouldBe(5000);
        nested.Length("few").ShouldBe(3);
        float[] tensor = new float[35];
        nested.ReadTensor("weight", tensor, [5, 7]);
        tensor.ShouldBe(weights);
        saved.Group("empty").Contains("anything").ShouldBeFalse();

        void Write(StateWriter writer)
        {
            writer.Write("smallest", long.MinValue);
            writer.Write("largest", ulong.MaxValue);
            writer.Write("yes", true);
            writer.Write("no", false);
            writer.Write("text", "Zürich \"quoted\" \\ \n {$double} 🂡");
            for (int i = 0; i < Doubles.Length; i++)
            {
                writer.Write($"double_{i}", Doubles[i]);
            }

            StateWriter inner = writer.Group("outer").Group("inner");
            writer.Group("empty");
            inner.WriteArray("doubles", Doubles);
            inner.WriteArray("large", large);
            inner.WriteArray("floats", [BitConverter.UInt32BitsToSingle(0x7FC00001), -0f, 0.1f]);
            inner.WriteArray("longs", [.. Enumerable.Range(0, 200).Select(i => long.MaxValue - i)]);
            inner.WriteArray("bytes", [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7))]);
            inner.WriteArray("few", new byte[] { 0, 255, 16 });
            inner.WriteTensor("weight", weights, [5, 7]);
        }
    }

    [Fact]
    public void Large_arrays_beyond_one_chunk_come_back()
    {
        long[] values = [.. Enumerable.Range(0, 1_200_000).Select(i => (long)i * i)];
        StateReader saved = Save(w => w.WriteArray("replay", values), out _);
        long[] read = new long[values.Length];
        saved.ReadArray("replay", read);
        read.AsSpan().SequenceEqual(values).ShouldBeTrue();
    }

    [Fact]
    public void Networks_lie_in_a_file_of_their_group_under_plain_names()
    {
        Save(Write, out _);
        IReadOnlyDictionary<string, NamedTensor> actor = Safetensors.Read(folder.Below("step-000000000005", "actor.safetensors"));
        actor.Keys.Order().ShouldBe(["layer0.bias", "layer0.weight"]);
        actor["layer0.weight"].Values.ShouldBe([1, 2, 3, 4]);
        Safetensors.Read(folder.Below("step-000000000005", "log_std.safetensors")).Keys.ShouldBe(["log_std"]);

        static void Write(StateWriter writer)
        {
            StateWriter layer = writer.Group("actor").Group("layer0");
            layer.WriteTensor("weight", [1, 2, 3, 4], [2, 2]);
            layer.WriteTensor("bias", [0, 0], [2]);
            writer.WriteTensor("log_std", [0.5f], [1]);
        }
    }

    [Fact]
    public void Wrong_reads_name_the_path_what_is_there_and_what_was_expected()
    {
        StateReader saved = Save(Write, out _);
        StateReader group = saved.Group("group");

        Message(() => saved.ReadInt64("absent")).ShouldBe("The saved state has no 'algorithm/absent'; its group has: number, group.");
        Message(() => group.ReadInt64("pi")).ShouldBe("'algorithm/group/pi' is a double-precision number in the saved state; a 64-bit signed integer was expected.");
        Message(() => saved.ReadDouble("number")).ShouldContain("a 64-bit signed integer");
        Message(() => saved.ReadUInt64("number")).ShouldContain("a 64-bit unsigned integer was expected");
        Message(() => saved.Group("number")).ShouldContain("a group was expected");
        Message(() => group.ReadArray("values", new double[4])).ShouldContain("has 3 elements in the saved state; 4 were expected");
        Message(() => group.ReadArray("values", new float[3])).ShouldContain("an array of double-precision numbers");
        Message(() => group.ReadTensor("matrix", new float[6], [3, 2])).ShouldContain("[2, 3]");
        Message(() => group.Length("pi")).ShouldContain("no length");

        static void Write(StateWriter writer)
        {
            writer.Write("number", 5L);
            StateWriter group = writer.Group("group");
            group.Write("pi", 3.0);
            group.WriteArray("values", [1.0, 2, 3]);
            group.WriteTensor("matrix", new float[6], [2, 3]);
        }

        static string Message(Action read) => Should.Throw<StateException>(read).Message;
    }

    [Theory]
    [InlineData("")]
    [InlineData("../escape")]
    [InlineData("$double")]
    [InlineData("Upper")]
    public void Keys_that_could_leave_the_folder_or_look_like_marks_are_refused(string key) =>
        Should.Throw<StateException>(() => Save(w => w.Write(key, 1L), out _)).Message.ShouldContain("lower_snake_case");

    [Fact]
    public void A_key_written_twice_is_refused() =>
        Should.Throw<StateException>(() => Save(Twice, out _)).Message.ShouldContain("'group/a' was written twice");

    private static void Twice(StateWriter writer)
    {
        StateWriter group = writer.Group("group");
        group.Write("a", 1L);
        group.Write("a", 2.0);
    }

    private static long[] Bits(StateReader reader, string key, int length)
    {
        double[] values = new double[length];
        reader.ReadArray(key, values);
        return [.. values.Select(BitConverter.DoubleToInt64Bits)];
    }

    private StateReader Save(Action<StateWriter> write, out StateReader expected)
    {
        var memory = new MemoryState();
        write(memory.Writer);
        expected = memory.Reader;
        CheckpointInfo info = new CheckpointStore(folder.Path, Storage.Default).Save(5, [("algorithm", write)]);
        return Checkpoint.Open(info.Path).Section("algorithm");
    }
}
