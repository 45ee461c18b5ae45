using System.Globalization;

namespace Stackelberg.Reports.Reproductions;

/// <summary>What became of a claim.</summary>
public enum Verdict
{
    /// <summary>The measurements show what is claimed.</summary>
    Reproduced,

    /// <summary>They show otherwise.</summary>
    NotReproduced,

    /// <summary>They show neither: too few seeds, or intervals too wide.</summary>
    CannotBeDecided,
}

/// <summary>A claim with its measurement.</summary>
/// <param name="Claim">In words.</param>
/// <param name="Published">What the paper prints or draws.</param>
/// <param name="Measured">The measured number, whose meaning <paramref name="Unit"/> says; NaN where there is none.</param>
/// <param name="Low">Lower end of its interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="Unit">What the number is, such as "P(A &gt; B)" or "of 8 environments".</param>
/// <param name="Count">Seeds, the fewest of the groups it is made of.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Detail">Why, in one sentence.</param>
public sealed record ClaimResult(
    string Claim, string Published, double Measured, double Low, double High, string Unit, int Count, Verdict Verdict, string Detail)
{
    /// <summary>Where the claim stands, such as a table of the paper.</summary>
    public string Source { get; init; } = "";

    /// <summary>What the paper prints, where that is a number; NaN where it is not.</summary>
    public double PublishedNumber => double.TryParse(Published, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN;

    /// <summary>The verdict in words: reproduced, not reproduced, cannot be decided.</summary>
    public string VerdictText => Verdict switch
    {
        Verdict.Reproduced => "reproduced",
        Verdict.NotReproduced => "not reproduced",
        _ => "cannot be decided",
    };
}
