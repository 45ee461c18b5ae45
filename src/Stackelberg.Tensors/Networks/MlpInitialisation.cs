using System.Numerics;
using Stackelberg.Primitives;

namespace Stackelberg.Tensors.Networks;

/// <summary>Fills the parameters of a perceptron at random. Padding stays zero; tensors behind the layers are left as they are.</summary>
public static class MlpInitialisation
{
    /// <summary>Weights and biases uniform on ±1/√(inputs of the layer), as PyTorch's <c>nn.Linear</c> does by default.</summary>
    /// <exception cref="ArgumentException">The vector is shorter than the layout's storage.</exception>
    public static void PyTorchDefault<T>(MlpLayout layout, FlatVector<T> parameters, RandomStream random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(layout, parameters, random);
        for (int i = 0; i < layout.Layers; i++)
        {
            double bound = 1 / Math.Sqrt(layout.Weight(i).Rows);
            FillUniform(layout.Weight(i), parameters, bound, random);
            FillUniform(layout.Bias(i), parameters, bound, random);
        }
    }

    /// <summary>Weights uniform on ±√(6 / (inputs + outputs of the layer)), biases zero (Glorot and Bengio 2010), as Keras' dense layers do by default.</summary>
    /// <exception cref="ArgumentException">The vector is shorter than the layout's storage.</exception>
    public static void Glorot<T>(MlpLayout layout, FlatVector<T> parameters, RandomStream random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(layout, parameters, random);
        for (int i = 0; i < layout.Layers; i++)
        {
            ParameterBlock weight = layout.Weight(i), bias = layout.Bias(i);
            FillUniform(weight, parameters, Math.Sqrt(6.0 / (weight.Rows + weight.Columns)), random);
            parameters.Span.Slice(bias.Offset, bias.Length).Clear();
        }
    }

    /// <summary>The weights of one layer, and its biases, uniform on [−bound, bound): a small last layer, for example.</summary>
    /// <exception cref="ArgumentException">The vector is shorter than the layout's storage.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer, or the bound is negative or not finite.</exception>
    public static void Uniform<T>(MlpLayout layout, FlatVector<T> parameters, int layer, double bound, RandomStream random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(layout, parameters, random);
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, layout.Layers);
        if (!(bound >= 0) || !double.IsFinite(bound))
        {
            throw new ArgumentOutOfRangeException(nameof(bound), bound, "The bound is a finite number, at least 0.");
        }

        FillUniform(layout.Weight(layer), parameters, bound, random);
        FillUniform(layout.Bias(layer), parameters, bound, random);
    }

    /// <summary>
    /// Weights with orthonormal rows or columns (whichever are fewer) times a gain, uniformly distributed among such matrices; biases zero
    /// (Saxe, McClelland and Ganguli 2014).
    /// </summary>
    /// <param name="gains">One per layer; √2 for hidden ReLU and tanh layers, 0.01 for a policy's last and 1 for a value's last are usual.</param>
    /// <exception cref="ArgumentException">The vector is shorter than the layout's storage, or there is not one gain per layer.</exception>
    public static void Orthogonal<T>(MlpLayout layout, FlatVector<T> parameters, ReadOnlySpan<double> gains, RandomStream random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(layout, parameters, random);
        if (gains.Length != layout.Layers)
        {
            throw new ArgumentException($"{gains.Length} gains were given; expected one per layer, {layout.Layers}.", nameof(gains));
        }

        for (int i = 0; i < layout.Layers; i++)
        {
            ParameterBlock weight = layout.Weight(i);
            double[][] basis = OrthonormalRows(Math.Min(weight.Rows, weight.Columns), Math.Max(weight.Rows, weight.Columns), random);
            for (int row = 0; row < weight.Rows; row++)
            {
                for (int column = 0; column < weight.Columns; column++)
                {
                    double value = weight.Rows <= weight.Columns ? basis[row][column] : basis[column][row];
                    parameters[weight.Offset + (row * weight.Stride) + column] = T.CreateTruncating(gains[i] * value);
                }
            }

            ParameterBlock bias = layout.Bias(i);
            parameters.Span.Slice(bias.Offset, bias.Columns).Clear();
        }
    }

    private static void FillUniform<T>(ParameterBlock block, FlatVector<T> parameters, double bound, RandomStream random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int row = 0; row < block.Rows; row++)
        {
            foreach (ref T value in parameters.Span.Slice(block.Offset + (row * block.Stride), block.Columns))
            {
                value = T.CreateTruncating(random.NextUniform(-bound, bound));
            }
        }
    }

    private static double[][] OrthonormalRows(int count, int length, RandomStream random)
    {
        var rows = new double[count][];
        for (int i = 0; i < count; i++)
        {
            rows[i] = new double[length];
            random.FillNormal(rows[i]);
            // twice is enough to be orthogonal to working precision (Kahan; Parlett 1998)
            for (int pass = 0; pass < 2; pass++)
            {
                for (int j = 0; j < i; j++)
                {
                    Vectors.AddScaled(rows[i], -Vectors.Dot<double>(rows[i], rows[j]), rows[j]);
                }
            }

            Vectors.Scale<double>(rows[i], 1 / Vectors.Norm<double>(rows[i]));
        }

        return rows;
    }

    private static void Check<T>(MlpLayout layout, FlatVector<T> parameters, RandomStream random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(random);
        Internals.Require.Storage(parameters, layout, nameof(parameters));
    }
}
