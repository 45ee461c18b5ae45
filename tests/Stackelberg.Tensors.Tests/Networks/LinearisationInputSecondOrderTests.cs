using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests.Networks;

/// <summary>Second derivatives that involve the inputs, against differences of plain loops and against the tape.</summary>
public sealed class LinearisationInputSecondOrderTests
{
    [Theory]
    [MemberData(nameof(NetworkCases.All), MemberType = typeof(NetworkCases))]
    [InlineData("17-64-5-1 tanh tanh x1")]
    [InlineData("5-17-16-3 tanh identity x511")]
    [InlineData("3-16-17-1 tanh tanh x1100 extra")]
    [InlineData("1-5-1-1 relu identity x513")]
    public void MixedInputProduct_is_the_derivative_of_the_input_gradient_along_the_parameters(string text)
    {
        var test = new Case(text);
        FlatVector<double> direction = test.Network.RandomParameters();
        Matrix<double> result = test.Filled();
        test.Linearisation.MixedInputProduct(direction.Span, test.Cotangents, result);
        var expected = new double[result.Span.Length];
        for (int row = 0; row < test.Network.Rows; row++)
        {
            int at = row;
            double[] difference = test.Difference(step => test.Pullback(at, test.Moved(direction.Span, step), test.Network.Inputs.Row(at)).Input);
            difference.CopyTo(expected, row * result.Stride);
        }

        result.Span.ShouldMatch(expected, 1e-8);
    }

    [Theory]
    [MemberData(nameof(NetworkCases.All), MemberType = typeof(NetworkCases))]
    [InlineData("17-64-5-1 tanh tanh x1")]
    [InlineData("5-17-16-3 tanh identity x511")]
    [InlineData("3-16-17-1 tanh tanh x1100 extra")]
    [InlineData("1-5-1-1 relu identity x513")]
    public void MixedParameterProduct_is_the_derivative_of_both_gradients_along_the_inputs(string text)
    {
        var test = new Case(text);
        Matrix<double> tangents = test.Network.RandomBatch(test.Network.Layout.Inputs);
        var gradient = new FlatVector<double>(test.Network.Length);
        gradient.Span.Fill(double.NaN);
        Matrix<double> result = test.Filled();
        test.Linearisation.MixedParameterProduct(tangents, test.Cotangents, gradient, result);
        var expectedGradient = new double[test.Network.Length];
        var expectedResult = new double[result.Span.Length];
        for (int row = 0; row < test.Network.Rows; row++)
        {
            int at = row;
            double[] difference = test.Difference(step =>
            {
                double[] input = test.Network.Inputs.Row(at).ToArray();
                Vectors.AddScaled<double>(input, step, tangents.Row(at));
                (double[] parameters, double[] inputs) = test.Pullback(at, test.Network.Parameters.Span, input);
                return [.. parameters, .. inputs];
            });
            Vectors.AddScaled<double>(expectedGradient, 1, difference.AsSpan(0, test.Network.Length));
            difference.AsSpan(test.Network.Length).CopyTo(expectedResult.AsSpan(row * result.Stride));
        }

        gradient.Span.ShouldMatch(expectedGradient, 1e-8);
        result.Span.ShouldMatch(expectedResult, 1e-8);
        ((ReadOnlySpan<double>)gradient.Span).ShouldHaveZeroPadding(test.Network.Layout.Parameters);

        Matrix<double> alone = test.Filled();
        test.Linearisation.InputHessianProduct(tangents, test.Cotangents, alone);
        ((ReadOnlySpan<double>)alone.Span).ShouldBeSameBits<double>(result.Span);
        var withoutInputs = new FlatVector<double>(test.Network.Length);
        test.Linearisation.MixedParameterProduct(tangents, test.Cotangents, withoutInputs);
        ((ReadOnlySpan<double>)withoutInputs.Span).ShouldBeSameBits<double>(gradient.Span);
    }

