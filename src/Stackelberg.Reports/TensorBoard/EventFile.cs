using System.Buffers.Binary;
using System.Globalization;

namespace Stackelberg.Reports.TensorBoard;

/// <summary>
/// A file of events in TFRecord framing: length (8 bytes), its masked checksum (4), the event, its masked checksum (4), all little-endian. Source: the comment on top of TensorFlow's
/// <c>record_writer.h</c>.
/// </summary>
/// <remarks>Records are gathered and handed over whole, so that a killed process leaves a torn one only if the system itself was in the middle of it.</remarks>
internal sealed class EventFile : IDisposable
{
    private const string Prefix = "events.out.tfevents.";
    private const int LargestBatch = 1 << 16;
    private const int FileTooLarge = 27;

    private readonly FileStream file;
    private readonly MemoryStream gathered = new();

    private EventFile(FileStream file) => this.file = file;

    /// <summary>Path of the file.</summary>
    public string Path => file.Name;

    /// <summary>Begins a new file, which readers take up after all that are in the folder already.</summary>
    /// <param name="folder">Made where it is not there.</param>
    /// <param name="wall">Seconds since 1970.</param>
    /// <param name="resumedFrom">The step that training goes on from, where files of the run may be there already; readers drop what those say of later ones.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static EventFile Begin(string folder, double wall, long? resumedFrom = null)
    {
        Directory.CreateDirectory(folder);
        // readers go by the order of the names, whatever the clock did between two of them
        long second = Math.Max((long)wall, Directory.EnumerateFiles(folder, Prefix + "*").Select(SecondOf).DefaultIfEmpty().Max() + 1);
        string name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{second:D10}.stackelberg");
        var result = new EventFile(new FileStream(System.IO.Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0));
        result.Write(Events.Version(wall));
        if (resumedFrom is { } step)
        {
            result.Write(Events.Start(wall, step + 1));
        }

        return result;
    }

    /// <summary>Whether a folder holds event files.</summary>
    public static bool AnyIn(string folder) => Directory.Exists(folder) && Directory.EnumerateFiles(folder, Prefix + "*").Any();

    /// <summary>Adds an event.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(Message message)
    {
        Write(gathered, message.ToArray());
        if (gathered.Length >= LargestBatch)
        {
            Flush();
        }
    }

    /// <summary>One record.</summary>
    public static void Write(Stream stream, ReadOnlySpan<byte> data)
    {
        Span<byte> frame = stackalloc byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(frame, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], Crc32C.Masked(frame[..8]));
        stream.Write(frame);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Crc32C.Masked(data));
        stream.Write(frame[..4]);
    }

    /// <summary>Hands what was gathered to the system, or with <paramref name="toDisk"/> to the disk.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Flush(bool toDisk = false)
    {
        try
        {
            file.Write(gathered.GetBuffer().AsSpan(0, (int)gathered.Length));
        }
        catch (ArgumentOutOfRangeException)
        {
            // .NET takes a file that may not grow further for a wrong argument
            throw new IOException($"File too large : '{file.Name}'", FileTooLarge);
        }

        gathered.SetLength(0);
        if (toDisk)
        {
            file.Flush(flushToDisk: true);
        }
    }

    /// <summary>Closes the file; what was not flushed is lost.</summary>
    public void Dispose() => file.Dispose();

    private static long SecondOf(string path)
    {
        string digits = System.IO.Path.GetFileName(path)[Prefix.Length..].Split('.')[0];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long second) && second < 9_999_999_999 ? second : 0;
    }
}
