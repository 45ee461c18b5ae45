namespace Stackelberg.Bilevel;

/// <summary>Square systems in exact fractions.</summary>
internal static class LinearSystem
{
    /// <summary>Gauss-Jordan elimination of [A | b], k×(k+1), in place; the last column becomes A⁻¹b.</summary>
    /// <returns>Whether A is regular; if not, the array is left half eliminated.</returns>
    public static bool Solve(Rational[,] system)
    {
        int size = system.GetLength(0);
        for (int column = 0; column < size; column++)
        {
            int pivot = column;
            while (pivot < size && system[pivot, column].IsZero)
            {
                pivot++;
            }

            if (pivot == size)
            {
                return false;
            }

            Swap(system, pivot, column);
            Rational factor = Rational.One / system[column, column];
            for (int j = column; j <= size; j++)
            {
                system[column, j] *= factor;
            }

            for (int i = 0; i < size; i++)
            {
                Rational multiple = system[i, column];
                if (i == column || multiple.IsZero)
                {
                    continue;
                }

                for (int j = column; j <= size; j++)
                {
                    system[i, j] -= multiple * system[column, j];
                }
            }
        }

        return true;
    }

    private static void Swap(Rational[,] system, int one, int two)
    {
        if (one == two)
        {
            return;
        }

        for (int j = 0; j < system.GetLength(1); j++)
        {
            (system[one, j], system[two, j]) = (system[two, j], system[one, j]);
        }
    }
}
