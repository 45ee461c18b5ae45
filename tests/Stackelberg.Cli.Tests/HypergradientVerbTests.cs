using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;
using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

public sealed class HypergradientVerbTests : IDisposable
{
    private const string Problem =
        """
        {"n":2, "m":3, "Q":[[4,1,0],[1,3,0.5],[0,0.5,2]], "B":[[1,-1],[0.5,2],[-1,0.25]], "c":[0.1,-0.2,0.3],
         "D":[[2,0.3],[0.3,1]], "e":[-1,0.5], "F":[[1,0,0.2],[0,2,0],[0.2,0,0.5]], "g":[0.4,-0.6,1], "x":[0.7,-1.2], "y":[0.5,1.5,-0.25]}
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Problem_of_a_file_is_solved_as_by_hand_and_reported_in_the_promised_form()
    {
        folder.Write("problem.json", Problem);

        CommandResult result = Command.Run(folder.Path, "hypergradient", "check", "--problem", "problem.json", "--json").ShouldSucceed();

        JsonElement json = result.Json;
        double[] expected = Expected();
        json.GetProperty("exact").EnumerateArray().Select(v => v.GetDouble()).ShouldBe(expected, 1e-12);
        Dictionary<string, JsonElement> solvers = json.GetProperty("solvers").EnumerateArray().ToDictionary(s => s.GetProperty("name").GetString()!);
        foreach (string name in new[] { "cg", "pcg", "minres", "cgnr", "cholesky", "exact" })
        {
            JsonElement solver = solvers[name];
            solver.GetProperty("status").GetString().ShouldBe("converged", name);
            solver.GetProperty("gradient").EnumerateArray().Select(v => v.GetDouble()).ShouldBe(expected, 1e-4, name);
            solver.GetProperty("relative_error").GetDouble().ShouldBeLessThan(1e-4, name);
            solver.GetProperty("relative_residual").GetDouble().ShouldBeLessThan(1e-4, name);
            solver.GetProperty("iterations").GetInt32().ShouldBeLessThan(20, name);
        }

        solvers["identity"].GetProperty("relative_error").GetDouble().ShouldBeGreaterThan(0.01);
    }

    [Fact]
    public void Without_a_file_built_in_problems_are_checked_one_of_them_a_network()
    {
        string output = Command.Run(folder.Path, "hypergradient", "check").ShouldSucceed().Output;
        output.ShouldContain("mlp-critic");
        output.ShouldContain("nystrom");
        Command.Run(folder.Path, "hypergradient", "check", "--json").ShouldSucceed().Json.GetProperty("problems").GetArrayLength().ShouldBeGreaterThan(3);
    }

    [Fact]
    public void Negative_damping_is_refused() =>
        Command.Run(folder.Path, "hypergradient", "check", "--damping", "-1").ShouldRefuse(2, "--damping", "≥ 0");

    // Dx + e − Bᵀ Q⁻¹ (F y + g), written out with another library.
    private static double[] Expected()
    {
        JsonElement root = JsonDocument.Parse(Problem).RootElement;
        Vector<double> Vector(string key) => Vector<double>.Build.DenseOfEnumerable(root.GetProperty(key).EnumerateArray().Select(v => v.GetDouble()));
        Matrix<double> Matrix(string key) => Matrix<double>.Build.DenseOfRows(root.GetProperty(key).EnumerateArray().Select(r => r.EnumerateArray().Select(v => v.GetDouble())));
        Vector<double> solution = Matrix("Q").Solve((Matrix("F") * Vector("y")) + Vector("g"));
        return ((Matrix("D") * Vector("x")) + Vector("e") - (Matrix("B").Transpose() * solution)).ToArray();
    }
}
