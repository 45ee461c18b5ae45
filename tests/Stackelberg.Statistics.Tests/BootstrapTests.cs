using Stackelberg.Primitives;

namespace Stackelberg.Statistics.Tests;

public sealed class BootstrapTests
{
    [Fact]
    public void Bootstrap_of_the_mean_matches_the_normal_interval()
    {
        // 400 scores with mean 0 and variance 1, exactly: the mean of a resample has standard deviation 1/20
        double[] scores = [.. Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? 1.0 : -1.0)];
        Interval interval = Bootstrap.Interval([scores], SampleStatistics.Mean, RandomStream.FromSeed(1), 20_000);

        // Monte Carlo error of a 2.5 % quantile with 20 000 draws is below 0.0012
        interval.Low.ShouldBe(-1.96 / 20, 0.005);
        interval.High.ShouldBe(1.96 / 20, 0.005);
    }

    [Fact]
    public void Bootstrap_draws_within_the_strata()
    {
        // tasks of very different scale, constant within: any resample that mixed them would move the mean
        Interval interval = Bootstrap.Interval([[1, 1, 1], [1000, 1000]], SampleStatistics.Mean, RandomStream.FromSeed(1));
        interval.ShouldBe(new Interval(2003.0 / 5, 2003.0 / 5));
    }

    [Fact]
    public void Bootstrap_is_a_function_of_its_stream()
    {
        double[] scores = [1, 5, 2, 8, 3];
        Interval Draw(ulong seed) => Bootstrap.Interval([scores], SampleStatistics.InterquartileMean, RandomStream.FromSeed(seed), 200);
        Draw(3).ShouldBe(Draw(3));
        Draw(3).Low.ShouldBeGreaterThanOrEqualTo(1);
        Draw(3).High.ShouldBeLessThanOrEqualTo(8);
        Draw(3).Low.ShouldBeLessThan(Draw(3).High);
    }

    [Fact]
    public void A_wider_confidence_gives_a_wider_interval()
    {
        double[] scores = [1, 5, 2, 8, 3, 9, 4];
        Interval narrow = Bootstrap.Interval([scores], SampleStatistics.Mean, RandomStream.FromSeed(3), 2000, 0.5);
        Interval wide = Bootstrap.Interval([scores], SampleStatistics.Mean, RandomStream.FromSeed(3), 2000, 0.99);
        wide.Low.ShouldBeLessThan(narrow.Low);
        wide.High.ShouldBeGreaterThan(narrow.High);
    }

    [Theory]
    [InlineData(0.4, 0.5, 0.5)] // 30 % and 70 % of {0: ¼, ½: ½, 1: ¼}
    [InlineData(0.9, 0, 1)]
    [InlineData(0.99, 0, 1)]
    public void Bootstrap_of_two_values_is_that_of_their_four_resamples(double confidence, double low, double high) =>
        Bootstrap.Interval([[0, 1]], SampleStatistics.Mean, RandomStream.FromSeed(5), 4000, confidence).ShouldBe(new Interval(low, high));

    [Fact]
    public void Bootstrap_of_the_maximum_has_the_probabilities_of_drawing_it()
    {
        // the largest of ten is missed by ten draws with probability 0.9¹⁰ = 0.349: the 40 % quantile is the largest, the 30 % quantile is not
        double[] scores = [.. Enumerable.Range(0, 10).Select(i => (double)i)];
        Interval wide = Bootstrap.Interval([scores], Max, RandomStream.FromSeed(6), 4000, 0.4);
        Interval narrow = Bootstrap.Interval([scores], Max, RandomStream.FromSeed(6), 4000, 0.2);
        wide.Low.ShouldBeLessThan(9);
        narrow.ShouldBe(new Interval(9, 9));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(20)]
    public void Interval_of_the_interquartile_mean_holds_it_and_lies_within_the_scores(int size)
    {
        double[][] strata = [Sample(size), Sample(size + 1)];
        double[] pooled = [.. strata.SelectMany(s => s)];
        Interval interval = Bootstrap.Interval(strata, SampleStatistics.InterquartileMean, RandomStream.FromSeed(7), 500);

        double mean = SampleStatistics.InterquartileMean(pooled);
        interval.Low.ShouldBeLessThan(mean);
        interval.High.ShouldBeGreaterThan(mean);
        interval.Low.ShouldBeGreaterThanOrEqualTo(pooled.Min());
        interval.High.ShouldBeLessThanOrEqualTo(pooled.Max());
        Bootstrap.Interval(strata, SampleStatistics.InterquartileMean, RandomStream.FromSeed(7), 500).ShouldBe(interval);
        Bootstrap.Interval(strata, SampleStatistics.InterquartileMean, RandomStream.FromSeed(8), 500).ShouldNotBe(interval);
    }

    [Fact]
    public void Resamples_have_the_size_of_each_stratum_and_values_of_it_alone()
    {
        double[][] strata = [[1, 2, 3], [10, 20], [100]];
        int calls = 0;
        double Check(ReadOnlySpan<double> sample)
        {
            calls++;
            sample.Length.ShouldBe(6);
            sample[..3].ToArray().ShouldAllBe(v => strata[0].Contains(v));
            sample[3..5].ToArray().ShouldAllBe(v => strata[1].Contains(v));
            sample[5].ShouldBe(100);
            return sample[0];
        }

        Bootstrap.Interval(strata, Check, RandomStream.FromSeed(9), 300, 0.999).ShouldBe(new Interval(1, 3));
        calls.ShouldBe(300);
    }

    [Fact]
    public void Every_resample_is_another_one()
    {
        HashSet<double> means = [];
        double[] scores = [.. Enumerable.Range(0, 50).Select(i => Math.Sqrt(i))];
        Bootstrap.Interval([scores], sample =>
        {
            double mean = SampleStatistics.Mean(sample);
            means.Add(mean);
            return mean;
        }, RandomStream.FromSeed(10), 1000);
        means.Count.ShouldBeGreaterThan(900);
    }

    [Fact]
    public async Task Threads_do_not_show()
    {
        double[][] strata = [Sample(10), Sample(7)];
        Interval Draw() => Bootstrap.Interval(strata, SampleStatistics.InterquartileMean, RandomStream.FromSeed(11), 300);
        Interval alone = Draw();
        Interval[] together = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(Draw)));
        together.ShouldAllBe(i => i == alone);
    }

    [Fact]
    public void Scores_stay_as_they_are()
    {
        double[] scores = [3, 1, 2];
        Bootstrap.Interval([scores], SampleStatistics.Mean, RandomStream.FromSeed(0), 10);
        scores.ShouldBe([3, 1, 2]);
    }

    [Fact]
    public void Statistic_that_has_no_value_has_no_interval() =>
        Bootstrap.Interval([[1]], SampleStatistics.SampleDeviation, RandomStream.FromSeed(0), 10).ShouldBe(new Interval(double.NaN, double.NaN));

    [Fact]
    public void What_cannot_be_resampled_is_refused_by_its_place()
    {
        static ArgumentException Refused(params double[][] strata) =>
            Should.Throw<ArgumentException>(() => Bootstrap.Interval(strata, SampleStatistics.Mean, RandomStream.FromSeed(0)));
        Refused().Message.ShouldStartWith("strata is empty");
        Refused([1], []).Message.ShouldStartWith("strata[1] is empty");
        Refused([1], [2, double.NaN]).Message.ShouldStartWith("strata[1][1] is NaN");
        Refused([1], [double.NaN]).Message.ShouldStartWith("strata[1][0] is NaN");
    }

    [Theory]
    [InlineData(0, 0.95)]
    [InlineData(100, 0)]
    [InlineData(100, 1)]
    [InlineData(100, double.NaN)]
    public void Numbers_out_of_range_are_refused(int resamples, double confidence) => Should.Throw<ArgumentOutOfRangeException>(
        () => Bootstrap.Interval([[1]], SampleStatistics.Mean, RandomStream.FromSeed(0), resamples, confidence));

    private static double Max(ReadOnlySpan<double> sample) => sample.ToArray().Max();

    // distinct with probability 1, of no order
    private static double[] Sample(int size)
    {
        double[] sample = new double[size];
        RandomStream.FromSeed((ulong)size).FillNormal(sample);
        return sample;
    }
}
