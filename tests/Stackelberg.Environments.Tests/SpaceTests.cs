using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests;

public sealed class SpaceTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(-1, false)]
    [InlineData(0.5, false)]
    [InlineData(double.NaN, false)]
    [InlineData(double.PositiveInfinity, false)]
    public void Discrete_contains_its_indices_and_nothing_else(double value, bool expected) =>
        new DiscreteSpace(3).Contains([value]).ShouldBe(expected);

    [Fact]
    public void Discrete_samples_every_index_equally_often()
    {
        RandomStream random = RandomStream.FromSeed(1);
        DiscreteSpace space = new(5);
        int[] counts = new int[5];
        double[] element = new double[1];
        for (int i = 0; i < 10_000; i++)
        {
            space.Sample(random, element);
            counts[(int)element[0]]++;
        }

        // Chi-squared with 4 degrees of freedom: 23.5 has probability 1e-4.
        counts.Sum(c => (c - 2000.0) * (c - 2000.0) / 2000.0).ShouldBeLessThan(23.5);
    }

    [Fact]
    public void Box_bounds_are_inclusive_and_infinite_entries_are_outside_even_of_an_unbounded_box()
    {
        BoxSpace space = new([-1, double.NegativeInfinity], [2, double.PositiveInfinity]);
        space.Contains([-1, 1e300]).ShouldBeTrue();
        space.Contains([2, 0]).ShouldBeTrue();
        space.Contains([Math.BitIncrement(2.0), 0]).ShouldBeFalse();
        space.Contains([0, double.PositiveInfinity]).ShouldBeFalse();
        space.Contains([0, double.NaN]).ShouldBeFalse();
        space.Contains([0]).ShouldBeFalse();
    }

    [Theory]
    [InlineData(-1, 3)]
    [InlineData(0, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, -4)]
    [InlineData(double.NegativeInfinity, double.PositiveInfinity)]
    [InlineData(-double.MaxValue, double.MaxValue)]
    [InlineData(0.1, 0.1)]
    public void Box_samples_lie_inside(double low, double high)
    {
        RandomStream random = RandomStream.FromSeed(2);
        BoxSpace space = new(3, low, high);
        double[] element = new double[3];
        for (int i = 0; i < 500; i++)
        {
            space.Sample(random, element);
            space.Contains(element).ShouldBeTrue();
        }
    }

    [Fact]
    public void A_bounded_box_is_sampled_uniformly()
    {
        RandomStream random = RandomStream.FromSeed(3);
        BoxSpace space = new(1, 2, 6);
        double[] element = new double[1];
        double sum = 0, squares = 0;
        const int draws = 20_000;
        for (int i = 0; i < draws; i++)
        {
            space.Sample(random, element);
            sum += element[0] - 4;
            squares += (element[0] - 4) * (element[0] - 4);
        }

        // Variance 16/12, five standard errors.
        (sum / draws).ShouldBe(0, 5 * Math.Sqrt(16.0 / 12 / draws));
        (squares / draws).ShouldBe(16.0 / 12, 5 * 16.0 / 12 * Math.Sqrt(0.8 / draws));
    }

    [Fact]
    public void Malformed_spaces_are_refused_with_the_bounds_quoted()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new DiscreteSpace(0));
        Should.Throw<ArgumentException>(() => new BoxSpace([1], [0])).Message.ShouldContain("1 and 0");
        Should.Throw<ArgumentException>(() => new BoxSpace([double.NaN], [0]));
        Should.Throw<ArgumentException>(() => new BoxSpace([0], [0, 1]));
        Should.Throw<ArgumentException>(() => new BoxSpace([], []));
    }

    [Fact]
    public void Spaces_print_themselves()
    {
        new DiscreteSpace(2).ToString().ShouldBe("Discrete(2)");
        new BoxSpace(3, -1, 1).ToString().ShouldBe("Box(-1, 1, 3)");
        new BoxSpace([0, 1], [2, 3]).ToString().ShouldBe("Box([0, 1], [2, 3])");
    }
}
