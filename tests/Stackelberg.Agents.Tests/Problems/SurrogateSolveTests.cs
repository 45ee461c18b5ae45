using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Dense = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using DenseVector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Agents.Tests.Problems;

/// <summary>The linear system of BLPO's leader, against dense solutions.</summary>
public sealed class SurrogateSolveTests
{
    [Theory]
    [InlineData(50)]
    [InlineData(0.7)]
    public void Nystrom_of_full_rank_inverts_the_critics_damped_Hessian_exactly(double rho)
    {
        PpoOptions options = SurrogateParts.Small(LeaderRole.Actor);
        var parts = new SurrogateParts(options with { Critic = options.Critic with { Hidden = [3] } }, discrete: true);
        parts.Problem.Linearise();
        ILinearOperator<double> hessian = parts.Problem.FollowerCurvature(Curvature.Hessian);
        (double[] b, double[] x) = (Twins.Ask(hessian.Dimension, parts.Problem.RightHandSide), new double[hessian.Dimension]);
        CoordinateMap map = hessian.Coordinates;
        SolverCatalogue.BuiltIn.Create<double>(new SolverOptions { Name = "nystrom", Rank = map.Count, Rho = rho }, RandomStream.FromSeed(3)).Solve(hessian, 0, b, x);
        Dense system = DenseOf(hessian) + (rho * Dense.Build.DenseIdentity(map.Count));
        DenseVector expected = system.Solve(DenseVector.Build.Dense(map.Count, i => b[map[i]]));
        Twins.Near([.. Enumerable.Range(0, map.Count).Select(i => x[map[i]])], expected.ToArray(), "x", 1e-8);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(0.3, true)]
    [InlineData(0, false)]
    public void On_fixed_features_the_hypergradient_is_that_of_the_normal_equations(double damping, bool discrete)
    {
        PpoOptions options = SurrogateParts.Small(LeaderRole.Actor);
        var given = new HypergradientOptions { Solver = "cholesky", Damping = damping, Guard = false };
        options = options with
        {
            Critic = options.Critic with { Features = CriticFeatures.Fixed, Hidden = [6, 3] },
            Leading = options.Leading with { Hypergradient = given },
        };
        var parts = new SurrogateParts(options, discrete);
        parts.Problem.Linearise();
        double[] total = Twins.Ask(parts.Problem.LeaderDimension, s => new Leader<double>(given, RandomStream.FromSeed(1)).Compute(parts.Problem, 0, s));

        // 2/T ΦᵀΦ, Φ = (features, 1), whatever the targets
        CoordinateMap map = parts.Problem.FollowerCurvature(Curvature.Hessian).Coordinates;
        map.Count.ShouldBe(4);
        Dense features = Dense.Build.Dense(SurrogateParts.Count, 4, (t, i) => i < 3 ? parts.Batch.CriticInputs[t, i] : 1);
        Dense normal = (features.TransposeThisAndMultiply(features) * (2.0 / SurrogateParts.Count)) + (damping * Dense.Build.DenseIdentity(4));
        double[] b = Twins.Ask(parts.Problem.FollowerDimension, parts.Problem.RightHandSide), x = new double[b.Length];
        int[] at = [.. Enumerable.Range(0, 3).Select(i => Weight(parts, i)), parts.Values.Layout.Parameters["layers.0.bias"].Offset];
        DenseVector solution = normal.Solve(DenseVector.Build.Dense(4, i => b[at[i]]));
        for (int i = 0; i < 4; i++)
        {
            x[at[i]] = solution[i];
        }

        double[] mixed = Twins.Ask(parts.Problem.LeaderDimension, s => parts.Problem.MixedProduct(x, s));
        double[] expected = Twins.Ask(parts.Problem.LeaderDimension, s => parts.Problem.DirectGradient(s));
        Vectors.AddScaled<double>(expected, -1, mixed);
        Vectors.Norm<double>(mixed).ShouldBeGreaterThan(1e-3);
        Twins.Near(total, expected, "D f₁", 1e-9);
    }

    private static int Weight(SurrogateParts parts, int input)
    {
        ParameterBlock block = parts.Values.Layout.Parameters["layers.0.weight"];
        return block.Offset + (input * block.Stride);
    }

    private static Dense DenseOf(ILinearOperator<double> matrix)
    {
        CoordinateMap map = matrix.Coordinates;
        double[] unit = new double[matrix.Dimension], column = new double[matrix.Dimension];
        var result = Dense.Build.Dense(map.Count, map.Count);
        for (int j = 0; j < map.Count; j++)
        {
            unit[map[j]] = 1;
            matrix.Multiply(unit, column);
            unit[map[j]] = 0;
            result.SetColumn(j, [.. Enumerable.Range(0, map.Count).Select(i => column[map[i]])]);
        }

        return result;
    }
}
