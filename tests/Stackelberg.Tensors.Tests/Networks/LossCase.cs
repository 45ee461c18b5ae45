using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests.Networks;

/// <summary>A network under a random loss Σ g·out + ½ D (out − out₀)², so that gradient g and curvature D at the point are independent.</summary>
internal sealed class LossCase
{
    private readonly double[][] outputs;

    public LossCase(string text)
    {
        Network = new NetworkCase<double>(text);
        Gradient = Network.RandomBatch(Network.Layout.Outputs);
        Curvature = Network.RandomBatch(Network.Layout.Outputs, positive: true);
        Linearisation = Network.Linearise();
        Linearisation.SetLoss(Gradient, Curvature);
        outputs = [.. Enumerable.Range(0, Network.Rows).Select(row => Evaluate(Network.Parameters.Span, row))];
    }

    public NetworkCase<double> Network { get; }

    public Matrix<double> Gradient { get; }

    public Matrix<double> Curvature { get; }

    public Linearisation<double> Linearisation { get; }

    public double[] GradientAt(ReadOnlySpan<double> point)
    {
        var gradient = new double[Network.Length];
        for (int row = 0; row < Network.Rows; row++)
        {
            double[] seed = Evaluate(point, row);
            for (int output = 0; output < seed.Length; output++)
            {
                seed[output] = Gradient[row, output] + (Curvature[row, output] * (seed[output] - outputs[row][output]));
            }

            Vectors.AddScaled<double>(gradient, 1, NaiveMlp.Pullback(Network.Layout, point, Network.Inputs.Row(row), seed).Parameters);
        }

        return gradient;
    }

    public double[] GradientDifference(ReadOnlySpan<double> direction, double step)
    {
        double[] above = GradientAlong(direction, step), below = GradientAlong(direction, -step);
        return [.. above.Zip(below, (a, b) => (a - b) / (2 * step))];
    }

    /// <summary>Fourth order in the step.</summary>
    public double[] SmoothGradientDifference(ReadOnlySpan<double> direction, double step)
    {
        double[] one = GradientDifference(direction, step), two = GradientDifference(direction, 2 * step);
        return [.. one.Zip(two, (a, b) => ((4 * a) - b) / 3)];
    }


    private double[] GradientAlong(ReadOnlySpan<double> direction, double step)
    {
        double[] point = Network.Parameters.Span.ToArray();
        Vectors.AddScaled(point, step, direction);
        return GradientAt(point);
    }

    private double[] Evaluate(ReadOnlySpan<double> point, int row) => NaiveMlp.Evaluate(Network.Layout, point, Network.Inputs.Row(row));
}
