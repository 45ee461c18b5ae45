using Stackelberg.Primitives;

namespace Stackelberg.Bilevel.Tests;

/// <summary>Which coordinates are drawn, and how often.</summary>
public sealed class NystromDrawTests
{
    [Fact]
    public void Fresh_columns_are_distinct_and_every_coordinate_is_as_likely_as_another()
    {
        const int Count = 8, Rank = 3, Draws = 20_000;
        var draw = new NystromDraw<double>(NystromColumns.Fresh, RandomStream.FromSeed(1));
        int[] counts = new int[Count], positions = new int[Rank];
        for (int i = 0; i < Draws; i++)
        {
            draw.Next(new IdentityOperator<double>(Count), positions).ShouldBeTrue();
            positions.Distinct().Count().ShouldBe(Rank);
            Array.ForEach(positions, p => counts[p]++);
        }

        // binomial with p = 3/8: a deviation is 68
        counts.ShouldAllBe(static c => Math.Abs(c - (Draws * Rank / Count)) < 350);
    }

    [Fact]
    public void Fixed_columns_are_the_first_fresh_ones_from_then_on_and_after_loading()
    {
        int[] fresh = new int[4], first = new int[4], later = new int[4], restored = new int[4];
        var a = new IdentityOperator<double>(50);
        new NystromDraw<double>(NystromColumns.Fresh, RandomStream.FromSeed(2)).Next(a, fresh);
        var draw = new NystromDraw<double>(NystromColumns.Fixed, RandomStream.FromSeed(2));
        var other = new NystromDraw<double>(NystromColumns.Fixed, RandomStream.FromSeed(3));
        MemoryState.Of(draw).Restore(other);
        draw.Next(a, first);
        other.Next(a, later);
        later.ShouldBe(first, "saved before the first draw");

        other = new NystromDraw<double>(NystromColumns.Fixed, RandomStream.FromSeed(3));
        MemoryState.Of(draw).Restore(other);
        draw.Next(a, later);
        other.Next(a, restored);
        (first, later, restored).ShouldSatisfyAllConditions(c => c.first.ShouldBe(fresh), c => c.later.ShouldBe(fresh), c => c.restored.ShouldBe(fresh));

        // coordinates of another problem are others
        int[] fewer = new int[4];
        draw.Next(new IdentityOperator<double>(5), fewer);
        fewer.ShouldAllBe(static p => p < 5);
    }

    [Fact]
    public void Damaged_columns_are_refused()
    {
        var state = new MemoryState();
        state.Writer.Write("random", RandomStream.FromSeed(2));
        state.Writer.Write("coordinates", 3L);
        state.Writer.WriteArray("columns", [2L, 3L]);
        var draw = new NystromDraw<double>(NystromColumns.Fixed, RandomStream.FromSeed(2));
        Should.Throw<StateException>(() => state.Restore(draw)).Message.ShouldContain("a column 3 of 3 coordinates");
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(1e-300)]
    [InlineData(1e300)]
    public void Gauss_newton_columns_are_drawn_by_the_fourth_power_of_the_diagonal(double unit)
    {
        const int Draws = 20_000, Rank = 5;
        double[] diagonal = [0, 1, 2, 0, 3, 2.5, 0];
        double[] weights = [.. diagonal.Select(static d => Math.Pow(d, 4))];
        var a = new DiagonalOperator<double>([.. diagonal.Select(d => d * unit)]);
        var draw = new NystromDraw<double>(NystromColumns.GaussNewton, RandomStream.FromSeed(4));
        int[] counts = new int[7], positions = new int[Rank];
        bool twice = false;
        for (int i = 0; i < Draws; i++)
        {
            draw.Next(a, positions).ShouldBeTrue();
            Array.ForEach(positions, p => counts[p]++);
            twice |= positions.Distinct().Count() < Rank;
        }

        twice.ShouldBeTrue("with replacement");
        for (int i = 0; i < 7; i++)
        {
            double p = weights[i] / weights.Sum(), expected = Draws * Rank * p;
            ((double)counts[i]).ShouldBe(expected, 5 * Math.Sqrt(expected * (1 - p)), $"coordinate {i}");
        }
    }

    [Fact]
    public void Where_the_diagonal_is_zero_every_coordinate_can_be_drawn_and_where_it_is_not_finite_none()
    {
        var draw = new NystromDraw<float>(NystromColumns.GaussNewton, RandomStream.FromSeed(5));
        int[] positions = new int[200];
        draw.Next(new DiagonalOperator<float>(new float[6]), positions).ShouldBeTrue();
        positions.Distinct().Order().ShouldBe([0, 1, 2, 3, 4, 5]);
        draw.Next(new DenseOperator<float>(2, [1, 0, 0, float.PositiveInfinity], OperatorProperties.PositiveSemidefinite), positions).ShouldBeFalse();
    }

    [Fact]
    public void Operators_without_a_gauss_newton_diagonal_are_refused()
    {
        LinearSystem indefinite = LinearSystem.Create(MatrixKind.Indefinite, 3);
        foreach (string name in (string[])["nystrom", "nystrom-pcg"])
        {
            ILinearSolver<double> solver = SolverCatalogue.BuiltIn.Create<double>(new SolverOptions { Name = name, Columns = NystromColumns.GaussNewton }, RandomStream.FromSeed(1));
            Should.Throw<ArgumentException>(() => solver.Solve(indefinite.Operator<double>(), 1, indefinite.Right<double>(), new double[LinearSystem.Size]))
                .Message.ShouldContain("IGaussNewtonDiagonal");
        }
    }
}
