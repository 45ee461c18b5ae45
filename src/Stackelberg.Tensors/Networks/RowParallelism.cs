namespace Stackelberg.Tensors.Networks;

/// <summary>A small crew of threads that works on row chunks of one large batch.</summary>
/// <remarks>
/// <para>The chunks and the order in which their results are added depend on the number of rows alone, so the results are the same bits for
/// every number of threads.</para>
/// <para>Waiting threads look around for some microseconds, then sleep; an idle crew costs nothing. One caller at a time: a crew that is
/// shared between computations serves them one after the other. Training several seeds or agents side by side uses cores better than a
/// crew does; a crew is for one run that is alone on the machine.</para>
/// </remarks>
public sealed class RowParallelism : IDisposable
{
    /// <summary>Most threads of a crew.</summary>
    public const int MaximumThreads = 64;

    private const int SpinsBeforeSleep = 200;

    private readonly Lock turn = new();
    private readonly SemaphoreSlim[] starts;
    private readonly Thread[] helpers;
    private Action<int, int>? body;
    private int chunks;
    private int next;
    private int busy;
    private Exception? failure;
    private volatile bool stopping;

    /// <summary>Starts a crew.</summary>
    /// <param name="threads">Threads that work on a batch, the caller's among them; 1 to 64.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is outside 1 to 64.</exception>
    public RowParallelism(int threads)
    {
        if (threads is < 1 or > MaximumThreads)
        {
            throw new ArgumentOutOfRangeException(nameof(threads), threads, "A crew has 1 to 64 threads, the caller's among them.");
        }

        Threads = threads;
        starts = new SemaphoreSlim[threads - 1];
        helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.Length; i++)
        {
            int worker = i + 1;
            starts[i] = new SemaphoreSlim(0);
            helpers[i] = new Thread(() => Help(worker)) { IsBackground = true, Name = $"rows {worker}" };
            helpers[i].Start();
        }
    }

    /// <summary>Threads that work on a batch, the caller's among them.</summary>
    public int Threads { get; }

    /// <summary>Ends the helper threads, after a computation in progress.</summary>
    public void Dispose()
    {
        // a run in progress ends first: a helper that saw 'stopping' before its work would never report back
        lock (turn)
        {
            if (stopping)
            {
                return;
            }

            stopping = true;
        }

        for (int i = 0; i < helpers.Length; i++)
        {
            starts[i].Release();
            helpers[i].Join();
            starts[i].Dispose();
        }
    }

    /// <summary>
    /// Calls <paramref name="work"/>(chunk, worker) once for each chunk, on any worker, and returns when all are finished. If chunks fail, one
    /// of their exceptions is thrown.
    /// </summary>
    internal void Run(Action<int, int> work, int count)
    {
        lock (turn)
        {
            ObjectDisposedException.ThrowIf(stopping, this);
            body = work;
            chunks = count;
            next = 0;
            failure = null;
            int called = Math.Min(helpers.Length, count - 1);
            Volatile.Write(ref busy, called);
            for (int i = 0; i < called; i++)
            {
                starts[i].Release();
            }

            Take(0);
            var wait = new SpinWait();
            while (Volatile.Read(ref busy) > 0)
            {
                // a chunk takes tens of microseconds: yield rather than burn a shared core
                wait.SpinOnce(sleep1Threshold: SpinsBeforeSleep);
            }

            body = null;
            if (failure is not null)
            {
                throw new AggregateException("A chunk of rows failed.", failure);
            }
        }
    }

    private void Help(int worker)
    {
        SemaphoreSlim start = starts[worker - 1];
        while (true)
        {
            start.Wait();
            if (stopping)
            {
                return;
            }

            Take(worker);
            Interlocked.Decrement(ref busy);
        }
    }

    private void Take(int worker)
    {
        try
        {
            while (true)
            {
                int chunk = Interlocked.Increment(ref next) - 1;
                if (chunk >= chunks)
                {
                    return;
                }

                body!(chunk, worker);
            }
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref failure, exception, null);
        }
    }
}
