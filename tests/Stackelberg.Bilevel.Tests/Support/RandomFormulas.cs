using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel.Tests;

/// <summary>Two random smooth formulas on a tape over two tensors of each player, all with padding. A seed is a pair of formulas and a point.</summary>
internal sealed class RandomFormulas
{
    private readonly ulong seed;
    private readonly double ridge, ofLeaderAlone, leaderFactor, followerFactor;

    /// <summary>Records and linearises.</summary>
    /// <param name="seed">Which formulas.</param>
    /// <param name="ridge">c of c‖y‖² in f₂: with 1 the follower has one minimum near 0.</param>
    /// <param name="ofLeaderAlone">Factor of a term of f₂ in which y does not occur.</param>
    /// <param name="leaderFactor">Multiplies f₁.</param>
    /// <param name="followerFactor">Multiplies f₂.</param>
    public RandomFormulas(ulong seed, double ridge = 0, double ofLeaderAlone = 0, double leaderFactor = 1, double followerFactor = 1)
    {
        (this.seed, this.ridge, this.ofLeaderAlone) = (seed, ridge, ofLeaderAlone);
        (this.leaderFactor, this.followerFactor) = (leaderFactor, followerFactor);
        ParameterLayout leader = new([("a", 2, 3), ("b", 1, 2)]), follower = new([("w", 3, 2), ("c", 1, 2)]);
        RandomStream random = RandomStream.FromSeed(seed).Split("point");
        Problem = new TapeProblem<double>(leader, Point(leader, random), follower, Point(follower, random), Record);
        Problem.Linearise();
    }

    public TapeProblem<double> Problem { get; }

    public CoordinateMap FollowerCoordinates => Problem.FollowerCurvature(Curvature.Hessian).Coordinates;

    /// <summary>The residuals of the last recording.</summary>
    public double[] Residuals { get; } = new double[2];

    private static FlatVector<double> Point(ParameterLayout layout, RandomStream random)
    {
        var point = new FlatVector<double>(layout.Length);
        for (int i = 0; i < layout.Count; i++)
        {
            point[layout.Coordinates[i]] = 0.7 * random.NextNormal();
        }

        return point;
    }

    private BilevelLosses Record(Tape<double> tape, ReadOnlySpan<Variable> x, ReadOnlySpan<Variable> y)
    {
        Variable both = tape.MatMul(x[0], y[0]);
        Variable[] leaves =
        [
            both, tape.Transpose(both), tape.BroadcastRow(x[1], 2), tape.BroadcastRow(y[1], 2), tape.MatMulTN(y[0], y[0]), tape.MatMulNT(x[0], x[0]),
        ];
        RandomStream random = RandomStream.FromSeed(seed).Split("formulas");
        Variable f1 = tape.Mean(tape.Tanh(tape.Add(both, Grow(tape, random, leaves, 4))));
        Variable f2 = tape.Scale(tape.Mean(tape.Tanh(tape.Add(both, Grow(tape, random, leaves, 4)))), ridge > 0 ? 0.3 : 1);
        Variable residuals = tape.MatMul(tape.Add(both, tape.Tanh(Grow(tape, random, leaves, 3))), tape.Constant([1, -0.5], 2, 1));
        tape.CopyTo(residuals, Residuals);
        foreach (Variable tensor in y)
        {
            f2 = tape.Add(f2, tape.Scale(tape.Sum(tape.Square(tensor)), ridge));
        }

        f2 = tape.Add(f2, tape.Scale(tape.Sum(tape.Sigmoid(tape.MatMulTN(x[0], x[0]))), ofLeaderAlone));
        return new BilevelLosses(tape.Scale(f1, leaderFactor), tape.Scale(f2, followerFactor)) { Residuals = residuals };
    }

    // [2 × 2] throughout
    private static Variable Grow(Tape<double> tape, RandomStream random, Variable[] leaves, int depth)
    {
        if (depth == 0)
        {
            return leaves[random.NextInt32(leaves.Length)];
        }

        Variable u = Grow(tape, random, leaves, depth - 1);
        return random.NextInt32(10) switch
        {
            0 => tape.Tanh(u),
            1 => tape.Sigmoid(u),
            2 => tape.Softplus(u),
            3 => tape.Exp(tape.Tanh(u)),
            4 => tape.Sqrt(tape.AddScalar(tape.Square(u), 1)),
            5 => tape.Log(tape.AddScalar(tape.Square(u), 1)),
            6 => tape.Subtract(u, Grow(tape, random, leaves, depth - 1)),
            7 => tape.Multiply(tape.Tanh(u), Grow(tape, random, leaves, depth - 1)),
            8 => tape.Divide(Grow(tape, random, leaves, depth - 1), tape.AddScalar(tape.Square(u), 2)),
            _ => tape.MatMul(tape.Tanh(u), tape.Softmax(Grow(tape, random, leaves, depth - 1))),
        };
    }
}
