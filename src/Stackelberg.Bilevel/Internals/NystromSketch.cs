using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// q rows C of a symmetric A at coordinates drawn as <see cref="NystromColumns"/> says, and their q×q block C_Q = C[:, Q], all divided by
/// <see cref="Unit"/>.
/// </summary>
/// <param name="rank">Rows asked for.</param>
/// <param name="draw">Where coordinates come from; part of this sketch's state.</param>
/// <param name="scramble">What befalls the rows before anything is made of them; null for nothing.</param>
internal sealed class NystromSketch<T>(int rank, NystromDraw<T> draw, LeafScramble<T>? scramble = null) : IStateful
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private FlatVector<T> rows = new(0), unit = new(0);
    private int[] positions = [];

    /// <summary>Rows held: the rank asked for, or the number of coordinates when that is smaller.</summary>
    public int Rank => positions.Length;

    /// <summary>A power of two: 1 but for matrices whose squares double precision cannot hold.</summary>
    public double Unit { get; private set; } = 1;

    /// <summary>C_Q, row-major [q × q].</summary>
    public double[] Block { get; private set; } = [];

    /// <summary>CCᵀ, row-major [q × q].</summary>
    public double[] Gram { get; private set; } = [];

    /// <summary>Rows that were exactly zero when they were fetched, as those of saturated units are in single precision.</summary>
    public int ZeroColumns { get; private set; }

    public ReadOnlySpan<T> Row(int index) => rows.Span.Slice(index * unit.Length, unit.Length);

    /// <summary>Draws coordinates and fetches their rows.</summary>
    /// <returns>Whether every entry is finite.</returns>
    /// <exception cref="ArgumentException">The operator does not tell what the coordinates are drawn by, or the rows do not fit into one vector.</exception>
    public bool Draw(ILinearOperator<T> a)
    {
        Resize(a);
        if (!draw.Next(a, positions))
        {
            return false;
        }

        Fetch(a);
        CountZeros();
        scramble?.Apply(a, Rank, rows.Span);
        ChooseUnit();
        for (int i = 0; i < Rank; i++)
        {
            for (int j = 0; j < Rank; j++)
            {
                Block[(i * Rank) + j] = double.CreateTruncating(Row(i)[positions[j]]);
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

    /// <inheritdoc/>
    public void Save(StateWriter writer) => draw.Save(writer);

    /// <inheritdoc/>
    public void Load(StateReader reader) => draw.Load(reader);

    private void Fetch(ILinearOperator<T> a)
    {
        if (a is IKnownColumns<T> known)
        {
            known.Columns(positions, rows.Span);
            return;
        }

        for (int i = 0; i < Rank; i++)
        {
            unit[positions[i]] = T.One;
            // row i of A is A e_i since A is symmetric; one product writes one whole row, so no entry can land in another
            a.Multiply(unit.Span, rows.Span.Slice(i * a.Dimension, a.Dimension));
            unit[positions[i]] = T.Zero;
        }
    }

    private void CountZeros()
    {
        ZeroColumns = 0;
        for (int i = 0; i < Rank; i++)
        {
            ZeroColumns += Row(i).ContainsAnyExcept(T.Zero) ? 0 : 1;
        }
    }

    private void ChooseUnit()
    {
        double largest = 0;
        for (int i = 0; i < Rank; i++)
        {
            largest = Math.Max(largest, Vectors.Norm(Row(i)));
        }

        Unit = largest > 0 ? Numbers<T>.Unit(largest) : 1;
        if (Unit != 1)
        {
            Vectors.Scale(rows.Span, 1 / Unit);
        }
    }

    private void Resize(ILinearOperator<T> a)
    {
        int q = Math.Min(rank, a.Coordinates.Count);
        if (unit.Length == a.Dimension && Rank == q)
        {
            return;
        }

        long elements = (long)q * a.Dimension;
        if (elements > Padding.MaximumElements)
        {
            throw new ArgumentException(
                $"{q} columns of {a.Dimension} elements take more than the {Padding.MaximumElements} elements of one vector; ask for a rank of at most {Padding.MaximumElements / a.Dimension}.");
        }

        unit = new FlatVector<T>(a.Dimension);
        rows = new FlatVector<T>((int)elements);
        positions = new int[q];
        Block = new double[q * q];
        Gram = new double[q * q];
    }
}
