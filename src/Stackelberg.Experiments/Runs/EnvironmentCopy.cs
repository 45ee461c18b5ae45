using System.Security.Cryptography;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Experiments.Runs;

/// <summary>A run's own copy of the file that holds its environment, so that a changed or vanished original changes nothing.</summary>
/// <param name="File">Where the copy lies, from the run's folder.</param>
/// <param name="Sha256">Hash of its bytes, in lower-case hexadecimal.</param>
/// <param name="Source">Where it came from, absolute.</param>
internal sealed record EnvironmentCopy(string File, string Sha256, string Source)
{
    public static EnvironmentCopy? Of(EnvironmentFile? file) =>
        file is null ? null : new($"{ConfigurationResolver.FileFolder}/{file.Name}", file.Sha256, file.SourcePath);

    /// <summary>Requires that the copy is as it was written.</summary>
    /// <param name="run">The run's folder.</param>
    /// <exception cref="RunException">It is missing or changed.</exception>
    public void Verify(string run)
    {
        string path = Path.Combine(run, File);
        string way = $"Put it back; it came from '{Source}' and had the SHA-256 {Sha256}.";
        if (!System.IO.File.Exists(path))
        {
            throw new RunException($"The run '{run}' has lost its environment, the file '{File}'. {way}");
        }

        if (Convert.ToHexStringLower(SHA256.HashData(System.IO.File.ReadAllBytes(path))) != Sha256)
        {
            throw new RunException($"The environment of the run '{run}' was changed: '{File}' is not what the run was started on. {way}");
        }
    }
}
