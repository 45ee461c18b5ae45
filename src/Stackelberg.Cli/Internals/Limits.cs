using System.Runtime.InteropServices;

namespace Stackelberg.Cli.Internals;

/// <summary>Limits of the shell under which the program cannot do its work, found before it needs what it will not get.</summary>
internal static class Limits
{
    // fifty of them are open before a run begins; a checkpoint with a large replay buffer opens one per 16 MiB
    private const ulong LeastFiles = 128;
    private const int OpenFiles = 7;

    /// <summary>Says which limit is too low.</summary>
    /// <returns>Whether there is one.</returns>
    public static bool Refuse()
    {
        if (!OperatingSystem.IsLinux() || GetLimit(OpenFiles, out Limit limit) != 0 || limit.Hard >= LeastFiles)
        {
            return false;
        }

        // not by the console, which would need files of its own
        byte[] text = System.Text.Encoding.UTF8.GetBytes(
            $"error: this shell allows {limit.Hard} open files, which is too few for any run\n" +
            $"  allowed: {LeastFiles} or more; 'ulimit -n' shows the limit\n" +
            "  next: raise it with 'ulimit -n 1024', in a new shell where this one does not allow it\n");
        _ = Write(2, text, text.Length);
        return true;
    }

    [DllImport("libc", EntryPoint = "getrlimit")]
    private static extern int GetLimit(int resource, out Limit limit);

    [DllImport("libc", EntryPoint = "write")]
    private static extern nint Write(int descriptor, byte[] bytes, nint count);

    // the runtime raises the soft limit to the hard one when it starts
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Limit
    {
        private readonly ulong soft;
        public readonly ulong Hard;
    }
}
