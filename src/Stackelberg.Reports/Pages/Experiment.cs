using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Reproductions;

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
    public IReadOnlyList<ClaimResult> Claims { get; init; } = [];

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
