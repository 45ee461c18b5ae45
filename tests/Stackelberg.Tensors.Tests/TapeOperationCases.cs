using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests;

/// <summary>One operation with shapes of its operands.</summary>
/// <param name="Name">The tape's method, then what is special.</param>
/// <param name="Shapes">Rows and columns of each operand.</param>
/// <param name="Build">Records the operation.</param>
/// <param name="Positive">Whether the operands must be positive; else they lie in −1.5 … 1.5.</param>
public sealed record TapeOperationCase(
    string Name, (int Rows, int Columns)[] Shapes, Func<Tape<double>, Variable[], Variable> Build, bool Positive = false)
{
    public string Method => Name.Split('/')[0];

    public override string ToString() => $"{Name} {string.Join(' ', Shapes.Select(s => $"{s.Rows}x{s.Columns}"))}";
}

/// <summary>Every operation of the tape. An operation or a method that is missing here fails a test of <see cref="TapeOperationTests"/>.</summary>
public static class TapeOperationCases
{
    // one column, one partly filled line, exactly one, more than one; one row and several
    private static readonly (int Rows, int Columns)[] Shapes = [(1, 1), (5, 1), (1, 7), (3, 5), (2, 16), (3, 18), (17, 1)];

    public static IReadOnlyList<TapeOperationCase> All { get; } = [.. Elementwise(), .. Products(), .. Reshaping(), .. Derived(), .. Sums()];

    private static IEnumerable<TapeOperationCase> Elementwise()
    {
        foreach ((int, int) s in Shapes)
        {
            yield return new("Add", [s, s], (t, x) => t.Add(x[0], x[1]));
            yield return new("Subtract", [s, s], (t, x) => t.Subtract(x[0], x[1]));
            yield return new("Multiply", [s, s], (t, x) => t.Multiply(x[0], x[1]));
            yield return new("Multiply/same", [s], (t, x) => t.Multiply(x[0], x[0]));
            yield return new("Divide", [s, s], (t, x) => t.Divide(x[0], x[1]), Positive: true);
            yield return new("Minimum", [s, s], (t, x) => t.Minimum(x[0], x[1]));
            yield return new("Maximum", [s, s], (t, x) => t.Maximum(x[0], x[1]));
            yield return new("Scale", [s], (t, x) => t.Scale(x[0], -2.5));
            yield return new("AddScalar", [s], (t, x) => t.AddScalar(x[0], 0.7));
            yield return new("Affine", [s], (t, x) => t.Affine(x[0], -1.5, 0.3));
            yield return new("Negate", [s], (t, x) => t.Negate(x[0]));
            yield return new("Square", [s], (t, x) => t.Square(x[0]));
            yield return new("Sqrt", [s], (t, x) => t.Sqrt(x[0]), Positive: true);
            yield return new("Exp", [s], (t, x) => t.Exp(x[0]));
            yield return new("Log", [s], (t, x) => t.Log(x[0]), Positive: true);
            yield return new("Softplus", [s], (t, x) => t.Softplus(x[0]));
            yield return new("Sigmoid", [s], (t, x) => t.Sigmoid(x[0]));
            yield return new("Tanh", [s], (t, x) => t.Tanh(x[0]));
            yield return new("Relu", [s], (t, x) => t.Relu(x[0]));
            yield return new("Activate/tanh", [s], (t, x) => t.Activate(x[0], Activation.Tanh));
            yield return new("Activate/identity", [s], (t, x) => t.Activate(x[0], Activation.Identity));
            yield return new("Clamp", [s], (t, x) => t.Clamp(x[0], -0.6031, 0.8017));
            yield return new("Clamp/away from zero", [s], (t, x) => t.Clamp(x[0], 0.2031, 0.8017));
        }
    }

    private static IEnumerable<TapeOperationCase> Products()
    {
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            foreach ((int rows, int inputs, int outputs) in ((int, int, int)[])[(4, 3, 5), (1, 3, 5), (5, 1, 17), (4, 18, 1), (3, 1, 1), (2, 16, 16)])
            {
                yield return new($"Linear/{activation}", [(rows, inputs), (inputs, outputs), (1, outputs)], (t, x) => t.Linear(x[0], x[1], x[2], activation));
            }
        }

