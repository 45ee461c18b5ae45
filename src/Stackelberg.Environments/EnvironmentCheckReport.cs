namespace Stackelberg.Environments;

/// <summary>How much of a check to run.</summary>
public sealed record EnvironmentCheckOptions
{
    /// <summary>Seed of the check's own choices; the same seed gives the same report.</summary>
    public ulong Seed { get; init; }

    /// <summary>Steps of each recorded trajectory.</summary>
    public int Steps { get; init; } = 300;

    /// <summary>Steps spent at most on finding an episode that reaches the time limit.</summary>
    public int SearchSteps { get; init; } = 40_000;

    /// <summary>
    /// Whether options that were changed may have taken the chance out of an environment, or put it in: then no trajectories have to differ or be alike,
    /// whatever the spec says.
    /// </summary>
    public bool ChanceIsOpen { get; init; }
}

/// <summary>One rule of the contract.</summary>
/// <param name="Name">Short name, as in findings.</param>
/// <param name="Description">What it asks for, in one line.</param>
public sealed record EnvironmentRule(string Name, string Description);

/// <summary>How bad a finding is.</summary>
public enum FindingSeverity
{
    /// <summary>The contract is kept; something could be better, or could not be checked.</summary>
    Advice,

    /// <summary>Probably a mistake, though training can work.</summary>
    Warning,

    /// <summary>The contract is broken: learning, resuming or reproducing will go wrong.</summary>
    Error,
}

/// <summary>Something the checker noticed.</summary>
/// <param name="Rule">Name of the rule.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Seen">What the environment did, with place and value.</param>
/// <param name="Expected">What the contract asks for.</param>
/// <param name="Remedy">How to mend it.</param>
public sealed record EnvironmentFinding(string Rule, FindingSeverity Severity, string Seen, string Expected, string Remedy)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Severity} ({Rule}): {Seen}. Expected: {Expected}. {Remedy}";
}

/// <summary>The outcome of a check.</summary>
/// <param name="Id">The environment's id; empty when it could not be made.</param>
/// <param name="Completed">The rules that were run to their end, whether or not they found something.</param>
/// <param name="Findings">All findings, in the order of the rules.</param>
public sealed record EnvironmentCheckReport(string Id, IReadOnlyList<EnvironmentRule> Completed, IReadOnlyList<EnvironmentFinding> Findings)
{
    /// <summary>Whether the contract is kept: no finding is an error.</summary>
    public bool Passed => Findings.All(f => f.Severity != FindingSeverity.Error);
}
