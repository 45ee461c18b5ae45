using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>max c·z subject to g·z ≤ 0 for every g, the first <c>weighed</c> coordinates of z adding up to at most 1, z ≥ 0.</summary>
/// <remarks>The form of every linear program of this folder: z holds the probabilities, scaled by their sum, and perhaps values. z = 0 is feasible, so
/// that there is no first phase; a maximum of 0 says that nothing else is.</remarks>
internal static class ExactSimplex
{
    /// <summary>The maximum and a point that attains it.</summary>
    /// <exception cref="InvalidOperationException">The maximum is unbounded, which none of the callers' programs is.</exception>
    public static (Rational Value, Rational[] Point) Maximise(BigInteger[] objective, IEnumerable<BigInteger[]> atMostZero, int weighed)
    {
        BigInteger[] sum = new BigInteger[objective.Length];
        Array.Fill(sum, BigInteger.One, 0, weighed);
        List<BigInteger[]> rows = [sum, .. atMostZero];
        BigInteger[] right = new BigInteger[rows.Count];
        right[0] = BigInteger.One;
        LexicographicTableau tableau = new(rows, right, objective);
        while (tableau.BestColumn() is >= 0 and int column)
        {
            if (tableau.Enter(column) < 0)
            {
                throw new InvalidOperationException("A linear program that has a maximum was found unbounded: a fault of this library.");
            }
        }

        return (tableau.Objective, tableau.Solution());
    }
}
