using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests.Networks;

public sealed class LinearisationFirstOrderTests
{
    [Theory]
    [MemberData(nameof(NetworkCases.All), MemberType = typeof(NetworkCases))]
    public void Forward_agrees_with_plain_loops(string text)
    {
        var test = new NetworkCase<double>(text);
        Linearisation<double> linearisation = test.Linearise();
        linearisation.Rows.ShouldBe(test.Rows);
        for (int row = 0; row < test.Rows; row++)
        {
            linearisation.Outputs.Row(row).ShouldMatch(NaiveMlp.Evaluate(test.Layout, test.Parameters.Span, test.Inputs.Row(row)), 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(NetworkCases.All), MemberType = typeof(NetworkCases))]
    public void Vjp_is_the_sum_of_pulled_back_cotangents(string text)
    {
        var test = new NetworkCase<double>(text);
        Matrix<double> cotangents = test.RandomBatch(test.Layout.Outputs);
        var gradient = new FlatVector<double>(test.Length);
        gradient.Span.Fill(double.NaN);
        var inputCotangents = new Matrix<double>(test.Rows, test.Layout.Inputs);
        test.Linearise().Vjp(cotangents, gradient, inputCotangents: inputCotangents);

        var expected = new double[test.Length];
        for (int row = 0; row < test.Rows; row++)
        {
            (double[] parameters, double[] input) =
                NaiveMlp.Pullback(test.Layout, test.Parameters.Span, test.Inputs.Row(row), cotangents.Row(row));
            Vectors.AddScaled<double>(expected, 1, parameters);
            inputCotangents.Row(row).ShouldMatch(input, 1e-12);
        }

        gradient.Span.ShouldMatch(expected, 1e-12);
        ((ReadOnlySpan<double>)gradient.Span).ShouldHaveZeroPadding(test.Layout.Parameters);
    }

    [Theory]
    [MemberData(nameof(NetworkCases.All), MemberType = typeof(NetworkCases))]
    public void InputVjp_pulls_cotangents_back_to_the_inputs(string text)
    {
        var test = new NetworkCase<double>(text);
        Matrix<double> cotangents = test.RandomBatch(test.Layout.Outputs);
        var inputCotangents = new Matrix<double>(test.Rows, test.Layout.Inputs);
        test.Linearise().InputVjp(cotangents, inputCotangents);
        for (int row = 0; row < test.Rows; row++)
        {
            (_, double[] input) = NaiveMlp.Pullback(test.Layout, test.Parameters.Span, test.Inputs.Row(row), cotangents.Row(row));
            inputCotangents.Row(row).ShouldMatch(input, 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(NetworkCases.All), MemberType = typeof(NetworkCases))]
    [InlineData("33-17-16-1 tanh identity x700")]
    [InlineData("20-1 tanh tanh x3")]
    public void InputVjp_of_the_last_inputs_gives_the_last_columns_of_the_whole(string text)
    {
        var test = new NetworkCase<double>(text);
        int inputs = test.Layout.Inputs;
        Matrix<double> cotangents = test.RandomBatch(test.Layout.Outputs), whole = new(test.Rows, inputs);
        Linearisation<double> linearisation = test.Linearise();
        linearisation.InputVjp(cotangents, whole);
        int[] firsts = [0, inputs - 1, inputs / 2, Math.Max(0, inputs - 2), Math.Max(0, inputs - 17)];
        foreach (int first in firsts)
        {
            Matrix<double> last = test.RandomBatch(inputs - first);
            last.Span.Fill(double.NaN);
            linearisation.InputVjp(cotangents, first, last);
            // padding included, which is zero
            var expected = new double[last.Span.Length];
            for (int row = 0; row < test.Rows; row++)
            {
                whole.Row(row)[first..].CopyTo(expected.AsSpan(row * last.Stride));
            }

            last.Span.ShouldMatch(expected, 1e-14);
        }
    }

    [Fact]
    public void InputVjp_of_the_last_inputs_follows_the_parameters()
    {
        var test = new NetworkCase<double>("5-16-17-1 tanh identity x7");
        Matrix<double> cotangents = test.RandomBatch(1), whole = new(7, 5), last = new(7, 2);
        Linearisation<double> linearisation = test.Linearise();
        linearisation.InputVjp(cotangents, 3, last);
        linearisation.Forward(test.RandomParameters(), test.Inputs, 7);
        linearisation.InputVjp(cotangents, whole);
        linearisation.InputVjp(cotangents, 3, last);
        for (int row = 0; row < 7; row++)
        {
            last.Row(row).ShouldMatch(whole.Row(row)[3..], 1e-14);
        }
    }

    [Theory]
    [InlineData("5-16-17-1 tanh identity x7 extra")]
    [InlineData("5-16-17-3 tanh tanh x600 extra")]
    public void Vjp_that_accumulates_adds_to_the_gradient_and_leaves_other_tensors_alone(string text)
    {
        var test = new NetworkCase<double>(text);
        Linearisation<double> linearisation = test.Linearise();
        Matrix<double> cotangents = test.RandomBatch(test.Layout.Outputs);
        var alone = new FlatVector<double>(test.Length);
        linearisation.Vjp(cotangents, alone);
        FlatVector<double> before = test.RandomParameters();
        var sum = new FlatVector<double>(test.Length);
        sum.CopyFrom(before);
        linearisation.Vjp(cotangents, sum, accumulate: true);

        Vectors.AddScaled(before.Span, 1, (ReadOnlySpan<double>)alone.Span);
        sum.Span.ShouldMatch(before.Span, 1e-14);
        int logStd = test.Layout.Parameters["log_std"].Offset;
        sum[logStd].ShouldBe(before[logStd]);
        alone[logStd].ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(NetworkCases.All), MemberType = typeof(NetworkCases))]
    public void Jvp_is_the_Jacobian_times_the_direction(string text)
    {
        var test = new NetworkCase<double>(text);
        FlatVector<double> direction = test.RandomParameters();
        var tangents = new Matrix<double>(test.Rows, test.Layout.Outputs);
        test.Linearise().Jvp(direction.Span, tangents);
        for (int row = 0; row < test.Rows; row++)
        {
            double[][] jacobian = NaiveMlp.Jacobian(test.Layout, test.Parameters.Span, test.Inputs.Row(row));
            double[] expected = [.. jacobian.Select(j => Vectors.Dot<double>(j, direction.Span))];
            tangents.Row(row).ShouldMatch(expected, 1e-12);
        }
    }

    [Theory]
    [InlineData("11-64-64-1 tanh identity x9")]
    [InlineData("4-16-17-5-3 tanh tanh x5")]
    [InlineData("5-17-16-1 relu identity x5")]
    public void Jvp_is_the_limit_of_differences_of_Forward(string text)
    {
        var test = new NetworkCase<double>(text);
        FlatVector<double> direction = test.RandomParameters();
        var tangents = new Matrix<double>(test.Rows, test.Layout.Outputs);
        test.Linearise().Jvp(direction.Span, tangents);
        const double Step = 1e-6;
        double[] above = Shifted(Step), below = Shifted(-Step);
        double[] expected = [.. above.Zip(below, (a, b) => (a - b) / (2 * Step))];
        var actual = new List<double>();
        for (int row = 0; row < test.Rows; row++)
        {
            actual.AddRange(tangents.Row(row));
        }

        actual.ToArray().ShouldMatch(expected, 1e-8);

        double[] Shifted(double step)
        {
            double[] point = test.Parameters.Span.ToArray();
            Vectors.AddScaled<double>(point, step, direction.Span);
            var values = new List<double>();
            for (int row = 0; row < test.Rows; row++)
            {
                values.AddRange(NaiveMlp.Evaluate(test.Layout, point, test.Inputs.Row(row)));
            }

            return [.. values];
        }
    }

    [Theory]
    [MemberData(nameof(NetworkCases.ScalarOutput), MemberType = typeof(NetworkCases))]
    public void SquaredLossGradient_is_the_loss_and_its_gradient(string text)
    {
        var test = new NetworkCase<double>(text);
        Matrix<double> targets = test.RandomBatch(1);
        var gradient = new FlatVector<double>(test.Length);
        gradient.Span.Fill(double.NaN);
        var linearisation = new Linearisation<double>(test.Layout, test.Rows);
        double loss = linearisation.SquaredLossGradient(test.Parameters, test.Inputs, targets.Span[..test.Rows], test.Rows, gradient);

        double expectedLoss = 0;
        var expected = new double[test.Length];
        for (int row = 0; row < test.Rows; row++)
        {
            double error = NaiveMlp.Evaluate(test.Layout, test.Parameters.Span, test.Inputs.Row(row))[0] - targets[row, 0];
            expectedLoss += error * error / test.Rows;
            Vectors.AddScaled<double>(
                expected, 2 * error / test.Rows, NaiveMlp.Jacobian(test.Layout, test.Parameters.Span, test.Inputs.Row(row))[0]);
        }

        loss.ShouldBe(expectedLoss, 1e-13 * expectedLoss);
        gradient.Span.ShouldMatch(expected, 1e-12);
        ((ReadOnlySpan<double>)gradient.Span).ShouldHaveZeroPadding(test.Layout.Parameters);
    }

    [Fact]
    public void SquaredLossGradient_leaves_the_fixed_point_alone()
    {
        var test = new NetworkCase<double>("5-16-17-1 tanh identity x6");
        Linearisation<double> linearisation = test.Linearise();
        double[] targets = [1, 2, 3, 4, 5, 6];
        linearisation.SetSquaredLoss(targets);
        FlatVector<double> direction = test.RandomParameters();
        var before = new double[test.Length];
        linearisation.Hvp(direction.Span, before);
        double[] outputs = linearisation.Outputs.Span.ToArray();

        var gradient = new FlatVector<double>(test.Length);
        linearisation.SquaredLossGradient(test.RandomParameters(), test.RandomBatch(5), targets.AsSpan(0, 4), 4, gradient);

        linearisation.Rows.ShouldBe(6);
        linearisation.Outputs.Span.ToArray().ShouldBe(outputs);
        var after = new double[test.Length];
        linearisation.Hvp(direction.Span, after);
        after.ShouldBe(before);
    }
}
