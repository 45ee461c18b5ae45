using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>A payoff matrix as positive whole numbers: k·(payoff) + c with k &gt; 0, which changes no best response.</summary>
internal sealed class IntegerPayoffs
{
    private readonly BigInteger[,] values;
    private readonly BigInteger factor, shift;

    private IntegerPayoffs(BigInteger[,] values, BigInteger factor, BigInteger shift) => (this.values, this.factor, this.shift) = (values, factor, shift);

    /// <summary>An entry, at least 1.</summary>
    public BigInteger this[int row, int column] => values[row, column];

    public static IntegerPayoffs OfLeader(BimatrixGame game) => Of(game.Rows, game.Columns, game.Leader);

    public static IntegerPayoffs OfFollower(BimatrixGame game) => Of(game.Rows, game.Columns, game.Follower);

    /// <summary>What a value in whole numbers is in the game's payoffs.</summary>
    public Rational Back(Rational value) => (value - shift) / factor;

    /// <summary>What a value of the game's payoffs is in whole numbers, where it may be a fraction still.</summary>
    public Rational Forth(Rational value) => (value * factor) + shift;

    private static IntegerPayoffs Of(int rows, int columns, Func<int, int, Rational> payoff)
    {
        BigInteger factor = BigInteger.One;
        Rational lowest = payoff(0, 0);
        for (int k = 0; k < rows * columns; k++)
        {
            Rational value = payoff(k / columns, k % columns);
            factor *= value.Denominator / BigInteger.GreatestCommonDivisor(factor, value.Denominator);
            lowest = Rational.Min(lowest, value);
        }

        BigInteger shift = BigInteger.One - (lowest * factor).Numerator;
        BigInteger[,] values = new BigInteger[rows, columns];
        for (int k = 0; k < rows * columns; k++)
        {
            values[k / columns, k % columns] = (payoff(k / columns, k % columns) * factor).Numerator + shift;
        }

        return new IntegerPayoffs(values, factor, shift);
    }
}
