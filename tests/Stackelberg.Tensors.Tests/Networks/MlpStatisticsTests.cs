using Stackelberg.Primitives;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests.Networks;

/// <summary>Distributions of initial parameters over many streams, and evaluation of any number of rows.</summary>
public sealed class MlpStatisticsTests
{
    private const int Draws = 4000;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 3)]
    [InlineData(16, 2)]
    public void Every_initial_weight_and_bias_has_mean_zero_and_the_variance_of_its_interval(int inputs, int outputs)
    {
        var layout = new MlpLayout(inputs, [], outputs, Activation.Tanh);
        double bound = 1 / Math.Sqrt(inputs);
        Moments(layout, static (shape, parameters, random) => MlpInitialisation.PyTorchDefault(shape, parameters, random), _ => bound * bound / 3);
        Moments(layout, static (shape, parameters, random) => MlpInitialisation.Uniform(shape, parameters, 0, 0.3, random), static _ => 0.03);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(2, 5)]
    public void Elements_of_orthogonal_weights_have_mean_zero_and_share_the_squared_length(int inputs, int outputs)
    {
        // each of the min(m, n) orthonormal vectors has squared length 1, spread evenly over max(m, n) elements
        var layout = new MlpLayout(inputs, [], outputs, Activation.Tanh);
        double share = 4.0 / Math.Max(inputs, outputs);
        Moments(layout, static (shape, parameters, random) => MlpInitialisation.Orthogonal(shape, parameters, [2.0], random), isWeight => isWeight ? share : 0);
    }

    [Fact]
    public void A_gain_of_zero_and_a_bound_of_zero_give_zeros()
    {
        var layout = new MlpLayout(3, [17], 2, Activation.Tanh);
        FlatVector<float> parameters = new NetworkCase<float>("3-17-2 tanh identity x1").Parameters;
        MlpInitialisation.Orthogonal(layout, parameters, [0.0, 1.0], RandomStream.FromSeed(1));
        parameters.Span[..layout.Weight(1).Offset].ToArray().ShouldAllBe(static value => value == 0);
        parameters.Span[layout.Weight(1).Offset].ShouldNotBe(0);
        MlpInitialisation.Uniform(layout, parameters, 1, 0, RandomStream.FromSeed(1));
        parameters.Span.ToArray().ShouldAllBe(static value => value == 0);
    }

    [Fact]
    public void Both_precisions_draw_the_same_numbers()
    {
        var layout = new MlpLayout(5, [17, 16], 3, Activation.Tanh, Activation.Identity, ("log_std", 1, 3));
        FlatVector<float> single = new(layout.Parameters.Length);
        FlatVector<double> wide = new(layout.Parameters.Length);
        MlpInitialisation.PyTorchDefault(layout, single, RandomStream.FromSeed(4));
        MlpInitialisation.PyTorchDefault(layout, wide, RandomStream.FromSeed(4));
        single.Span.ToArray().ShouldBe(wide.Span.ToArray().Select(static value => (float)value));
        MlpInitialisation.Orthogonal(layout, single, [1.0, 1.5, 0.1], RandomStream.FromSeed(4));
        MlpInitialisation.Orthogonal(layout, wide, [1.0, 1.5, 0.1], RandomStream.FromSeed(4));
        single.Span.ToArray().ShouldBe(wide.Span.ToArray().Select(static value => (float)value));
    }

    [Theory]
    [InlineData("5-16-3 tanh tanh x26")]
    [InlineData("1-17-1 relu identity x26")]
    [InlineData("4-1-17 tanh identity x26")]
    public void Any_number_of_rows_is_evaluated_as_each_alone_and_the_rest_is_left(string text)
    {
        var test = new NetworkCase<double>(text);
        var evaluator = new MlpEvaluator<double>(test.Layout);
        double[][] expected = [.. Enumerable.Range(0, test.Rows).Select(row => NaiveMlp.Evaluate(test.Layout, test.Parameters.Span, test.Inputs.Row(row)))];
        for (int rows = 0; rows <= test.Rows; rows++)
        {
            var outputs = new Matrix<double>(test.Rows, test.Layout.Outputs);
            for (int row = 0; row < test.Rows; row++)
            {
                outputs.Row(row).Fill(42);
            }

            evaluator.Evaluate(test.Parameters, test.Inputs, outputs, rows);
            for (int row = 0; row < test.Rows; row++)
            {
                if (row < rows)
                {
                    outputs.Row(row).ToArray().ShouldBe(expected[row], 1e-13);
                }
                else
                {
                    outputs.Row(row).IndexOfAnyExcept(42).ShouldBe(-1);
                }
            }
        }
    }

    [Fact]
    public void Batches_that_do_not_fit_an_evaluator_are_refused()
    {
        var test = new NetworkCase<double>("5-16-3 tanh tanh x4");
        var evaluator = new MlpEvaluator<double>(test.Layout);
        var outputs = new Matrix<double>(4, 3);
        Should.Throw<ArgumentOutOfRangeException>(() => evaluator.Evaluate(test.Parameters, test.Inputs, outputs, -1)).ParamName.ShouldBe("rows");
        Should.Throw<ArgumentException>(() => evaluator.Evaluate(test.Parameters, test.Inputs, outputs, 5)).Message.ShouldContain("at least 5 rows");
        Should.Throw<ArgumentException>(() => evaluator.Evaluate(test.Parameters, outputs, outputs, 4)).Message.ShouldContain("expected 5 columns");
        Should.Throw<ArgumentException>(() => evaluator.Evaluate(test.Parameters, test.Inputs, test.Inputs, 4)).Message.ShouldContain("expected 3 columns");
        Should.Throw<ArgumentNullException>(() => evaluator.Evaluate(null!, test.Inputs, outputs, 4)).ParamName.ShouldBe("parameters");
        Should.Throw<ArgumentNullException>(() => new MlpEvaluator<double>(null!)).ParamName.ShouldBe("layout");
    }

    /// <summary>Mean and mean square of every parameter over many draws, within five standard errors.</summary>
    private static void Moments(
        MlpLayout layout, Action<MlpLayout, FlatVector<double>, RandomStream> fill, Func<bool, double> variance)
    {
        RandomStream random = RandomStream.FromSeed(31);
        int length = layout.Parameters.Length;
        FlatVector<double> parameters = new(length), sum = new(length), squares = new(length);
        for (int draw = 0; draw < Draws; draw++)
        {
            fill(layout, parameters, random);
            Vectors.AddScaled<double>(sum.Span, 1.0 / Draws, parameters.Span);
            Vectors.Multiply<double>(parameters.Span, parameters.Span, parameters.Span);
            Vectors.AddScaled<double>(squares.Span, 1.0 / Draws, parameters.Span);
            parameters.Clear();
        }

        for (int i = 0; i < layout.Parameters.Count; i++)
        {
            int position = layout.Parameters.Coordinates[i];
            double expected = variance(position < layout.Bias(0).Offset);
            // the mean square deviates by at most its own size: no distribution here has a kurtosis above 3
            sum[position].ShouldBe(0, 5 * Math.Sqrt(expected / Draws));
            squares[position].ShouldBe(expected, (5 * expected * Math.Sqrt(2.0 / Draws)) + 1e-15);
        }

        ((ReadOnlySpan<double>)squares.Span).ShouldHaveZeroPadding(layout.Parameters);
    }
}
