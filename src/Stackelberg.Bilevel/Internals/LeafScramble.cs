using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// What BLPO's released code does to q rows of a Hessian: every tensor's part is a matrix [q × its size] of its own; all of them are flattened one after the
/// other, and the result is read as if it were [q × all parameters], row by row.
/// </summary>
/// <remarks>
/// Parameters are in that code's order: for each layer the bias and then the weight [inputs × outputs]. For a critic with 8 inputs, two layers of 64 and q = 5
/// only the first tensor's part of the first row and the last tensor's part of the last row, 128 of 24 005 entries, are where they belong.
/// </remarks>
internal sealed class LeafScramble<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string Weight = ".weight";
    private const string Bias = ".bias";

    private IReadOnlyList<ParameterBlock>? tensors;
    private int[] sizes = [], order = [];
    private FlatVector<T> copy = new(0);

    /// <summary>Refuses an operator that does not tell its tensors.</summary>
    /// <exception cref="ArgumentException">It does not, or they are not all its coordinates.</exception>
    public static void Check(string solver, ILinearOperator<T> a)
    {
        if (a is not IKnownTensors<T> known)
        {
            throw new ArgumentException(
                $"'{solver}' mixes up the parameter tensors of one network, which this operator does not tell ({nameof(IKnownTensors<>)}). "
                + "Use one of the solvers that ask for none, such as nystrom; or the Hessian or Gauss-Newton matrix of one critic.");
        }

        int count = 0;
        // not foreach, which allocates an enumerator at every solve
        for (int i = 0; i < known.Tensors.Count; i++)
        {
            count += known.Tensors[i].Count;
        }

        if (count != a.Coordinates.Count)
        {
            throw new ArgumentException($"The operator's tensors have {count} elements, but it has {a.Coordinates.Count} coordinates; each must be in one tensor.");
        }
    }

    /// <summary>Scrambles rows in place.</summary>
    /// <param name="a">Passed <see cref="Check"/>.</param>
    /// <param name="rows">[q × dimension], row by row; padding stays as it is.</param>
    public void Apply(ILinearOperator<T> a, int q, Span<T> rows)
    {
        Prepare((IKnownTensors<T>)a);
        if (copy.Length != rows.Length)
        {
            copy = new FlatVector<T>(rows.Length);
        }

        rows.CopyTo(copy.Span);
        Span<T> source = copy.Span;
        // where the next entry of the flattened tensors lands when they are read row by row
        int row = 0, column = 0, first = 0;
        foreach (int size in sizes)
        {
            for (int i = 0; i < q; i++)
            {
                for (int j = 0; j < size; j++)
                {
                    rows[(row * a.Dimension) + order[column]] = source[(i * a.Dimension) + order[first + j]];
                    column++;
                    if (column == order.Length)
                    {
                        (row, column) = (row + 1, 0);
                    }
                }
            }

            first += size;
        }
    }

    private void Prepare(IKnownTensors<T> a)
    {
        if (ReferenceEquals(tensors, a.Tensors))
        {
            return;
        }

        tensors = a.Tensors;
        List<ParameterBlock> leaves = [.. tensors];
        for (int i = 0; i + 1 < leaves.Count; i++)
        {
            string name = leaves[i].Name;
            if (name.EndsWith(Weight, StringComparison.Ordinal) && leaves[i + 1].Name == string.Concat(name.AsSpan(0, name.Length - Weight.Length), Bias))
            {
                (leaves[i], leaves[i + 1]) = (leaves[i + 1], leaves[i]);
                i++;
            }
        }

        sizes = [.. leaves.Select(static leaf => leaf.Count)];
        order = [.. leaves.SelectMany(static leaf => Enumerable.Range(0, leaf.Count).Select(k => leaf.Offset + (k / leaf.Columns * leaf.Stride) + (k % leaf.Columns)))];
    }
}
