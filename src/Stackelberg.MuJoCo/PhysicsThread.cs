using System.Diagnostics.CodeAnalysis;
using Stackelberg.Environments;
using Stackelberg.MuJoCo.Native;

namespace Stackelberg.MuJoCo;

/// <summary>
/// Runs a job on a thread of its own that can be given up: a fatal error of the engine then fails the job and not the process.
/// </summary>
/// <remarks>
/// <para>On a fatal error MuJoCo calls a handler which must not return (the engine would go on behind a failed check and corrupt memory), must not
/// throw (an exception cannot cross native frames) and must not end the process (other runs live in it). The handler therefore fails the waiting job with a
/// <see cref="MujocoException"/> and puts the thread to sleep for ever. The thread is lost with everything it holds: its simulations, and any lock it
/// had entered. A job should thus take no locks that others need.</para>
/// <para>Outside such a thread a fatal error ends the process at once with the engine's message, since there is nobody to hand it to.</para>
/// <para>Jobs may be long: a whole training run is one job, and its steps pay nothing for the protection.</para>
/// </remarks>
public static class PhysicsThread
{
    /// <summary>Lost threads after which no new job starts: by then the fault is in the program, and sleeping threads would only pile up.</summary>
    public const int MaximumLostThreads = 8;

    private const int StackBytes = 16 << 20;

    private static int lostThreads;

    [ThreadStatic]
    private static PhysicsJob? current;

    /// <summary>How many threads fatal errors have cost this process.</summary>
    public static int LostThreads => Volatile.Read(ref lostThreads);

    /// <summary>The job this thread runs, or null on an ordinary thread.</summary>
    internal static PhysicsJob? Current => current;

    /// <summary>Runs <paramref name="job"/> on a fresh physics thread and returns its result; on a physics thread it runs in place.</summary>
    /// <param name="job">What to run. Its own exceptions arrive at the caller unchanged, with their stack.</param>
    /// <exception cref="MujocoException">The engine reported a fatal error, or too many threads are lost already.</exception>
    public static T Run<T>(Func<T> job) => current is null ? Start(job).GetAwaiter().GetResult() : job();

    /// <inheritdoc cref="Run{T}(Func{T})"/>
    public static void Run(Action job) => Run(Wrap(job));

    /// <summary>Starts <paramref name="job"/> on a fresh physics thread.</summary>
    /// <returns>A task that ends with the job, or faults with a <see cref="MujocoException"/> when the engine reports a fatal error.</returns>
    /// <exception cref="MujocoException">Too many threads are lost already.</exception>
    public static Task<T> Start<T>(Func<T> job)
    {
        if (LostThreads >= MaximumLostThreads)
        {
            throw new MujocoException(
                $"MuJoCo reported {LostThreads} fatal errors in this process; no more physics is started. Start the program again to go on from the last checkpoint.");
        }

        // Continuations must not run on the physics thread, nor inside the engine's error handler.
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var physicsJob = new PhysicsJob(exception => completion.TrySetException(exception));
        var thread = new Thread(() => Execute(job, physicsJob, completion), StackBytes) { IsBackground = true, Name = "physics" };
        thread.Start();
        return completion.Task;
    }

    /// <inheritdoc cref="Start{T}(Func{T})"/>
    public static Task Start(Action job) => Start(Wrap(job));

    /// <summary>Threads that step the copies of a <see cref="VectorEnvironment"/>, each a physics thread of its own: a fatal error of the engine fails the step, with a
    /// message that names the copy, and leaves the other threads as they are.</summary>
    /// <param name="count">Number of threads; one per core is most that pays.</param>
    /// <exception cref="MujocoException">Too many threads are lost already.</exception>
    public static StepWorkers Workers(int count) => new(count, Start);

    /// <summary>What the engine's error handler does. Never returns.</summary>
    [DoesNotReturn]
    internal static void Park(string message)
    {
        string text = $"MuJoCo reported a fatal error: {message}";
        if (current is null)
        {
            Environment.FailFast($"{text} (It happened outside a physics thread, where it cannot be handled.)");
        }

        Interlocked.Increment(ref lostThreads);
        current.Lose(new MujocoException($"{text} The simulation is lost; the thread that ran it has been given up."));
        while (true)
        {
            Thread.Sleep(Timeout.Infinite);
        }
    }

    private static void Execute<T>(Func<T> job, PhysicsJob physicsJob, TaskCompletionSource<T> completion)
    {
        current = physicsJob;
        try
        {
            completion.TrySetResult(job());
        }
        catch (Exception exception)
        {
            completion.TrySetException(exception);
        }
    }

    private static Func<bool> Wrap(Action job) => () =>
    {
        job();
        return true;
    };
}
