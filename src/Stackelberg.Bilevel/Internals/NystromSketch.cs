using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// q rows C of a symmetric A at coordinates drawn without replacement, and their q×q block C_Q = C[:, Q], all divided by <see cref="Unit"/>.
/// </summary>
internal sealed class NystromSketch<T>(int rank, RandomStream random)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private FlatVector<T>[] rows = [];
    private FlatVector<T> unit = new(0);
    private int[] order = [];

    /// <summary>Rows held: the rank asked for, or the number of coordinates when that is smaller.</summary>
    public int Rank => rows.Length;

    /// <summary>A power of two: 1 but for matrices whose squares double precision cannot hold.</summary>
    public double Unit { get; private set; } = 1;

    /// <summary>C_Q, row-major [q × q].</summary>
    public double[] Block { get; private set; } = [];

    /// <summary>CCᵀ, row-major [q × q].</summary>
    public double[] Gram { get; private set; } = [];

    public RandomStream Random => random;

    public ReadOnlySpan<T> Row(int index) => rows[index].Span;

    /// <summary>Draws new coordinates and multiplies their unit vectors.</summary>
    /// <returns>Whether every entry is finite.</returns>
    public bool Draw(ILinearOperator<T> a)
    {
        Resize(a);
        DrawWithoutReplacement();
        for (int i = 0; i < Rank; i++)
        {
            int position = a.Coordinates[order[i]];
            unit[position] = T.One;
            // row i of A is A e_i since A is symmetric; one product writes one whole row, so no entry can land in another
            a.Multiply(unit.Span, rows[i].Span);
            unit[position] = T.Zero;
        }

        ChooseUnit();
        for (int i = 0; i < Rank; i++)
        {
            for (int j = 0; j < Rank; j++)
            {
                Block[(i * Rank) + j] = double.CreateTruncating(rows[i][a.Coordinates[order[j]]]);
                Gram[(i * Rank) + j] = Vectors.Dot(Row(i), Row(j));
            }
        }

        return Vectors.AllFinite<double>(Gram);
    }

    /// <summary>result ← C v.</summary>
    public void Multiply(ReadOnlySpan<T> v, Span<double> result)
    {
        for (int i = 0; i < Rank; i++)
        {
            result[i] = Vectors.Dot(Row(i), v);
        }
    }

    /// <summary>result ← result + factor Cᵀ u.</summary>
    public void AddTransposed(Span<T> result, double factor, ReadOnlySpan<double> u)
    {
        for (int i = 0; i < Rank; i++)
        {
            Vectors.AddScaled(result, factor * u[i], Row(i));
        }
    }

    private void ChooseUnit()
    {
        double largest = 0;
        foreach (FlatVector<T> row in rows)
        {
            largest = Math.Max(largest, Vectors.Norm<T>(row.Span));
        }

        Unit = largest > 0 ? Numbers<T>.Unit(largest) : 1;
        for (int i = 0; i < Rank && Unit != 1; i++)
        {
            Vectors.Scale(rows[i].Span, 1 / Unit);
        }
    }

    private void Resize(ILinearOperator<T> a)
    {
        int q = Math.Min(rank, a.Coordinates.Count);
        if (unit.Length == a.Dimension && order.Length == a.Coordinates.Count && rows.Length == q)
        {
            return;
        }

        unit = new FlatVector<T>(a.Dimension);
        order = new int[a.Coordinates.Count];
        rows = new FlatVector<T>[q];
        for (int i = 0; i < q; i++)
        {
            rows[i] = new FlatVector<T>(a.Dimension);
        }

        Block = new double[q * q];
        Gram = new double[q * q];
    }

    private void DrawWithoutReplacement()
    {
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        for (int i = 0; i < Rank; i++)
        {
            int j = i + random.NextInt32(order.Length - i);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }
}