    [Theory]
    [MemberData(nameof(NetworkCases.All), MemberType = typeof(NetworkCases))]
    [InlineData("11-64-64-1 tanh identity x700")]
    public void All_products_agree_with_the_double_backward_of_the_tape(string text)
    {
        var test = new Case(text);
        NetworkCase<double> network = test.Network;
        ParameterLayout layout = network.Layout.Parameters;
        FlatVector<double> direction = network.RandomParameters(), gradient = new(network.Length), expected = new(network.Length);
        Matrix<double> tangents = network.RandomBatch(network.Layout.Inputs), result = test.Filled();
        var tape = new Tape<double>();
        // the layers' tensors alone: the output does not depend on others
        Span<Variable> parameters = new Variable[layout.Blocks.Count], moving = new Variable[layout.Blocks.Count];
        Span<Variable> products = new Variable[layout.Blocks.Count];
        tape.Leaves(layout, network.Parameters, parameters);
        tape.Leaves(layout, direction, moving);
        Span<Variable> input = [tape.Leaf(network.Inputs, network.Rows)], inputTangents = [tape.Leaf(tangents, network.Rows)];
        Span<Variable> inputProducts = new Variable[1];
        Variable output = tape.Sum(tape.Multiply(tape.Leaf(test.Cotangents, network.Rows), tape.Mlp(network.Layout, input[0], parameters)));

        tape.MixedProduct(output, parameters, moving, input, inputProducts);
        test.Linearisation.MixedInputProduct(direction.Span, test.Cotangents, result);
        RowsShouldMatch(inputProducts[0]);

        tape.MixedProduct(output, input, inputTangents, parameters, products);
        tape.CopyTo(products, layout, expected);
        test.Linearisation.MixedParameterProduct(tangents, test.Cotangents, gradient, result);
        gradient.Span.ShouldMatch(expected.Span, 1e-12);

        tape.HessianProduct(output, input, inputTangents, inputProducts);
        RowsShouldMatch(inputProducts[0]);

        void RowsShouldMatch(Variable product)
        {
            for (int row = 0; row < network.Rows; row++)
            {
                result.Row(row).ShouldMatch(tape.Row(product, row), 1e-11);
            }
        }
    }

    [Theory]
    [MemberData(nameof(NetworkCases.All), MemberType = typeof(NetworkCases))]
    [InlineData("11-64-64-1 tanh identity x1100")]
    public void The_mixed_products_are_transposes_of_each_other_and_the_input_Hessian_is_symmetric(string text)
    {
        var test = new Case(text);
        FlatVector<double> direction = test.Network.RandomParameters(), gradient = new(test.Network.Length);
        int inputs = test.Network.Layout.Inputs;
        Matrix<double> x = test.Network.RandomBatch(inputs), y = test.Network.RandomBatch(inputs), hx = test.Filled(), hy = test.Filled();
        Matrix<double> mixed = test.Filled();
        test.Linearisation.MixedInputProduct(direction.Span, test.Cotangents, mixed);
        test.Linearisation.MixedParameterProduct(x, test.Cotangents, gradient, hx);
        test.Linearisation.InputHessianProduct(y, test.Cotangents, hy);
        ShouldAgree(gradient.Span, direction.Span, x.Span, mixed.Span);
        ShouldAgree(hx.Span, y.Span, hy.Span, x.Span);

        // piecewise linear networks have an input Hessian of exactly zero
        static void ShouldAgree(ReadOnlySpan<double> a, ReadOnlySpan<double> b, ReadOnlySpan<double> c, ReadOnlySpan<double> d) =>
            Math.Abs(Vectors.Dot(a, b) - Vectors.Dot(c, d)).ShouldBeLessThanOrEqualTo(1e-13 * Vectors.Norm(a) * Vectors.Norm(b));
    }

    [Theory]
    [InlineData("5-16-17-1 tanh identity x7 extra")]
    [InlineData("5-16-17-3 tanh tanh x600 extra")]
    public void MixedParameterProduct_that_accumulates_adds_to_the_gradient_and_leaves_other_tensors_alone(string text)
    {
        var test = new Case(text);
        Matrix<double> tangents = test.Network.RandomBatch(5);
        FlatVector<double> alone = new(test.Network.Length), sum = test.Network.RandomParameters();
        double[] expected = sum.Span.ToArray();
        test.Linearisation.MixedParameterProduct(tangents, test.Cotangents, alone);
        test.Linearisation.MixedParameterProduct(tangents, test.Cotangents, sum, accumulate: true);
        Vectors.AddScaled<double>(expected, 1, alone.Span);
        sum.Span.ShouldMatch(expected, 1e-14);
        int logStd = test.Network.Layout.Parameters["log_std"].Offset;
        alone[logStd].ShouldBe(0);
        sum[logStd].ShouldBe(expected[logStd]);
    }

