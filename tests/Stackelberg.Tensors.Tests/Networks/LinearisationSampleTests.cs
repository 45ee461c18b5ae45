namespace Stackelberg.Tensors.Tests.Networks;

public sealed class LinearisationSampleTests
{
    [Theory]
    [MemberData(nameof(NetworkCases.ScalarOutput), MemberType = typeof(NetworkCases))]
    public void PerSampleSquares_are_weighted_squares_of_the_Jacobian(string text)
    {
        var test = new NetworkCase<double>(text);
        Matrix<double> weights = test.RandomBatch(1);
        var result = new double[test.Length];
        Array.Fill(result, double.NaN);
        test.Linearise().PerSampleSquares(weights.Span[..test.Rows], result);
        var expected = new double[test.Length];
        double[][] jacobian = Jacobian(test);
        for (int row = 0; row < test.Rows; row++)
        {
            for (int i = 0; i < test.Length; i++)
            {
                expected[i] += weights[row, 0] * jacobian[row][i] * jacobian[row][i];
            }
        }

        result.ShouldMatch(expected, 1e-12);
        ((ReadOnlySpan<double>)result).ShouldHaveZeroPadding(test.Layout.Parameters);
    }

    [Theory]
    [MemberData(nameof(NetworkCases.ScalarOutput), MemberType = typeof(NetworkCases))]
    [InlineData("3-5-1 tanh identity x128")]
    [InlineData("3-16-5-1 relu identity x300")]
    [InlineData("2-5-1 tanh tanh x530")]
    public void SampleKernel_is_the_matrix_of_inner_products_of_sample_gradients(string text)
    {
        var test = new NetworkCase<double>(text);
        var kernel = new double[test.Rows * test.Rows];
        test.Linearise().SampleKernel(kernel);
        double[][] jacobian = Jacobian(test);
        var expected = new double[test.Rows * test.Rows];
        for (int i = 0; i < test.Rows; i++)
        {
            for (int j = 0; j < test.Rows; j++)
            {
                expected[(i * test.Rows) + j] = Vectors.Dot<double>(jacobian[i], jacobian[j]);
            }
        }

        kernel.ShouldMatch(expected, 1e-13);
        for (int i = 0; i < test.Rows; i++)
        {
            for (int j = 0; j < i; j++)
            {
                kernel[(i * test.Rows) + j].ShouldBe(kernel[(j * test.Rows) + i]);
            }
        }
    }

    [Fact]
    public void Sample_products_leave_the_loss_alone()
    {
        var test = new LossCase("5-16-17-1 tanh tanh x6");
        FlatVector<double> direction = test.Network.RandomParameters();
        double[] before = new double[test.Network.Length], after = new double[test.Network.Length];
        test.Linearisation.Hvp(direction.Span, before);
        test.Linearisation.SampleKernel(new double[36]);
        test.Linearisation.PerSampleSquares(new double[6], new double[test.Network.Length]);
        test.Linearisation.Hvp(direction.Span, after);
        after.ShouldBe(before);
    }

    private static double[][] Jacobian(NetworkCase<double> test) =>
    [
        .. Enumerable.Range(0, test.Rows)
            .Select(row => NaiveMlp.Jacobian(test.Layout, test.Parameters.Span, test.Inputs.Row(row))[0]),
    ];
}
