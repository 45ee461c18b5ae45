namespace Stackelberg.Primitives.Tests;

public sealed class MemoryStateTests
{
    private readonly MemoryState state = new();

    [Fact]
    public void Scalars_and_texts_come_back_to_the_last_bit()
    {
        double payloadNaN = BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_1234);
        state.Writer.Write("signed", long.MinValue);
        state.Writer.Write("unsigned", ulong.MaxValue);
        state.Writer.Write("nan", payloadNaN);
        state.Writer.Write("negative_zero", -0.0);
        state.Writer.Write("yes", true);
        state.Writer.Write("text", "Größe ∂");

        state.Reader.ReadInt64("signed").ShouldBe(long.MinValue);
        state.Reader.ReadUInt64("unsigned").ShouldBe(ulong.MaxValue);
        BitConverter.DoubleToInt64Bits(state.Reader.ReadDouble("nan")).ShouldBe(0x7FF8_0000_0000_1234);
        double.IsNegative(state.Reader.ReadDouble("negative_zero")).ShouldBeTrue();
        state.Reader.ReadBoolean("yes").ShouldBeTrue();
        state.Reader.ReadString("text").ShouldBe("Größe ∂");
    }

    [Fact]
    public void Arrays_are_copied_when_written()
    {
        float[] source = [1f, 2f, 3f];
        state.Writer.WriteArray("values", source);
        source[1] = 99f;

        float[] back = new float[3];
        state.Reader.ReadArray("values", back);
        back.ShouldBe([1f, 2f, 3f]);
        state.Reader.Length("values").ShouldBe(3);
    }

    [Fact]
    public void Every_array_kind_comes_back()
    {
        state.Writer.WriteArray("doubles", [0.5, double.PositiveInfinity]);
        state.Writer.WriteArray("longs", [long.MaxValue, -1L]);
        state.Writer.WriteArray("bytes", [(byte)0, (byte)255]);
        double[] doubles = new double[2];
        long[] longs = new long[2];
        byte[] bytes = new byte[2];
        state.Reader.ReadArray("doubles", doubles);
        state.Reader.ReadArray("longs", longs);
        state.Reader.ReadArray("bytes", bytes);
        doubles.ShouldBe([0.5, double.PositiveInfinity]);
        longs.ShouldBe([long.MaxValue, -1L]);
        bytes.ShouldBe([0, 255]);
    }

    [Fact]
    public void Groups_hold_their_own_keys()
    {
        state.Writer.Write("count", 1L);
        StateWriter inner = state.Writer.Group("inner");
        inner.Write("count", 2L);
        inner.Group("deep").Write("count", 3L);

        state.Reader.ReadInt64("count").ShouldBe(1);
        state.Reader.Group("inner").ReadInt64("count").ShouldBe(2);
        state.Reader.Group("inner").Group("deep").ReadInt64("count").ShouldBe(3);
        state.Reader.Contains("inner").ShouldBeTrue();
        state.Reader.Group("inner").Contains("missing").ShouldBeFalse();
    }

    [Fact]
    public void A_missing_key_is_named_with_its_full_path_and_its_neighbours()
    {
        state.Writer.Group("critic").Group("adam").Write("iterations", 5L);
        string message = Should.Throw<StateException>(() => state.Reader.Group("critic").Group("adam").ReadInt64("steps")).Message;
        message.ShouldContain("critic/adam/steps");
        message.ShouldContain("iterations");
    }

    [Fact]
    public void A_duplicate_key_or_group_is_refused_with_its_full_path()
    {
        StateWriter inner = state.Writer.Group("critic");
        inner.Write("count", 1L);
        Should.Throw<StateException>(() => inner.WriteArray("count", [1f])).Message.ShouldContain("critic/count");
        Should.Throw<StateException>(() => state.Writer.Group("critic")).Message.ShouldContain("critic");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    public void A_key_that_would_make_paths_ambiguous_is_refused(string key) =>
        Should.Throw<StateException>(() => state.Writer.Write(key, 1L));

    [Fact]
    public void Wrong_kinds_say_what_was_found_and_what_was_expected()
    {
        StateWriter inner = state.Writer.Group("critic");
        inner.Write("count", 1L);
        inner.WriteArray("moments", [1.0, 2.0]);
        StateReader reader = state.Reader.Group("critic");

        string scalar = Should.Throw<StateException>(() => reader.ReadDouble("count")).Message;
        scalar.ShouldContain("critic/count");
        scalar.ShouldContain("64-bit signed integer");
        scalar.ShouldContain("double-precision");
        Should.Throw<StateException>(() => reader.ReadArray("moments", new float[2])).Message.ShouldContain("critic/moments");
        Should.Throw<StateException>(() => reader.ReadUInt64("count"));
        Should.Throw<StateException>(() => reader.Group("count")).Message.ShouldContain("a group");
        Should.Throw<StateException>(() => reader.Length("count")).Message.ShouldContain("no length");
        Should.Throw<StateException>(() => state.Reader.ReadString("critic")).Message.ShouldContain("a group");
    }

    [Fact]
    public void Wrong_lengths_and_shapes_are_refused()
    {
        state.Writer.WriteArray("values", [1f, 2f]);
        state.Writer.WriteTensor("weight", [1f, 2f, 3f, 4f, 5f, 6f], [2, 3]);

        Should.Throw<StateException>(() => state.Reader.ReadArray("values", new float[3])).Message.ShouldContain("2 elements");
        Should.Throw<StateException>(() => state.Reader.ReadTensor("weight", new float[6], [3, 2])).Message.ShouldContain("[2, 3]");
        Should.Throw<StateException>(() => state.Reader.ReadArray("weight", new float[6]));
        Should.Throw<StateException>(() => state.Writer.WriteTensor("bad", [1f], [2, 3])).Message.ShouldContain("asks for 6");

        float[] weight = new float[6];
        state.Reader.ReadTensor("weight", weight, [2, 3]);
        weight.ShouldBe([1f, 2f, 3f, 4f, 5f, 6f]);
        state.Reader.Length("weight").ShouldBe(6);
    }

    [Fact]
    public void FirstDifference_names_the_path_that_differs()
    {
        static MemoryState Make(double value, bool extra)
        {
            var made = new MemoryState();
            made.Writer.Write("same", double.NaN);
            StateWriter group = made.Writer.Group("group");
            group.WriteArray("array", [1.0, value]);
            if (extra)
            {
                group.Write("extra", 1L);
            }

            return made;
        }

        Make(2, false).FirstDifference(Make(2, false)).ShouldBeNull();
        Make(2, false).FirstDifference(Make(3, false)).ShouldBe("group/array");
        Make(0.0, false).FirstDifference(Make(-0.0, false)).ShouldBe("group/array");
        Make(2, true).FirstDifference(Make(2, false)).ShouldBe("group/extra");
        Make(2, false).FirstDifference(Make(2, true)).ShouldBe("group/extra");
    }

    [Fact]
    public void Stateful_objects_nest()
    {
        RandomStream stream = RandomStream.FromSeed(3);
        stream.NextUInt64();
        state.Writer.Write("stream", stream);
        ulong expected = stream.NextUInt64();

        RandomStream other = RandomStream.FromSeed(99);
        state.Reader.Read("stream", other);
        other.NextUInt64().ShouldBe(expected);
    }
}
