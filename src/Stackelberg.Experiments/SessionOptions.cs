namespace Stackelberg.Experiments;

/// <summary>What to do about what is in the folders already.</summary>
public enum RunMode
{
    /// <summary>Start; a folder that holds a run already is refused.</summary>
    New,

    /// <summary>Start; a run that is in the folder already is deleted.</summary>
    Overwrite,

    /// <summary>Go on from the newest sound checkpoint, or from the beginning when none was written yet.</summary>
    Resume,
}

/// <summary>How several runs are trained together.</summary>
public sealed record SessionOptions
{
    /// <summary>What to do about what is in the folders already.</summary>
    public RunMode Mode { get; init; }

    /// <summary>Whether <see cref="RunMode.Resume"/> may train a run again from its beginning when it had checkpoints and none of them can be used.</summary>
    public bool FromScratch { get; init; }

    /// <summary>
    /// Worker threads in all, one per seed; those beyond the number of seeds are handed to the learners. 0 for the smaller of cores and seeds.
    /// Results do not depend on it.
    /// </summary>
    public int Threads { get; init; }
}
