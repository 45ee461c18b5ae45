using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>Random matrix games whose players' interests agree to a chosen degree.</summary>
public static class RandomMatrixGames
{
    /// <summary>
    /// Draws a game: for every joint action independently, the players' payoffs are normal with mean 0, variance 1 and covariance
    /// <paramref name="cooperation"/> between any two players.
    /// </summary>
    /// <remarks>
    /// Zhang et al. 2020, the study of Stackelberg against Nash outcomes. The covariance is the expected
    /// <see cref="MatrixGame.CooperationLevel"/>. At 1 all players' payoffs are equal to the last bit, with two players at −1 opposite.
    /// </remarks>
    /// <param name="random">Where the payoffs are drawn from.</param>
    /// <param name="cooperation">In [−1 / (players − 1), 1].</param>
    /// <param name="actionCounts">Number of actions of each of at least two players.</param>
    /// <exception cref="ArgumentException">Fewer than two players, a count that is not positive, or no such covariance exists.</exception>
    public static MatrixGame Draw(RandomStream random, double cooperation, params ReadOnlySpan<int> actionCounts)
    {
        int players = actionCounts.Length;
        if (players < 2)
        {
            throw new ArgumentException($"A random game needs at least two players; got {players}.", nameof(actionCounts));
        }

        double lowest = -1.0 / (players - 1);
        if (!(cooperation >= lowest && cooperation <= 1))
        {
            throw new ArgumentException($"The cooperation level of {players} players lies in [{lowest}, 1]; got {cooperation}.", nameof(cooperation));
        }

        string[][] actions = new string[players][];
        for (int player = 0; player < players; player++)
        {
            int count = actionCounts[player] > 0
                ? actionCounts[player]
                : throw new ArgumentException($"Player {player} has {actionCounts[player]} actions; give at least 1.", nameof(actionCounts));
            actions[player] = [.. Enumerable.Range(0, count).Select(i => $"a{i}")];
        }

        string[] names = players == 2 ? ["leader", "follower"] : ["leader", .. Enumerable.Range(1, players - 1).Select(i => $"follower {i}")];
        int joint = MarkovGame.CountJointActions("random game", names, actions, 1);
        double[][] payoffs = new double[players][];
        for (int player = 0; player < players; player++)
        {
            payoffs[player] = new double[joint];
        }

        double[,] factor = Factor(players, cooperation);
        double[] normals = new double[players];
        for (int k = 0; k < joint; k++)
        {
            random.FillNormal(normals);
            for (int player = 0; player < players; player++)
            {
                for (int j = 0; j <= player; j++)
                {
                    payoffs[player][k] += factor[player, j] * normals[j];
                }
            }
        }

        return new MatrixGame("RandomGame", names, actions, payoffs);
    }

    // Cholesky's factor of the matrix with ones on and the covariance off the diagonal; singular at both ends of the range.
    private static double[,] Factor(int size, double covariance)
    {
        double[,] factor = new double[size, size];
        for (int row = 0; row < size; row++)
        {
            double left = 1;
            for (int column = 0; column < row; column++)
            {
                double sum = covariance;
                for (int k = 0; k < column; k++)
                {
                    sum -= factor[row, k] * factor[column, k];
                }

                factor[row, column] = factor[column, column] > 0 ? sum / factor[column, column] : 0;
                left -= factor[row, column] * factor[row, column];
            }

            // What rounding leaves of an exact zero would otherwise be taken for a direction of its own.
            factor[row, row] = left > 1e-15 ? Math.Sqrt(left) : 0;
        }

        return factor;
    }
}
