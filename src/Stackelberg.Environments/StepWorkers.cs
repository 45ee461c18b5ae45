using System.Runtime.ExceptionServices;
using Stackelberg.Environments.Internals;

namespace Stackelberg.Environments;

/// <summary>Threads that stay between the steps of a <see cref="VectorEnvironment"/> and wait without spinning.</summary>
/// <remarks>
/// A thread may be lost in the middle of a job: a physics engine that cannot go on after a fatal error puts it to sleep for ever. Whoever starts the
/// threads says so by faulting the thread's task; the job then fails with that error instead of waiting, and every later one does too.
/// </remarks>
public sealed class StepWorkers : IDisposable
{
    private readonly object start = new();
    private readonly object finish = new();
    private readonly Task[] threads;
    private readonly Exception?[] faults;
    private readonly Exception?[] losses;
    private readonly bool[] busy;
    private Action<int>? job;
    private int busyCount;
    private long round;
    private bool stopping;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">Number of threads, at least 1.</param>
    /// <param name="startThread">Runs an action on a thread of its own and returns a task that ends with it, or faults when the thread is lost. For
    /// MuJoCo it is <c>PhysicsThread.Start</c>. Null for ordinary background threads.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    public StepWorkers(int count, Func<Action, Task>? startThread = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        startThread ??= StartOrdinary;
        threads = new Task[count];
        faults = new Exception?[count];
        losses = new Exception?[count];
        busy = new bool[count];
        try
        {
            for (int i = 0; i < count; i++)
            {
                int worker = i;
                threads[i] = startThread(() => Work(worker));
                threads[i].ContinueWith(
                    ended => Ended(worker, ended), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
        catch
        {
            Stop();
            throw;
        }
    }

    /// <summary>Number of threads.</summary>
    public int Count => threads.Length;

    /// <summary>Runs <paramref name="work"/> once on every thread, with the thread's number, and returns when all are through.</summary>
    /// <exception cref="Exception">What the lowest numbered failing thread threw, unchanged.</exception>
    /// <exception cref="ObjectDisposedException">The threads have been ended.</exception>
    internal void Run(Action<int> work)
    {
        ObjectDisposedException.ThrowIf(stopping, this);
        lock (finish)
        {
            ThrowFirst(losses);
            Array.Clear(faults);
            Array.Fill(busy, true);
            busyCount = busy.Length;
        }

        lock (start)
        {
            job = work;
            round++;
            Monitor.PulseAll(start);
        }

        lock (finish)
        {
            while (busyCount > 0)
            {
                Monitor.Wait(finish);
            }

            ThrowFirst(faults);
        }
    }

    /// <summary>Whether thread <paramref name="worker"/> can still run jobs.</summary>
    internal bool Alive(int worker)
    {
        lock (finish)
        {
            return losses[worker] is null && !stopping;
        }
    }

    /// <summary>Ends the threads and waits until they have ended; lost ones are left asleep.</summary>
    public void Dispose() => Stop();

    private static Task StartOrdinary(Action action)
    {
        TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            action();
            completion.SetResult();
        }) { IsBackground = true, Name = "step worker" }.Start();
        return completion.Task;
    }

    private static void ThrowFirst(Exception?[] exceptions)
    {
        foreach (Exception? exception in exceptions)
        {
            if (exception is not null)
            {
                ExceptionDispatchInfo.Throw(exception);
            }
        }
    }

    private void Stop()
    {
        lock (start)
        {
            stopping = true;
            Monitor.PulseAll(start);
        }

        foreach (Task thread in threads)
        {
            // A thread that was lost has faulted its task; that error was reported where it happened.
            thread?.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait();
        }
    }

    private void Work(int worker)
    {
        long seen = 0;
        while (true)
        {
            Action<int> work;
            lock (start)
            {
                while (round == seen && !stopping)
                {
                    Monitor.Wait(start);
                }

                if (stopping)
                {
                    return;
                }

                seen = round;
                work = job!;
            }

            Exception? fault = null;
            try
            {
                work(worker);
            }
            catch (Exception exception)
            {
                fault = exception;
            }

            Finish(worker, fault);
        }
    }

    // Runs when a thread's body is over: in good order only after Stop, otherwise it was lost.
    private void Ended(int worker, Task thread)
    {
        Exception? cause = thread.Exception?.InnerException;
        if (cause is null)
        {
            return;
        }

        StepWorkerLostException loss = new(worker, cause);
        lock (finish)
        {
            losses[worker] = loss;
        }

        Finish(worker, loss);
    }

    private void Finish(int worker, Exception? fault)
    {
        lock (finish)
        {
            if (!busy[worker])
            {
                return;
            }

            busy[worker] = false;
            faults[worker] = fault;
            busyCount--;
            if (busyCount == 0)
            {
                Monitor.PulseAll(finish);
            }
        }
    }
}
