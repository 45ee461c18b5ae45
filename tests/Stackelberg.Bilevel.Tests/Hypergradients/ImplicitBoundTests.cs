using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel.Tests;

/// <summary>The bound on the implicit term: at most, exactly, zero, and set anew before each derivative.</summary>
public sealed class ImplicitBoundTests
{
    [Theory]
    [InlineData(BoundKind.AtMost, 0.01)]
    [InlineData(BoundKind.AtMost, 100)]
    [InlineData(BoundKind.Exactly, 0.01)]
    [InlineData(BoundKind.Exactly, 0.7)]
    [InlineData(BoundKind.Exactly, 100)]
    public void Implicit_term_has_the_length_that_the_bound_says(BoundKind kind, double bound)
    {
        var problem = new MlpCriticProblem(RandomStream.FromSeed(2), weightDecay: 0.1);
        var hypergradient = Create(bound, kind);
        double[] direct = new double[problem.LeaderDimension], total = new double[problem.LeaderDimension];
        problem.DirectGradient(direct);
        HypergradientReport report = hypergradient.Compute(problem, 0, total);

        double[] term = [.. total];
        Vectors.AddScaled<double>(term, -1, direct);
        double limit = bound * Vectors.Norm<double>(direct), unbounded = Vectors.Norm(hypergradient.ImplicitTerm);
        double expected = kind == BoundKind.Exactly ? limit : Math.Min(limit, unbounded);
        Vectors.Norm<double>(term).ShouldBe(expected, 1e-12 * (1 + limit));
        report.Scale.ShouldBe(expected / unbounded, 1e-12 * expected / unbounded);
        report.ImplicitNorm.ShouldBe(unbounded);
        Vectors.Cosine<double>(term, hypergradient.ImplicitTerm).ShouldBe(-1, 1e-12, "the direction stays");
    }

    [Theory]
    [InlineData(BoundKind.AtMost)]
    [InlineData(BoundKind.Exactly)]
    public void With_a_bound_of_zero_the_direct_gradient_stays_bit_for_bit(BoundKind kind)
    {
        ZeroBound<double>(kind);
        ZeroBound<float>(kind);
    }

    [Fact]
    public void A_term_of_zero_stays_zero_whatever_length_is_asked_for()
    {
        var problem = new Terms<double>([3, -0.0, 4], [0, 0, 0]);
        double[] total = new double[3];
        HypergradientReport report = Create(2, BoundKind.Exactly).Compute(problem, 0, total);
        total.ShouldBe([3, 0, 4]);
        report.Scale.ShouldBe(1);
    }

    [Fact]
    public void A_term_too_short_to_be_stretched_stays_as_it_is_and_one_beside_no_direct_gradient_vanishes()
    {
        var shortTerm = new Terms<float>([3, 0, 4], [1e-42f, 0, 0]);
        float[] total = new float[3];
        new ImplicitHypergradient<float>(new IdentitySolver<float>(new SolverOptions()), new ImplicitHypergradientOptions { Bound = 1, BoundKind = BoundKind.Exactly })
            .Compute(shortTerm, 0, total).Scale.ShouldBe(1);
        total.ShouldBe([3, 0, 4]);

        var alone = new Terms<double>([0, 0, 0], [1, 2, 3]);
        double[] zero = new double[3];
        Create(1, BoundKind.Exactly).Compute(alone, 0, zero).Scale.ShouldBe(0);
        zero.ShouldBe([0, 0, 0]);
    }

    [Fact]
    public void A_bound_set_anew_holds_for_the_next_derivative()
    {
        var problem = new Terms<double>([3, 0, 4], [10, 0, 0]);
        var hypergradient = Create(0.5, BoundKind.AtMost);
        double[] total = new double[3];
        foreach (double bound in (double[])[0.5, 0.1, 0, 1.5, double.PositiveInfinity])
        {
            hypergradient.Bound = bound;
            hypergradient.Compute(problem, 0, total);
            total.ShouldBe([3 - Math.Min(10, 5 * bound), 0, 4], 1e-14);
        }
    }

    [Fact]
    public void Bounds_that_are_none_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Create(double.PositiveInfinity, BoundKind.Exactly)).Message.ShouldContain("finite number ≥ 0");
        Should.Throw<ArgumentOutOfRangeException>(() => Create(1, BoundKind.AtMost).Bound = -1).Message.ShouldContain("a number ≥ 0");
        Should.Throw<ArgumentOutOfRangeException>(() => Create(1, BoundKind.Exactly).Bound = double.NaN);
        Should.Throw<ArgumentOutOfRangeException>(() => Create(1, BoundKind.Exactly).Bound = double.PositiveInfinity);
    }

    private static void ZeroBound<T>(BoundKind kind)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (int sign in (int[])[1, -1])
        {
            T unit = T.CreateTruncating(sign);
            T[] direct = [T.Zero, T.NegativeZero, unit, T.Epsilon, -T.Epsilon];
            var problem = new Terms<T>(direct, [unit, unit, unit, -unit, unit]);
            T[] total = new T[direct.Length];
            HypergradientReport report = new ImplicitHypergradient<T>(
                new IdentitySolver<T>(new SolverOptions()), new ImplicitHypergradientOptions { Bound = 0, BoundKind = kind }).Compute(problem, 0, total);
            total.SequenceEqual(direct).ShouldBeTrue();
            total.Select(T.IsNegative).ShouldBe(direct.Select(T.IsNegative));
            report.Scale.ShouldBe(0);
            report.ImplicitNorm.ShouldBeGreaterThan(0);
        }
    }

    private static ImplicitHypergradient<double> Create(double bound, BoundKind kind) => new(
        new IdentitySolver<double>(new SolverOptions()), new ImplicitHypergradientOptions { Bound = bound, BoundKind = kind });

    /// <summary>A problem whose direct gradient and, with the identity for its curvature, implicit term are given.</summary>
    private sealed class Terms<T>(T[] direct, T[] term) : IBilevelProblem<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly IdentityOperator<T> curvature = new(direct.Length);

        public int LeaderDimension => direct.Length;

        public int FollowerDimension => direct.Length;

        public void Linearise(Derivatives needs = Derivatives.All)
        {
        }

        public double DirectGradient(Span<T> result)
        {
            direct.CopyTo(result);
            return 0;
        }

        public void RightHandSide(Span<T> result) => term.CopyTo(result);

        public ILinearOperator<T> FollowerCurvature(Curvature kind) => curvature;

        public void MixedProduct(ReadOnlySpan<T> v, Span<T> result) => v.CopyTo(result);

        public void FollowerGradient(Span<T> result) => result.Clear();
    }
}
