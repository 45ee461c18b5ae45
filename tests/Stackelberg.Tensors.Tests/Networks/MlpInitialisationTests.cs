using Stackelberg.Primitives;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests.Networks;

public sealed class MlpInitialisationTests
{
    private static readonly MlpLayout Layout =
        new(11, [64, 17], 3, Activation.Tanh, Activation.Identity, ("log_std", 1, 3));

    [Fact]
    public void PyTorchDefault_fills_the_interval_of_each_layer_evenly()
    {
        var parameters = new FlatVector<double>(Layout.Parameters.Length);
        MlpInitialisation.PyTorchDefault(Layout, parameters, RandomStream.FromSeed(1));
        for (int layer = 0; layer < Layout.Layers; layer++)
        {
            double bound = 1 / Math.Sqrt(Layout.Weight(layer).Rows);
            double[] weights = Elements(Layout.Weight(layer), parameters), biases = Elements(Layout.Bias(layer), parameters);
            weights.Concat(biases).ShouldAllBe(value => value >= -bound && value < bound);
            weights.Concat(biases).Distinct().Count().ShouldBe(weights.Length + biases.Length);
            // a uniform variable on ±b has mean 0 and mean square b²/3; four standard errors
            double error = 4 / Math.Sqrt(weights.Length);
            weights.Average().ShouldBe(0, error * bound / Math.Sqrt(3));
            weights.Average(value => value * value).ShouldBe(bound * bound / 3, error * bound * bound * Math.Sqrt(4.0 / 45));
        }

        ((ReadOnlySpan<double>)parameters.Span).ShouldHaveZeroPadding(Layout.Parameters);
    }

    [Fact]
    public void Orthogonal_gives_orthonormal_rows_or_columns_times_the_gain_and_zero_biases()
    {
        var parameters = new FlatVector<double>(Layout.Parameters.Length);
        parameters.CopyFrom(new NetworkCase<double>("11-64-17-3 tanh identity x1 extra").Parameters);
        double logStd = parameters[Layout.Parameters["log_std"].Offset];
        double[] gains = [Math.Sqrt(2), 1, 0.01];
        MlpInitialisation.Orthogonal(Layout, parameters, gains, RandomStream.FromSeed(2));
        for (int layer = 0; layer < Layout.Layers; layer++)
        {
            ParameterBlock weight = Layout.Weight(layer);
            bool byRows = weight.Rows <= weight.Columns;
            int count = Math.Min(weight.Rows, weight.Columns);
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j < count; j++)
                {
                    double sum = 0;
                    for (int k = 0; k < Math.Max(weight.Rows, weight.Columns); k++)
                    {
                        sum += byRows ? At(weight, i, k) * At(weight, j, k) : At(weight, k, i) * At(weight, k, j);
                    }

                    sum.ShouldBe(i == j ? gains[layer] * gains[layer] : 0, 1e-14);
                }
            }

            Elements(Layout.Bias(layer), parameters).ShouldAllBe(value => value == 0);
        }

        parameters[Layout.Parameters["log_std"].Offset].ShouldBe(logStd);
        ((ReadOnlySpan<double>)parameters.Span).ShouldHaveZeroPadding(Layout.Parameters);

        double At(ParameterBlock weight, int row, int column) => parameters[weight.Offset + (row * weight.Stride) + column];
    }

    [Fact]
    public void Uniform_fills_one_layer_alone()
    {
        var parameters = new FlatVector<double>(Layout.Parameters.Length);
        MlpInitialisation.Uniform(Layout, parameters, 2, 3e-3, RandomStream.FromSeed(3));
        Elements(Layout.Weight(2), parameters).Concat(Elements(Layout.Bias(2), parameters))
            .ShouldAllBe(value => value != 0 && Math.Abs(value) <= 3e-3);
        parameters.Span[..Layout.Weight(2).Offset].ToArray().ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void The_same_stream_gives_the_same_network_and_another_another()
    {
        FlatVector<float> a = Draw(5), b = Draw(5), c = Draw(6);
        a.Span.ToArray().ShouldBe(b.Span.ToArray());
        a.Span.ToArray().ShouldNotBe(c.Span.ToArray());

        static FlatVector<float> Draw(ulong seed)
        {
            var parameters = new FlatVector<float>(Layout.Parameters.Length);
            MlpInitialisation.PyTorchDefault(Layout, parameters, RandomStream.FromSeed(seed));
            return parameters;
        }
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        var parameters = new FlatVector<double>(Layout.Parameters.Length);
        RandomStream random = RandomStream.FromSeed(1);
        Should.Throw<ArgumentException>(() => MlpInitialisation.Orthogonal(Layout, parameters, [1, 1], random))
            .Message.ShouldContain("2 gains were given; expected one per layer, 3");
        Should.Throw<ArgumentException>(() => MlpInitialisation.PyTorchDefault(Layout, new FlatVector<double>(5), random));
        Should.Throw<ArgumentOutOfRangeException>(() => MlpInitialisation.Uniform(Layout, parameters, 3, 0.1, random));
        Should.Throw<ArgumentOutOfRangeException>(() => MlpInitialisation.Uniform(Layout, parameters, 0, double.NaN, random));
    }

    private static double[] Elements(ParameterBlock block, FlatVector<double> parameters) =>
    [
        .. Enumerable.Range(0, block.Rows)
            .SelectMany(row => parameters.Span.Slice(block.Offset + (row * block.Stride), block.Columns).ToArray()),
    ];
}
