using System.Runtime.InteropServices;

namespace Stackelberg.Faults.Framework;

/// <summary>The few calls of the C library that .NET has no name for.</summary>
internal static class Native
{
    private const int WriteOnlyCreateTruncateAppend = 0x1 | 0x40 | 0x200 | 0x400;

    public static int OpenToAppend(string path) => open(path, WriteOnlyCreateTruncateAppend, 0x1A4);

    /// <summary>Sends a signal.</summary>
    /// <returns>Whether the process was there.</returns>
    public static bool Signal(int process, int signal) => kill(process, signal) == 0;

    [DllImport("libc", SetLastError = true)]
    public static extern int dup(int descriptor);

    [DllImport("libc", SetLastError = true)]
    public static extern int dup2(int from, int to);

    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, int mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
}
