using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>Draws the coordinates of a Nyström approximation.</summary>
internal sealed class NystromDraw<T>(NystromColumns columns, RandomStream random) : IStateful
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private FlatVector<T> diagonal = new(0);
    private double[] cumulative = [];
    private int[] order = [];

    // logical coordinates that stay, and of how many they were drawn
    private long[] kept = [];
    private long keptOf;

    /// <summary>Refuses an operator that does not tell what coordinates are drawn by.</summary>
    /// <exception cref="ArgumentException">Coordinates are drawn by the Gauss-Newton diagonal, and the operator has none.</exception>
    public void Check(ILinearOperator<T> a)
    {
        if (columns == NystromColumns.GaussNewton && a is not IGaussNewtonDiagonal<T> && !(a is IKnownDiagonal<T> && IsPositive(a)))
        {
            throw new ArgumentException(
                $"Columns are to be drawn by the Gauss-Newton diagonal ({nameof(SolverOptions.Columns)}={nameof(NystromColumns.GaussNewton)}), which this operator does not tell. "
                + $"Draw them fresh or fixed, or give an operator that implements {nameof(IGaussNewtonDiagonal<>)}, or {nameof(IKnownDiagonal<>)} if it is positive semidefinite.");
        }
    }

    /// <summary>positions ← storage positions of the coordinates of the next solve.</summary>
    /// <returns>Whether what they are drawn by is finite.</returns>
    public bool Next(ILinearOperator<T> a, Span<int> positions)
    {
        Check(a);
        CoordinateMap coordinates = a.Coordinates;
        if (columns == NystromColumns.GaussNewton)
        {
            return ByDiagonal(a, positions);
        }

        if (columns == NystromColumns.Fixed && kept.Length == positions.Length && keptOf == coordinates.Count)
        {
            for (int i = 0; i < positions.Length; i++)
            {
                positions[i] = coordinates[(int)kept[i]];
            }

            return true;
        }

        WithoutReplacement(coordinates.Count, positions.Length);
        if (columns == NystromColumns.Fixed)
        {
            kept = Array.ConvertAll(order[..positions.Length], static i => (long)i);
            keptOf = coordinates.Count;
        }

        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] = coordinates[order[i]];
        }

        return true;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("random", random);
        if (columns == NystromColumns.Fixed)
        {
            writer.Write("coordinates", keptOf);
            writer.WriteArray("columns", kept);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="StateException">A column lies outside the coordinates it was drawn from.</exception>
    public void Load(StateReader reader)
    {
        reader.Read("random", random);
        if (columns == NystromColumns.Fixed)
        {
            keptOf = reader.ReadInt64("coordinates");
            kept = new long[checked((int)reader.Length("columns"))];
            reader.ReadArray("columns", kept);
            foreach (long column in kept)
            {
                if (column < 0 || column >= keptOf)
                {
                    throw new StateException($"The saved Nyström approximation has a column {column} of {keptOf} coordinates; the state is damaged.");
                }
            }
        }
    }

    // not HasFlag, which allocates until the method is optimised
    private static bool IsPositive(ILinearOperator<T> a) => (a.Properties & OperatorProperties.PositiveSemidefinite) == OperatorProperties.PositiveSemidefinite;

    private void WithoutReplacement(int count, int draws)
    {
        if (order.Length != count)
        {
            order = new int[count];
        }

        for (int i = 0; i < count; i++)
        {
            order[i] = i;
        }

        for (int i = 0; i < draws; i++)
        {
            int j = i + random.NextInt32(count - i);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }

    private bool ByDiagonal(ILinearOperator<T> a, Span<int> positions)
    {
        CoordinateMap coordinates = a.Coordinates;
        int count = coordinates.Count;
        if (diagonal.Length != a.Dimension || cumulative.Length != count)
        {
            diagonal = new FlatVector<T>(a.Dimension);
            cumulative = new double[count];
        }

        if (a is IGaussNewtonDiagonal<T> ofGaussNewton)
        {
            ofGaussNewton.GaussNewtonDiagonal(diagonal.Span);
        }
        else
        {
            ((IKnownDiagonal<T>)a).Diagonal(diagonal.Span);
        }

        if (!Vectors.AllFinite<T>(diagonal.Span))
        {
            return false;
        }

        Accumulate(coordinates);
        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] = coordinates[Find(random.NextDouble() * cumulative[^1])];
        }

        return true;
    }

    // cumulative[i] ← Σ_{j ≤ i} (d_j / max d)⁴: fourth powers of single precision would leave its range, and of double precision that one
    private void Accumulate(CoordinateMap coordinates)
    {
        double largest = 0, sum = 0;
        foreach (T value in diagonal.Span)
        {
            largest = Math.Max(largest, Math.Abs(double.CreateTruncating(value)));
        }

        for (int i = 0; i < cumulative.Length; i++)
        {
            double share = largest > 0 ? double.CreateTruncating(diagonal[coordinates[i]]) / largest : 1;
            sum += share * share * share * share;
            cumulative[i] = sum;
        }
    }

    /// <summary>The first coordinate whose cumulative weight is above <paramref name="level"/>; never one without weight.</summary>
    private int Find(double level)
    {
        int low = 0, high = cumulative.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = cumulative[middle] > level ? (low, middle) : (middle + 1, high);
        }

        // rounding can bring the level to the total, behind which coordinates without weight may lie
        while (low > 0 && cumulative[low] == cumulative[low - 1])
        {
            low--;
        }

        return low;
    }
}
