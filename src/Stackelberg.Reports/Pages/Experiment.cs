using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Reports.Pages;

/// <summary>An experiment as a page tells it: what was asked, of what, what came out, and what that says of the claims.</summary>
/// <param name="Title">One line.</param>
/// <param name="Question">What was asked, in a paragraph or several, one line each.</param>
/// <param name="Sections">What was measured, in the order of the page.</param>
public sealed record Experiment(string Title, string Question, IReadOnlyList<ExperimentSection> Sections)
{
    /// <summary>What was compared with what.</summary>
    public IReadOnlyList<ExperimentArm> Arms { get; init; } = [];

    /// <summary>Claims, and what the measurements say of them.</summary>
    public IReadOnlyList<ExperimentClaim> Claims { get; init; } = [];

    /// <summary>What a reader must know of the whole, one sentence each: budgets that differ from the paper's, deviations.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>A part of an experiment.</summary>
/// <param name="Title">One line.</param>
/// <param name="Text">What it is about, one paragraph a line; may be empty.</param>
/// <param name="Comparison">Its runs side by side; null where it has none, which the page says.</param>
public sealed record ExperimentSection(string Title, string Text, Comparison? Comparison = null);

/// <summary>One of the things that were compared.</summary>
/// <param name="Label">Its name in curves and tables.</param>
/// <param name="Description">What it is.</param>
public sealed record ExperimentArm(string Label, string Description);

/// <summary>What measurements say of a claim.</summary>
public enum ClaimVerdict
{
    /// <summary>They agree with it.</summary>
    Reproduced,

    /// <summary>They contradict it.</summary>
    NotReproduced,

    /// <summary>They do neither: too few runs, or an interval that holds both answers.</summary>
    Undecided,
}

/// <summary>A claim with the numbers it is judged by.</summary>
/// <param name="Text">The claim, in one sentence.</param>
/// <param name="Published">The published number; NaN where there is none.</param>
/// <param name="Measured">The same quantity as measured here; NaN where it was not.</param>
/// <param name="Low">Lower end of its interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="Count">Seeds it rests on.</param>
/// <param name="Verdict">What follows.</param>
public sealed record ExperimentClaim(string Text, double Published, double Measured, double Low, double High, int Count, ClaimVerdict Verdict)
{
    /// <summary>Where the claim stands, such as a table of the paper.</summary>
    public string Source { get; init; } = "";

    /// <summary>Why the verdict is what it is, in one sentence.</summary>
    public string Reason { get; init; } = "";
}
