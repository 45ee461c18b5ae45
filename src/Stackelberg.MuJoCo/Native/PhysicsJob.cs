namespace Stackelberg.MuJoCo.Native;

/// <summary>A job on a physics thread: what must be told when the engine breaks down under it.</summary>
internal sealed class PhysicsJob(Action<MujocoException> fail)
{
    private volatile bool lost;

    /// <summary>Whether a fatal error has ended this job. Native memory of a lost job is leaked on purpose: the sleeping thread still stands in it.</summary>
    internal bool Lost => lost;

    /// <summary>Marks the job as lost and hands the error to whoever waits for it.</summary>
    internal void Lose(MujocoException exception)
    {
        lost = true;
        fail(exception);
    }
}
