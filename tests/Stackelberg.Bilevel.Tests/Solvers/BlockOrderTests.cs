using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;
using Matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Bilevel.Tests;

/// <summary>Diagonal blocks of a network's curvature against differences of its loss over parameters in the order in which they are exported.</summary>
public sealed class BlockOrderTests
{
    private const int Rows = 9, Inputs = 3, Hidden = 2;

    // makes every block well conditioned, so that differences are good to seven digits of the answer
    private const double Damping = 4;
    private readonly MlpLayout layout = new(Inputs, [Hidden], 1, Activation.Tanh);
    private readonly double[,] samples = new double[Rows, Inputs];
    private readonly double[] targets = new double[Rows];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Blocks_are_those_of_weights_output_by_output_then_biases(int degree)
    {
        RandomStream random = RandomStream.FromSeed(5);
        random.FillNormal(targets);
        var inputs = new Matrix<double>(Rows, Inputs);
        for (int i = 0; i < Rows; i++)
        {
            random.FillNormal(inputs.Row(i));
            for (int j = 0; j < Inputs; j++)
            {
                samples[i, j] = inputs.Row(i)[j];
            }
        }

        // weight [outputs, inputs] row by row, bias, of either layer
        double[] theta = LinearSystem.Normal((Hidden * Inputs) + Hidden + Hidden + 1, random).ToArray();
        var parameters = new FlatVector<double>(layout.Parameters.Length);
        Spread(theta, parameters.Span);
        var network = new Linearisation<double>(layout, Rows);
        network.Forward(parameters, inputs, Rows);
        network.SetSquaredLoss(targets);
        double[] right = LinearSystem.Normal(theta.Length, random).ToArray(), b = new double[parameters.Length], x = new double[parameters.Length];
        Spread(right, b);

        new BlockDiagonalSolver<double>(new SolverOptions { Degree = degree }).Solve(new NetworkHessian<double>(network), Damping, b, x)
            .Status.ShouldBe(SolveStatus.Approximated);

        Matrix hessian = Differences(theta) + (Damping * Matrix.Build.DenseIdentity(theta.Length));
        double[] expected = new double[x.Length];
        var solved = new List<double>();
        for (int first = 0; first < theta.Length; first += degree)
        {
            int side = Math.Min(degree, theta.Length - first);
            solved.AddRange(hessian.SubMatrix(first, side, first, side).Solve(Vector.Build.Dense(right[first..(first + side)])));
        }

        Spread([.. solved], expected);
        x.ShouldBeCloseTo(expected, 1e-6);
    }

    // the places that the layout documents, written out
    private void Spread(double[] exported, Span<double> storage)
    {
        int next = 0;
        for (int layer = 0; layer < layout.Layers; layer++)
        {
            ParameterBlock weight = layout.Weight(layer), bias = layout.Bias(layer);
            for (int output = 0; output < weight.Columns; output++)
            {
                for (int input = 0; input < weight.Rows; input++)
                {
                    storage[weight.Offset + (input * weight.Stride) + output] = exported[next++];
                }
            }

            for (int output = 0; output < bias.Columns; output++)
            {
                storage[bias.Offset + output] = exported[next++];
            }
        }

        next.ShouldBe(exported.Length);
    }

    private Matrix Differences(double[] theta)
    {
        const double Step = 1e-4;
        double At(int i, double up, int j, double right)
        {
            double[] moved = (double[])theta.Clone();
            moved[i] += up;
            moved[j] += right;
            return Loss(moved);
        }

        return Matrix.Build.Dense(theta.Length, theta.Length, (i, j) =>
            (At(i, Step, j, Step) - At(i, Step, j, -Step) - At(i, -Step, j, Step) + At(i, -Step, j, -Step)) / (4 * Step * Step));
    }

    private double Loss(double[] theta)
    {
        double sum = 0;
        for (int row = 0; row < Rows; row++)
        {
            double output = theta[^1];
            for (int unit = 0; unit < Hidden; unit++)
            {
                double before = theta[(Hidden * Inputs) + unit];
                for (int j = 0; j < Inputs; j++)
                {
                    before += theta[(unit * Inputs) + j] * samples[row, j];
                }

                output += theta[(Hidden * Inputs) + Hidden + unit] * Math.Tanh(before);
            }

            sum += (output - targets[row]) * (output - targets[row]);
        }

        return sum / Rows;
    }
}
