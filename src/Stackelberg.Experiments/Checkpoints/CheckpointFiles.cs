using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Stackelberg.Experiments.Checkpoints;

/// <summary>A file of a checkpoint as listed in <c>state.json</c>.</summary>
internal sealed record FileRecord(string Name, long Bytes, string Sha256);

/// <summary>
/// Writes the files of one checkpoint folder, hashes on the way, keeps the list. The files stay open until all are written and are brought to the
/// disk together: a journalling file system then does for all what it would do for each.
/// </summary>
internal sealed class CheckpointFiles(string folder, Storage storage) : IDisposable
{
    // bounds how much of a large array is handed on at a time; also keeps byte counts within an int
    private const int ChunkBytes = 1 << 22;

    private readonly SortedDictionary<string, FileRecord> records = new(StringComparer.Ordinal);
    private readonly List<HashedFile> open = [];

    /// <summary>What was written, in the order of the names.</summary>
    public IEnumerable<FileRecord> Records => records.Values;

    /// <summary>Writes <paramref name="values"/> as raw little-endian numbers.</summary>
    public void WriteRaw<TElement>(string name, ReadOnlySpan<TElement> values)
        where TElement : unmanaged
    {
        HashedFile file = Create(name);
        int chunk = ChunkBytes / Marshal.SizeOf<TElement>();
        for (int start = 0; start < values.Length; start += chunk)
        {
            file.Write(MemoryMarshal.AsBytes(values.Slice(start, Math.Min(chunk, values.Length - start))));
        }

        records[name] = file.Record(name);
    }

    /// <summary>Writes tensors in safetensors form.</summary>
    public void WriteTensors(string name, IReadOnlyList<NamedTensor> tensors)
    {
        HashedFile file = Create(name);
        Safetensors.Write(file, tensors);
        records[name] = file.Record(name);
    }

    /// <summary>Writes a file that the list does not name: the one that holds the list.</summary>
    public void WriteUnlisted(string name, ReadOnlySpan<byte> content)
    {
        HashedFile file = Create(name);
        records.Remove(name);
        file.Write(content);
    }

    /// <summary>Brings all files to the disk.</summary>
    public void Flush()
    {
        foreach (HashedFile file in open)
        {
            file.Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (HashedFile file in open)
        {
            file.Dispose();
        }
    }

    private HashedFile Create(string name)
    {
        if (!records.TryAdd(name, new FileRecord(name, 0, "")))
        {
            throw new InvalidOperationException($"Two parts of the state ask for the file '{name}' of a checkpoint; rename the keys.");
        }

        var file = new HashedFile(Path.Combine(folder, name), storage);
        open.Add(file);
        return file;
    }

    /// <summary>A file that is hashed while it is written.</summary>
    private sealed class HashedFile(string path, Storage storage) : Stream
    {
        private readonly FileStream file = storage.Create(path);
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

        public override void Flush() => storage.Flush(file);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                file.Dispose();
                hash.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
