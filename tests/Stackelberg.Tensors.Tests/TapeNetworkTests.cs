using Stackelberg.Primitives;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests;

/// <summary>Losses of perceptrons on the tape against finite differences in double precision.</summary>
public sealed class TapeNetworkTests
{
    private const int Rows = 7;

    private readonly RandomStream random = RandomStream.FromSeed(11);
    private readonly MlpLayout layout = new(3, [5, 18], 2, Activation.Tanh, Activation.Identity, ("log_std", 1, 2));
    private readonly FlatVector<double> parameters;
    private readonly Matrix<double> inputs = new(Rows, 3);
    private readonly Matrix<double> targets = new(Rows, 2);
    private readonly Tape<double> tape = new();

    public TapeNetworkTests()
    {
        parameters = RandomVector(0.6);
        Fill(inputs);
        Fill(targets);
    }

    public static TheoryData<bool, bool> Modes => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Fact]
    public void Gradient_written_into_a_flat_vector_matches_finite_differences_and_keeps_padding_zero()
    {
        var gradient = new FlatVector<double>(layout.Parameters.Length);
        gradient.Span.Fill(double.NaN);
        Variable[] leaves = Record(out Variable loss);
        tape.Gradient(loss, leaves, layout.Parameters, gradient);

        RelativeError(gradient.Span, DifferenceGradient(parameters)).ShouldBeLessThan(1e-9);
        PaddingOf(gradient).ShouldAllBe(x => x == 0.0);
    }

    [Fact]
    public void Gradient_accumulates_when_asked()
    {
        var once = new FlatVector<double>(layout.Parameters.Length);
        Variable[] leaves = Record(out Variable loss);
        tape.Gradient(loss, leaves, layout.Parameters, once);
        var twice = new FlatVector<double>(layout.Parameters.Length);
        twice.CopyFrom(once);
        tape.Gradient(loss, leaves, layout.Parameters, twice, accumulate: true);

        for (int i = 0; i < once.Length; i++)
        {
            twice[i].ShouldBe(2 * once[i], 1e-15);
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Hessian_product_matches_finite_differences_of_the_gradient(bool forward, bool relu)
    {
        MlpLayout shape = relu ? new MlpLayout(3, [5, 18], 2, Activation.Relu, Activation.Tanh, ("log_std", 1, 2)) : layout;
        FlatVector<double> direction = RandomVector(1.0);
        double[] expected = new double[shape.Parameters.Length];
        const double h = 1e-6;
        foreach (double sign in (double[])[1, -1])
        {
            var moved = new FlatVector<double>(parameters.Length);
            for (int i = 0; i < moved.Length; i++)
            {
                moved[i] = parameters[i] + (sign * h * direction[i]);
            }

            tape.Reset();
            var gradient = new FlatVector<double>(parameters.Length);
            Variable[] moving = Record(shape, moved, out Variable movedLoss);
            tape.Gradient(movedLoss, moving, shape.Parameters, gradient);
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] += sign * gradient[i] / (2 * h);
            }
        }

        tape.Reset();
        Variable[] leaves = Record(shape, parameters, out Variable loss);
        Variable[] tangents = new Variable[leaves.Length];
        Variable[] products = new Variable[leaves.Length];
        tape.Leaves(shape.Parameters, direction, tangents);
        if (forward)
        {
            tape.HessianProductForward(loss, leaves, tangents, products);
        }
        else
        {
            tape.HessianProduct(loss, leaves, tangents, products);
        }

        var actual = new FlatVector<double>(parameters.Length);
        tape.CopyTo(products, shape.Parameters, actual);
        RelativeError(actual.Span, expected).ShouldBeLessThan(1e-8);
        PaddingOf(actual).ShouldAllBe(x => x == 0.0);
    }

    [Fact]
    public void Single_precision_gives_the_Hessian_product_of_double_precision_up_to_rounding()
    {
        FlatVector<double> direction = RandomVector(1.0);
        Variable[] leaves = Record(out Variable loss);
        Variable[] tangents = new Variable[leaves.Length];
        Variable[] products = new Variable[leaves.Length];
        tape.Leaves(layout.Parameters, direction, tangents);
        tape.HessianProduct(loss, leaves, tangents, products);
        var expected = new FlatVector<double>(parameters.Length);
        tape.CopyTo(products, layout.Parameters, expected);

        var single = new Tape<float>();
        single.Leaves(layout.Parameters, Narrow(parameters), leaves);
        single.Leaves(layout.Parameters, Narrow(direction), tangents);
        Variable x = single.Constant(Narrow(inputs), Rows, 3);
        Variable mean = single.Mlp(layout, x, leaves);
        Variable logProbability = single.GaussianLogProbability(mean, leaves[^1], single.Constant(Narrow(targets), Rows, 2));
        single.HessianProduct(single.Negate(single.Mean(logProbability)), leaves, tangents, products);
        var narrow = new FlatVector<float>(parameters.Length);
        single.CopyTo(products, layout.Parameters, narrow);
        double[] actual = [.. narrow.Span.ToArray().Select(v => (double)v)];
        RelativeError(actual, expected.Span).ShouldBeLessThan(2e-6);
    }

    private static FlatVector<float> Narrow(FlatVector<double> vector)
    {
        var narrow = new FlatVector<float>(vector.Length);
        for (int i = 0; i < vector.Length; i++)
        {
            narrow[i] = (float)vector[i];
        }

        return narrow;
    }

    private static float[] Narrow(Matrix<double> matrix) =>
        [.. Enumerable.Range(0, matrix.Rows).SelectMany(r => matrix.Row(r).ToArray()).Select(v => (float)v)];

    private Variable[] Record(out Variable loss) => Record(layout, parameters, out loss);

    private Variable[] Record(MlpLayout shape, FlatVector<double> at, out Variable loss)
    {
        Variable[] leaves = new Variable[shape.Parameters.Blocks.Count];
        tape.Leaves(shape.Parameters, at, leaves);
        Variable mean = tape.Mlp(shape, tape.Leaf(inputs), leaves);
        Variable logProbability = tape.GaussianLogProbability(mean, leaves[^1], tape.Leaf(targets));
        loss = tape.Negate(tape.Mean(logProbability));
        return leaves;
    }

    private double[] DifferenceGradient(FlatVector<double> at)
    {
        double[] result = new double[at.Length];
        const double h = 1e-5;
        for (int k = 0; k < layout.Parameters.Count; k++)
        {
            int i = layout.Parameters.Coordinates[k];
            double original = at[i];
            foreach (double sign in (double[])[1, -1])
            {
                at[i] = original + (sign * h);
                tape.Reset();
                Record(layout, at, out Variable loss);
                result[i] += sign * tape.Value(loss) / (2 * h);
            }

            at[i] = original;
        }

        return result;
    }

    private IEnumerable<double> PaddingOf(FlatVector<double> vector)
    {
        var real = new HashSet<int>(Enumerable.Range(0, layout.Parameters.Count).Select(k => layout.Parameters.Coordinates[k]));
        return Enumerable.Range(0, vector.Length).Where(i => !real.Contains(i)).Select(i => vector[i]);
    }

    private FlatVector<double> RandomVector(double scale)
    {
        var vector = new FlatVector<double>(layout.Parameters.Length);
        for (int k = 0; k < layout.Parameters.Count; k++)
        {
            vector[layout.Parameters.Coordinates[k]] = scale * random.NextNormal();
        }

        return vector;
    }

    private void Fill(Matrix<double> matrix)
    {
        for (int r = 0; r < matrix.Rows; r++)
        {
            random.FillNormal(matrix.Row(r));
        }
    }

    private static double RelativeError(ReadOnlySpan<double> actual, ReadOnlySpan<double> expected)
    {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            size += expected[i] * expected[i];
        }

        return Math.Sqrt(difference / size);
    }
}
