using Stackelberg.Tensors.Internals;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors;

/// <content>The vector-Jacobian product of each operation.</content>
public sealed unsafe partial class Tape<T>
{
    /// <summary>Passes the gradient of node <paramref name="i"/> on to its operands.</summary>
    private void Pull(int i)
    {
        TapeNode<T> node = nodes[i];
        if (!(Needs(node.A) || Needs(node.B) || Needs(node.C)))
        {
            return;
        }

        switch (node.Operation)
        {
            case Operation.Linear:
            case Operation.ProductNN:
                PullLinear(i, in node);
                return;
            case Operation.ActivationGradient:
                PullActivationGradient(i, in node);
                return;
            case Operation.Activate:
                Accumulate(node.A, SettleThroughActivation(i, i, node.Activation), owned: true);
                return;
        }

        int g = Settle(i);
        int a = node.A;
        int b = node.B;
        bool needsA = Needs(a);
        bool needsB = Needs(b);
        switch (node.Operation)
        {
            case Operation.ProductNT:
                PullInto(a, needsA, Operation.ProductNN, g, b);
                PullInto(b, needsB, Operation.ProductTN, g, a);
                break;
            case Operation.ProductTN:
                PullInto(a, needsA, Operation.ProductNT, b, g);
                PullInto(b, needsB, Operation.ProductNN, a, g);
                break;
            case Operation.Transpose:
                Accumulate(a, TransposeOf(g), owned: false);
                break;
            case Operation.Add:
                PassOn(a, needsA, g);
                PassOn(b, needsB, g);
                break;
            case Operation.Subtract:
                PassOn(a, needsA, g);
                if (needsB)
                {
                    Accumulate(b, Operation.Affine, g, scale: -1.0);
                }

                break;
            case Operation.Multiply:
                PullInto(a, needsA, Operation.Multiply, g, b);
                PullInto(b, needsB, Operation.Multiply, g, a);
                break;
            case Operation.Divide:
                PullDivide(i, in node, g);
                break;
            case Operation.TripleProduct:
                PullTripleProduct(in node, g);
                break;
            case Operation.Minimum:
            case Operation.Maximum:
                PullExtremum(in node, g);
                break;
            case Operation.WhereAtMost:
            case Operation.WhereGreater:
                // the places compared are constant almost everywhere
                PullInto(a, needsA, node.Operation, g, b, node.C);
                break;
            case Operation.WhereBetween:
                ThroughBetween(a, needsA, in node, g);
                break;
            default:
                if (node.Operation >= Operation.Sum)
                {
                    PullShape(i, in node, g);
                }
                else
                {
                    ThroughFunction(a, i, in node, g);
                }

                break;
        }
    }

    private void PullInto(int operand, bool needed, Operation operation, int a, int b, int c = -1)
    {
        if (needed)
        {
            Accumulate(operand, operation, a, b, c);
        }
    }

    private void PassOn(int operand, bool needed, int g)
    {
        if (needed)
        {
            Accumulate(operand, g, owned: false);
        }
    }

    /// <summary>y = φ(x w + b) or x w: with δ = ȳ ∘ φ′, x̄ = δ wᵀ, w̄ = xᵀ δ, b̄ = Σ rows of δ.</summary>
    private void PullLinear(int i, ref readonly TapeNode<T> node)
    {
        int delta = SettleThroughActivation(i, i, node.Activation);
        PullInto(node.A, Needs(node.A), Operation.ProductNT, delta, node.B);
        PullInto(node.B, Needs(node.B), Operation.ProductTN, node.A, delta);
        // the sums come last so that, differentiating again, the repeated row is the first term of δ's gradient: it becomes the products' bias
        if (Needs(node.C))
        {
            Accumulate(node.C, Operation.SumOverRows, delta);
        }
    }

    /// <summary>d = u ∘ φ′(y): ū = d̄ ∘ φ′(y); for tanh, φ′ = 1 − y², so ȳ = −2 d̄ ∘ u ∘ y.</summary>
    private void PullActivationGradient(int i, ref readonly TapeNode<T> node)
    {
        if (Needs(node.A))
        {
            Accumulate(node.A, SettleThroughActivation(i, node.B, node.Activation), owned: true);
        }

        if (node.Activation == Activation.Tanh && Needs(node.B))
        {
            Accumulate(node.B, Operation.TripleProduct, Settle(i), node.A, node.B, scale: -2.0);
        }
    }

    private void PullDivide(int i, ref readonly TapeNode<T> node, int g)
    {
        int quotient = EmitLike(i, Operation.Divide, g, node.B);
        PassOn(node.A, Needs(node.A), quotient);
        if (Needs(node.B))
        {
            int product = EmitLike(i, Operation.Multiply, quotient, i);
            Accumulate(node.B, Operation.Affine, product, scale: -1.0);
        }
    }

    private void PullTripleProduct(ref readonly TapeNode<T> node, int g)
    {
        double scale = double.CreateTruncating(node.Scale);
        if (Needs(node.A))
        {
            Accumulate(node.A, Operation.TripleProduct, g, node.B, node.C, scale);
        }

        if (Needs(node.B))
        {
            Accumulate(node.B, Operation.TripleProduct, g, node.A, node.C, scale);
        }

        if (Needs(node.C))
        {
            Accumulate(node.C, Operation.TripleProduct, g, node.A, node.B, scale);
        }
    }

    /// <summary>The limits are constant almost everywhere, so only the first operand has a derivative.</summary>
    private void ThroughBetween(int target, bool needed, ref readonly TapeNode<T> node, int g)
    {
        if (needed)
        {
            Accumulate(
                target,
                Operation.WhereBetween,
                g,
                node.B,
                scale: double.CreateTruncating(node.Scale),
                shift: double.CreateTruncating(node.Shift));
        }
    }

