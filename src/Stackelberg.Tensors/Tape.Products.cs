using System.Runtime.CompilerServices;
using Stackelberg.Tensors.Internals;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors;

/// <content>Linear layers and matrix products.</content>
public sealed unsafe partial class Tape<T>
{
    /// <summary>A fully connected layer φ(x w + b) in one pass.</summary>
    /// <param name="x">Input, [rows × inputs].</param>
    /// <param name="w">Weights, [inputs × outputs].</param>
    /// <param name="b">Biases, [1 × outputs].</param>
    /// <param name="activation">φ</param>
    public Variable Linear(Variable x, Variable w, Variable b, Activation activation = Activation.Identity)
    {
        int xi = IndexOf(x);
        int wi = IndexOf(w);
        int bi = IndexOf(b);
        CheckInner("Linear", xi, wi, nodes[xi].Columns, nodes[wi].Rows);
        if (nodes[bi].Rows != 1 || nodes[bi].Columns != nodes[wi].Columns)
        {
            TapeErrors.Shapes(
                "Linear", nodes[wi].Rows, nodes[wi].Columns, nodes[bi].Rows, nodes[bi].Columns, "the bias must be a row as wide as the weights");
        }

        return Handle(Emit(Operation.Linear, nodes[xi].Rows, nodes[wi].Columns, xi, wi, bi, activation: activation));
    }

    /// <summary>The matrix product a b.</summary>
    public Variable MatMul(Variable a, Variable b)
    {
        int x = IndexOf(a);
        int y = IndexOf(b);
        CheckInner("MatMul", x, y, nodes[x].Columns, nodes[y].Rows);
        return Handle(Emit(Operation.ProductNN, nodes[x].Rows, nodes[y].Columns, x, y));
    }

    /// <summary>The matrix product a bᵀ.</summary>
    public Variable MatMulNT(Variable a, Variable b)
    {
        int x = IndexOf(a);
        int y = IndexOf(b);
        CheckInner("MatMulNT", x, y, nodes[x].Columns, nodes[y].Columns);
        return Handle(Emit(Operation.ProductNT, nodes[x].Rows, nodes[y].Rows, x, y));
    }

    /// <summary>The matrix product aᵀ b.</summary>
    public Variable MatMulTN(Variable a, Variable b)
    {
        int x = IndexOf(a);
        int y = IndexOf(b);
        CheckInner("MatMulTN", x, y, nodes[x].Rows, nodes[y].Rows);
        return Handle(Emit(Operation.ProductTN, nodes[x].Columns, nodes[y].Columns, x, y));
    }

    /// <summary>The transposed matrix. Computed once per variable.</summary>
    public Variable Transpose(Variable x) => Handle(TransposeOf(IndexOf(x)));

    private int TransposeOf(int source)
    {
        if (nodes[source].Transposed < 0)
        {
            int rows = nodes[source].Rows;
            int columns = nodes[source].Columns;
            // a column and a row are stored alike
            int index = rows == 1 || columns == 1
                ? EmitAlias(Operation.Transpose, columns, rows, source)
                : Emit(Operation.Transpose, columns, rows, source);
            nodes[source].Transposed = index;
        }

        return nodes[source].Transposed;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckInner(string operation, int a, int b, int inner, int otherInner)
    {
        if (inner != otherInner)
        {
            TapeErrors.Shapes(
                operation,
                nodes[a].Rows,
                nodes[a].Columns,
                nodes[b].Rows,
                nodes[b].Columns,
                $"the dimension summed over is {inner} in one and {otherInner} in the other");
        }
    }
}
