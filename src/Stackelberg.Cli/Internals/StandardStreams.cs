using System.Runtime.InteropServices;
using System.Text;

namespace Stackelberg.Cli.Internals;

/// <summary>
/// Standard output and error that may go away while a run trains: a full disk, a closed descriptor, a terminal that is gone. Whatever cannot be
/// written is dropped, since what a run makes lies in its files.
/// </summary>
internal static class StandardStreams
{
    private static Guarded? output;

    /// <summary>Why standard output was lost; null while all of it arrived.</summary>
    public static string? OutputFault => output?.Fault;

    /// <summary>Puts guarded streams in the place of the console's.</summary>
    public static void Guard()
    {
        output = new Guarded(Console.Out, IsOpen(1) ? null : "it is closed");
        Console.SetOut(output);
        Console.SetError(new Guarded(Console.Error, IsOpen(2) ? null : "it is closed"));
    }

    // What a process inherits survived an exec and so cannot be marked to close on one; what the runtime opens for itself is. A descriptor that was
    // closed at the start has been given to such a file by now, which must not be written to.
    private static bool IsOpen(int descriptor)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        int flags = NativeMethods.Control(descriptor, NativeMethods.GetFlags);
        return flags >= 0 && (flags & NativeMethods.CloseOnExec) == 0;
    }

    /// <summary>Writes until the first fault, and nothing after it.</summary>
    private sealed class Guarded(TextWriter inner, string? fault) : TextWriter(inner.FormatProvider)
    {
        public string? Fault { get; private set; } = fault;

        public override Encoding Encoding => inner.Encoding;

        public override void Write(char value) => Try(static (writer, c) => writer.Write(c), value);

        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

        public override void Write(ReadOnlySpan<char> buffer)
        {
            if (Fault is null)
            {
                Write(buffer.ToString());
            }
        }

        public override void Write(string? value) => Try(static (writer, text) => writer.Write(text), value);

        public override void WriteLine(string? value) => Try(static (writer, text) => writer.WriteLine(text), value);

        public override void Flush() => Try(static (writer, _) => writer.Flush(), 0);

        private void Try<TValue>(Action<TextWriter, TValue> write, TValue value)
        {
            if (Fault is not null)
            {
                return;
            }

            try
            {
                write(inner, value);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                Fault = (e.InnerException ?? e).Message;
            }
        }
    }

    private static class NativeMethods
    {
        public const int GetFlags = 1;
        public const int CloseOnExec = 1;

        [DllImport("libc", EntryPoint = "fcntl")]
        public static extern int Control(int descriptor, int command);
    }
}