    /// <summary>Equal numbers: the first operand gets the derivative.</summary>
    private void PullExtremum(ref readonly TapeNode<T> node, int g)
    {
        (int low, int high) = node.Operation == Operation.Minimum ? (node.A, node.B) : (node.B, node.A);
        PullInto(node.A, Needs(node.A), Operation.WhereAtMost, g, low, high);
        PullInto(node.B, Needs(node.B), Operation.WhereGreater, g, low, high);
    }

    /// <summary>
    /// Adds g ∘ f′ to the derivative of <paramref name="target"/>, y = f(a) the node <paramref name="i"/>, f′ written in a or y. The Jacobian is diagonal,
    /// so this serves gradients (target a) and tangents (target i) alike.
    /// </summary>
    private void ThroughFunction(int target, int i, ref readonly TapeNode<T> node, int g)
    {
        int a = node.A;
        switch (node.Operation)
        {
            case Operation.Affine:
                Accumulate(target, Operation.Affine, g, scale: double.CreateTruncating(node.Scale));
                break;
            case Operation.Square:
                Accumulate(target, Operation.Affine, EmitLike(i, Operation.Multiply, g, a), scale: 2.0);
                break;
            case Operation.Sqrt:
                Accumulate(target, Operation.Affine, EmitLike(i, Operation.Divide, g, i), scale: 0.5);
                break;
            case Operation.Exp:
                Accumulate(target, Operation.Multiply, g, i);
                break;
            case Operation.Log:
                Accumulate(target, Operation.Divide, g, a);
                break;
            case Operation.Softplus:
                Accumulate(target, Operation.Multiply, g, EmitLike(i, Operation.Sigmoid, a));
                break;
            case Operation.Sigmoid:
                Accumulate(target, Operation.TripleProduct, g, i, EmitLike(i, Operation.Affine, i, scale: -1.0, shift: 1.0));
                break;
            case Operation.Clamp:
                Accumulate(
                    target,
                    Operation.WhereBetween,
                    g,
                    a,
                    scale: double.CreateTruncating(node.Scale),
                    shift: double.CreateTruncating(node.Shift));
                break;
            default:
                throw new InvalidOperationException($"The operation {node.Operation} has no derivative.");
        }
    }

    private void PullShape(int i, ref readonly TapeNode<T> node, int g)
    {
        int a = node.A;
        double scale = double.CreateTruncating(node.Scale);
        switch (node.Operation)
        {
            case Operation.Sum:
                Accumulate(a, Operation.BroadcastScalar, g, scale: scale);
                break;
            case Operation.SumOverRows:
                Accumulate(a, Operation.BroadcastRow, g, scale: scale);
                break;
            case Operation.SumOverColumns:
                Accumulate(a, Operation.BroadcastColumn, g, scale: scale);
                break;
            case Operation.BroadcastScalar:
                Accumulate(a, Operation.Sum, g, scale: scale);
                break;
            case Operation.BroadcastRow:
                Accumulate(a, Operation.SumOverRows, g, scale: scale);
                break;
            case Operation.BroadcastColumn:
                Accumulate(a, Operation.SumOverColumns, g, scale: scale);
                break;
            case Operation.Concat:
                if (Needs(a))
                {
                    Accumulate(a, Operation.SliceColumns, g, start: 0);
                }

                if (Needs(node.B))
                {
                    Accumulate(node.B, Operation.SliceColumns, g, start: nodes[a].Columns);
                }

                break;
            case Operation.SliceColumns:
                Accumulate(a, Operation.PadColumns, g, start: node.Start);
                break;
            case Operation.PadColumns:
                Accumulate(a, Operation.SliceColumns, g, start: node.Start);
                break;
            case Operation.SliceRows:
                Accumulate(a, Operation.PadRows, g, start: node.Start);
                break;
            case Operation.PadRows:
                Accumulate(a, Operation.SliceRows, g, start: node.Start);
                break;
            case Operation.Gather:
                Accumulate(a, Operation.Scatter, g, start: node.Start);
                break;
            case Operation.Scatter:
                Accumulate(a, Operation.Gather, g, start: node.Start);
                break;
            case Operation.LogSoftmax:
                // g − softmax · Σ g
                int share = EmitLike(i, Operation.BroadcastColumn, RowSums(g));
                PassOn(a, true, EmitLike(i, Operation.Subtract, g, EmitLike(i, Operation.Multiply, EmitLike(i, Operation.Exp, i), share)));
                break;
            case Operation.Softmax:
                PassOn(a, true, CentredProduct(i, g));
                break;
            case Operation.DiscountedSum:
                Accumulate(a, Operation.DiscountedSumForward, g, node.B);
                break;
            case Operation.DiscountedSumForward:
                Accumulate(a, Operation.DiscountedSum, g, node.B);
                break;
            default:
                throw new InvalidOperationException($"The operation {node.Operation} has no vector-Jacobian product.");
        }
    }

    private int RowSums(int x) => Emit(Operation.SumOverColumns, nodes[x].Rows, 1, x);

    /// <summary>y ∘ (g − Σ y g), y the softmax: its Jacobian is symmetric, so this is also the tangent.</summary>
    private int CentredProduct(int y, int g)
    {
        int mean = EmitLike(y, Operation.BroadcastColumn, RowSums(EmitLike(y, Operation.Multiply, y, g)));
        return EmitLike(y, Operation.Multiply, y, EmitLike(y, Operation.Subtract, g, mean));
    }
}
