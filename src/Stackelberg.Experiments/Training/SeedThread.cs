using System.Runtime.ExceptionServices;

namespace Stackelberg.Experiments.Training;

/// <summary>Runs a job on a thread of its own and hands its result or exception back.</summary>
internal static class SeedThread
{
    public static TResult Run<TResult>(Func<TResult> job)
    {
        TResult? result = default;
        ExceptionDispatchInfo? fault = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = job();
            }
            catch (Exception e)
            {
                fault = ExceptionDispatchInfo.Capture(e);
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
        thread.Join();
        fault?.Throw();
        return result!;
    }
}
