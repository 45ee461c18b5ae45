using System.Runtime.CompilerServices;
using Stackelberg.Tensors.Internals;
using Stackelberg.Tensors.Kernels;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors;

/// <content>Executing operations.</content>
public sealed unsafe partial class Tape<T>
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Execute(int index)
    {
        ref TapeNode<T> node = ref nodes[index];
        ref TapeNode<T> a = ref nodes[node.A];
        int n = node.Size;
        switch (node.Operation)
        {
            case Operation.Linear:
            case Operation.ProductNN:
            case Operation.ProductNT:
            case Operation.ProductTN:
                ExecuteProduct(index);
                break;
            case Operation.Copy:
                new ReadOnlySpan<T>(a.Data, n).CopyTo(new Span<T>(node.Data, n));
                break;
            case Operation.Transpose:
                Gemm.Transpose(a.Data, a.Rows, a.Columns, a.Stride, node.Data, node.Stride);
                break;
            case Operation.Activate when node.Activation == Activation.Relu:
                Elementwise.Unary(n, a.Data, node.Data, default(ReluOperation<T>));
                break;
            case Operation.Activate:
                Elementwise.Unary(n, a.Data, node.Data, default(TanhOperation<T>));
                break;
            case Operation.ActivationGradient when node.Activation == Activation.Relu:
                Elementwise.Binary(n, nodes[node.B].Data, a.Data, node.Data, default(ReluBackwardOperation<T>));
                break;
            case Operation.ActivationGradient:
                Elementwise.Binary(n, nodes[node.B].Data, a.Data, node.Data, default(TanhBackwardOperation<T>));
                break;
            case Operation.Add:
                Elementwise.Binary(n, a.Data, nodes[node.B].Data, node.Data, default(AddOperation<T>));
                break;
            case Operation.Subtract:
                Elementwise.Binary(n, a.Data, nodes[node.B].Data, node.Data, default(SubtractOperation<T>));
                break;
            case Operation.Multiply:
                Elementwise.Binary(n, a.Data, nodes[node.B].Data, node.Data, default(MultiplyOperation<T>));
                break;
            case Operation.Minimum:
                Elementwise.Binary(n, a.Data, nodes[node.B].Data, node.Data, default(MinOperation<T>));
                break;
            case Operation.Maximum:
                Elementwise.Binary(n, a.Data, nodes[node.B].Data, node.Data, default(MaxOperation<T>));
                break;
            case Operation.TripleProduct:
                Elementwise.Ternary(
                    n, a.Data, nodes[node.B].Data, nodes[node.C].Data, node.Data, new TripleProductOperation<T>(node.Scale));
                break;
            case Operation.WhereAtMost:
                Elementwise.Ternary(n, a.Data, nodes[node.B].Data, nodes[node.C].Data, node.Data, default(WhereAtMostOperation<T>));
                break;
            case Operation.WhereGreater:
                Elementwise.Ternary(n, a.Data, nodes[node.B].Data, nodes[node.C].Data, node.Data, default(WhereGreaterOperation<T>));
                break;
            case Operation.WhereBetween:
                Elementwise.Binary(
                    n, a.Data, nodes[node.B].Data, node.Data, new WhereBetweenOperation<T>(node.Scale, node.Shift));
                break;
            case Operation.Affine:
                Elementwise.Unary(n, a.Data, node.Data, new AffineOperation<T>(node.Scale, node.Shift));
                if (node.Shift != T.Zero)
                {
                    RowKernels.ClearPadding(in node);
                }

                break;
            case Operation.Square:
                Elementwise.Unary(n, a.Data, node.Data, default(SquareOperation<T>));
                break;
            case Operation.Sqrt:
                Elementwise.Unary(n, a.Data, node.Data, default(SquareRootOperation<T>));
                break;
            case Operation.Divide:
            case Operation.Clamp:
            case Operation.Exp:
            case Operation.Log:
            case Operation.Softplus:
            case Operation.Sigmoid:
                ExecuteAwayFromZero(ref node, ref a);
                RowKernels.ClearPadding(in node);
                break;
            default:
                ExecuteByRows(ref node, ref a);
                break;
        }

        Inspect(index);
        GC.KeepAlive(this);
    }

    /// <summary>Functions that make something else than 0 of the zeros in the padding.</summary>
    private void ExecuteAwayFromZero(ref TapeNode<T> node, ref TapeNode<T> a)
    {
        int n = node.Size;
        switch (node.Operation)
        {
            case Operation.Divide:
                Elementwise.Binary(n, a.Data, nodes[node.B].Data, node.Data, default(DivideOperation<T>));
                break;
            case Operation.Clamp:
                Elementwise.Unary(n, a.Data, node.Data, new ClampOperation<T>(node.Scale, node.Shift));
                break;
            case Operation.Exp:
                Elementwise.Unary(n, a.Data, node.Data, default(ExpOperation<T>));
                break;
            case Operation.Log:
                Elementwise.Unary(n, a.Data, node.Data, default(LogOperation<T>));
                break;
            case Operation.Softplus:
                Elementwise.Unary(n, a.Data, node.Data, default(SoftplusOperation<T>));
                break;
            default:
                Elementwise.Unary(n, a.Data, node.Data, default(SigmoidOperation<T>));
                break;
        }
    }

    private void ExecuteByRows(ref TapeNode<T> node, ref TapeNode<T> a)
    {
        switch (node.Operation)
        {
            case Operation.Sum:
                *node.Data = node.Scale * RowKernels.Sum(a.Data, a.Size);
                break;
            case Operation.SumOverRows:
                SumRows(ref node, ref a);
                break;
            case Operation.SumOverColumns:
                RowKernels.SumOverColumns(in a, in node);
                break;
            case Operation.BroadcastScalar:
                T number = node.Scale * *a.Data;
                new Span<T>(node.Data, node.Size).Fill(number);
                break;
            case Operation.BroadcastRow when node.Columns == 1:
                new Span<T>(node.Data, node.Rows).Fill(node.Scale * *a.Data);
                break;
            case Operation.BroadcastRow:
                RowKernels.BroadcastRow(a.Data, node.Scale, in node, accumulate: false);
                return;
            case Operation.BroadcastColumn:
                RowKernels.BroadcastColumn(a.Data, in node);
                break;
            case Operation.Concat:
                ref TapeNode<T> b = ref nodes[node.B];
                RowKernels.CopyBlock(a.Data, a.Stride, node.Data, node.Stride, a.Rows, a.Columns);
                RowKernels.CopyBlock(b.Data, b.Stride, node.Data + a.Columns, node.Stride, b.Rows, b.Columns);
                break;
            case Operation.SliceColumns:
                RowKernels.CopyBlock(a.Data + node.Start, a.Stride, node.Data, node.Stride, node.Rows, node.Columns);
                break;
            case Operation.SliceRows:
                RowKernels.CopyBlock(a.Data + ((nint)node.Start * a.Stride), a.Stride, node.Data, node.Stride, node.Rows, node.Columns);
                break;
            case Operation.PadColumns:
                new Span<T>(node.Data, node.Size).Clear();
                RowKernels.CopyBlock(a.Data, a.Stride, node.Data + node.Start, node.Stride, a.Rows, a.Columns);
                return;
            case Operation.PadRows:
                new Span<T>(node.Data, node.Size).Clear();
                RowKernels.CopyBlock(a.Data, a.Stride, node.Data + ((nint)node.Start * node.Stride), node.Stride, a.Rows, a.Columns);
                return;
            case Operation.Gather:
                for (int r = 0; r < node.Rows; r++)
                {
                    node.Data[r] = a.Data[((nint)r * a.Stride) + indices[node.Start + r]];
                }

                break;
            case Operation.Scatter:
                new Span<T>(node.Data, node.Size).Clear();
                for (int r = 0; r < node.Rows; r++)
                {
                    node.Data[((nint)r * node.Stride) + indices[node.Start + r]] = a.Data[r];
                }

                return;
            case Operation.LogSoftmax:
            case Operation.Softmax:
                RowKernels.LogSoftmax(in a, in node, node.Operation == Operation.Softmax);
                break;
            case Operation.DiscountedSum:
            case Operation.DiscountedSumForward:
                RowKernels.DiscountedSum(in a, nodes[node.B].Data, in node, node.Operation == Operation.DiscountedSumForward);
                break;
            default:
                throw new InvalidOperationException($"The operation {node.Operation} is not executed.");
        }

        RowKernels.ClearPadding(in node);
    }

    private static void SumRows(ref TapeNode<T> node, ref TapeNode<T> a)
    {
        if (a.Columns == 1)
        {
            *node.Data = node.Scale * RowKernels.Sum(a.Data, a.Size);
            return;
        }

        Gemm.ColumnSums(a.Rows, a.Stride, a.Data, a.Stride, node.Data, accumulate: false);
        if (node.Scale != T.One)
        {
            Elementwise.Unary(node.Size, node.Data, node.Data, new ScaleOperation<T>(node.Scale));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Inspect(int index)
    {
        if (DetectNonFinite)
        {
            RequireFinite(index);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RequireFinite(int index)
    {
        ref TapeNode<T> node = ref nodes[index];
        if (Vectors.AllFinite(new ReadOnlySpan<T>(node.Data, node.Size)))
        {
            return;
        }

        string operands = string.Empty;
        foreach (int operand in (ReadOnlySpan<int>)[node.A, node.B, node.C])
        {
            if (operand >= 0)
            {
                operands += $" {nodes[operand].Operation} [{nodes[operand].Rows} × {nodes[operand].Columns}]";
            }
        }

        throw new NonFiniteException(
            $"Operation {index} on the tape, {node.Operation} [{node.Rows} × {node.Columns}], gave NaN or infinity"
            + (operands.Length == 0 ? "; it is a leaf or constant." : $" from the finite operands:{operands}."));
    }
}