        foreach ((int m, int k, int n) in ((int, int, int)[])[(3, 4, 5), (1, 4, 5), (3, 1, 5), (3, 4, 1), (1, 1, 4), (4, 1, 1), (1, 5, 1), (2, 18, 16), (17, 3, 20)])
        {
            yield return new("MatMul", [(m, k), (k, n)], (t, x) => t.MatMul(x[0], x[1]));
            yield return new("MatMulNT", [(m, k), (n, k)], (t, x) => t.MatMulNT(x[0], x[1]));
            yield return new("MatMulTN", [(k, m), (k, n)], (t, x) => t.MatMulTN(x[0], x[1]));
        }

        foreach ((int, int) s in Shapes)
        {
            yield return new("Transpose", [s], (t, x) => t.Transpose(x[0]));
        }

        yield return new("MatMul/same", [(4, 4)], (t, x) => t.MatMul(x[0], x[0]));
        yield return new("MatMulNT/same", [(3, 5)], (t, x) => t.MatMulNT(x[0], x[0]));
    }

    private static IEnumerable<TapeOperationCase> Reshaping()
    {
        foreach ((int rows, int columns) s in Shapes)
        {
            (int rows, int columns) = s;
            int[] indices = [.. Enumerable.Range(0, rows).Select(r => (r * 5) % columns)];
            double[] decays = [.. Enumerable.Range(0, rows).Select(r => r % 3 == 1 ? 0.0 : 0.9)];
            yield return new("Sum", [s], (t, x) => t.Sum(x[0]));
            yield return new("Mean", [s], (t, x) => t.Mean(x[0]));
            yield return new("SumOverRows", [s], (t, x) => t.SumOverRows(x[0]));
            yield return new("MeanOverRows", [s], (t, x) => t.MeanOverRows(x[0]));
            yield return new("SumOverColumns", [s], (t, x) => t.SumOverColumns(x[0]));
            yield return new("MeanOverColumns", [s], (t, x) => t.MeanOverColumns(x[0]));
            yield return new("BroadcastScalar", [(1, 1)], (t, x) => t.BroadcastScalar(x[0], rows, columns));
            yield return new("BroadcastRow", [(1, columns)], (t, x) => t.BroadcastRow(x[0], rows));
            yield return new("BroadcastColumn", [(rows, 1)], (t, x) => t.BroadcastColumn(x[0], columns));
            yield return new("Concat", [s, (rows, 3)], (t, x) => t.Concat(x[0], x[1]));
            yield return new("Concat/same", [s], (t, x) => t.Concat(x[0], x[0]));
            yield return new("SliceColumns", [(rows, columns + 2)], (t, x) => t.SliceColumns(x[0], 1, columns));
            yield return new("SliceRows", [(rows + 2, columns)], (t, x) => t.SliceRows(x[0], 1, rows));
            yield return new("PadColumns", [s], (t, x) => t.PadColumns(x[0], 2, columns + 3));
            yield return new("PadRows", [s], (t, x) => t.PadRows(x[0], 2, rows + 3));
            yield return new("Gather", [s], (t, x) => t.Gather(x[0], indices));
            yield return new("Scatter", [(rows, 1)], (t, x) => t.Scatter(x[0], indices, columns));
            yield return new("LogSoftmax", [s], (t, x) => t.LogSoftmax(x[0]));
            yield return new("Softmax", [s], (t, x) => t.Softmax(x[0]));
            yield return new("DiscountedSums", [s], (t, x) => t.DiscountedSums(x[0], decays));
            yield return new("CategoricalLogProbability", [s], (t, x) => t.CategoricalLogProbability(x[0], indices));
            yield return new("CategoricalEntropy", [s], (t, x) => t.CategoricalEntropy(x[0]));
            yield return new("GaussianLogProbability", [s, s, s], (t, x) => t.GaussianLogProbability(x[0], x[1], x[2]));
            yield return new("GaussianLogProbability/one row", [s, (1, columns), s], (t, x) => t.GaussianLogProbability(x[0], x[1], x[2]));
            yield return new("GaussianEntropy", [s], (t, x) => t.GaussianEntropy(x[0]));
        }
    }

    /// <summary>Operations that only derivatives record: here they are the function, so that their own derivatives are tested.</summary>
    private static IEnumerable<TapeOperationCase> Derived()
    {
        foreach ((int, int) s in Shapes)
        {
            yield return new("Gradient/tanh", [s], (t, x) => GradientOfSquare(t, t.Tanh(x[0]), x[0]));
            yield return new("Gradient/tanh twice", [s], (t, x) => GradientOfSquare(t, GradientOfSquare(t, t.Tanh(x[0]), x[0]), x[0]));
            yield return new("Gradient/relu", [s], (t, x) => GradientOfSquare(t, t.Relu(x[0]), x[0]));
            yield return new("Gradient/minimum", [s, s], (t, x) => GradientOfSquare(t, t.Minimum(x[0], x[1]), x[0]));
            yield return new("Gradient/maximum", [s, s], (t, x) => GradientOfSquare(t, t.Maximum(x[0], x[1]), x[1]));
            yield return new("Gradient/clamp", [s], (t, x) => GradientOfSquare(t, t.Clamp(x[0], -0.6031, 0.8017), x[0]));
            yield return new("Gradient/discounted", [s], (t, x) => GradientOfSquare(
                t, t.DiscountedSums(x[0], [.. Enumerable.Repeat(0.9, s.Item1)]), x[0]));
            yield return new("Gradient/divide", [s, s], (t, x) => GradientOfSquare(t, t.Divide(x[0], x[1]), x[1]), Positive: true);
            yield return new("Jvp/softmax", [s, s], (t, x) => t.Jvp(t.Softmax(x[0]), x[0], x[1]));
        }
    }

    /// <summary>Derivatives with several terms, added in place, together or after one another, in the orders in which they can arrive.</summary>
    private static IEnumerable<TapeOperationCase> Sums()
    {
        foreach ((int, int) s in Shapes)
        {
            // the quotient that log leaves is the first term, and its own derivative needs it
            yield return new("Add/square and log", [s], (t, x) => t.Add(t.Square(x[0]), t.Log(x[0])), Positive: true);
            yield return new("Add/five uses", [s], (t, x) => t.Add(
                t.Multiply(t.Exp(x[0]), t.Tanh(x[0])), t.Divide(x[0], t.Add(t.Softplus(x[0]), t.Square(x[0])))));
        }

        foreach (Activation activation in (Activation[])[Activation.Identity, Activation.Tanh])
        {
            // one weight and one bias in four layers
            yield return new($"Linear/recurrent {activation}", [(3, 4), (4, 4), (1, 4)], (t, x) =>
            {
                Variable h = x[0];
                for (int i = 0; i < 4; i++)
                {
                    h = t.Linear(h, x[1], x[2], activation);
                }

                return h;
            });
            yield return new($"Linear/one input, four layers {activation}", [(3, 4), (4, 5), (1, 5), (4, 7), (1, 7)], (t, x) =>
            {
                Variable h = t.Activate(x[0], activation);
                Variable a = SumOfSquares(t, t.Linear(h, x[1], x[2], activation));
                Variable b = SumOfSquares(t, t.Linear(h, x[3], x[4], activation));
                Variable c = SumOfSquares(t, t.SumOverRows(h));
                Variable d = SumOfSquares(t, t.MatMul(h, x[1]));
                return t.Add(t.Add(a, b), t.Multiply(c, d));
            });
            yield return new($"Linear/row sum last {activation}", [(3, 4), (4, 5)], (t, x) =>
            {
                Variable h = t.Activate(x[0], activation);
                Variable c = SumOfSquares(t, t.SumOverRows(h));
                Variable d = SumOfSquares(t, t.MatMul(h, x[1]));
                return t.Add(SumOfSquares(t, t.Sigmoid(h)), t.Multiply(d, c));
            });
        }
    }

    private static Variable SumOfSquares(Tape<double> tape, Variable x) => tape.Scale(tape.Sum(tape.Square(x)), 0.2);

    private static Variable GradientOfSquare(Tape<double> tape, Variable y, Variable x) => tape.Gradient(tape.Sum(tape.Square(y)), x);
}
