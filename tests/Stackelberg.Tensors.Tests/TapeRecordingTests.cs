using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests;

/// <summary>Marks within marks, values that share memory, gradients that add up in a flat vector, and what errors say.</summary>
public sealed class TapeRecordingTests
{
    private readonly Tape<double> tape = new(32);

    [Fact]
    public void Marks_nest_and_each_rewinds_to_its_own_count()
    {
        Variable x = tape.Constant([1.0, 2.0, 3.0], 1, 3);
        var marks = new List<TapeMark>();
        var sums = new List<Variable>();
        for (int depth = 0; depth < 5; depth++)
        {
            marks.Add(tape.Mark());
            // enough to take new memory at every depth
            sums.Add(tape.Sum(tape.Multiply(tape.BroadcastRow(x, 100), tape.Constant(depth, 100, 3))));
        }

        for (int depth = 4; depth >= 0; depth--)
        {
            tape.Value(sums[depth]).ShouldBe(600 * depth);
            tape.Rewind(marks[depth]);
            tape.Count.ShouldBe(1 + (4 * depth));
            Should.Throw<InvalidOperationException>(() => tape.Value(sums[depth])).Message.ShouldContain("rewound");
            tape.FillFreeStorage(double.NaN);
        }

        Read(x).ShouldBe([1.0, 2.0, 3.0]);
        Should.Throw<InvalidOperationException>(() => tape.Rewind(marks[3])).Message.ShouldContain("Take a new mark");
    }

    [Fact]
    public void A_rewind_to_the_beginning_is_a_reset_and_the_same_mark_serves_again()
    {
        TapeMark empty = tape.Mark();
        for (int i = 0; i < 3; i++)
        {
            Variable x = tape.Constant(i, 2, 2);
            tape.Value(tape.Sum(x)).ShouldBe(4 * i);
            tape.Rewind(empty);
            tape.Count.ShouldBe(0);
            Should.Throw<InvalidOperationException>(() => tape.Sum(x));
        }
    }

    [Fact]
    public void Derivatives_recorded_after_a_mark_can_be_taken_again_and_again()
    {
        Variable x = tape.Constant([0.5, -1.0, 2.0, 0.25], 2, 2);
        Variable y = tape.Sum(tape.Square(tape.Tanh(tape.MatMul(x, x))));
        TapeMark mark = tape.Mark();
        double[] gradient = Read(tape.Gradient(y, x));
        double[] slope = Read(tape.Jvp(y, x, tape.Constant(1, 2, 2)));
        slope[0].ShouldBe(gradient.Sum(), 1e-14);
        for (int i = 0; i < 4; i++)
        {
            tape.Rewind(mark);
            tape.FillFreeStorage(double.NaN);
            Read(tape.Gradient(y, x)).ShouldBe(gradient);
        }
    }

    [Fact]
    public void A_transposed_matrix_that_was_rewound_is_formed_anew()
    {
        Variable x = tape.Constant([1.0, 2.0, 3.0, 4.0], 2, 2);
        TapeMark mark = tape.Mark();
        Variable transposed = tape.Transpose(x);
        tape.Transpose(x).ShouldBe(transposed);
        tape.Rewind(mark);
        // takes the place of what was rewound
        Read(tape.Scale(x, 5)).ShouldBe([5.0, 10.0, 15.0, 20.0]);
        Read(tape.Transpose(x)).ShouldBe([1.0, 3.0, 2.0, 4.0]);
        Should.Throw<InvalidOperationException>(() => tape.Value(transposed));
    }

    [Fact]
    public void A_transposed_column_shares_memory_with_its_source_and_passes_the_gradient_on()
    {
        var column = new Matrix<double>(4, 1);
        Variable x = tape.Leaf(column);
        Variable row = tape.Transpose(x);
        (tape.Rows(row), tape.Columns(row)).ShouldBe((1, 4));
        column.Span.Fill(3);
        Read(row).ShouldBe([3.0, 3.0, 3.0, 3.0]);
        tape.Transpose(x).ShouldBe(row);
        Variable f = tape.Sum(tape.Multiply(row, tape.Constant([1.0, 2.0, 3.0, 4.0], 1, 4)));
        Read(tape.Gradient(f, x)).ShouldBe([1.0, 2.0, 3.0, 4.0]);
        // there and back: the identity
        Read(tape.Gradient(tape.Sum(tape.Square(tape.Transpose(row))), x)).ShouldBe([6.0, 6.0, 6.0, 6.0]);
    }

