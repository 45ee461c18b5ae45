using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Stackelberg.Experiments.Checkpoints;

/// <summary>A file of a checkpoint as listed in <c>state.json</c>.</summary>
internal sealed record FileRecord(string Name, long Bytes, string Sha256);

/// <summary>
/// Writes the files of one checkpoint folder, hashes on the way, keeps the list. The files stay open until all are written and are brought to the
/// disk together: a journalling file system then does for all what it would do for each.
/// </summary>
/// <remarks>
/// Long arrays are written in parts. A part that equals one of the sound checkpoint before is not written again but linked to: between two checkpoints
/// most of a large replay buffer stays as it was.
/// </remarks>
/// <param name="earlier">A sound checkpoint of the same run, or null.</param>
internal sealed class CheckpointFiles(string folder, Storage storage, EarlierFiles? earlier = null) : IDisposable
{
    // bounds how much of a large array is handed on at a time
    private const int ChunkBytes = 1 << 22;

    private readonly SortedDictionary<string, FileRecord> records = new(StringComparer.Ordinal);
    private readonly List<FileStream> open = [];

    /// <summary>What was written, in the order of the names.</summary>
    public IEnumerable<FileRecord> Records => records.Values;

    /// <summary>The name of a part of an array's file.</summary>
    public static string PartOf(string name, int part) => FormattableString.Invariant($"{Path.GetFileNameWithoutExtension(name)}.{part:D4}{Path.GetExtension(name)}");

    /// <summary>Writes <paramref name="values"/> as raw little-endian numbers.</summary>
    /// <returns>The bytes of each part but the last, or null where the array is one file.</returns>
    public int? WriteRaw<TElement>(string name, ReadOnlySpan<TElement> values)
        where TElement : unmanaged
    {
        int length = storage.PartBytes / Marshal.SizeOf<TElement>();
        if (values.Length <= length)
        {
            WriteArray(name, MemoryMarshal.AsBytes(values));
            return null;
        }

        for (int start = 0; start < values.Length; start += length)
        {
            WriteArray(PartOf(name, start / length), MemoryMarshal.AsBytes(values.Slice(start, Math.Min(length, values.Length - start))));
        }

        return storage.PartBytes;
    }

    /// <summary>Writes tensors in safetensors form.</summary>
    public void WriteTensors(string name, IReadOnlyList<NamedTensor> tensors)
    {
        Reserve(name);
        using var file = new HashedFile(Create(name), storage);
        Safetensors.Write(file, tensors);
        records[name] = file.Record(name);
    }

    /// <summary>Writes a file that the list does not name: the one that holds the list.</summary>
    public void WriteUnlisted(string name, ReadOnlySpan<byte> content)
    {
        Reserve(name);
        records.Remove(name);
        storage.Write(Create(name), content);
    }

    /// <summary>Brings all files to the disk.</summary>
    public void Flush()
    {
        foreach (FileStream file in open)
        {
            storage.Flush(file);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (FileStream file in open)
        {
            file.Dispose();
        }
    }

    private void WriteArray(string name, ReadOnlySpan<byte> bytes)
    {
        Reserve(name);
        FileRecord record = records[name] = new FileRecord(name, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        if (earlier?.PathOf(record) is { } existing && storage.Link(existing, Path.Combine(folder, name)))
        {
            return;
        }

        FileStream file = Create(name);
        for (int start = 0; start < bytes.Length; start += ChunkBytes)
        {
            storage.Write(file, bytes.Slice(start, Math.Min(ChunkBytes, bytes.Length - start)));
        }
    }

    private void Reserve(string name)
    {
        if (!records.TryAdd(name, new FileRecord(name, 0, "")))
        {
            throw new InvalidOperationException($"Two parts of the state ask for the file '{name}' of a checkpoint; rename the keys.");
        }
    }

    private FileStream Create(string name)
    {
        FileStream file = storage.Create(Path.Combine(folder, name));
        open.Add(file);
        return file;
    }

    /// <summary>A file that is hashed while it is written; closing it is the business of who opened it.</summary>
    private sealed class HashedFile(FileStream file, Storage storage) : Stream
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private long written;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => written;

        public override long Position
        {
            get => written;
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            storage.Write(file, buffer);
            hash.AppendData(buffer);
            written += buffer.Length;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public FileRecord Record(string name) => new(name, written, Convert.ToHexStringLower(hash.GetHashAndReset()));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                hash.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
