using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel.Tests;

public sealed class OperatorCheckTests
{
    private static readonly double[] Skewed = [2, 1, 0, 2];

    [Theory]
    [InlineData(MatrixKind.Spd)]
    [InlineData(MatrixKind.Diagonal)]
    [InlineData(MatrixKind.Indefinite)]
    [InlineData(MatrixKind.Nonsymmetric)]
    [InlineData(MatrixKind.SingularConsistent)]
    public void Honest_declarations_pass(MatrixKind kind)
    {
        LinearSystem system = LinearSystem.Create(kind, 100);
        OperatorCheck.Probe(system.Operator<double>(), RandomStream.FromSeed(1)).ThrowIfViolated();
        OperatorCheck.Probe(system.Operator<float>(), RandomStream.FromSeed(1)).ThrowIfViolated();
    }

    [Fact]
    public void False_symmetry_is_found()
    {
        OperatorCheckResult result = Probe(OperatorProperties.Symmetric, Skewed);
        result.Violations.ShouldContain(violation => violation.Contains("declared symmetric"));
        Should.Throw<InvalidOperationException>(result.ThrowIfViolated).Message.ShouldContain("declared symmetric");
    }

    [Fact]
    public void False_definiteness_is_found() => Probe(OperatorProperties.PositiveSemidefinite, [1, 0, 0, -1])
        .Violations.ShouldContain(violation => violation.Contains("positive semidefinite"));

    [Fact]
    public void False_diagonal_is_found() => Probe(OperatorProperties.Diagonal, [1, 0.5, 0.5, 1])
        .Violations.ShouldContain(violation => violation.Contains("declared diagonal"));

    [Fact]
    public void Transposed_product_of_another_matrix_is_found()
    {
        var inner = new DenseOperator<double>(2, Skewed, OperatorProperties.None);
        var a = new DelegateOperator<double>(2, OperatorProperties.None, inner.Multiply, inner.Multiply);
        OperatorCheck.Probe(a, RandomStream.FromSeed(1)).Violations.ShouldHaveSingleItem().ShouldContain("another matrix");
    }

    [Fact]
    public void Product_that_writes_to_padding_is_found()
    {
        var layout = new ParameterLayout([("weight", 2, 3)]);
        var a = new DelegateOperator<double>(layout.Length, layout.Coordinates, OperatorProperties.Symmetric, (x, result) =>
        {
            x.CopyTo(result);
            result[^1] = 1;
        });
        OperatorCheck.Probe(a, RandomStream.FromSeed(1)).Violations.ShouldContain(violation => violation.Contains("padding"));
    }

    private static OperatorCheckResult Probe(OperatorProperties declared, double[] entries)
    {
        var inner = new DenseOperator<double>(2, entries, OperatorProperties.None);
        return OperatorCheck.Probe(new DelegateOperator<double>(2, declared, inner.Multiply), RandomStream.FromSeed(1));
    }
}
