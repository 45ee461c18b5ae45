using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary>The leader's linear solves of real runs: none is called insoluble that is not, and what is exact is exact.</summary>
public sealed class LeaderSolveTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // in single precision 371 of 850 updates of this run were dropped, as one block of each was taken for singular
    [Fact]
    public void Diagonal_blocks_in_single_precision_drop_no_update()
    {
        Table rows = Train("sddpg-bd", 1500, "hypergradient.degree=4");
        rows.Rows.ShouldBe(850);
        rows.Column("status").ShouldAllBe(status => status == "approximated");
        rows.Column("dropped").ShouldAllBe(dropped => dropped == "0");
    }

    // a Hessian of a ReLU network fades into rounding: 22 of 275 solves of this run ended above it and said so
    [Fact]
    public void Exact_solves_in_double_precision_end_at_rounding()
    {
        Table rows = Train("std3", 1200, "precision=double");
        rows.Rows.ShouldBe(275);
        rows.Column("status").ShouldAllBe(status => status == "converged");
        rows.Numbers("relative_residual").ShouldAllBe(residual => residual < 1e-13);
    }

    // Equation 7 solved exactly cancels the direct gradient: what is left is rounding over the damping of 1e-8
    [Theory]
    [InlineData("gauss-newton")]
    [InlineData("exact")]
    public void Exact_solves_of_equation_7_leave_rounding_of_the_direct_gradient(string solver)
    {
        Table rows = Train("fsddpg", 850, "actor.hidden=16,16", "critic.hidden=16,16", $"hypergradient.solver={solver}");
        rows.Rows.ShouldBe(200);
        rows.Column("status").ShouldAllBe(status => status == "converged");
        double[] left = [.. rows.Numbers("cosine").Zip(rows.Numbers("implicit_norm"), rows.Numbers("direct_norm")).Select(r => Math.Abs(1 + (r.First * r.Second / r.Third)))];
        left.Max().ShouldBeLessThan(2e-7);
    }

    [Theory]
    [InlineData("hypergradient.solver=block-diagonal", "hypergradient.degree=3")]
    [InlineData("hypergradient.solver=pcg", "hypergradient.negative_curvature=stop")]
    [InlineData("hypergradient.solver=minres", "hypergradient.iterations=40")]
    public void Threads_change_no_bit(string solver, string other)
    {
        string one = Train("1"), four = Train("4");
        four.ShouldBe(one);

        string Train(string threads)
        {
            Command.Run(folder.Path, "train", "--algo", "sddpg", "--env", "Pendulum-v1", "--total-timesteps", "500", "--seeds", "1", "--threads", threads, "--eval-every", "0",
                "--eval-episodes", "1", "--out", "t" + threads, "--set", "learning_starts=300", "update_after=300", "batch_size=256", solver, other).ShouldSucceed();
            return File.ReadAllText(folder["t" + threads, "Pendulum-v1", "sddpg", "seed-1", "hypergradient.csv"]);
        }
    }

    private Table Train(string algorithm, int steps, params string[] settings)
    {
        Command.Run(folder.Path, ["train", "--algo", algorithm, "--env", "Pendulum-v1", "--total-timesteps", $"{steps}", "--seeds", "3", "--eval-every", "0", "--eval-episodes", "1",
            .. algorithm == "fsddpg" ? (string[])["--preset", "variant-c"] : [],
            "--set", "learning_starts=700", "update_after=700", .. settings]).ShouldSucceed();
        return new Table(folder["runs", "Pendulum-v1", algorithm, "seed-3", "hypergradient.csv"]);
    }
}
