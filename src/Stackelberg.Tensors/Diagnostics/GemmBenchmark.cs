using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Diagnostics;

/// <summary>Which of a linear layer's three products.</summary>
public enum LayerProduct
{
    /// <summary>Y = X W + b: [rows × inputs] · [inputs × outputs].</summary>
    Forward,

    /// <summary>dX = dY Wᵀ, with a kept transpose of W.</summary>
    InputGradient,

    /// <summary>dW = Xᵀ dY.</summary>
    WeightGradient,
}

/// <summary>A measured product.</summary>
/// <param name="Rows">Samples in the batch.</param>
/// <param name="Inputs">Input width of the layer.</param>
/// <param name="Outputs">Output width of the layer.</param>
/// <param name="Product">Which of the layer's products.</param>
/// <param name="Gflops">10⁹ useful operations per second: 2 · rows · inputs · outputs over the time of the fastest call.</param>
public readonly record struct GemmMeasurement(int Rows, int Inputs, int Outputs, LayerProduct Product, double Gflops);

/// <summary>Speed of the matrix products of linear layers in single precision on one core.</summary>
public static unsafe class GemmBenchmark
{
    /// <summary>Rows, inputs and outputs of layers as they occur in actor-critic networks.</summary>
    public static IReadOnlyList<(int Rows, int Inputs, int Outputs)> Shapes { get; } =
    [
        (100, 17, 16), (100, 16, 16), (100, 23, 64), (100, 64, 64), (100, 256, 256), (256, 256, 256),
        (2048, 11, 64), (2048, 64, 64), (4000, 64, 64), (4000, 256, 256),
    ];

    /// <summary>Measures one product.</summary>
    /// <param name="seconds">How long to measure, above 0; the fastest call counts.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size or the time is not positive.</exception>
    public static GemmMeasurement Measure(int rows, int inputs, int outputs, LayerProduct product, double seconds = 0.05)
    {
        var layer = new Layer(rows, inputs, outputs);
        double best = Timing.FastestCall(seconds, () => layer.Run(product));
        return new GemmMeasurement(rows, inputs, outputs, product, 2e-9 * rows * inputs * outputs / best);
    }

    /// <summary>The buffers of a layer with some numbers in them.</summary>
    internal sealed class Layer
    {
        private readonly int rows;
        private readonly int inputs;
        private readonly int outputs;
        private readonly FlatVector<float> x, y, w, transposed, bias, dw;

        public Layer(int rows, int inputs, int outputs)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
            this.rows = rows;
            this.inputs = inputs;
            this.outputs = outputs;
            x = Fill(rows * Padding.RoundUp(inputs));
            y = Fill(rows * Padding.RoundUp(outputs));
            w = Fill(inputs * Padding.RoundUp(outputs));
            transposed = Fill(outputs * Padding.RoundUp(inputs));
            bias = Fill(Padding.RoundUp(outputs));
            dw = Fill(inputs * Padding.RoundUp(outputs));
        }

        public void Run(LayerProduct product)
        {
            int wide = Padding.RoundUp(outputs);
            int narrow = Padding.RoundUp(inputs);
            StoreEpilogue<float> store;
            switch (product)
            {
                case LayerProduct.Forward:
                    store = new StoreEpilogue<float>(y.Pointer, wide);
                    Gemm.Run(false, rows, wide, inputs, x.Pointer, narrow, w.Pointer, wide, null, null, bias.Pointer, ref store);
                    break;
                case LayerProduct.InputGradient:
                    store = new StoreEpilogue<float>(x.Pointer, narrow);
                    Gemm.Run(false, rows, narrow, outputs, y.Pointer, wide, transposed.Pointer, narrow, null, null, null, ref store);
                    break;
                default:
                    store = new StoreEpilogue<float>(dw.Pointer, wide);
                    Gemm.Run(true, inputs, wide, rows, x.Pointer, narrow, y.Pointer, wide, null, null, null, ref store);
                    break;
            }

            // the buffers must not be collected while only their addresses are in use
            GC.KeepAlive(this);
        }

        private static FlatVector<float> Fill(int length)
        {
            var vector = new FlatVector<float>(length);
            for (int i = 0; i < length; i++)
            {
                vector[i] = (((i * 7) % 16) - 7.5f) * 0.01f;
            }

            return vector;
        }
    }
}
