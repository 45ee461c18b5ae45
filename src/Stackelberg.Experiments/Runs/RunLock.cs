using System.Text.Json;
using Stackelberg.Experiments.Checkpoints;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Runs;

/// <summary>
/// Keeps two processes from writing the same run. The file <c>.lock</c> names the holder; a holder that is not alive any more holds nothing.
/// The file stays, empty, when the lock is given back, so that nobody can hold a file that another has deleted.
/// </summary>
internal sealed class RunLock : IDisposable
{
    public const string FileName = ".lock";

    private static readonly JsonSerializerOptions Strict = new() { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private string path;
    private bool released;

    private RunLock(string path) => this.path = path;

    /// <summary>Takes the lock of a run.</summary>
    /// <exception cref="RunException">A living process holds it, or that cannot be told.</exception>
    public static RunLock Take(string directory)
    {
        string path = Path.Combine(directory, FileName);
        using FileStream file = OpenAlone(path);
        if (file.Length > 0)
        {
            ProcessIdentity holder = ReadHolder(file, path);
            switch (holder.IsAlive())
            {
                case true:
                    throw new RunException(
                        $"The run '{directory}' is being written by process {holder.ProcessId}. Wait for it or stop it, or give another --out.");
                case null:
                    throw new RunException(
                        $"The run '{directory}' is locked by process {holder.ProcessId} on host '{holder.Host}'. If that process has ended, delete '{path}' and try again.");
                default:
                    break;
            }
        }

        try
        {
            file.SetLength(0);
            Storage.Default.Write(file, JsonSerializer.SerializeToUtf8Bytes(ProcessIdentity.Current));
            return new RunLock(path);
        }
        catch (IOException e)
        {
            throw new RunException($"The lock '{path}' cannot be written: {FileFaultText.Of(e, path)}. Make room, then try again.", e);
        }
    }

    /// <summary>Says that the folder was renamed, and the lock in it.</summary>
    public void MovedTo(string directory) => path = Path.Combine(directory, FileName);

    /// <summary>Gives the lock back.</summary>
    public void Dispose()
    {
        if (!released && File.Exists(path))
        {
            released = true;
            using FileStream file = OpenAlone(path);
            file.SetLength(0);
        }
    }

    private static ProcessIdentity ReadHolder(FileStream file, string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ProcessIdentity>(file, Strict) ?? throw new JsonException();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException)
        {
            throw new RunException($"The lock '{path}' is not what this program writes there. If no process is writing this run, delete the file and try again.", e);
        }
    }

    // opened without sharing, which the system enforces between processes for as long as the file is open: the test and the taking are one
    private static FileStream OpenAlone(string path)
    {
        DateTime limit = DateTime.UtcNow + Patience;
        while (true)
        {
            try
            {
                // unbuffered: what cannot be written must be known here, not when the file is closed
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException) && DateTime.UtcNow < limit)
            {
                Thread.Sleep(20);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new RunException($"The lock '{path}' cannot be opened: {FileFaultText.Of(e, path)}.", e);
            }
        }
    }
}
