using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Bilevel.Tests;

/// <summary>A quadratic problem of three and four numbers as formulas on a tape.</summary>
internal sealed class TapedQuadratic
{
    private readonly FlatVector<double> x, y;

    public TapedQuadratic()
    {
        QuadraticCoefficients c = Coefficients;
        ParameterLayout leader = new([("x", 1, 3)]), follower = new([("y", 1, 4)]);
        (x, y) = (new FlatVector<double>(leader.Length), new FlatVector<double>(follower.Length));
        c.X.CopyTo(x.Span);
        c.Y.CopyTo(y.Span);
        Problem = new TapeProblem<double>(leader, x, follower, y, (tape, x, y) =>
        {
            Variable f2 = tape.Add(
                tape.Scale(Form(tape, y[0], c.Q, y[0], 4, 4), 0.5), tape.Add(Form(tape, y[0], c.B, x[0], 4, 3), Inner(tape, c.C, y[0])));
            Variable ofX = tape.Add(tape.Scale(Form(tape, x[0], c.D, x[0], 3, 3), 0.5), Inner(tape, c.E, x[0]));
            Variable ofY = tape.Add(tape.Scale(Form(tape, y[0], c.F, y[0], 4, 4), 0.5), Inner(tape, c.G, y[0]));
            return (tape.Add(ofX, ofY), f2);
        });
    }

    /// <summary>Q with eigenvalues between 1 and 6.</summary>
    public static QuadraticCoefficients Coefficients { get; } = new(
        3,
        4,
        Q: [3, 0.5, -0.2, 0.1, 0.5, 2, 0.3, 0, -0.2, 0.3, 4, 0.7, 0.1, 0, 0.7, 2.5],
        B: [1, -0.5, 0.3, 0.2, 0.8, -1, 0, 0.4, 0.6, -0.7, 0.1, 0.9],
        C: [0.3, -0.2, 0.5, 1],
        D: [2, 0.1, 0, 0.1, 1, -0.3, 0, -0.3, 1.5],
        E: [0.2, -0.4, 0.6],
        F: [1, 0.2, 0, 0, 0.2, -1, 0.1, 0, 0, 0.1, 0.5, 0.3, 0, 0, 0.3, 0.8],
        G: [0.7, 0.1, -0.3, 0.2],
        X: [1, -0.5, 0.25],
        Y: [0.1, 0.2, -0.3, 0.4]);

    public TapeProblem<double> Problem { get; }

    public void MoveTo(double[] leader, double[] follower)
    {
        double[] paddedLeader = new double[x.Length], paddedFollower = new double[y.Length];
        leader.CopyTo(paddedLeader, 0);
        follower.CopyTo(paddedFollower, 0);
        Problem.MoveTo(paddedLeader, paddedFollower);
    }

    private static Variable Form(Tape<double> tape, Variable left, double[] matrix, Variable right, int rows, int columns) =>
        tape.MatMulNT(tape.MatMul(left, tape.Constant(matrix, rows, columns)), right);

    private static Variable Inner(Tape<double> tape, double[] weights, Variable row) => tape.Sum(tape.Multiply(tape.Constant(weights, 1, weights.Length), row));
}

/// <summary>The formulas of <see cref="MlpCriticProblem"/>, with the data that it draws from the same stream.</summary>
internal static class TapedCritic
{
    private const int Samples = 16, LeaderSize = 4;

    public static TapeProblem<double> Of(RandomStream random, double weightDecay)
    {
        var network = new MlpLayout(3, [5], 1, Activation.Tanh);
        ParameterLayout leader = new([("x", 1, LeaderSize)]);
        FlatVector<double> x = new(leader.Length), y = new(network.Parameters.Length);
        MlpInitialisation.PyTorchDefault(network, y, random.Split("network"));
        var observations = new Matrix<double>(Samples, 3);
        double[] weights = new double[Samples], features = new double[Samples * LeaderSize];
        for (int i = 0; i < Samples; i++)
        {
            random.FillNormal(observations.Row(i));
            weights[i] = 1 + (0.5 * random.NextNormal());
        }

        random.FillNormal(features);
        random.FillNormal(x.Span[..LeaderSize]);
        return new TapeProblem<double>(leader, x, network.Parameters, y, (tape, x, y) =>
        {
            Variable value = tape.Mlp(network, tape.Leaf(observations), y);
            Variable error = tape.Subtract(value, tape.Tanh(tape.MatMulNT(tape.Constant(features, Samples, LeaderSize), x[0])));
            Variable f2 = tape.Mean(tape.Square(error));
            foreach (Variable tensor in y)
            {
                f2 = tape.Add(f2, tape.Scale(tape.Sum(tape.Square(tensor)), 0.5 * weightDecay));
            }

            Variable f1 = tape.Add(tape.Mean(tape.Multiply(tape.Constant(weights, Samples, 1), value)), tape.Scale(tape.Sum(tape.Square(x[0])), 0.5));
            return new BilevelLosses(f1, f2) { Residuals = error };
        });
    }
}
