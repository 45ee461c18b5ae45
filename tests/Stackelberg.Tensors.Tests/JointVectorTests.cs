using Stackelberg.Primitives;
using Stackelberg.Tensors.Networks;
using Stackelberg.Tensors.Optimisers;

namespace Stackelberg.Tensors.Tests;

/// <summary>Several networks in one vector: parts that share its memory, and the layout of the whole.</summary>
public sealed class JointVectorTests
{
    private static readonly MlpLayout Network = new(3, [5, 4], 2, Activation.Tanh);

    [Theory]
    [InlineData(0, 48)]
    [InlineData(16, 16)]
    [InlineData(32, 21)]
    [InlineData(48, 5)]
    [InlineData(0, 53)]
    [InlineData(16, 0)]
    public unsafe void A_part_is_the_whole_seen_from_its_offset(int offset, int length)
    {
        var whole = new FlatVector<double>(53);
        FlatVector<double> part = whole.Slice(offset, length);
        part.Length.ShouldBe(length);
        ((nint)part.Pointer).ShouldBe((nint)(whole.Pointer + offset));
        ((nint)part.Pointer % 64).ShouldBe(0);
        part.Capacity.ShouldBe(Padding.RoundUp(length));
        (offset + part.Capacity).ShouldBeLessThanOrEqualTo(whole.Capacity);
        for (int i = 0; i < length; i++)
        {
            part[i] = i + 1;
            whole[offset + i].ShouldBe(i + 1);
            whole[offset + i] = -i;
            part.Span[i].ShouldBe(-i);
        }
    }

    [Theory]
    [InlineData(-16, 16)]
    [InlineData(1, 16)]
    [InlineData(8, 45)]
    [InlineData(0, 17)]
    [InlineData(16, 15)]
    [InlineData(0, 54)]
    [InlineData(48, 6)]
    [InlineData(64, 0)]
    [InlineData(16, -16)]
    [InlineData(16, int.MaxValue)]
    [InlineData(int.MaxValue - 15, 16)]
    public void A_part_that_is_not_aligned_or_not_inside_is_refused(int offset, int length)
    {
        var whole = new FlatVector<float>(53);
        Should.Throw<ArgumentException>(() => whole.Slice(offset, length)).Message.ShouldContain($"{length} elements from {offset} on");
    }

    [Fact]
    public void A_part_of_a_part_lies_where_both_offsets_say()
    {
        var whole = new FlatVector<double>(64);
        FlatVector<double> inner = whole.Slice(16, 48).Slice(32, 16);
        inner[3] = 7;
        whole[16 + 32 + 3].ShouldBe(7);
    }

    [Fact]
    public void Clearing_and_copying_into_a_part_leaves_its_neighbours()
    {
        var whole = new FlatVector<double>(48);
        whole.Span.Fill(5);
        whole.Slice(16, 16).Clear();
        whole.Span.ToArray().ShouldBe([.. Enumerable.Repeat(5.0, 16), .. new double[16], .. Enumerable.Repeat(5.0, 16)]);
        var other = new FlatVector<double>(16);
        other.Span.Fill(2);
        whole.Slice(32, 16).CopyFrom(other);
        whole.Span.ToArray().ShouldBe([.. Enumerable.Repeat(5.0, 16), .. new double[16], .. Enumerable.Repeat(2.0, 16)]);
    }

    [Fact]
    public void A_part_keeps_its_memory_alive_and_saves_itself_alone()
    {
        FlatVector<double> part = Part();
        GC.Collect();
        GC.Collect();
        part.Span.ToArray().ShouldAllBe(static v => v == 3);
        var state = new MemoryState();
        part.Save(state.Writer, "part");
        var read = new FlatVector<double>(16);
        read.Load(state.Reader, "part");
        read.Span.ToArray().ShouldBe(part.Span.ToArray());

        static FlatVector<double> Part()
        {
            var whole = new FlatVector<double>(32);
            whole.Span[16..].Fill(3);
            return whole.Slice(16, 16);
        }
    }

