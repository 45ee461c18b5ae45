using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>A perceptron as three loops.</summary>
internal static class PlainNetwork
{
    public static double[] Evaluate(MlpLayout layout, FlatVector<double> parameters, double[] input)
    {
        double[] value = input;
        for (int layer = 0; layer < layout.Layers; layer++)
        {
            ParameterBlock weight = layout.Weight(layer);
            double[] next = new double[weight.Columns];
            for (int j = 0; j < next.Length; j++)
            {
                double sum = parameters[layout.Bias(layer).Offset + j];
                for (int i = 0; i < value.Length; i++)
                {
                    sum += value[i] * parameters[weight.Offset + (i * weight.Stride) + j];
                }

                next[j] = layout.ActivationOf(layer) == Activation.Tanh ? Math.Tanh(sum) : sum;
            }

            value = next;
        }

        return value;
    }
}
