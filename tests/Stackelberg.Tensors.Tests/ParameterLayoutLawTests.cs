using Stackelberg.Primitives;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests;

/// <summary>Laws of layouts and coordinate maps for random shapes.</summary>
public sealed class ParameterLayoutLawTests
{
    private static readonly int[] Sizes = [1, 1, 2, 3, 15, 16, 17, 32, 33];

    [Fact]
    public void Tensors_begin_on_lines_follow_one_another_and_have_room_for_their_rows() => Laws.Hold(200, static random =>
    {
        ParameterLayout layout = Any(random);
        int next = 0, count = 0;
        foreach (ParameterBlock block in layout.Blocks)
        {
            block.Offset.ShouldBe(next);
            (block.Offset % Padding.Unit).ShouldBe(0);
            (block.Length % Padding.Unit).ShouldBe(0);
            block.Stride.ShouldBeGreaterThanOrEqualTo(block.Columns);
            block.Length.ShouldBeGreaterThanOrEqualTo(block.Rows * block.Stride);
            (block.Length - (block.Rows * block.Stride)).ShouldBeLessThan(Padding.Unit);
            block.Count.ShouldBe(block.Rows * block.Columns);
            layout[block.Name].ShouldBe(block);
            next += block.Length;
            count += block.Count;
        }

        layout.Length.ShouldBe(next);
        layout.Count.ShouldBe(count);
    });

    [Fact]
    public void Coordinates_increase_and_name_every_element_of_every_tensor_once() => Laws.Hold(200, static random =>
    {
        ParameterLayout layout = Any(random);
        CoordinateMap map = layout.Coordinates;
        map.Count.ShouldBe(layout.Count);
        int logical = 0;
        foreach (ParameterBlock block in layout.Blocks)
        {
            for (int i = 0; i < block.Count; i++)
            {
                int position = map[logical++] - block.Offset;
                (position / block.Stride).ShouldBe(i / block.Columns);
                (position % block.Stride).ShouldBe(i % block.Columns);
            }
        }

        logical.ShouldBe(map.Count);
        Positions(map).ShouldBeInOrder(SortDirection.Ascending);
        Positions(map).Distinct().Count().ShouldBe(map.Count);
        map.Extent.ShouldBe(Positions(map).Max() + 1);
        map.Extent.ShouldBeLessThanOrEqualTo(layout.Length);
        map.IsIdentity.ShouldBe(layout.Count == layout.Length);
    });

    [Fact]
    public void Exported_coordinates_are_the_same_positions_output_by_output_also_of_joined_maps() => Laws.Hold(200, static random =>
    {
        ParameterLayout first = Any(random), second = Any(random);
        foreach (ParameterLayout layout in (ParameterLayout[])[first, second, ParameterLayout.Concatenate(("a", first), ("b", second))])
        {
            List<int> expected = [];
            foreach (ParameterBlock block in layout.Blocks)
            {
                for (int i = 0; i < block.Count; i++)
                {
                    expected.Add(block.Offset + (i % block.Rows * block.Stride) + (i / block.Rows));
                }
            }

            Positions(layout.Coordinates.Exported).ShouldBe(expected);
        }

        CoordinateMap joined = CoordinateMap.Concatenate((first.Coordinates, first.Length), (second.Coordinates, second.Length));
        Positions(joined.Exported).ShouldBe(Positions(ParameterLayout.Concatenate(("a", first), ("b", second)).Coordinates.Exported));
        Positions(joined.Exported).Order().ShouldBe(Positions(joined));
    });

    [Fact]
    public void Maps_are_equal_when_their_positions_are_and_then_have_equal_hashes() => Laws.Hold(200, static random =>
    {
        ParameterLayout first = Any(random), second = Any(random);
        CoordinateMap a = first.Coordinates, b = second.Coordinates, again = Renamed(first).Coordinates;
        a.Equals(b).ShouldBe(Positions(a).SequenceEqual(Positions(b)));
        b.Equals(a).ShouldBe(a.Equals(b));
        a.Equals(again).ShouldBeTrue();
        a.Equals((object)again).ShouldBeTrue();
        again.GetHashCode().ShouldBe(a.GetHashCode());
        a.Equals(null).ShouldBeFalse();
        a.Equals((object)first).ShouldBeFalse();
    });

    [Fact]
    public void Maps_of_one_count_and_extent_differ_when_a_position_does_and_shapes_do_not_matter()
    {
        CoordinateMap map = Of((2, 3), (1, 2)), same = Of((1, 3), (1, 3), (1, 2)), other = Of((1, 2), (1, 4), (1, 2));
        Positions(map).ShouldBe([0, 1, 2, 16, 17, 18, 32, 33]);
        (other.Count, other.Extent).ShouldBe((map.Count, map.Extent));
        map.Equals(same).ShouldBeTrue();
        map.Equals(other).ShouldBeFalse();
        CoordinateMap.Identity(3).Equals(Of((1, 3))).ShouldBeTrue();
        CoordinateMap.Identity(0).Extent.ShouldBe(0);

        static CoordinateMap Of(params (int Rows, int Columns)[] shapes) =>
            new ParameterLayout(shapes.Select(static (shape, i) => ($"{i}", shape.Rows, shape.Columns))).Coordinates;
    }

