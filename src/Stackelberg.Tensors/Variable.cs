namespace Stackelberg.Tensors;

/// <summary>
/// A handle to a value on a <see cref="Tape{T}"/>: cheap to copy, valid until the tape is reset or rewound below it.
/// </summary>
/// <remarks>
/// Using a handle after <see cref="Tape{T}.Reset"/>, or on another tape, is an <see cref="InvalidOperationException"/>.
/// <c>default</c> is no variable at all; <see cref="IsNone"/> tells.
/// </remarks>
public readonly record struct Variable
{
    internal Variable(int index, int stamp) => (Index, Stamp) = (index, stamp);

    /// <summary>Whether this is <c>default</c>, a handle that was never recorded.</summary>
    public bool IsNone => Stamp == 0;

    internal int Index { get; }

    /// <summary>Tells recordings apart: unique over all tapes of the process and all their resets; 0 for none.</summary>
    internal int Stamp { get; }
}
