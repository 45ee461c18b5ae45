using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel.Tests;

public sealed class OperatorTests
{
    private static readonly double[] Nonsymmetric = [1, 2, 3, 4, 5, 6, 7, 8, 10];
    private static readonly double[] X = [1, -2, 0.5];

    [Fact]
    public void Coordinates_must_lie_in_the_storage()
    {
        // two coordinates, the second at 16
        CoordinateMap column = new ParameterLayout([("a", 1, 1), ("b", 1, 1)]).Coordinates;
        Should.Throw<ArgumentException>(() => new IdentityOperator<double>(8, column)).Message.ShouldContain("lies at 16");
        Should.Throw<ArgumentException>(() => new DiagonalOperator<double>([1, 2, 3], column));
        Should.Throw<ArgumentException>(() => new DelegateOperator<double>(16, column, OperatorProperties.None, (_, _) => { }));
        new IdentityOperator<double>(17, column).Coordinates.ShouldBe(column);
    }

    [Fact]
    public void Sum_refuses_operators_whose_coordinates_lie_elsewhere()
    {
        CoordinateMap spread = new ParameterLayout([("a", 1, 1), ("b", 1, 1)]).Coordinates;
        CoordinateMap dense = new ParameterLayout([("a", 1, 2), ("b", 1, 1)]).Coordinates;
        var two = new IdentityOperator<double>(32, spread);
        Should.Throw<ArgumentException>(() => two.Plus(new IdentityOperator<double>(32, CoordinateMap.Identity(2)))).Message.ShouldContain("elsewhere");
        Should.Throw<ArgumentException>(() => two.Plus(new IdentityOperator<double>(32, dense)));
        two.Plus(new IdentityOperator<double>(32, new ParameterLayout([("c", 1, 1), ("d", 1, 1)]).Coordinates)).Dimension.ShouldBe(32);
    }

    [Fact]
    public void Dense_products_are_rows_and_columns()
    {
        var a = new DenseOperator<double>(3, Nonsymmetric, OperatorProperties.None);
        Product(a).ShouldBe([-1.5, -3, -4]);
        Transposed(a).ShouldBe([-3.5, -4, -4]);
        double[] diagonal = new double[3];
        a.Diagonal(diagonal);
        diagonal.ShouldBe([1, 5, 10]);
    }

    [Fact]
    public void Dense_refuses_entries_that_contradict_the_declaration()
    {
        Should.Throw<ArgumentException>(() => new DenseOperator<double>(2, [1, 2, 3], OperatorProperties.None))
            .Message.ShouldContain("a 2×2 matrix has 4");
        Should.Throw<ArgumentException>(() => new DenseOperator<double>(2, [1, 2, 3, 4], OperatorProperties.Symmetric))
            .Message.ShouldContain("entry (1, 0) is 3 and entry (0, 1) is 2");
        Should.Throw<ArgumentException>(() => new DenseOperator<double>(2, [1, 2, 2, 4], OperatorProperties.Diagonal))
            .Message.ShouldContain("declared diagonal");
    }

    [Fact]
    public void Compositions_compute_what_they_say()
    {
        var a = new DenseOperator<double>(3, Nonsymmetric, OperatorProperties.None);
        var d = new DiagonalOperator<double>([1, 2, 3]);
        Product(a.Damped(2)).ShouldBe([0.5, -7, -3]);
        Transposed(a.Damped(2)).ShouldBe([-1.5, -8, -3]);
        Product(a.Scaled(-2)).ShouldBe([3, 6, 8]);
        Transposed(a.Scaled(-2)).ShouldBe([7, 8, 8]);
        Product(a.Plus(d)).ShouldBe([-0.5, -7, -2.5]);
        Transposed(a.Plus(d)).ShouldBe([-2.5, -8, -2.5]);
        Product(a.Transposed()).ShouldBe([-3.5, -4, -4]);
        Transposed(a.Transposed()).ShouldBe([-1.5, -3, -4]);
        Product(new IdentityOperator<double>(3)).ShouldBe(X);
        Product(d).ShouldBe([1, -4, 1.5]);
    }

