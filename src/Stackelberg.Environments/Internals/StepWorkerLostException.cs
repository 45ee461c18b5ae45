namespace Stackelberg.Environments.Internals;

/// <summary>A thread was lost in the middle of a job; the inner exception says why.</summary>
internal sealed class StepWorkerLostException(int worker, Exception cause) : Exception(cause.Message, cause)
{
    internal int Worker => worker;
}
