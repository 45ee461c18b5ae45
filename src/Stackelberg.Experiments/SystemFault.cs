using Stackelberg.Bilevel;
using Stackelberg.Environments;

namespace Stackelberg.Experiments;

/// <summary>What the system beneath refused: space on a disk, memory, threads, open files. Neither this program nor its input is at fault.</summary>
/// <param name="Problem">What was refused.</param>
/// <param name="Allowed">What is needed.</param>
/// <param name="Next">What helps.</param>
public sealed record SystemFault(string Problem, string Allowed, string Next)
{
    private const int NoSpace = 28;
    private const int QuotaReached = 122;
    private const int NoSpaceOnWindows = unchecked((int)0x80070070);
    private const int ProcessFilesReached = 24;
    private const int SystemFilesReached = 23;
    private const int FileTooLarge = 27;
    private const int ReadOnlyDisk = 30;
    private const int BrokenDisk = 5;

    private static SystemFault Memory => new(
        "the system gave no more memory or threads",
        "the memory and threads that the runs need: 'stackelberg train --dry-run' states the memory; 'ulimit -v' and 'ulimit -u' show limits of the shell",
        "fewer seeds at a time (--threads 1), a smaller buffer_size, or higher limits");

    /// <summary>Whether memory or threads were refused, of which the exception's own words say nothing useful.</summary>
    public bool IsMemory => Problem == Memory.Problem;

    /// <summary>The system's refusal in an exception or in what led to it; null where there is none.</summary>
    public static SystemFault? Of(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
        {
            // what code of the user's does with files, libraries and memory is told as its fault
            if (fault is EnvironmentException or PluginFaultException or LearnerException { IsOfPlugin: true } or SolverException)
            {
                return null;
            }

            if (Named(fault) is { } named)
            {
                return named;
            }
        }

        return null;
    }

    private static SystemFault? Named(Exception fault) => fault switch
    {
        // a thread that cannot be started is reported as memory that is missing
        OutOfMemoryException or InsufficientExecutionStackException => Memory,
        // a part of the program that is there but cannot be brought into memory
        FileNotFoundException { FileName: { } part } when part.Contains(", Version=", StringComparison.Ordinal) => Memory,
        FileLoadException => Memory,
        IOException { HResult: NoSpace or QuotaReached or NoSpaceOnWindows } => new(
            "the disk is full", "a disk with space left; 'stackelberg train --dry-run' states what runs need", "make room, then go on"),
        IOException { HResult: ProcessFilesReached or SystemFilesReached } => new(
            "too many files are open", "more open files: 'ulimit -n' shows the limit of the shell", "raise it with 'ulimit -n 1024', or train fewer seeds at a time (--threads 1)"),
        IOException { HResult: FileTooLarge } => new(
            "a file may not grow further", "files as large as runs need: 'ulimit -f' shows the limit of the shell", "raise it with 'ulimit -f unlimited', then go on"),
        IOException { HResult: ReadOnlyDisk } => new(
            "the disk can only be read", "a folder on a disk that can be written", "give another folder with --out, or mount the disk for writing"),
        IOException { HResult: BrokenDisk } => new(
            "the disk reports an error", "a disk that can be read and written", "look at the disk; a copy of the folder elsewhere can go on"),
        UnauthorizedAccessException => new(
            "the system denies access", "a folder that can be read and written by you", "change its owner or rights, or give another folder"),
        _ => null,
    };
}