    [Fact]
    public void Properties_propagate()
    {
        var definite = new DenseOperator<double>(2, [2, 1, 1, 2], OperatorProperties.PositiveSemidefinite);
        var diagonal = new DiagonalOperator<double>([1, -1]);
        var nothing = new DenseOperator<double>(2, [1, 2, 3, 4], OperatorProperties.None);

        diagonal.Properties.ShouldBe(OperatorProperties.Diagonal);
        new DiagonalOperator<double>([1, 0]).Properties.ShouldBe(OperatorProperties.Diagonal | OperatorProperties.PositiveSemidefinite);
        definite.Damped(1).Properties.ShouldBe(OperatorProperties.PositiveSemidefinite);
        definite.Scaled(3).Properties.ShouldBe(OperatorProperties.PositiveSemidefinite);
        definite.Scaled(-3).Properties.ShouldBe(OperatorProperties.Symmetric);
        new IdentityOperator<double>(2).Scaled(-1).Properties.ShouldBe(OperatorProperties.Diagonal);
        definite.Plus(definite).Properties.ShouldBe(OperatorProperties.PositiveSemidefinite);
        definite.Plus(diagonal).Properties.ShouldBe(OperatorProperties.Symmetric);
        definite.Plus(nothing).Properties.ShouldBe(OperatorProperties.None);
        definite.Transposed().Properties.ShouldBe(OperatorProperties.PositiveSemidefinite);
    }

    [Fact]
    public void Missing_transposed_products_are_known_beforehand()
    {
        var a = new DelegateOperator<double>(2, OperatorProperties.None, (x, result) => x.CopyTo(result));
        a.HasTransposed.ShouldBeFalse();
        a.Damped(1).HasTransposed.ShouldBeFalse();
        a.Scaled(1).HasTransposed.ShouldBeFalse();
        a.Plus(new IdentityOperator<double>(2)).HasTransposed.ShouldBeFalse();
        Should.Throw<ArgumentException>(() => a.Transposed()).Message.ShouldContain("no transposed products");
        Should.Throw<NotSupportedException>(() => a.MultiplyTransposed([1, 1], new double[2]));
        new DelegateOperator<double>(2, OperatorProperties.Symmetric, (x, result) => x.CopyTo(result)).HasTransposed.ShouldBeTrue();
    }

    [Fact]
    public void Sums_of_different_spaces_and_bad_factors_are_refused()
    {
        var a = new IdentityOperator<double>(2);
        Should.Throw<ArgumentException>(() => a.Plus(new IdentityOperator<double>(3))).Message.ShouldContain("same space");
        Should.Throw<ArgumentOutOfRangeException>(() => a.Scaled(double.NaN));
        Should.Throw<ArgumentOutOfRangeException>(() => a.Damped(-1));
    }

    [Fact]
    public void Gauss_newton_operator_agrees_with_its_matrix()
    {
        double[] jacobian = [1, 2, 3, -1, 0, 2];
        var a = new DenseGaussNewtonOperator<double>(2, 3, jacobian, 0.5);
        Product(a).ShouldBe([-0.75, -1.5, -2.25]);
        double[] diagonal = new double[3], kernel = new double[4];
        a.Diagonal(diagonal);
        a.Kernel(kernel);
        diagonal.ShouldBe([1, 2, 6.5]);
        kernel.ShouldBe([14, 5, 5, 5]);
        OperatorCheck.Probe(a, RandomStream.FromSeed(1)).Violations.ShouldBeEmpty();
    }

    private static double[] Product(ILinearOperator<double> a)
    {
        double[] result = [9, 9, 9];
        a.Multiply(X, result);
        return result;
    }

    private static double[] Transposed(ILinearOperator<double> a)
    {
        double[] result = [9, 9, 9];
        a.MultiplyTransposed(X, result);
        return result;
    }
}
