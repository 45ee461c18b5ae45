namespace Stackelberg.Faults.Framework;

/// <summary>What came of one try. Those from <see cref="StackTrace"/> on break a promise.</summary>
public enum Outcome
{
    /// <summary>It ended well, and there was nothing to compare.</summary>
    Done,

    /// <summary>It was refused in three lines, with the exit code that is right.</summary>
    Refused,

    /// <summary>It ended well, and its results are the undisturbed run's to the byte.</summary>
    Equal,

    /// <summary>It ended well with other results, and said why.</summary>
    Said,

    /// <summary>It could not be tried here.</summary>
    Skipped,

    /// <summary>A stack trace, or a request to report a fault of the program.</summary>
    StackTrace,

    /// <summary>No end within the time allowed.</summary>
    Hang,

    /// <summary>Exit code 0, other results, and no word.</summary>
    SilentUse,

    /// <summary>Results that were promised are missing or differ.</summary>
    Lost,

    /// <summary>An exit code that is not documented for this.</summary>
    ExitCode,

    /// <summary>A refusal that is not three lines, does not name what is wrong, or speaks of the program's own insides.</summary>
    Form,

    /// <summary>The process ended by a signal, or took more memory than it may.</summary>
    Crash,

    /// <summary>Half-written files were left behind.</summary>
    Debris,
}

/// <summary>The outcome of one try, and what there is to see of it when a promise was broken.</summary>
public sealed record Verdict(Outcome Outcome, string Detail = "")
{
    public bool IsBroken => Outcome >= Outcome.StackTrace;
}
