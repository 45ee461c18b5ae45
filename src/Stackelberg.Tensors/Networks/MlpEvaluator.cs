using System.Numerics;
using Stackelberg.Tensors.Kernels;
using Stackelberg.Tensors.Networks.Internals;

namespace Stackelberg.Tensors.Networks;

/// <summary>Evaluates a perceptron for one observation or a few, keeping nothing: the step of an actor in an environment.</summary>
/// <remarks>Allocates nothing after construction. Not thread-safe: one object, one caller.</remarks>
/// <typeparam name="T"><see cref="float"/> to train, <see cref="double"/> to verify.</typeparam>
public sealed unsafe class MlpEvaluator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int RowsAtOnce = 12;

    private readonly Layer[] layers;
    private readonly FlatVector<T> entering;
    private readonly FlatVector<T>[] leaving;
    private readonly FlatVector<T> column = new(RowsAtOnce);

    /// <summary>Makes room to evaluate a perceptron.</summary>
    public MlpEvaluator(MlpLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Layout = layout;
        layers = Layer.Of(layout);
        entering = new FlatVector<T>(RowsAtOnce * layers[0].InStride);
        leaving = Workspace<T>.PerLayer(layers, RowsAtOnce);
    }

    /// <summary>The network.</summary>
    public MlpLayout Layout { get; }

    /// <summary>output ← network(input).</summary>
    /// <param name="parameters">At least <c>Layout.Parameters.Length</c> elements.</param>
    /// <param name="input">As many elements as the network has inputs.</param>
    /// <param name="output">As many elements as the network has outputs.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void Evaluate(FlatVector<T> parameters, ReadOnlySpan<T> input, Span<T> output)
    {
        Require.Storage(parameters, Layout, nameof(parameters));
        Require.Length(input.Length, Layout.Inputs, "one element per input", nameof(input));
        Require.Length(output.Length, Layout.Outputs, "one element per output", nameof(output));
        input.CopyTo(entering.Span);
        PassRow(parameters.Pointer, entering.Pointer);
        leaving[^1].Span[..output.Length].CopyTo(output);
        GC.KeepAlive(parameters);
    }

    /// <summary>Each of the first <paramref name="rows"/> rows of the outputs ← network(row of the inputs).</summary>
    /// <param name="parameters">At least <c>Layout.Parameters.Length</c> elements.</param>
    /// <param name="inputs">[at least rows × inputs], padding zero.</param>
    /// <param name="outputs">[at least rows × outputs]</param>
    /// <param name="rows">0 or more.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public void Evaluate(FlatVector<T> parameters, Matrix<T> inputs, Matrix<T> outputs, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        Require.Storage(parameters, Layout, nameof(parameters));
        Require.Batch(inputs, rows, Layout.Inputs, nameof(inputs));
        Require.Batch(outputs, rows, Layout.Outputs, nameof(outputs));
        for (int row = 0; row < rows; row += RowsAtOnce)
        {
            int count = Math.Min(RowsAtOnce, rows - row);
            Pass(parameters.Pointer, inputs.Pointer + ((nint)row * inputs.Stride), count);
            leaving[^1].Span[..(count * outputs.Stride)].CopyTo(outputs.Span[(row * outputs.Stride)..]);
        }

        GC.KeepAlive(parameters);
        GC.KeepAlive(inputs);
    }

    private void Pass(T* parameters, T* batch, int rows)
    {
        for (int i = 0; i < layers.Length; i++)
        {
            Layer layer = layers[i];
            var product = new BatchProduct<T>
            {
                Rows = rows,
                Inner = layer.In,
                Columns = layer.Out,
                A = batch,
                StrideA = layer.InStride,
                B = parameters + layer.Weight,
                Bias = parameters + layer.Bias,
                Scratch = column.Pointer,
            };
            batch = leaving[i].Pointer;
            product.Activate(layer.Activation, batch);
        }
    }

    private void PassRow(T* parameters, T* row)
    {
        for (int i = 0; i < layers.Length; i++)
        {
            Layer layer = layers[i];
            T* output = leaving[i].Pointer;
            if (layer.Out > 1)
            {
                SimdPass.Run<T, RowProductPass<T>>(
                    new(layer.In, layer.OutStride, row, parameters + layer.Weight, parameters + layer.Bias, output));
            }
            else
            {
                Gemm.RowDots(1, layer.In == 1 ? 1 : layer.InStride, row, layer.InStride, parameters + layer.Weight, parameters[layer.Bias], output);
            }

            switch (layer.Activation)
            {
                case Activation.Relu:
                    RowPasses.Apply(layer.OutStride, output, new ReluEpilogue<T>(output, 0));
                    break;
                case Activation.Tanh:
                    RowPasses.Apply(layer.OutStride, output, new TanhEpilogue<T>(output, 0));
                    break;
            }

            row = output;
        }
    }
}
