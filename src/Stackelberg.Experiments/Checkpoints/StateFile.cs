using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Checkpoints;

/// <summary>
/// The file <c>state.json</c>: step, sections, the list of the other files with their SHA-256, and as its last member <c>hash</c>, the SHA-256 of
/// everything before that member. Since the list pins the other files, this one hash is the hash of the checkpoint.
/// </summary>
internal static class StateFile
{
    public const string Name = "state.json";
    public const string Format = "stackelberg-checkpoint-1";

    private const string TailStart = ",\n  \"hash\": \"";
    private const string TailEnd = "\"\n}\n";

    private static readonly int TailLength = TailStart.Length + (2 * SHA256.HashSizeInBytes) + TailEnd.Length;

    /// <summary>The content of the file, and the hash.</summary>
    public static (byte[] Content, string Hash) Compose(
        long step, IEnumerable<(string Name, CheckpointStateWriter Section)> sections, IEnumerable<FileRecord> files)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("step", step);
            foreach ((string name, CheckpointStateWriter section) in sections)
            {
                json.WriteStartObject(name);
                section.WriteTo(json);
                json.WriteEndObject();
            }

            json.WriteStartObject("files");
            foreach (FileRecord file in files)
            {
                json.WriteStartObject(file.Name);
                json.WriteNumber("bytes", file.Bytes);
                json.WriteString("sha256", file.Sha256);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        ReadOnlySpan<byte> body = buffer.ToArray().AsSpan(0, (int)buffer.Length - "\n}".Length);
        string hash = Convert.ToHexStringLower(SHA256.HashData(body));
        return ([.. body, .. Encoding.ASCII.GetBytes(TailStart + hash + TailEnd)], hash);
    }

    /// <summary>Reads the file and verifies its own hash.</summary>
    /// <exception cref="CheckpointException">It is missing, damaged, or of another format.</exception>
    public static (JsonElement Root, string Hash) Read(string folder)
    {
        string path = Path.Combine(folder, Name);
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"The checkpoint '{folder}' cannot be read: {Name}: {FileFaultText.Of(e)}.", e);
        }

        ReadOnlySpan<byte> tail = content.AsSpan(Math.Max(0, content.Length - TailLength));
        string text = Encoding.ASCII.GetString(tail);
        string hash = text.Length == TailLength ? text[TailStart.Length..^TailEnd.Length] : "";
        if (text != TailStart + hash + TailEnd || hash != Convert.ToHexStringLower(SHA256.HashData(content.AsSpan(0, content.Length - TailLength))))
        {
            throw new CheckpointException($"The checkpoint file '{path}' is damaged: its content does not match the hash at its end.");
        }

        using JsonDocument document = JsonDocument.Parse(content);
        string? format = document.RootElement.GetProperty("format").GetString();
        return format == Format
            ? (document.RootElement.Clone(), hash)
            : throw new CheckpointException($"The checkpoint '{folder}' has the format '{format}'; this version reads '{Format}'.");
    }

    /// <summary>The list of the other files.</summary>
    public static IEnumerable<FileRecord> Files(JsonElement root) => root.GetProperty("files").EnumerateObject().Select(
        static file => new FileRecord(file.Name, file.Value.GetProperty("bytes").GetInt64(), file.Value.GetProperty("sha256").GetString()!));

    /// <summary>Checks presence, length and hash of every listed file.</summary>
    /// <exception cref="CheckpointException">The first file that is missing or damaged.</exception>
    public static void VerifyFiles(string folder, JsonElement root)
    {
        foreach (FileRecord file in Files(root))
        {
            string path = Path.Combine(folder, file.Name);
            try
            {
                using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
                if (stream.Length != file.Bytes)
                {
                    throw new CheckpointException($"The checkpoint file '{path}' is damaged: it has {stream.Length} bytes, {file.Bytes} were written.");
                }

                if (Convert.ToHexStringLower(SHA256.HashData(stream)) != file.Sha256)
                {
                    throw new CheckpointException($"The checkpoint file '{path}' is damaged: its content does not match its hash in {Name}.");
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new CheckpointException($"The checkpoint file '{path}' cannot be read: {FileFaultText.Of(e, path)}.", e);
            }
        }
    }
}
