using System.Diagnostics;
using System.Globalization;

namespace Stackelberg.Experiments.Runs;

/// <summary>
/// Identifies a process beyond the reuse of its number: host, boot of the host, process id and the moment the process started.
/// </summary>
internal sealed record ProcessIdentity(string Host, string Boot, int ProcessId, string Started)
{
    /// <summary>This process.</summary>
    public static ProcessIdentity Current { get; } = new(
        Environment.MachineName, BootId(), Environment.ProcessId, StartOf(Environment.ProcessId) ?? "");

    /// <summary>Whether the process runs; null when that cannot be told from here, because it is on another host.</summary>
    public bool? IsAlive() =>
        Host != Current.Host ? null : Boot == Current.Boot && StartOf(ProcessId) == Started;

    // changes with every start of the machine, so that process numbers from before a crash mean nothing
    private static string BootId()
    {
        const string Path = "/proc/sys/kernel/random/boot_id";
        return File.Exists(Path) ? File.ReadAllText(Path).Trim() : "";
    }

    private static string? StartOf(int processId)
    {
        if (OperatingSystem.IsLinux())
        {
            return StartFromProc(processId);
        }

        try
        {
            using var process = Process.GetProcessById(processId);
            return process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string? StartFromProc(int processId)
    {
        string text;
        try
        {
            text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        // the second field is the program's name in brackets, which may hold blanks and brackets; the third is the state, the 22nd the start
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        bool isGone = fields[0] is "Z" or "X" or "x";
        return isGone ? null : fields[19];
    }
}