    [Fact]
    public void The_gradient_of_what_shares_memory_does_not_change_the_value()
    {
        // the seed itself is the gradient of a sum's terms; it must not be overwritten when terms are added
        Variable x = tape.Constant([1.0, 2.0], 1, 2);
        Variable seed = tape.Constant([10.0, 20.0], 1, 2);
        Variable[] gradient = new Variable[1];
        tape.Gradient([tape.Add(x, tape.Add(x, tape.Negate(tape.Scale(x, 3))))], [seed], [x], gradient);
        Read(gradient[0]).ShouldBe([-10.0, -20.0]);
        Read(seed).ShouldBe([10.0, 20.0]);
        tape.Gradient([x], [seed], [x], gradient);
        Read(gradient[0]).ShouldBe([10.0, 20.0]);
        Read(tape.Activate(x, Activation.Identity)).ShouldBe([1.0, 2.0]);
        tape.Activate(x, Activation.Identity).ShouldBe(x);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(2, 15)]
    [InlineData(1, 16)]
    [InlineData(4, 17)]
    [InlineData(2, 33)]
    public void Gradients_add_to_a_flat_vector_as_often_as_they_are_taken(int rows, int columns)
    {
        // f = Σ w² + Σ b, df/dw = 2 w, df/db = 1, and nothing for what is not used
        var layout = new ParameterLayout([("w", rows, columns), ("b", 1, columns), ("unused", 2, 3)]);
        FlatVector<double> parameters = new(layout.Length), gradient = new(layout.Length);
        for (int i = 0; i < layout.Count; i++)
        {
            parameters[layout.Coordinates[i]] = i + 1;
            gradient[layout.Coordinates[i]] = 100;
        }

        Variable[] leaves = new Variable[3];
        tape.Leaves(layout, parameters, leaves);
        Variable f = tape.Add(tape.Sum(tape.Square(leaves[0])), tape.Sum(leaves[1]));
        for (int times = 1; times <= 3; times++)
        {
            tape.Gradient(f, leaves, layout, gradient, accumulate: true);
            Check(100, times);
        }

        tape.Gradient(f, leaves, layout, gradient);
        Check(0, 1);

        void Check(double start, int times)
        {
            var expected = new double[layout.Length];
            for (int i = 0; i < layout.Count; i++)
            {
                double slope = i < rows * columns ? 2 * (i + 1) : i < (rows + 1) * columns ? 1 : 0;
                expected[layout.Coordinates[i]] = start + (times * slope);
            }

            gradient.Span.ToArray().ShouldBe(expected);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 1)]
    [InlineData(2, 17)]
    [InlineData(3, 32)]
    public void Variables_copied_into_a_flat_vector_and_taken_as_leaves_are_themselves(int rows, int columns)
    {
        var layout = new ParameterLayout([("a", rows, columns), ("b", columns, rows)]);
        double[] values = [.. Enumerable.Range(1, rows * columns).Select(static i => (double)i)];
        Variable a = tape.Constant(values, rows, columns);
        var vector = new FlatVector<double>(layout.Length);
        vector.Span.Fill(double.NaN);
        tape.CopyTo([a, tape.Transpose(a)], layout, vector);
        Variable[] leaves = new Variable[2];
        tape.Leaves(layout, vector, leaves);
        Read(leaves[0]).ShouldBe(values);
        Read(tape.Transpose(leaves[1])).ShouldBe(values);
        vector.Span.ToArray().Sum().ShouldBe(2 * values.Sum());
    }

    [Fact]
    public void Errors_name_the_operation_and_what_would_fit()
    {
        Variable x = tape.Constant(1, 2, 3), column = tape.Constant(1, 2, 1), number = tape.Constant(1);
        int before = tape.Count;
        Says(() => tape.BroadcastScalar(x, 2, 2), "BroadcastScalar: shape [2 × 3]", "a number");
        Says(() => tape.BroadcastColumn(x, 2), "BroadcastColumn: shape [2 × 3]", "a column");
        Says(() => tape.Scatter(x, [0, 0], 3), "Scatter: shape [2 × 3]", "a column");
        Says(() => tape.Scatter(column, [0], 3), "1 indices but 2 rows");
        Says(() => tape.Scatter(column, [0, 3], 3), "the index of row 1 must lie in 0 … 2");
        Says(() => tape.Gather(x, [-1, 0]), "the index of row 0");
        Says(() => tape.BroadcastScalar(number, 0, 1), "rows");
        Says(() => tape.BroadcastRow(number, -1), "rows");
        Says(() => tape.BroadcastColumn(number, 0), "columns");
        Says(() => tape.PadColumns(x, 1, 3), "3 columns from 1 do not lie within 0 … 2");
        Says(() => tape.PadRows(x, -1, 3), "2 rows from -1 do not lie within 0 … 2");
        Says(() => tape.SliceRows(x, 1, 0), "0 rows from 1");
        Says(() => tape.Subtract(x, column), "Subtract: shapes [2 × 3] and [2 × 1]", "BroadcastColumn");
        Says(() => tape.MatMul(x, x), "summed over is 3 in one and 2 in the other");
        Says(() => tape.CopyTo(x, new double[5]), "CopyTo: shape [2 × 3]", "5 elements");
        Says(() => tape.Row(x, 2).ToArray(), "row");
        Says(() => tape.Clamp(x, double.NaN, 1), "bound");
        Says(() => tape.Mlp(new MlpLayout(3, [], 1, Activation.Tanh), x, [x]), "1 parameters but 2 tensors");
        Says(() => tape.Gradient(x, [x], new Variable[1]), "reduce it with Sum or Mean");
        Says(() => tape.Gradient(number, [x], new Variable[2]), "1 variables but 2 places");
        Says(() => tape.Gradient([number], [], [x], new Variable[1]), "1 outputs but 0 seeds");
        Says(() => tape.Jvp([number], [x], [x], []), "1 outputs but 0 places");
        Says(() => tape.Jvp([number], [x], [], new Variable[1]), "1 variables but 0 tangents");
        Says(() => tape.Leaf(new Matrix<double>(2, 2), 3), "rows");
        Says(() => new Tape<double>(0), "initialCapacity");
        // what was refused recorded nothing but the seed of one gradient
        (tape.Count - before).ShouldBe(1);
        tape.Value(tape.Sum(x)).ShouldBe(6);

        static void Says(Action action, params string[] parts)
        {
            string message = Should.Throw<ArgumentException>(action).Message;
            foreach (string part in parts)
            {
                message.ShouldContain(part);
            }
        }
    }

    private double[] Read(Variable variable)
    {
        double[] values = new double[tape.Rows(variable) * tape.Columns(variable)];
        tape.CopyTo(variable, values);
        return values;
    }
}
