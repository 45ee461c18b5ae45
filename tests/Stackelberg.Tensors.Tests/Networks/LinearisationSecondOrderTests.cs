using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests.Networks;

public sealed class LinearisationSecondOrderTests
{
    [Theory]
    [MemberData(nameof(NetworkCases.All), MemberType = typeof(NetworkCases))]
    public void Hvp_is_the_derivative_of_the_exact_gradient(string text)
    {
        var test = new LossCase(text);
        FlatVector<double> direction = test.Network.RandomParameters();
        double[] result = Filled(test.Network.Length);
        test.Linearisation.Hvp(direction.Span, result);
        // near a kink of ReLU only a short step stays on one side; elsewhere four points remove the third derivative
        double[] expected = text.Contains("relu", StringComparison.Ordinal)
            ? test.GradientDifference(direction.Span, 1e-7)
            : test.SmoothGradientDifference(direction.Span, 1e-3);
        result.ShouldMatch(expected, 1e-8);
        ((ReadOnlySpan<double>)result).ShouldHaveZeroPadding(test.Network.Layout.Parameters);
    }

    [Theory]
    [MemberData(nameof(NetworkCases.All), MemberType = typeof(NetworkCases))]
    public void Hessian_is_symmetric(string text)
    {
        var test = new LossCase(text);
        FlatVector<double> x = test.Network.RandomParameters(), y = test.Network.RandomParameters();
        double[] hx = new double[test.Network.Length], hy = new double[test.Network.Length];
        test.Linearisation.Hvp(x.Span, hx);
        test.Linearisation.Hvp(y.Span, hy);
        double scale = Vectors.Norm<double>(hx) * Vectors.Norm<double>(y.Span);
        Vectors.Dot<double>(hx, y.Span).ShouldBe(Vectors.Dot<double>(hy, x.Span), 1e-13 * scale);
    }

    [Theory]
    [MemberData(nameof(NetworkCases.All), MemberType = typeof(NetworkCases))]
    public void GaussNewtonProduct_is_the_explicit_product(string text)
    {
        var test = new LossCase(text);
        FlatVector<double> direction = test.Network.RandomParameters();
        double[] result = Filled(test.Network.Length);
        test.Linearisation.GaussNewtonProduct(direction.Span, result);
        var expected = new double[test.Network.Length];
        for (int row = 0; row < test.Network.Rows; row++)
        {
            double[][] jacobian = NaiveMlp.Jacobian(test.Network.Layout, test.Network.Parameters.Span, test.Network.Inputs.Row(row));
            for (int output = 0; output < jacobian.Length; output++)
            {
                double tangent = Vectors.Dot<double>(jacobian[output], direction.Span);
                Vectors.AddScaled<double>(expected, test.Curvature[row, output] * tangent, jacobian[output]);
            }
        }

        result.ShouldMatch(expected, 1e-12);
        ((ReadOnlySpan<double>)result).ShouldHaveZeroPadding(test.Network.Layout.Parameters);
    }

    [Theory]
    [MemberData(nameof(NetworkCases.All), MemberType = typeof(NetworkCases))]
    public void LossGradient_is_the_gradient_that_was_set_pulled_back(string text)
    {
        var test = new LossCase(text);
        var gradient = new FlatVector<double>(test.Network.Length);
        gradient.Span.Fill(double.NaN);
        test.Linearisation.LossGradient(gradient);
        gradient.Span.ShouldMatch(test.GradientAt(test.Network.Parameters.Span), 1e-12);
    }

    [Theory]
    [MemberData(nameof(NetworkCases.ScalarOutput), MemberType = typeof(NetworkCases))]
    public void SetSquaredLoss_equals_SetLoss_with_its_gradient_and_curvature(string text)
    {
        var test = new NetworkCase<double>(text);
        Matrix<double> targets = test.RandomBatch(1);
        Linearisation<double> linearisation = test.Linearise();
        Matrix<double> gradient = test.RandomBatch(1), curvature = test.RandomBatch(1);
        for (int row = 0; row < test.Rows; row++)
        {
            gradient[row, 0] = 2.0 / test.Rows * (linearisation.Outputs[row, 0] - targets[row, 0]);
            curvature[row, 0] = 2.0 / test.Rows;
        }

        FlatVector<double> direction = test.RandomParameters();
        double[] expected = new double[test.Length], actual = new double[test.Length];
        linearisation.SetLoss(gradient, curvature);
        linearisation.Hvp(direction.Span, expected);
        linearisation.SetSquaredLoss(targets.Span[..test.Rows]);
        linearisation.Hvp(direction.Span, actual);
        actual.ShouldMatch(expected, 1e-14);
    }

    [Theory]
    [MemberData(nameof(NetworkCases.All), MemberType = typeof(NetworkCases))]
    [InlineData("5-16-17-1 tanh tanh x600")]
    [InlineData("5-17-16-5-1 relu identity x520 extra")]
    public void HessianColumns_are_products_with_unit_vectors(string text)
    {
        var test = new LossCase(text);
        ParameterLayout layout = test.Network.Layout.Parameters;
        // the first and the last parameter of every tensor, and some between
        var positions = new List<int>();
        foreach (ParameterBlock block in layout.Blocks)
        {
            positions.Add(block.Offset);
            positions.Add(block.Offset + (block.Rows / 2 * block.Stride) + (block.Columns / 2));
            positions.Add(block.Offset + ((block.Rows - 1) * block.Stride) + block.Columns - 1);
        }

        double[] columns = Filled(positions.Count * layout.Length);
        test.Linearisation.HessianColumns(positions.ToArray(), columns);
        double[] expected = new double[layout.Length];
        for (int i = 0; i < positions.Count; i++)
        {
            var unit = new double[layout.Length];
            unit[positions[i]] = 1;
            test.Linearisation.Hvp(unit, expected);
            ReadOnlySpan<double> column = columns.AsSpan(i * layout.Length, layout.Length);
            column.ShouldMatch(expected, 1e-12);
            column.ShouldHaveZeroPadding(layout);
        }
    }

    [Fact]
    public void HessianColumns_of_padding_are_zero()
    {
        var test = new LossCase("5-17-3 tanh identity x4 extra");
        ParameterLayout layout = test.Network.Layout.Parameters;
        int[] padding = [layout["layers.0.weight"].Offset + 17, layout["layers.1.bias"].Offset + 3, layout["log_std"].Offset];
        double[] columns = Filled(padding.Length * layout.Length);
        test.Linearisation.HessianColumns(padding, columns);
        columns.ShouldAllBe(value => value == 0);
    }

    private static double[] Filled(int length)
    {
        var result = new double[length];
        Array.Fill(result, double.NaN);
        return result;
    }
}
