using Stackelberg.Primitives;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests.Networks;

/// <summary>A network of random depth, widths and activations at a random point, with a random loss whose curvature is positive.</summary>
internal sealed class RandomNetwork
{
    private static readonly int[] Widths = [1, 2, 5, 15, 16, 17];
    private readonly RandomStream random;

    public RandomNetwork(RandomStream random, int outputs)
    {
        this.random = random;
        int[] hidden = [.. Enumerable.Range(0, random.NextInt32(3)).Select(_ => Width())];
        Layout = new MlpLayout(Width(), hidden, outputs > 0 ? outputs : Width(), Any(), Any());
        Rows = 1 + random.NextInt32(9);
        Point = Parameters();
        Inputs = Batch(Layout.Inputs);
        Gradient = Batch(Layout.Outputs);
        Curvature = Batch(Layout.Outputs);
        foreach (ref double value in Curvature.Span)
        {
            value *= value;
        }

        At = new Linearisation<double>(Layout, Rows);
        At.Forward(Point, Inputs, Rows);
        At.SetLoss(Gradient, Curvature);
    }

    public MlpLayout Layout { get; }

    public int Rows { get; }

    public int Length => Layout.Parameters.Length;

    public FlatVector<double> Point { get; }

    public Matrix<double> Inputs { get; }

    public Matrix<double> Gradient { get; }

    public Matrix<double> Curvature { get; }

    public Linearisation<double> At { get; }

    public FlatVector<double> Parameters()
    {
        var vector = new FlatVector<double>(Length);
        for (int i = 0; i < Layout.Parameters.Count; i++)
        {
            vector[Layout.Parameters.Coordinates[i]] = 0.5 * random.NextNormal();
        }

        return vector;
    }

    public Matrix<double> Batch(int columns)
    {
        var batch = new Matrix<double>(Rows, columns);
        for (int row = 0; row < Rows; row++)
        {
            random.FillNormal(batch.Row(row));
        }

        return batch;
    }

    private int Width() => Widths[random.NextInt32(Widths.Length)];

    private Activation Any() => (Activation)random.NextInt32(3);
}
