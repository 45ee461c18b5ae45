using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>The diagonal of an operator, known or by products with unit vectors.</summary>
internal static class DiagonalExtraction
{
    /// <summary>diagonal ← diag A.</summary>
    /// <param name="unit">Storage, all zero; zero again on return.</param>
    /// <param name="image">Storage.</param>
    public static void Extract<T>(ILinearOperator<T> a, Span<T> diagonal, Span<T> unit, Span<T> image)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (a is IKnownDiagonal<T> known)
        {
            known.Diagonal(diagonal);
            return;
        }

        diagonal.Clear();
        if ((a.Properties & OperatorProperties.Diagonal) == OperatorProperties.Diagonal)
        {
            for (int i = 0; i < a.Coordinates.Count; i++)
            {
                unit[a.Coordinates[i]] = T.One;
            }

            a.Multiply(unit, diagonal);
            unit.Clear();
            return;
        }

        for (int i = 0; i < a.Coordinates.Count; i++)
        {
            int position = a.Coordinates[i];
            unit[position] = T.One;
            a.Multiply(unit, image);
            unit[position] = T.Zero;
            diagonal[position] = image[position];
        }
    }
}
