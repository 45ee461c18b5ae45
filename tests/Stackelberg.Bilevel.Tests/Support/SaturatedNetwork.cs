using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Bilevel.Tests;

/// <summary>
/// A value network with two hidden layers and the squared loss of some targets, of whose units chosen ones are saturated: their pre-activation is so far out
/// at every sample that tanh is ±1 and its derivative 0, in either precision.
/// </summary>
internal sealed class SaturatedNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Rows = 20;
    private readonly FlatVector<T> parameters;

    public SaturatedNetwork(int[] firstLayer, int[] secondLayer, ulong seed = 21)
    {
        RandomStream random = RandomStream.FromSeed(seed);
        parameters = new FlatVector<T>(Layout.Parameters.Length);
        for (int i = 0; i < Layout.Parameters.Count; i++)
        {
            parameters[Layout.Parameters.Coordinates[i]] = T.CreateTruncating(0.4 * random.NextNormal());
        }

        Array.ForEach(firstLayer, unit => parameters[Layout.Bias(0).Offset + unit] = T.CreateTruncating(90));
        Array.ForEach(secondLayer, unit => parameters[Layout.Bias(1).Offset + unit] = T.CreateTruncating(-90));
        var inputs = new Matrix<T>(Rows, Layout.Inputs);
        T[] targets = new T[Rows];
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Layout.Inputs; j++)
            {
                inputs[i, j] = T.CreateTruncating(random.NextNormal());
            }

            targets[i] = T.CreateTruncating(random.NextNormal());
        }

        Network = new Linearisation<T>(Layout, Rows);
        Network.Forward(parameters, inputs, Rows);
        Network.SetSquaredLoss(targets);
        Hessian = new NetworkHessian<T>(Network);
    }

    public MlpLayout Layout { get; } = new(3, [4, 5], 1, Activation.Tanh);

    public Linearisation<T> Network { get; }

    public NetworkHessian<T> Hessian { get; }

    /// <summary>Standard normal at coordinates, zero at padding.</summary>
    public T[] Right(ulong seed)
    {
        RandomStream random = RandomStream.FromSeed(seed);
        T[] b = new T[Layout.Parameters.Length];
        for (int i = 0; i < Layout.Parameters.Count; i++)
        {
            b[Layout.Parameters.Coordinates[i]] = T.CreateTruncating(random.NextNormal());
        }

        return b;
    }

    /// <summary>The columns of the Hessian by products with unit vectors, over storage.</summary>
    public T[][] Products(ILinearOperator<T> a) =>
    [
        .. Enumerable.Range(0, a.Coordinates.Count).Select(i =>
        {
            T[] unit = new T[a.Dimension], column = new T[a.Dimension];
            unit[a.Coordinates[i]] = T.One;
            a.Multiply(unit, column);
            return column;
        }),
    ];
}
