using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Bilevel.Tests;

/// <summary>Which entry lands where, against the reading of the flattened tensors written out.</summary>
public sealed class LeafScrambleTests
{
    /// <summary>0.53 % is the published share for 8 inputs; with P = 64 d + 4289 parameters it is 128 of 5 P for any d.</summary>
    [Theory]
    [InlineData(8, 128, 24_005)]
    [InlineData(4, 128, 22_725)]
    [InlineData(17, 128, 26_885)]
    public void Of_a_critic_with_two_layers_of_64_two_tensors_parts_stay_where_they_belong(int inputs, int expected, int entries)
    {
        var a = new Tensors(new MlpLayout(inputs, [64, 64], 1, Activation.Tanh));
        double[] rows = Labels(a, 5);
        double[] before = [.. rows];
        new LeafScramble<double>().Apply(a, 5, rows);

        int placed = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            placed += before[i] != 0 && rows[i] == before[i] ? 1 : 0;
        }

        (5 * a.Coordinates.Count).ShouldBe(entries);
        placed.ShouldBe(expected);
        rows.Order().ShouldBe(before.Order(), "nothing is lost");
        if (inputs == 8)
        {
            (100.0 * placed / entries).ShouldBe(0.53, 0.005);
        }
    }

    [Fact]
    public void Tensors_are_flattened_one_after_the_other_bias_before_weight_and_read_row_by_row()
    {
        var layout = new MlpLayout(3, [2], 1, Activation.Tanh);
        var a = new Tensors(layout);
        const int Rows = 3;
        double[] rows = Labels(a, Rows);
        List<int> order = [];
        var flattened = new List<double>();
        foreach (ParameterBlock tensor in (ParameterBlock[])[layout.Bias(0), layout.Weight(0), layout.Bias(1), layout.Weight(1)])
        {
            List<int> positions = [];
            for (int row = 0; row < tensor.Rows; row++)
            {
                positions.AddRange(Enumerable.Range(tensor.Offset + (row * tensor.Stride), tensor.Columns));
            }

            order.AddRange(positions);
            for (int i = 0; i < Rows; i++)
            {
                flattened.AddRange(positions.Select(p => rows[(i * a.Dimension) + p]));
            }
        }

        double[] expected = new double[rows.Length];
        for (int k = 0; k < flattened.Count; k++)
        {
            expected[(k / order.Count * a.Dimension) + order[k % order.Count]] = flattened[k];
        }

        new LeafScramble<double>().Apply(a, Rows, rows);
        rows.ShouldBe(expected);
    }

    [Fact]
    public void One_row_and_one_tensor_stay_as_they_are()
    {
        var network = new Tensors(new MlpLayout(3, [2], 1, Activation.Tanh));
        double[] row = Labels(network, 1), before = [.. row];
        new LeafScramble<double>().Apply(network, 1, row);
        row.ShouldBe(before);

        var vector = new Tensors(new ParameterLayout([("all", 1, 9)]));
        double[] rows = Labels(vector, 4), same = [.. rows];
        new LeafScramble<double>().Apply(vector, 4, rows);
        rows.ShouldBe(same);
    }

    [Fact]
    public void Operators_without_tensors_or_with_too_few_are_refused()
    {
        Should.Throw<ArgumentException>(() => LeafScramble<double>.Check("nystrom-released", new IdentityOperator<double>(4)))
            .Message.ShouldContain("'nystrom-released' mixes up the parameter tensors");
        var layout = new MlpLayout(3, [2], 1, Activation.Tanh);
        var part = new Tensors(layout.Parameters) { Blocks = [layout.Weight(0)] };
        Should.Throw<ArgumentException>(() => LeafScramble<double>.Check("nystrom-released", part)).Message.ShouldContain("have 6 elements, but it has 11 coordinates");
    }

    // distinct numbers above 0 at coordinates
    private static double[] Labels(Tensors a, int rows)
    {
        double[] labels = new double[rows * a.Dimension];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < a.Coordinates.Count; j++)
            {
                labels[(i * a.Dimension) + a.Coordinates[j]] = 1 + (i * a.Coordinates.Count) + j;
            }
        }

        return labels;
    }

    private sealed class Tensors(ParameterLayout layout) : IKnownTensors<double>
    {
        public Tensors(MlpLayout layout)
            : this(layout.Parameters)
        {
        }

        public IReadOnlyList<ParameterBlock> Blocks { get; init; } = layout.Blocks;

        public int Dimension => layout.Length;

        public CoordinateMap Coordinates => layout.Coordinates;

        public OperatorProperties Properties => OperatorProperties.Symmetric;

        IReadOnlyList<ParameterBlock> IKnownTensors<double>.Tensors => Blocks;

        public void Multiply(ReadOnlySpan<double> x, Span<double> result) => throw new NotSupportedException();

        public void MultiplyTransposed(ReadOnlySpan<double> x, Span<double> result) => throw new NotSupportedException();
    }
}
