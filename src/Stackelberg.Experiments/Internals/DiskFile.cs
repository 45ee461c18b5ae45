namespace Stackelberg.Experiments.Internals;

/// <summary>A file without a buffer of its own, so that what the system refuses is known when it is written, as an <see cref="IOException"/> always.</summary>
internal sealed class DiskFile(string path, FileMode mode) : FileStream(path, mode, FileAccess.Write, FileShare.Read, bufferSize: 0)
{
    private const int FileTooLarge = 27;

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        try
        {
            base.Write(buffer, offset, count);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw TooLarge(Name, e);
        }
    }

    /// <summary>The fault of a file that may not grow, which .NET takes for a wrong argument.</summary>
    public static IOException TooLarge(string path, ArgumentOutOfRangeException e) => new($"File too large : '{path}'", e) { HResult = FileTooLarge };
}
