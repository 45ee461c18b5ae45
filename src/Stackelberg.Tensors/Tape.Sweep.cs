using System.Runtime.CompilerServices;
using Stackelberg.Tensors.Internals;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors;

/// <content>
/// What the reverse and the forward sweep share: which nodes take part, and how the terms of a derivative are added up. Products are kept back
/// until the sum is read, so that two of them, a bias and an activation's derivative cost one pass over the result.
/// </content>
public sealed unsafe partial class Tape<T>
{
    private int sweepStart;

    /// <summary>Marks the nodes from the first variable to <paramref name="end"/> that depend on one of the variables.</summary>
    private void BeginSweep(ReadOnlySpan<Variable> variables, int end)
    {
        sweepStart = end + 1;
        foreach (Variable variable in variables)
        {
            sweepStart = Math.Min(sweepStart, IndexOf(variable));
        }

        for (int i = sweepStart; i <= end; i++)
        {
            ClearSweep(ref nodes[i]);
        }

        foreach (Variable variable in variables)
        {
            if (variable.Index > end)
            {
                ClearSweep(ref nodes[variable.Index]);
            }

            nodes[variable.Index].Marks = NodeMarks.Needed;
        }

        for (int i = sweepStart; i <= end; i++)
        {
            ref TapeNode<T> node = ref nodes[i];
            if (node.Operation > Operation.StopGradient && (Needs(node.A) || Needs(node.B) || Needs(node.C)))
            {
                node.Marks = NodeMarks.Needed;
            }
        }
    }

    private static void ClearSweep(ref TapeNode<T> node)
    {
        node.Marks = NodeMarks.None;
        node.Derivative = -1;
        node.FirstPending = -1;
        node.SecondPending = -1;
        node.PendingRow = -1;
    }

    /// <summary>Whether the node takes part in the sweep; false for no node.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Needs(int index) => index >= sweepStart && (nodes[index].Marks & NodeMarks.Needed) != 0;

    /// <summary>Adds an existing value to the derivative of node <paramref name="x"/>.</summary>
    private void Accumulate(int x, int value, bool owned)
    {
        if (nodes[x].Derivative < 0)
        {
            if (nodes[x].Destination != null)
            {
                value = Emit(Operation.Copy, nodes[x].Rows, nodes[x].Columns, value, into: nodes[x].Destination);
                owned = true;
            }

            nodes[x].Derivative = value;
            nodes[x].Marks |= owned ? NodeMarks.Owned : NodeMarks.None;
            return;
        }

        Flush(x);
        bool inPlace = (nodes[x].Marks & NodeMarks.Owned) != 0;
        int current = nodes[x].Derivative;
        nodes[x].Derivative = Emit(
            Operation.Add, nodes[x].Rows, nodes[x].Columns, current, value, into: inPlace ? nodes[current].Data : null);
        nodes[x].Marks |= NodeMarks.Owned;
    }

    /// <summary>Adds the result of an operation to the derivative of node <paramref name="x"/>.</summary>
    private void Accumulate(
        int x,
        Operation operation,
        int a,
        int b = -1,
        int c = -1,
        double scale = 1.0,
        double shift = 0.0,
        int start = 0,
        Activation activation = Activation.Identity)
    {
        int rows = nodes[x].Rows;
        int columns = nodes[x].Columns;
        bool isProduct = operation is Operation.ProductNN or Operation.ProductNT or Operation.ProductTN;
        if (columns > 1 && (isProduct || operation == Operation.BroadcastRow) && scale == 1.0 && Defer(x, operation, a, b, isProduct))
        {
            return;
        }

        if (nodes[x].Derivative < 0)
        {
            // a division's own value takes part in its derivative, so it must survive
            bool owned = operation != Operation.Divide || nodes[x].Destination != null;
            int value = Emit(operation, rows, columns, a, b, c, scale, shift, start, activation, nodes[x].Destination);
            nodes[x].Derivative = value;
            nodes[x].Marks |= owned ? NodeMarks.Owned : NodeMarks.None;
            return;
        }

        Accumulate(x, Emit(operation, rows, columns, a, b, c, scale, shift, start, activation), owned: true);
    }

