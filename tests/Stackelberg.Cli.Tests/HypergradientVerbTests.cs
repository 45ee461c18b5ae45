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

    [Fact]
    public void System_without_a_solution_has_no_exact_answer_and_no_solver_an_error()
    {
        // Q = 0, as of a follower that is linear in y
        folder.Write("linear.json",
            """
            {"n":2, "m":3, "Q":[[0,0,0],[0,0,0],[0,0,0]], "B":[[1,0],[0,1],[1,1]], "c":[1,2,3], "D":[[1,0],[0,1]], "e":[1,1],
             "F":[[0,0,0],[0,0,0],[0,0,0]], "g":[0,0,1], "x":[1,2], "y":[0,0,0]}
            """);

        JsonElement json = Command.Run(folder.Path, "hypergradient", "check", "--problem", "linear.json", "--json").ShouldSucceed().Json;
        json.GetProperty("exact").ValueKind.ShouldBe(JsonValueKind.Null);
        json.GetProperty("exact_status").GetString().ShouldBe("singular");
        json.GetProperty("note").GetString()!.ShouldContain("has no solution");
        JsonElement[] solvers = [.. json.GetProperty("solvers").EnumerateArray()];
        solvers.ShouldAllBe(s => s.GetProperty("relative_error").ValueKind == JsonValueKind.Null);
        solvers.Single(s => s.GetProperty("name").GetString() == "exact").GetProperty("note").GetString()!.ShouldContain("singular");
        solvers.Single(s => s.GetProperty("name").GetString() == "nystrom").GetProperty("note").GetString()!.ShouldContain("ρ > 0");

        string[] lines = Command.Run(folder.Path, "hypergradient", "check", "--problem", "linear.json").ShouldSucceed().Output.Split('\n');
        lines.ShouldContain("exact hypergradient: none");
        lines.ShouldContain(l => l.StartsWith("note: ", StringComparison.Ordinal) && l.Contains("has no solution", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1", "1e-200", 1e-200)]
    [InlineData("1", "1e200", 1e200)]
    [InlineData("1e200", "1", 1e-200)]
    [InlineData("1e-200", "1", 1e200)]
    [InlineData("1e200", "1e200", 1)]
    [InlineData("1e-200", "1e-200", 1)]
    public void Numbers_far_from_1_neither_vanish_nor_overflow(string matrix, string right, double unit)
    {
        string Times(string unit, double value) => $"{value}e{(unit.Length > 1 ? unit[2..] : "0")}";
        folder.Write("far.json",
            $$"""
            {"n":1, "m":2, "Q":[[{{Times(matrix, 2)}},{{Times(matrix, 0.5)}}],[{{Times(matrix, 0.5)}},{{Times(matrix, 3)}}]], "B":[[1],[1]], "c":[0,0], "D":[[0]], "e":[0],
             "F":[[0,0],[0,0]], "g":[{{Times(right, 1)}},{{Times(right, 2)}}], "x":[0], "y":[0,0]}
            """);

        JsonElement json = Command.Run(folder.Path, "hypergradient", "check", "--problem", "far.json", "--json").ShouldSucceed().Json;
        // −(1, 1) Q⁻¹ (1, 2)ᵀ = −11/11.5
        (json.GetProperty("exact")[0].GetDouble() / unit).ShouldBe(-11 / 11.5, 1e-14);
        foreach (JsonElement solver in json.GetProperty("solvers").EnumerateArray())
        {
            string name = solver.GetProperty("name").GetString()!;
            if (name is "neumann" or "cg" or "pcg" or "nystrom-pcg" or "minres" or "cgnr" or "cholesky" or "exact")
            {
                solver.GetProperty("status").GetString().ShouldBe("converged", name);
                solver.GetProperty("relative_error").GetDouble().ShouldBeLessThan(1e-9, name);
                solver.GetProperty("relative_residual").GetDouble().ShouldBeLessThan(1e-9, name);
            }
        }
    }

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
