namespace Stackelberg.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>A fault of this program.</summary>
    public const int Internal = 1;

    /// <summary>Wrong usage, configuration, file or folder.</summary>
    public const int Usage = 2;

    /// <summary>An environment or another plug-in broke its contract, dynamics broke down, or an engine is missing.</summary>
    public const int Environment = 3;

    /// <summary>NaN or infinity in a learner, or a check of numbers that failed.</summary>
    public const int Numerical = 4;

    /// <summary>Interrupted, after a checkpoint.</summary>
    public const int Interrupted = 130;
}
