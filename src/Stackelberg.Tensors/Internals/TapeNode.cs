using System.Numerics;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Internals;

/// <summary>Marks used while a sweep over the tape runs.</summary>
[Flags]
internal enum NodeMarks : byte
{
    None = 0,

    /// <summary>Depends on a variable with respect to which is differentiated.</summary>
    Needed = 1,

    /// <summary>An output depends on it.</summary>
    Reached = 2,

    /// <summary>The derivative's buffer belongs to this sweep alone and may be added to in place.</summary>
    Owned = 4,
}

/// <summary>One recorded operation with its value.</summary>
internal unsafe struct TapeNode<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The value: <see cref="Rows"/> rows at distance <see cref="Stride"/>, padding zero. Terms of a sum that was formed in one pass share
    /// the sum's buffer: their own value was never kept, and nothing reads it.
    /// </summary>
    public T* Data;

    /// <summary>Where the derivative of a sweep has to be written; null: in the arena.</summary>
    public T* Destination;

    public int Rows;
    public int Columns;
    public int Stride;
    public int A;
    public int B;
    public int C;

    /// <summary>First column or row of a slice, or first entry in the tape's list of indices.</summary>
    public int Start;

    /// <summary>The transposed value, if it was needed already; else −1.</summary>
    public int Transposed;

    /// <summary>See <see cref="Variable.Stamp"/>.</summary>
    public int Stamp;

    /// <summary>In a sweep: the gradient with respect to this node, or its tangent; −1 while there is none.</summary>
    public int Derivative;

    /// <summary>In a sweep: products summed in <see cref="Derivative"/> but not executed yet; −1 for none.</summary>
    public int FirstPending;

    /// <summary>See <see cref="FirstPending"/>.</summary>
    public int SecondPending;

    /// <summary>A row to be added by the pending products; −1 for none.</summary>
    public int PendingRow;

    public T Scale;
    public T Shift;
    public Activation Activation;
    public Operation Operation;
    public NodeMarks Marks;

    /// <summary>Elements of storage, padding included.</summary>
    public readonly int Size => Padding.RoundUp(Rows * Stride);
}