    [Theory]
    [InlineData("11-64-64-1 tanh tanh x100")]
    [InlineData("4-17-5-3 relu tanh x600")]
    public void The_loss_that_is_set_is_left_alone(string text)
    {
        var test = new LossCase(text);
        NetworkCase<double> network = test.Network;
        FlatVector<double> direction = network.RandomParameters(), before = new(network.Length), after = new(network.Length);
        test.Linearisation.Hvp(direction.Span, before.Span);
        Matrix<double> cotangents = network.RandomBatch(network.Layout.Outputs), tangents = network.RandomBatch(network.Layout.Inputs);
        var result = new Matrix<double>(network.Rows, network.Layout.Inputs);
        test.Linearisation.MixedInputProduct(network.RandomParameters().Span, cotangents, result);
        test.Linearisation.MixedParameterProduct(tangents, cotangents, after, result);
        test.Linearisation.Hvp(direction.Span, after.Span);
        ((ReadOnlySpan<double>)after.Span).ShouldBeSameBits<double>(before.Span);
    }

    [Theory]
    [InlineData("17-16-16-1 tanh tanh x9")]
    [InlineData("5-17-3 tanh identity x600")]
    public void Padding_of_results_is_zero(string text)
    {
        var test = new Case(text);
        Matrix<double> tangents = test.Network.RandomBatch(test.Network.Layout.Inputs), result = test.Filled();
        test.Linearisation.MixedInputProduct(test.Network.RandomParameters().Span, test.Cotangents, result);
        PaddingShouldBeZero();
        result = test.Filled();
        test.Linearisation.InputHessianProduct(tangents, test.Cotangents, result);
        PaddingShouldBeZero();

        void PaddingShouldBeZero()
        {
            for (int row = 0; row < test.Network.Rows; row++)
            {
                result.Span.Slice(row * result.Stride, result.Stride)[result.Columns..].ToArray().ShouldAllBe(value => value == 0);
            }
        }
    }

    /// <summary>A network with cotangents of its outputs.</summary>
    private sealed class Case
    {
        // near a kink of ReLU only a short step stays on one side; elsewhere four points remove the third derivative
        private readonly bool isSmooth;

        public Case(string text)
        {
            isSmooth = !text.Contains("relu", StringComparison.Ordinal);
            Network = new NetworkCase<double>(text);
            Cotangents = Network.RandomBatch(Network.Layout.Outputs);
            Linearisation = Network.Linearise();
        }

        public NetworkCase<double> Network { get; }

        public Matrix<double> Cotangents { get; }

        public Linearisation<double> Linearisation { get; }

        public Matrix<double> Filled()
        {
            var matrix = new Matrix<double>(Network.Rows, Network.Layout.Inputs);
            matrix.Span.Fill(double.NaN);
            return matrix;
        }

        public (double[] Parameters, double[] Input) Pullback(int row, ReadOnlySpan<double> parameters, ReadOnlySpan<double> input) =>
            NaiveMlp.Pullback(Network.Layout, parameters, input, Cotangents.Row(row));

        public double[] Moved(ReadOnlySpan<double> direction, double step)
        {
            double[] point = Network.Parameters.Span.ToArray();
            Vectors.AddScaled(point, step, direction);
            return point;
        }

        public double[] Difference(Func<double, double[]> function)
        {
            if (!isSmooth)
            {
                return Central(function, 1e-7);
            }

            double[] one = Central(function, 1e-3), two = Central(function, 2e-3);
            return [.. one.Zip(two, (a, b) => ((4 * a) - b) / 3)];
        }

        private static double[] Central(Func<double, double[]> function, double step) =>
            [.. function(step).Zip(function(-step), (a, b) => (a - b) / (2 * step))];
    }
}
