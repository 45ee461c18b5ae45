using System.Globalization;
using System.Runtime.InteropServices;

namespace Stackelberg.Cli.Internals;

/// <summary>
/// The first SIGINT, SIGTERM or SIGHUP asks for an orderly end; the second ends the process at once. A SIGHUP that was ignored when the process
/// started, as under <c>nohup</c>, stays ignored.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private const int HangUp = 1;

    private readonly CancellationTokenSource source = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly string message;
    private int count;

    /// <summary>Listens from now on.</summary>
    /// <param name="message">What the first signal is answered with.</param>
    public Interrupts(string message)
    {
        this.message = message;
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle));
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle));
        if (!IsIgnored(HangUp))
        {
            registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle));
        }
    }

    public CancellationToken Token => source.Token;

    /// <summary>Stops listening, unless a signal came: until the process has said how it ended, a second one still ends it as promised.</summary>
    public void Dispose()
    {
        if (Volatile.Read(ref count) > 0)
        {
            return;
        }

        foreach (PosixSignalRegistration registration in registrations)
        {
            registration.Dispose();
        }

        source.Dispose();
    }

    private static bool IsIgnored(int signal)
    {
        const string Status = "/proc/self/status";
        const string Key = "SigIgn:";
        string? line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal)) : null;
        return line is not null && (ulong.Parse(line.AsSpan(Key.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (signal - 1) & 1) == 1;
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref count) > 1)
        {
            Environment.Exit(ExitCode.Interrupted);
        }

        // before the message: whoever reads it may be slow, or gone
        source.Cancel();
        Console.Error.WriteLine(message);
    }
}
