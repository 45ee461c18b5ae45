using Stackelberg.Primitives;
using Stackelberg.Statistics.Tests.Support;

namespace Stackelberg.Statistics.Tests;

public sealed class TwoSampleTestsTests
{
    [Fact]
    public void Welch_by_hand()
    {
        // means 2 and 4, variances of them 1/3 and 4/3: t = −2/√(5/3), ν = (5/3)²/((1/3)²/2 + (4/3)²/2)
        TestResult result = TwoSampleTests.Welch([1, 2, 3], [2, 4, 6]);
        result.Statistic.ShouldBe(-2 / Math.Sqrt(5 / 3.0), 1e-14);
        result.DegreesOfFreedom.ShouldBe(50 / 17.0, 1e-14);
        result.PValue.ShouldBeInRange(0.2, 0.25);
        result.Reason.ShouldBeNull();
    }

    [Theory]
    [InlineData(new double[0], new[] { 1.0, 2 }, "there are 0 and 2")]
    [InlineData(new[] { 1.0 }, new[] { 1.0, 2 }, "there are 1 and 2")]
    [InlineData(new[] { 1.0, 1 }, new[] { 2.0, 2 }, "constant")]
    [InlineData(new[] { 0.1, 0.1, 0.1 }, new[] { 0.7, 0.7, 0.7 }, "constant")] // the mean of three times 0.1 is not 0.1
    [InlineData(new[] { 1.0, 1 }, new[] { 1.0, 1 }, "constant")]
    [InlineData(new[] { 1.0, double.PositiveInfinity }, new[] { 2.0, 3 }, "infinite")]
    public void Welch_without_an_answer_says_why(double[] x, double[] y, string reason)
    {
        TestResult result = TwoSampleTests.Welch(x, y);
        result.PValue.ShouldBe(double.NaN);
        result.Reason.ShouldNotBeNull().ShouldContain(reason);
    }

    [Fact]
    public void Welch_with_one_constant_sample_has_the_degrees_of_the_other()
    {
        TestResult result = TwoSampleTests.Welch([0.1, 0.1, 0.1], [1, 2, 3, 4]);
        result.DegreesOfFreedom.ShouldBe(3, 1e-12);
        result.PValue.ShouldBeInRange(0, 0.1);
    }

    [Fact]
    public void Welch_changes_its_sign_alone_when_samples_are_exchanged_and_nothing_with_scale() => Laws.Hold(Laws.Pairs, pair =>
    {
        TestResult result = TwoSampleTests.Welch(pair.X, pair.Y), exchanged = TwoSampleTests.Welch(pair.Y, pair.X);
        exchanged.ShouldBe(result with { Statistic = -result.Statistic, Reason = exchanged.Reason });
        TestResult tiny = TwoSampleTests.Welch([.. pair.X.Select(x => x * 1e-150)], [.. pair.Y.Select(y => y * 1e-150)]);
        (result.Reason is null).ShouldBe(tiny.Reason is null);
        if (result.Reason is null)
        {
            tiny.PValue.ShouldBe(result.PValue, 1e-12);
            result.PValue.ShouldBeInRange(0, 1);
        }
    });

    [Fact]
    public void Few_splits_are_all_tried_and_no_random_number_is_drawn()
    {
        // of the 20 splits of 1 … 6 only the two extreme ones differ by 3
        RandomStream random = RandomStream.FromSeed(1);
        TestResult result = TwoSampleTests.Permutation([1, 2, 3], [4, 5, 6], random, permutations: 20);
        result.ShouldBe(new TestResult(-3, double.NaN, 0.1));
        random.NextUInt64().ShouldBe(RandomStream.FromSeed(1).NextUInt64());
        // one fewer allowed: sampled, with one more counted than was seen
        double sampled = TwoSampleTests.Permutation([1, 2, 3], [4, 5, 6], random, permutations: 19).PValue * 20;
        sampled.ShouldBe(Math.Round(sampled), 1e-12);
        sampled.ShouldBeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public void Ties_lost_to_rounding_count()
    {
        // 0.1 + 0.2 is not 0.3, and many splits have sums that are equal but for that
        double exact = TwoSampleTests.Permutation([1, 2, 3, 0], [0, 3, 3, 0], RandomStream.FromSeed(0)).PValue;
        TwoSampleTests.Permutation([0.1, 0.2, 0.3, 0], [0, 0.3, 0.1 + 0.2, 0], RandomStream.FromSeed(0)).PValue.ShouldBe(exact);
    }

    [Fact]
    public void Random_splits_approach_the_exact_answer_and_are_never_zero()
    {
        double[] x = [.. Enumerable.Range(0, 8).Select(i => i * 1.0)], y = [.. Enumerable.Range(0, 7).Select(i => (i * 1.5) + 1)];
        double exact = TwoSampleTests.Permutation(x, y, RandomStream.FromSeed(0), 6435).PValue;
        // standard error √(p(1 − p)/5000) is at most 0.0071
        TwoSampleTests.Permutation(x, y, RandomStream.FromSeed(0), 5000).PValue.ShouldBe(exact, 0.03);

        double[] far = [.. Enumerable.Range(0, 20).Select(i => i + 1000.0)], near = [.. Enumerable.Range(0, 20).Select(i => i * 1.0)];
        TwoSampleTests.Permutation(far, near, RandomStream.FromSeed(2), 999).PValue.ShouldBe(0.001);
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(5)] // more splits than that in most cases
    public void Permutation_ignores_order_shift_scale_and_which_sample_is_first(int permutations) => Laws.Hold(Laws.Pairs, pair =>
    {
        double P(double[] x, double[] y) => TwoSampleTests.Permutation(x, y, RandomStream.FromSeed(pair.Seed), permutations).PValue;
        double p = P(pair.X, pair.Y);
        p.ShouldBeInRange(1 / 48_621.0, 1);
        P(pair.Y, pair.X).ShouldBe(p);
        P(Laws.Shuffled(pair.X, 1), Laws.Shuffled(pair.Y, 2)).ShouldBe(p);
        P([.. pair.X.Select(x => (x * 7) + 0.1)], [.. pair.Y.Select(y => (y * 7) + 0.1)]).ShouldBe(p);
    });

    [Fact]
    public void Permutation_without_an_answer_says_why_and_constant_scores_have_one()
    {
        TwoSampleTests.Permutation([], [1], RandomStream.FromSeed(0)).Reason.ShouldNotBeNull().ShouldContain("there are 0 and 1");
        TwoSampleTests.Permutation([1], [double.NegativeInfinity], RandomStream.FromSeed(0)).Reason.ShouldNotBeNull().ShouldContain("infinite");
        TwoSampleTests.Permutation([1, 1], [1, 1, 1], RandomStream.FromSeed(0)).PValue.ShouldBe(1);
        TwoSampleTests.Permutation([3], [5], RandomStream.FromSeed(0)).PValue.ShouldBe(1);
    }

    [Fact]
    public void NaN_is_refused_by_its_place()
    {
        Should.Throw<ArgumentException>(() => TwoSampleTests.Welch([1, 2], [3, double.NaN])).Message.ShouldStartWith("y[1] is NaN");
        Should.Throw<ArgumentException>(() => TwoSampleTests.Permutation([double.NaN], [3], RandomStream.FromSeed(0))).Message.ShouldStartWith("x[0] is NaN");
        Should.Throw<ArgumentOutOfRangeException>(() => TwoSampleTests.Permutation([1], [3], RandomStream.FromSeed(0), 0));
    }
}