    [Fact]
    public void A_network_in_a_part_computes_what_it_does_alone()
    {
        int length = Network.Parameters.Length;
        var alone = new FlatVector<double>(length);
        MlpInitialisation.PyTorchDefault(Network, alone, RandomStream.FromSeed(1));
        var whole = new FlatVector<double>(3 * length);
        whole.Span.Fill(1e9);
        FlatVector<double> part = whole.Slice(length, length);
        part.CopyFrom(alone);
        var inputs = new Matrix<double>(7, 3);
        RandomStream random = RandomStream.FromSeed(2);
        for (int i = 0; i < 7; i++)
        {
            random.FillNormal(inputs.Row(i));
        }

        (double[] outputs, double[] gradient) = Evaluate(alone);
        (double[] partOutputs, double[] partGradient) = Evaluate(part);
        partOutputs.ShouldBe(outputs);
        partGradient.ShouldBe(gradient);

        (double[] Outputs, double[] Gradient) Evaluate(FlatVector<double> parameters)
        {
            var network = new Linearisation<double>(Network, 7);
            network.Forward(parameters, inputs, 7);
            var gradient = new FlatVector<double>(length);
            network.Vjp(network.Outputs, gradient);
            return (network.Outputs.Span.ToArray(), gradient.Span.ToArray());
        }
    }

    [Fact]
    public void One_optimiser_over_a_joint_vector_moves_each_part_as_one_of_its_own_would()
    {
        int length = Network.Parameters.Length;
        var whole = new FlatVector<double>(2 * length);
        var gradient = new FlatVector<double>(2 * length);
        FlatVector<double>[] apart = [new(length), new(length)];
        Adam<double> joint = new(2 * length, 0.1);
        Adam<double>[] own = [new(length, 0.1), new(length, 0.1)];
        RandomStream random = RandomStream.FromSeed(3);
        for (int step = 0; step < 3; step++)
        {
            random.FillNormal(gradient.Span);
            joint.Step(whole, gradient);
            for (int i = 0; i < 2; i++)
            {
                own[i].Step(apart[i], gradient.Slice(i * length, length));
                whole.Slice(i * length, length).Span.ToArray().ShouldBe(apart[i].Span.ToArray());
            }
        }
    }

    [Fact]
    public void A_joint_layout_has_every_tensor_at_its_networks_offset_under_a_longer_name()
    {
        ParameterLayout first = Network.Parameters, second = new([("log_std", 1, 3), ("one", 1, 1)]);
        ParameterLayout joint = ParameterLayout.Concatenate(("critic1", first), ("scale", second), ("critic2", first));
        joint.Length.ShouldBe((2 * first.Length) + second.Length);
        joint.Count.ShouldBe((2 * first.Count) + second.Count);
        int i = 0, offset = 0;
        foreach ((string name, ParameterLayout layout) in new[] { ("critic1", first), ("scale", second), ("critic2", first) })
        {
            foreach (ParameterBlock block in layout.Blocks)
            {
                joint.Blocks[i++].ShouldBe(block with { Name = $"{name}.{block.Name}", Offset = offset + block.Offset });
            }

            offset += layout.Length;
        }

        i.ShouldBe(joint.Blocks.Count);
        joint["critic2.layers.1.weight"].Offset.ShouldBe(first.Length + second.Length + first["layers.1.weight"].Offset);
        joint.Coordinates.ShouldBe(CoordinateMap.Concatenate((first.Coordinates, first.Length), (second.Coordinates, second.Length), (first.Coordinates, first.Length)));
    }

    [Fact]
    public void Two_networks_of_one_name_are_refused()
    {
        Should.Throw<ArgumentException>(static () => ParameterLayout.Concatenate(("critic", Network.Parameters), ("critic", Network.Parameters)))
            .Message.ShouldContain("'critic.layers.0.weight'");
    }
}
