using System.Runtime.InteropServices;

namespace Stackelberg.Cli.Internals;

/// <summary>The first SIGINT or SIGTERM asks for a checkpoint and the end; the second ends the process at once.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;
    private int count;

    public Interrupts() =>
        registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations)
        {
            registration.Dispose();
        }

        source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref count) > 1)
        {
            Environment.Exit(ExitCode.Interrupted);
        }

        Console.Error.WriteLine("interrupted: writing a checkpoint at the end of this iteration; once more to stop at once");
        source.Cancel();
    }
}