    /// <summary>
    /// Takes a product or a repeated row into the derivative of <paramref name="x"/> without executing it yet, if it can be executed together with
    /// what waits there already.
    /// </summary>
    private bool Defer(int x, Operation operation, int a, int b, bool isProduct)
    {
        ref TapeNode<T> target = ref nodes[x];
        int current = target.Derivative;
        bool waiting = target.FirstPending >= 0 || target.PendingRow >= 0;
        if (current >= 0 && !waiting)
        {
            if ((target.Marks & NodeMarks.Owned) == 0)
            {
                return false;
            }

            int added = AppendTerm(x, operation, a, b, nodes[current].Data);
            if (isProduct)
            {
                AccumulateProduct(added);
            }
            else
            {
                RowKernels.BroadcastRow(nodes[a].Data, T.One, in nodes[added], accumulate: true);
            }

            nodes[x].Derivative = AppendTerm(x, Operation.Add, current, added, nodes[current].Data);
            Inspect(nodes[x].Derivative);
            return true;
        }

        if (waiting && !Joins(in target, operation, a, isProduct))
        {
            Flush(x);
            return Defer(x, operation, a, b, isProduct);
        }

        T* data = current >= 0 ? nodes[current].Data
            : target.Destination != null ? target.Destination
            : arena.Take(target.Rows * target.Stride);
        int term = AppendTerm(x, operation, a, b, data);
        ref TapeNode<T> updated = ref nodes[x];
        if (!isProduct)
        {
            updated.PendingRow = term;
        }
        else if (updated.FirstPending < 0)
        {
            updated.FirstPending = term;
        }
        else
        {
            updated.SecondPending = term;
        }

        updated.Marks |= NodeMarks.Owned;
        updated.Derivative = current < 0 ? term : AppendTerm(x, Operation.Add, current, term, data);
        return true;
    }

    /// <summary>Whether a further term can be executed in one pass with the waiting ones.</summary>
    private bool Joins(ref readonly TapeNode<T> target, Operation operation, int a, bool isProduct)
    {
        if (!isProduct)
        {
            return target.PendingRow < 0;
        }

        if (target.FirstPending < 0)
        {
            return true;
        }

        // the right factors then agree as well, since both products have the target's shape
        ref TapeNode<T> first = ref nodes[target.FirstPending];
        return target.SecondPending < 0
            && first.Operation == operation
            && nodes[first.A].Columns == nodes[a].Columns
            && nodes[first.A].Rows == nodes[a].Rows;
    }

    private int AppendTerm(int like, Operation operation, int a, int b, T* data)
    {
        Append(operation, nodes[like].Rows, nodes[like].Columns, a, b).Data = data;
        return count - 1;
    }

    /// <summary>Executes the waiting terms of the derivative of <paramref name="x"/>.</summary>
    private void Flush(int x)
    {
        ref TapeNode<T> node = ref nodes[x];
        if (node.FirstPending < 0 && node.PendingRow < 0)
        {
            return;
        }

        ExecutePending(x, null, -1, Activation.Identity);
    }

    /// <summary>The derivative of <paramref name="x"/>, executed.</summary>
    private int Settle(int x)
    {
        Flush(x);
        return nodes[x].Derivative;
    }

    /// <summary>The derivative of <paramref name="x"/> times φ′ at the activation's value <paramref name="value"/>; both are executed in one pass.</summary>
    private int SettleThroughActivation(int x, int value, Activation activation)
    {
        if (activation == Activation.Identity || nodes[x].FirstPending < 0)
        {
            return ThroughActivation(Settle(x), value, activation);
        }

        int derivative = nodes[x].Derivative;
        ref TapeNode<T> node = ref Append(Operation.ActivationGradient, nodes[x].Rows, nodes[x].Columns, derivative, value);
        int result = count - 1;
        node.Activation = activation;
        node.Data = arena.Take(node.Rows * node.Stride);
        ExecutePending(x, node.Data, value, activation);
        Inspect(result);
        return result;
    }

    private int ThroughActivation(int derivative, int value, Activation activation) => activation == Activation.Identity
        ? derivative
        : Emit(
            Operation.ActivationGradient, nodes[derivative].Rows, nodes[derivative].Columns, derivative, value, activation: activation);

    private void ExecutePending(int x, T* gradient, int value, Activation activation)
    {
        int first = nodes[x].FirstPending;
        int second = nodes[x].SecondPending;
        int row = nodes[x].PendingRow;
        int derivative = nodes[x].Derivative;
        nodes[x].FirstPending = -1;
        nodes[x].SecondPending = -1;
        nodes[x].PendingRow = -1;
        T* sum = nodes[derivative].Data;
        T* bias = row < 0 ? null : nodes[nodes[row].A].Data;
        if (first < 0)
        {
            RowKernels.BroadcastRow(bias, T.One, in nodes[row], accumulate: false);
        }
        else
        {
            ExecuteProducts(first, second, bias, sum, gradient, value < 0 ? null : nodes[value].Data, activation);
        }

        Inspect(derivative);
    }
}
