using System.Numerics;
using System.Runtime.CompilerServices;
using Stackelberg.Tensors.Internals;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors;

/// <summary>
/// An eager tape: every operation is executed when it is recorded, and can be differentiated afterwards, in reverse mode
/// (<see cref="Gradient(Variable, Variable)"/>) and in forward mode (<see cref="Jvp(Variable, Variable, Variable)"/>). Derivatives are recorded as
/// operations of the same tape, so they differentiate again, in either mode, to any order.
/// </summary>
/// <remarks>
/// <para>
/// A value is a matrix; rows are usually samples. There is no implicit broadcasting: shapes must be equal unless a method says otherwise, and
/// <see cref="BroadcastRow"/>, <see cref="BroadcastColumn"/> and <see cref="BroadcastScalar"/> are explicit.
/// </para>
/// <para>
/// Values live in an arena that <see cref="Reset"/> takes back at once; after the first updates nothing is allocated. Leaves refer to the
/// memory of a <see cref="FlatVector{T}"/> or <see cref="Matrix{T}"/> without copying it: change that memory only when the derivatives have
/// been taken. Not thread-safe: one tape, one thread.
/// </para>
/// <para>
/// At points where a function has no derivative: ReLU has derivative 0 at 0; <see cref="Minimum"/> and <see cref="Maximum"/> of equal numbers
/// pass the whole derivative to their first argument; <see cref="Clamp"/> has derivative 1 at its bounds. Second derivatives of these are 0.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> to train, <see cref="double"/> to verify.</typeparam>
public sealed unsafe partial class Tape<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static int lastStamp;

    private readonly Arena<T> arena;
    private TapeNode<T>[] nodes = new TapeNode<T>[256];
    private object?[] owners = new object?[32];
    private int[] indices = new int[256];
    private int count;
    private int ownerCount;
    private int indexCount;
    private int stamp;

    /// <summary>An empty tape.</summary>
    /// <param name="initialCapacity">Elements of storage to begin with; it grows when a recording needs more, and is kept.</param>
    public Tape(int initialCapacity = 1 << 14)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(initialCapacity);
        arena = new Arena<T>(initialCapacity);
        stamp = NewStamp();
    }

    /// <summary>
    /// Whether every recorded value is checked, so that a <see cref="NonFiniteException"/> names the operation at which NaN or infinity first
    /// arose. Off by default: it reads all results once more.
    /// </summary>
    public bool DetectNonFinite { get; set; }

    /// <summary>Number of operations recorded since <see cref="Reset"/>, leaves included.</summary>
    public int Count => count;

    /// <summary>Forgets everything recorded; all handles become invalid and their storage is used again.</summary>
    public void Reset()
    {
        count = 0;
        indexCount = 0;
        Array.Clear(owners, 0, ownerCount);
        ownerCount = 0;
        arena.Reset();
        stamp = NewStamp();
    }

    /// <summary>Remembers this point of the recording for <see cref="Rewind"/>.</summary>
    public TapeMark Mark() => new(count, indexCount, ownerCount, arena.Mark, count == 0 ? 0 : nodes[count - 1].Stamp);

    /// <summary>
    /// Forgets what was recorded after <paramref name="mark"/>; earlier variables stay valid. A solver that needs many products of one
    /// linearisation records the common part once and rewinds after each product.
    /// </summary>
    /// <exception cref="InvalidOperationException">The tape was reset, or rewound to an earlier point, since the mark was taken.</exception>
    public void Rewind(TapeMark mark)
    {
        if (mark.Count > count || (mark.Count > 0 && nodes[mark.Count - 1].Stamp != mark.Stamp))
        {
            throw new InvalidOperationException(
                "The mark does not belong to this recording: the tape was reset, or rewound to an earlier point, since it was taken. Take a new mark.");
        }

        count = mark.Count;
        indexCount = mark.Indices;
        Array.Clear(owners, mark.Owners, ownerCount - mark.Owners);
        ownerCount = mark.Owners;
        arena.Rewind(mark.Arena);
        stamp = NewStamp();
        for (int i = 0; i < count; i++)
        {
            if (nodes[i].Transposed >= count)
            {
                nodes[i].Transposed = -1;
            }
        }
    }

    /// <summary>Fills storage not in use, so that a test sees an operation that relies on old content.</summary>
    internal void FillFreeStorage(T value) => arena.FillFree(value);

    /// <summary>The node behind a variable.</summary>
    internal ref readonly TapeNode<T> Node(Variable variable) => ref nodes[IndexOf(variable)];

    /// <summary>Any recorded node.</summary>
    internal ref readonly TapeNode<T> Node(int index) => ref nodes[index];

    private static int NewStamp()
    {
        int next = Interlocked.Increment(ref lastStamp);
        // 0 marks the empty handle
        return next != 0 ? next : Interlocked.Increment(ref lastStamp);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int IndexOf(Variable variable)
    {
        if ((uint)variable.Index >= (uint)count || nodes[variable.Index].Stamp != variable.Stamp)
        {
            TapeErrors.Stale(variable);
        }

        return variable.Index;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Variable Handle(int index) => new(index, nodes[index].Stamp);

    /// <summary>Adds a node without value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref TapeNode<T> Append(Operation operation, int rows, int columns, int a, int b = -1, int c = -1)
    {
        int stride = Padding.Stride(columns);
        // as unsigned numbers, so that a stride that overflowed to a negative one is refused too
        if ((ulong)((long)rows * stride) > Padding.MaximumElements)
        {
            TapeErrors.Shape(operation.ToString(), rows, columns, $"a value has at most {Padding.MaximumElements} elements");
        }

        if (count == nodes.Length)
        {
            Array.Resize(ref nodes, 2 * count);
        }

        ref TapeNode<T> node = ref nodes[count++];
        node.Data = null;
        node.Destination = null;
        node.Rows = rows;
        node.Columns = columns;
        node.Stride = stride;
        node.A = a;
        node.B = b;
        node.C = c;
        node.Start = 0;
        node.Transposed = -1;
        node.Stamp = stamp;
        node.Scale = T.One;
        node.Shift = T.Zero;
        node.Activation = Activation.Identity;
        node.Operation = operation;
        return ref node;
    }

    /// <summary>Adds a node and executes it.</summary>
    private int Emit(
        Operation operation,
        int rows,
        int columns,
        int a,
        int b = -1,
        int c = -1,
        double scale = 1.0,
        double shift = 0.0,
        int start = 0,
        Activation activation = Activation.Identity,
        T* into = null)
    {
        int index = count;
        ref TapeNode<T> node = ref Append(operation, rows, columns, a, b, c);
        node.Scale = T.CreateTruncating(scale);
        node.Shift = T.CreateTruncating(shift);
        node.Start = start;
        node.Activation = activation;
        node.Data = into != null ? into : arena.Take(rows * node.Stride);
        Execute(index);
        return index;
    }

    private int EmitLike(int like, Operation operation, int a, int b = -1, int c = -1, double scale = 1.0, double shift = 0.0) =>
        Emit(operation, nodes[like].Rows, nodes[like].Columns, a, b, c, scale, shift);

    /// <summary>Adds a node that shows the data of <paramref name="source"/> with another shape or meaning.</summary>
    private int EmitAlias(Operation operation, int rows, int columns, int source)
    {
        T* data = nodes[source].Data;
        Append(operation, rows, columns, source).Data = data;
        return count - 1;
    }
}

/// <summary>A point of a recording; see <see cref="Tape{T}.Mark"/>.</summary>
public readonly record struct TapeMark
{
    internal TapeMark(int count, int indices, int owners, ArenaMark arena, int stamp) =>
        (Count, Indices, Owners, Arena, Stamp) = (count, indices, owners, arena, stamp);

    internal int Count { get; }

    internal int Indices { get; }

    internal int Owners { get; }

    internal ArenaMark Arena { get; }

    internal int Stamp { get; }
}