    [Fact]
    public void Joining_maps_shifts_each_by_the_storage_before_it_and_is_associative() => Laws.Hold(200, static random =>
    {
        ParameterLayout[] parts = [Any(random), Any(random), Any(random)];
        (CoordinateMap Map, int Length)[] maps = [.. parts.Select(part => (part.Coordinates, part.Length))];
        CoordinateMap whole = CoordinateMap.Concatenate(maps);
        int offset = 0, next = 0;
        foreach ((CoordinateMap map, int length) in maps)
        {
            for (int i = 0; i < map.Count; i++)
            {
                whole[next++].ShouldBe(offset + map[i]);
            }

            offset += length;
        }

        whole.Count.ShouldBe(next);
        CoordinateMap left = CoordinateMap.Concatenate(maps[0], maps[1]), right = CoordinateMap.Concatenate(maps[1], maps[2]);
        CoordinateMap.Concatenate((left, parts[0].Length + parts[1].Length), maps[2]).ShouldBe(whole);
        CoordinateMap.Concatenate(maps[0], (right, parts[1].Length + parts[2].Length)).ShouldBe(whole);
        ParameterLayout.Concatenate(("a", parts[0]), ("b", parts[1]), ("c", parts[2])).Coordinates.ShouldBe(whole);
    });

    [Fact]
    public void Joining_what_has_no_padding_is_the_identity_however_it_is_cut() => Laws.Hold(100, static random =>
    {
        int first = random.NextInt32(50), second = random.NextInt32(50);
        CoordinateMap joined = CoordinateMap.Concatenate((CoordinateMap.Identity(first), first), (CoordinateMap.Identity(second), second));
        joined.IsIdentity.ShouldBeTrue();
        joined.ShouldBe(CoordinateMap.Identity(first + second));
        joined.Extent.ShouldBe(first + second);
        // room behind the first part moves the second
        CoordinateMap apart = CoordinateMap.Concatenate((CoordinateMap.Identity(first), first + 16), (CoordinateMap.Identity(second), second));
        apart.IsIdentity.ShouldBeFalse();
        apart.Extent.ShouldBe(second == 0 ? first : first + 16 + second);
        apart.Equals(joined).ShouldBe(second == 0);
    });

    [Fact]
    public void A_perceptron_has_a_weight_and_a_bias_per_layer_and_the_parameters_of_its_widths() => Laws.Hold(100, static random =>
    {
        int[] widths = [.. Enumerable.Range(0, 2 + random.NextInt32(4)).Select(_ => Size(random))];
        var layout = new MlpLayout(widths[0], widths.AsSpan()[1..^1], widths[^1], Activation.Relu, Activation.Tanh, ("log_std", 1, 3));
        layout.Widths.ShouldBe(widths);
        (layout.Inputs, layout.Outputs, layout.Layers).ShouldBe((widths[0], widths[^1], widths.Length - 1));
        int count = 3;
        for (int i = 0; i < layout.Layers; i++)
        {
            ParameterBlock weight = layout.Weight(i), bias = layout.Bias(i);
            (weight.Name, weight.Rows, weight.Columns).ShouldBe(($"layers.{i}.weight", widths[i], widths[i + 1]));
            (bias.Name, bias.Rows, bias.Columns).ShouldBe(($"layers.{i}.bias", 1, widths[i + 1]));
            layout.ActivationOf(i).ShouldBe(i == layout.Layers - 1 ? Activation.Tanh : Activation.Relu);
            count += (widths[i] + 1) * widths[i + 1];
        }

        layout.Parameters.Count.ShouldBe(count);
        layout.Parameters.Blocks[^1].Name.ShouldBe("log_std");
    });

    [Fact]
    public void Strides_are_the_least_multiples_of_a_line_but_for_one_column()
    {
        Padding.Stride(1).ShouldBe(1);
        for (int columns = 2; columns < 200; columns++)
        {
            int stride = Padding.Stride(columns);
            (stride % Padding.Unit).ShouldBe(0);
            (stride - columns).ShouldBeInRange(0, Padding.Unit - 1);
            Padding.Elements(7, columns).ShouldBe(7 * stride);
        }
    }

    [Fact]
    public void Widths_that_are_not_positive_and_an_extra_tensor_with_a_layers_name_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new MlpLayout(0, [3], 1, Activation.Tanh));
        Should.Throw<ArgumentOutOfRangeException>(() => new MlpLayout(2, [3, -1], 1, Activation.Tanh));
        Should.Throw<ArgumentOutOfRangeException>(() => new MlpLayout(2, [], 0, Activation.Tanh));
        Should.Throw<ArgumentException>(() => new MlpLayout(2, [], 1, Activation.Tanh, Activation.Identity, ("layers.0.bias", 1, 1)))
            .Message.ShouldContain("'layers.0.bias'");
    }

    private static int Size(RandomStream random) => Sizes[random.NextInt32(Sizes.Length)];

    private static ParameterLayout Any(RandomStream random) =>
        new([.. Enumerable.Range(0, 1 + random.NextInt32(4)).Select(i => ($"tensor {i}", Size(random), Size(random)))]);

    private static ParameterLayout Renamed(ParameterLayout layout) => new(layout.Blocks.Select(block => ($"other {block.Name}", block.Rows, block.Columns)));

    private static int[] Positions(CoordinateMap map) => [.. Enumerable.Range(0, map.Count).Select(i => map[i])];
}
