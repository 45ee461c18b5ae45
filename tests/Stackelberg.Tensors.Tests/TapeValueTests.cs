using Stackelberg.Primitives;

namespace Stackelberg.Tensors.Tests;

/// <summary>Values of the tape's operations against loops over elements, at widths around a line, in both precisions.</summary>
public sealed class TapeValueTests
{
    private readonly Tape<double> tape = new(32);
    private readonly Tape<float> single = new(32);

    public static TheoryData<int, int> Shapes => new()
    {
        { 1, 1 }, { 4, 1 }, { 33, 1 }, { 1, 15 }, { 3, 16 }, { 2, 17 }, { 5, 33 }, { 16, 16 }, { 17, 2 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Operations_on_elements_follow_their_definitions(int rows, int columns)
    {
        double[] x = Numbers("x", rows, columns), y = Numbers("y", rows, columns);
        Variable a = tape.Constant(x, rows, columns), b = tape.Constant(y, rows, columns);
        Variable fa = single.Constant(Narrow(x), rows, columns), fb = single.Constant(Narrow(y), rows, columns);
        Is(tape.Add(a, b), single.Add(fa, fb), static (p, q) => p + q);
        Is(tape.Subtract(a, b), single.Subtract(fa, fb), static (p, q) => p - q);
        Is(tape.Multiply(a, b), single.Multiply(fa, fb), static (p, q) => p * q);
        Is(tape.Divide(a, b), single.Divide(fa, fb), static (p, q) => p / q);
        Is(tape.Minimum(a, b), single.Minimum(fa, fb), Math.Min);
        Is(tape.Maximum(a, b), single.Maximum(fa, fb), Math.Max);
        Is(tape.Affine(a, -1.5, 0.25), single.Affine(fa, -1.5, 0.25), static (p, _) => (-1.5 * p) + 0.25);
        Is(tape.Negate(a), single.Negate(fa), static (p, _) => -p);
        Is(tape.Square(a), single.Square(fa), static (p, _) => p * p);
        Is(tape.Sqrt(tape.Square(a)), single.Sqrt(single.Square(fa)), static (p, _) => Math.Abs(p));
        Is(tape.Exp(a), single.Exp(fa), static (p, _) => Math.Exp(p));
        Is(tape.Log(tape.Square(a)), single.Log(single.Square(fa)), static (p, _) => Math.Log(p * p));
        Is(tape.Softplus(a), single.Softplus(fa), static (p, _) => Math.Log(1 + Math.Exp(p)));
        Is(tape.Sigmoid(a), single.Sigmoid(fa), static (p, _) => 1 / (1 + Math.Exp(-p)));
        Is(tape.Tanh(a), single.Tanh(fa), static (p, _) => Math.Tanh(p));
        Is(tape.Relu(a), single.Relu(fa), static (p, _) => Math.Max(p, 0));
        Is(tape.Clamp(a, -0.75, 1.25), single.Clamp(fa, -0.75, 1.25), static (p, _) => Math.Clamp(p, -0.75, 1.25));

        void Is(Variable wide, Variable narrow, Func<double, double, double> element)
        {
            double[] expected = [.. x.Zip(y, element)];
            Read(wide).ShouldBe(expected, 4e-15);
            float[] values = new float[expected.Length];
            single.CopyTo(narrow, values);
            values.Select(static value => (double)value).ShouldBe(expected, 4e-6);
            (tape.Rows(wide), tape.Columns(wide)).ShouldBe((rows, columns));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Sums_means_and_softmax_follow_their_definitions(int rows, int columns)
    {
        double[] x = Numbers("x", rows, columns);
        Variable a = tape.Constant(x, rows, columns);
        double[] perRow = [.. Enumerable.Range(0, rows).Select(r => Row(r).Sum())];
        double[] perColumn = [.. Enumerable.Range(0, columns).Select(c => Enumerable.Range(0, rows).Sum(r => x[(r * columns) + c]))];
        tape.Value(tape.Sum(a)).ShouldBe(x.Sum(), 1e-13);
        tape.Value(tape.Mean(a)).ShouldBe(x.Average(), 1e-14);
        Read(tape.SumOverColumns(a)).ShouldBe(perRow, 1e-13);
        Read(tape.MeanOverColumns(a)).ShouldBe(perRow.Select(value => value / columns), 1e-14);
        Read(tape.SumOverRows(a)).ShouldBe(perColumn, 1e-13);
        Read(tape.MeanOverRows(a)).ShouldBe(perColumn.Select(value => value / rows), 1e-14);
        double[] weights = [.. Enumerable.Range(0, rows).SelectMany(r => Row(r).Select(value => Math.Exp(value) / Row(r).Sum(Math.Exp)))];
        Read(tape.Softmax(a)).ShouldBe(weights, 1e-14);
        Read(tape.LogSoftmax(a)).ShouldBe(weights.Select(static p => Math.Log(p)), 1e-13);
        Read(tape.CategoricalEntropy(a)).ShouldBe(
            Enumerable.Range(0, rows).Select(r => -weights.Skip(r * columns).Take(columns).Sum(static p => p * Math.Log(p))), 1e-13);

        IEnumerable<double> Row(int r) => x.Skip(r * columns).Take(columns);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Products_are_sums_over_the_inner_dimension(int rows, int columns)
    {
        foreach (int inner in (int[])[1, 2, 15, 16, 17, 33])
        {
            double[] x = Numbers("x", rows, inner), y = Numbers("y", inner, columns), bias = Numbers("bias", 1, columns);
            var expected = new double[rows * columns];
            for (int i = 0; i < expected.Length; i++)
            {
                for (int k = 0; k < inner; k++)
                {
                    expected[i] += x[(i / columns * inner) + k] * y[(k * columns) + (i % columns)];
                }
            }

            Variable a = tape.Constant(x, rows, inner), b = tape.Constant(y, inner, columns);
            Read(tape.MatMul(a, b)).ShouldBe(expected, 1e-13);
            Read(tape.MatMulNT(a, tape.Transpose(b))).ShouldBe(expected, 1e-13);
            Read(tape.MatMulTN(tape.Transpose(a), b)).ShouldBe(expected, 1e-13);
            Read(tape.Linear(a, b, tape.Constant(bias, 1, columns))).ShouldBe(expected.Select((value, i) => value + bias[i % columns]), 1e-13);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Operations_that_move_elements_move_each_to_its_place(int rows, int columns)
    {
        double[] x = Numbers("x", rows, columns), y = Numbers("y", rows, 5);
        Variable a = tape.Constant(x, rows, columns), b = tape.Constant(y, rows, 5);
        Variable joined = tape.Concat(a, b);
        Read(tape.SliceColumns(joined, 0, columns)).ShouldBe(x);
        Read(tape.SliceColumns(joined, columns, 5)).ShouldBe(y);
        for (int r = 0; r < rows; r++)
        {
            tape.Row(joined, r).ToArray().ShouldBe([.. x.AsSpan(r * columns, columns), .. y.AsSpan(r * 5, 5)]);
            Read(tape.SliceRows(a, r, 1)).ShouldBe(x.AsSpan(r * columns, columns).ToArray());
        }

        double[] transposed = Read(tape.Transpose(a));
        transposed.ShouldBe(Enumerable.Range(0, x.Length).Select(i => x[(i % rows * columns) + (i / rows)]));
        Variable wide = tape.PadColumns(a, 3, columns + 7), tall = tape.PadRows(a, 2, rows + 5);
        Read(tape.SliceColumns(wide, 3, columns)).ShouldBe(x);
        Read(tape.SliceRows(tall, 2, rows)).ShouldBe(x);
        Read(wide).Count(static value => value != 0).ShouldBe(x.Length);
        Read(tall).Count(static value => value != 0).ShouldBe(x.Length);
        int[] chosen = [.. Enumerable.Range(0, rows).Select(r => (7 * r) % columns)];
        double[] gathered = Read(tape.Gather(a, chosen));
        gathered.ShouldBe(chosen.Select((c, r) => x[(r * columns) + c]));
        Variable scattered = tape.Scatter(tape.Constant(gathered, rows, 1), chosen, columns);
        Read(scattered).ShouldBe(x.Select((value, i) => i % columns == chosen[i / columns] ? value : 0));
        Read(tape.BroadcastScalar(tape.Constant(2.5), rows, columns)).ShouldBe(Enumerable.Repeat(2.5, x.Length));
        Read(tape.BroadcastRow(tape.SliceRows(a, 0, 1), rows)).ShouldBe(x.Select((_, i) => x[i % columns]));
        Read(tape.BroadcastColumn(tape.SliceColumns(a, 0, 1), 17)).ShouldBe(Enumerable.Range(0, 17 * rows).Select(i => x[i / 17 * columns]));
    }

    private static double[] Numbers(string name, int rows, int columns)
    {
        RandomStream random = RandomStream.FromSeed(23).Split(name);
        // multiples of 1/64 away from zero: floats hold them
        return [.. Enumerable.Range(0, rows * columns).Select(_ => (random.NextInt32(2) == 0 ? 1 : -1) * (0.5 + (random.NextInt32(96) / 64.0)))];
    }

    private static float[] Narrow(double[] values) => [.. values.Select(static value => (float)value)];

    private double[] Read(Variable variable)
    {
        double[] values = new double[tape.Rows(variable) * tape.Columns(variable)];
        tape.CopyTo(variable, values);
        return values;
    }
}
