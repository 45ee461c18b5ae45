using System.Globalization;
using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests.Networks;

/// <summary>A network with random parameters and a random batch, from a text such as <c>5-16-17-1 tanh identity x7</c>.</summary>
internal sealed class NetworkCase<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public NetworkCase(string text, int capacity = 0)
    {
        string[] words = text.Split(' ');
        int[] widths = [.. words[0].Split('-').Select(w => int.Parse(w, CultureInfo.InvariantCulture))];
        Rows = int.Parse(words[3].AsSpan(1), CultureInfo.InvariantCulture);
        Layout = new MlpLayout(
            widths[0],
            widths.AsSpan()[1..^1],
            widths[^1],
            Enum.Parse<Activation>(words[1], ignoreCase: true),
            Enum.Parse<Activation>(words[2], ignoreCase: true),
            words.Length > 4 ? [("log_std", 1, 3)] : []);
        Random = RandomStream.FromSeed(7).Split(text);
        Parameters = new FlatVector<T>(Layout.Parameters.Length);
        Parameters.CopyFrom(RandomParameters());
        Inputs = RandomBatch(Layout.Inputs, capacity);
    }

    public MlpLayout Layout { get; }

    public int Rows { get; }

    public RandomStream Random { get; }

    public FlatVector<T> Parameters { get; }

    public Matrix<T> Inputs { get; }

    public int Length => Layout.Parameters.Length;

    /// <summary>Values of the size that keeps activations of order one; padding zero.</summary>
    public FlatVector<T> RandomParameters()
    {
        var vector = new FlatVector<T>(Layout.Parameters.Length);
        foreach (ParameterBlock block in Layout.Parameters.Blocks)
        {
            for (int row = 0; row < block.Rows; row++)
            {
                for (int column = 0; column < block.Columns; column++)
                {
                    vector[block.Offset + (row * block.Stride) + column] = Draw(1.2 / Math.Sqrt(block.Rows));
                }
            }
        }

        return vector;
    }

    public Matrix<T> RandomBatch(int columns, int capacity = 0, bool positive = false)
    {
        var batch = new Matrix<T>(Math.Max(Rows, capacity), columns);
        for (int row = 0; row < Rows; row++)
        {
            foreach (ref T value in batch.Row(row))
            {
                value = positive ? T.Abs(Draw(1)) : Draw(1);
            }
        }

        return batch;
    }

    public Linearisation<T> Linearise(RowParallelism? parallelism = null)
    {
        var linearisation = new Linearisation<T>(Layout, Rows, parallelism);
        linearisation.Forward(Parameters, Inputs, Rows);
        return linearisation;
    }

    private T Draw(double scale)
    {
        // what a float can hold, so that the same case in float and in double is the same problem
        return T.CreateTruncating((float)(scale * Random.NextNormal()));
    }
}

internal static class NetworkCases
{
    public static TheoryData<string> All => Of(Scalar.Concat(Wide));

    public static TheoryData<string> ScalarOutput => Of(Scalar);

    private static IEnumerable<string> Scalar =>
    [
        "5-1 tanh identity x7",
        "5-1 tanh tanh x4",
        "1-1 tanh identity x3",
        "3-1-1 tanh tanh x5",
        "1-5-1 tanh identity x6",
        "5-16-1 tanh identity x7",
        "11-17-1 relu identity x6",
        "5-17-16-1 tanh identity x5",
        "5-16-17-1 relu relu x6",
        "11-64-64-1 tanh identity x9",
        "11-64-64-1 relu identity x5 extra",
        "4-5-1-1 tanh identity x4",
        "4-5-1-16-1 tanh tanh x5 extra",
        "3-5-16-17-1 tanh identity x6",
        "3-16-5-5-1 identity identity x4",
    ];

    private static IEnumerable<string> Wide =>
    [
        "5-3 relu identity x4",
        "1-3 tanh tanh x5",
        "5-16-3 tanh tanh x7",
        "5-1-3 tanh identity x4",
        "11-64-64-3 tanh identity x6 extra",
        "4-17-5-3 relu tanh x5",
        "4-16-17-5-3 tanh relu x5",
        "3-5-1-5-17 tanh identity x4",
    ];

    private static TheoryData<string> Of(IEnumerable<string> texts)
    {
        var data = new TheoryData<string>();
        foreach (string text in texts)
        {
            data.Add(text);
        }

        return data;
    }
}
