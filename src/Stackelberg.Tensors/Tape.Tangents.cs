using Stackelberg.Tensors.Internals;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors;

/// <content>The tangent of each operation.</content>
public sealed unsafe partial class Tape<T>
{
    /// <summary>Forms the tangent of node <paramref name="i"/> from those of its operands.</summary>
    private void Push(int i)
    {
        TapeNode<T> node = nodes[i];
        int a = node.A;
        int b = node.B;
        bool needsA = Needs(a);
        bool needsB = Needs(b);
        switch (node.Operation)
        {
            case Operation.Linear:
                PushLinear(i, in node);
                break;
            case Operation.ProductNN:
            case Operation.ProductNT:
            case Operation.ProductTN:
            case Operation.Multiply:
                if (needsA)
                {
                    Accumulate(i, node.Operation, Settle(a), b);
                }

                if (needsB)
                {
                    Accumulate(i, node.Operation, a, Settle(b));
                }

                break;
            case Operation.Transpose:
                Accumulate(i, TransposeOf(Settle(a)), owned: false);
                break;
            case Operation.Activate:
                Accumulate(i, SettleThroughActivation(a, i, node.Activation), owned: true);
                break;
            case Operation.ActivationGradient:
                if (needsA)
                {
                    Accumulate(i, SettleThroughActivation(a, b, node.Activation), owned: true);
                }

                if (needsB && node.Activation == Activation.Tanh)
                {
                    Accumulate(i, Operation.TripleProduct, Settle(b), a, b, scale: -2.0);
                }

                break;
            case Operation.Add:
                PassOn(i, needsA, needsA ? Settle(a) : -1);
                PassOn(i, needsB, needsB ? Settle(b) : -1);
                break;
            case Operation.Subtract:
                PushSubtract(i, in node);
                break;
            case Operation.Divide:
                PushDivide(i, in node);
                break;
            case Operation.TripleProduct:
                PushTripleProduct(i, in node);
                break;
            case Operation.Minimum:
            case Operation.Maximum:
                (int low, int high) = node.Operation == Operation.Minimum ? (a, b) : (b, a);
                PullInto(i, needsA, Operation.WhereAtMost, needsA ? Settle(a) : -1, low, high);
                PullInto(i, needsB, Operation.WhereGreater, needsB ? Settle(b) : -1, low, high);
                break;
            case Operation.WhereAtMost:
            case Operation.WhereGreater:
                PullInto(i, needsA, node.Operation, needsA ? Settle(a) : -1, b, node.C);
                break;
            case Operation.WhereBetween:
                ThroughBetween(i, needsA, in node, needsA ? Settle(a) : -1);
                break;
            default:
                if (node.Operation >= Operation.Sum)
                {
                    PushShape(i, in node, needsA ? Settle(a) : -1);
                }
                else
                {
                    ThroughFunction(i, i, in node, Settle(a));
                }

                break;
        }
    }

    /// <summary>ẏ = (ẋ w + x ẇ + ḃ) ∘ φ′(y).</summary>
    private void PushLinear(int i, ref readonly TapeNode<T> node)
    {
        // a tangent given for the layer's own value stands behind the activation
        int given = Settle(i);
        nodes[i].Derivative = -1;
        nodes[i].Marks &= ~NodeMarks.Owned;
        if (Needs(node.C))
        {
            Accumulate(i, Operation.BroadcastRow, Settle(node.C));
        }

        if (Needs(node.A))
        {
            Accumulate(i, Operation.ProductNN, Settle(node.A), node.B);
        }

        if (Needs(node.B))
        {
            Accumulate(i, Operation.ProductNN, node.A, Settle(node.B));
        }

        if (node.Activation != Activation.Identity)
        {
            nodes[i].Derivative = SettleThroughActivation(i, i, node.Activation);
        }

        PassOn(i, given >= 0, given);
    }

    private void PushSubtract(int i, ref readonly TapeNode<T> node)
    {
        if (Needs(node.A) && Needs(node.B))
        {
            Accumulate(i, Operation.Subtract, Settle(node.A), Settle(node.B));
        }
        else if (Needs(node.A))
        {
            Accumulate(i, Settle(node.A), owned: false);
        }
        else
        {
            Accumulate(i, Operation.Affine, Settle(node.B), scale: -1.0);
        }
    }

    /// <summary>y = a / b: ẏ = (ȧ − y ḃ) / b.</summary>
    private void PushDivide(int i, ref readonly TapeNode<T> node)
    {
        int numerator = Needs(node.A) ? Settle(node.A) : -1;
        if (Needs(node.B))
        {
            int correction = EmitLike(i, Operation.Multiply, i, Settle(node.B));
            numerator = numerator >= 0
                ? EmitLike(i, Operation.Subtract, numerator, correction)
                : EmitLike(i, Operation.Affine, correction, scale: -1.0);
        }

        Accumulate(i, Operation.Divide, numerator, node.B);
    }

    private void PushTripleProduct(int i, ref readonly TapeNode<T> node)
    {
        double scale = double.CreateTruncating(node.Scale);
        if (Needs(node.A))
        {
            Accumulate(i, Operation.TripleProduct, Settle(node.A), node.B, node.C, scale);
        }

        if (Needs(node.B))
        {
            Accumulate(i, Operation.TripleProduct, node.A, Settle(node.B), node.C, scale);
        }

        if (Needs(node.C))
        {
            Accumulate(i, Operation.TripleProduct, node.A, node.B, Settle(node.C), scale);
        }
    }

    private void PushShape(int i, ref readonly TapeNode<T> node, int tangent)
    {
        double scale = double.CreateTruncating(node.Scale);
        switch (node.Operation)
        {
            case Operation.Sum:
            case Operation.SumOverRows:
            case Operation.SumOverColumns:
            case Operation.BroadcastScalar:
            case Operation.BroadcastRow:
            case Operation.BroadcastColumn:
            case Operation.SliceColumns:
            case Operation.PadColumns:
            case Operation.SliceRows:
            case Operation.PadRows:
            case Operation.Gather:
            case Operation.Scatter:
                // linear in A
                Accumulate(i, node.Operation, tangent, scale: scale, start: node.Start);
                break;
            case Operation.DiscountedSum:
            case Operation.DiscountedSumForward:
                Accumulate(i, node.Operation, tangent, node.B);
                break;
            case Operation.Concat when Needs(node.A) && Needs(node.B):
                Accumulate(i, Operation.Concat, tangent, Settle(node.B));
                break;
            case Operation.Concat when Needs(node.A):
                Accumulate(i, Operation.PadColumns, tangent, start: 0);
                break;
            case Operation.Concat:
                Accumulate(i, Operation.PadColumns, Settle(node.B), start: nodes[node.A].Columns);
                break;
            case Operation.LogSoftmax:
                // ẋ − Σ softmax ẋ
                int weighted = EmitLike(i, Operation.Multiply, EmitLike(i, Operation.Exp, i), tangent);
                int mean = EmitLike(i, Operation.BroadcastColumn, RowSums(weighted));
                PassOn(i, true, EmitLike(i, Operation.Subtract, tangent, mean));
                break;
            case Operation.Softmax:
                PassOn(i, true, CentredProduct(i, tangent));
                break;
            default:
                throw new InvalidOperationException($"The operation {node.Operation} has no tangent.");
        }
    }
}
