using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Stackelberg.Experiments.Checkpoints;

/// <summary>A file of a checkpoint as listed in <c>state.json</c>.</summary>
internal sealed record FileRecord(string Name, long Bytes, string Sha256);

/// <summary>Writes the files of one checkpoint folder: hashes on the way, flushes each to the disk, keeps the list.</summary>
internal sealed class CheckpointFiles(string folder, Storage storage)
{
    // bounds how much of a large array is handed on at a time; also keeps byte counts within an int
    private const int ChunkBytes = 1 << 22;

    private readonly SortedDictionary<string, FileRecord> files = new(StringComparer.Ordinal);

    /// <summary>What was written, in the order of the names.</summary>
    public IEnumerable<FileRecord> Records => files.Values;

    /// <summary>Writes <paramref name="values"/> as raw little-endian numbers.</summary>
    public void WriteRaw<TElement>(string name, ReadOnlySpan<TElement> values)
        where TElement : unmanaged
    {
        using var file = new HashedFile(Path.Combine(folder, name), storage);
        int chunk = ChunkBytes / Marshal.SizeOf<TElement>();
        for (int start = 0; start < values.Length; start += chunk)
        {
            file.Write(MemoryMarshal.AsBytes(values.Slice(start, Math.Min(chunk, values.Length - start))));
        }

        Finish(name, file);
    }

    /// <summary>Writes tensors in safetensors form.</summary>
    public void WriteTensors(string name, IReadOnlyList<NamedTensor> tensors)
    {
        using var file = new HashedFile(Path.Combine(folder, name), storage);
        Safetensors.Write(file, tensors);
        Finish(name, file);
    }

    private void Finish(string name, HashedFile file)
    {
        (long bytes, string hash) = file.Finish();
        if (!files.TryAdd(name, new FileRecord(name, bytes, hash)))
        {
            throw new InvalidOperationException($"Two parts of the state ask for the file '{name}' of a checkpoint; rename the keys.");
        }
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

        public (long Bytes, string Hash) Finish()
        {
            storage.Flush(file);
            return (written, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }

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
