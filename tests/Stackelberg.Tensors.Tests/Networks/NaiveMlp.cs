using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests.Networks;

/// <summary>A perceptron in plain loops, one sample at a time: the oracle. Its Jacobian is itself checked against differences.</summary>
internal static class NaiveMlp
{
    public static double[] Evaluate(MlpLayout layout, ReadOnlySpan<double> parameters, ReadOnlySpan<double> input) =>
        Activations(layout, parameters, input)[^1];

    /// <summary>∂out/∂parameters, [outputs][storage].</summary>
    public static double[][] Jacobian(MlpLayout layout, ReadOnlySpan<double> parameters, ReadOnlySpan<double> input)
    {
        var rows = new double[layout.Outputs][];
        for (int output = 0; output < layout.Outputs; output++)
        {
            var seed = new double[layout.Outputs];
            seed[output] = 1;
            rows[output] = Pullback(layout, parameters, input, seed).Parameters;
        }

        return rows;
    }

    /// <summary>Σ_o seed_o ∂out_o with respect to parameters and to the input.</summary>
    public static (double[] Parameters, double[] Input) Pullback(
        MlpLayout layout, ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, ReadOnlySpan<double> seed)
    {
        double[][] activations = Activations(layout, parameters, input);
        var gradient = new double[layout.Parameters.Length];
        double[] cotangent = seed.ToArray();
        for (int layer = layout.Layers - 1; layer >= 0; layer--)
        {
            ParameterBlock weight = layout.Weight(layer);
            var below = new double[weight.Rows];
            for (int j = 0; j < weight.Columns; j++)
            {
                double delta = cotangent[j] * Slope(layout.ActivationOf(layer), activations[layer + 1][j]);
                gradient[layout.Bias(layer).Offset + j] = delta;
                for (int i = 0; i < weight.Rows; i++)
                {
                    int position = weight.Offset + (i * weight.Stride) + j;
                    gradient[position] = delta * activations[layer][i];
                    below[i] += delta * parameters[position];
                }
            }

            cotangent = below;
        }

        return (gradient, cotangent);
    }

    private static double[][] Activations(MlpLayout layout, ReadOnlySpan<double> parameters, ReadOnlySpan<double> input)
    {
        var activations = new double[layout.Layers + 1][];
        activations[0] = input.ToArray();
        for (int layer = 0; layer < layout.Layers; layer++)
        {
            ParameterBlock weight = layout.Weight(layer);
            activations[layer + 1] = new double[weight.Columns];
            for (int j = 0; j < weight.Columns; j++)
            {
                double sum = parameters[layout.Bias(layer).Offset + j];
                for (int i = 0; i < weight.Rows; i++)
                {
                    sum += activations[layer][i] * parameters[weight.Offset + (i * weight.Stride) + j];
                }

                activations[layer + 1][j] = layout.ActivationOf(layer) switch
                {
                    Activation.Relu => Math.Max(sum, 0),
                    Activation.Tanh => Math.Tanh(sum),
                    _ => sum,
                };
            }
        }

        return activations;
    }

    private static double Slope(Activation activation, double h) => activation switch
    {
        Activation.Relu => h > 0 ? 1 : 0,
        Activation.Tanh => 1 - (h * h),
        _ => 1,
    };
}
