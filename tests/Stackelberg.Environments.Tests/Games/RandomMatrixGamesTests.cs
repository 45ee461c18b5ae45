using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.Games;

public sealed class RandomMatrixGamesTests
{
    // exact Stackelberg payoffs of n x n games by two-dimensional quadrature (leader, follower), published to three digits
    [Theory]
    [InlineData(5, -0.5, 0.496, 0.892)]
    [InlineData(5, 0, 1.163, 1.163)]
    [InlineData(5, 0.5, 1.663, 1.452)]
    [InlineData(10, 0.8, 2.425, 2.153)]
    public void Stackelberg_payoffs_agree_with_the_exact_expectation(int size, double cooperation, double leader, double follower)
    {
        const int Games = 3000;
        RandomStream random = RandomStream.FromSeed(11);
        double[] first = new double[Games], second = new double[Games], levels = new double[Games];
        for (int k = 0; k < Games; k++)
        {
            MatrixGame game = RandomMatrixGames.Draw(random, cooperation, size, size);
            levels[k] = game.CooperationLevel();
            first[k] = double.NegativeInfinity;
            for (int row = 0; row < size; row++)
            {
                ReadOnlySpan<double> own = game.Payoffs(0).Slice(row * size, size), other = game.Payoffs(1).Slice(row * size, size);
                int answer = LargestIndex(other);
                if (own[answer] > first[k])
                {
                    (first[k], second[k]) = (own[answer], other[answer]);
                }
            }
        }

        ShouldHaveMean(first, leader);
        ShouldHaveMean(second, follower);
        // the sample correlation's bias is of order c(1 - c²)/2n²
        ShouldHaveMean(levels, cooperation, cooperation * (1 - (cooperation * cooperation)) / (size * size));
    }

    [Fact]
    public void At_the_ends_of_the_range_interests_are_equal_or_opposed_to_the_last_bit()
    {
        MatrixGame common = RandomMatrixGames.Draw(RandomStream.FromSeed(1), 1, 4, 3, 2);
        common.Payoffs(1).ToArray().ShouldBe(common.Payoffs(0).ToArray());
        common.Payoffs(2).ToArray().ShouldBe(common.Payoffs(0).ToArray());
        MatrixGame opposed = RandomMatrixGames.Draw(RandomStream.FromSeed(1), -1, 4, 3);
        opposed.Payoffs(1).ToArray().ShouldBe([.. opposed.Payoffs(0).ToArray().Select(v => -v)]);
        MatrixGame zeroSum = RandomMatrixGames.Draw(RandomStream.FromSeed(1), -0.5, 4, 3, 2);
        for (int k = 0; k < zeroSum.JointActionCount; k++)
        {
            (zeroSum.Payoffs(0)[k] + zeroSum.Payoffs(1)[k] + zeroSum.Payoffs(2)[k]).ShouldBe(0, 1e-14);
        }
    }

    [Fact]
    public void Any_two_of_several_players_have_the_asked_covariance_and_variance_one()
    {
        MatrixGame game = RandomMatrixGames.Draw(RandomStream.FromSeed(2), 0.3, 20, 20, 10, 10);
        for (int player = 0; player < 4; player++)
        {
            double variance = game.Payoffs(player).ToArray().Average(v => v * v);
            variance.ShouldBe(1, 4 * Math.Sqrt(2.0 / game.JointActionCount));
            for (int other = 0; other < player; other++)
            {
                game.CooperationLevel(player, other).ShouldBe(0.3, 4 * 0.91 / Math.Sqrt(game.JointActionCount));
            }
        }
    }

    [Fact]
    public void Impossible_levels_and_sizes_are_refused()
    {
        RandomStream random = RandomStream.FromSeed(0);
        Should.Throw<ArgumentException>(() => RandomMatrixGames.Draw(random, -0.6, 2, 2, 2)).Message.ShouldContain("[-0.5, 1]; got -0.6");
        Should.Throw<ArgumentException>(() => RandomMatrixGames.Draw(random, double.NaN, 2, 2)).Message.ShouldContain("[-1, 1]; got NaN");
        Should.Throw<ArgumentException>(() => RandomMatrixGames.Draw(random, 0, 2)).Message.ShouldContain("at least two players");
        Should.Throw<ArgumentException>(() => RandomMatrixGames.Draw(random, 0, 2, 0)).Message.ShouldContain("at least 1");
        Should.Throw<ArgumentException>(() => RandomMatrixGames.Draw(random, 0, 10_000, 10_000)).Message.ShouldContain("at most");
    }

    private static int LargestIndex(ReadOnlySpan<double> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }

    private static void ShouldHaveMean(double[] values, double expected, double bias = 0)
    {
        double mean = values.Average();
        double error = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / values.Length / (values.Length - 1));
        // half a unit of the last published digit besides four standard errors
        mean.ShouldBe(expected, (4 * error) + 0.0005 + Math.Abs(bias));
    }
}
