namespace Stackelberg.Primitives.Tests;

public sealed class WideningStateReaderTests
{
    private readonly MemoryState state = new();
    private readonly WideningStateReader reader;

    public WideningStateReaderTests() => reader = new WideningStateReader(state.Reader);

    [Fact]
    public void Single_arrays_and_tensors_come_as_doubles_at_any_depth()
    {
        StateWriter inner = state.Writer.Group("network");
        inner.WriteTensor("weight", [1.5f, 0.1f], [2, 1]);
        inner.WriteArray("moment", [float.MaxValue, -0f]);
        double[] weight = new double[2], moment = new double[2];
        reader.Group("network").ReadTensor("weight", weight, [2, 1]);
        reader.Group("network").ReadArray("moment", moment);
        weight.ShouldBe([1.5, 0.1f]);
        moment.ShouldBe([float.MaxValue, 0]);
        double.IsNegative(moment[1]).ShouldBeTrue();
    }

    [Fact]
    public void Doubles_and_all_else_come_as_they_are()
    {
        state.Writer.WriteArray("doubles", [0.1, Math.PI]);
        state.Writer.WriteArray("singles", [0.1f]);
        state.Writer.WriteArray("bytes", [(byte)7]);
        state.Writer.Write("count", 12L);
        state.Writer.Write("flag", true);
        double[] doubles = new double[2];
        float[] singles = new float[1];
        byte[] bytes = new byte[1];
        reader.ReadArray("doubles", doubles);
        doubles.ShouldBe([0.1, Math.PI]);
        reader.ReadTensor("doubles", doubles, [2]);
        doubles.ShouldBe([0.1, Math.PI]);
        reader.ReadArray("singles", singles);
        singles.ShouldBe([0.1f]);
        reader.ReadArray("bytes", bytes);
        bytes.ShouldBe([7]);
        reader.ReadInt64("count").ShouldBe(12);
        reader.ReadBoolean("flag").ShouldBeTrue();
        reader.Length("singles").ShouldBe(1);
        reader.Contains("singles").ShouldBeTrue();
    }

    [Fact]
    public void Wrong_lengths_shapes_and_kinds_are_refused_by_name()
    {
        state.Writer.WriteTensor("weight", [1f, 2f], [2, 1]);
        state.Writer.WriteArray("moment", [1f]);
        state.Writer.WriteArray("longs", [1L]);
        Should.Throw<StateException>(() => reader.ReadTensor("weight", new double[2], [1, 2])).Message.ShouldContain("'weight'");
        Should.Throw<StateException>(() => reader.ReadArray("moment", new double[2])).Message.ShouldContain("'moment'");
        Should.Throw<StateException>(() => reader.ReadArray("longs", new double[1])).Message.ShouldContain("'longs'");
        Should.Throw<StateException>(() => reader.ReadArray("none", new double[1])).Message.ShouldContain("'none'");
    }
}
