namespace Stackelberg.Reports.Reproductions;

/// <summary>An entry that is none, or that cannot be run as asked.</summary>
/// <param name="message">What is wrong; with file and line for an entry's.</param>
/// <param name="allowed">What is possible.</param>
/// <param name="next">What to do.</param>
public sealed class ReproductionException(string message, string allowed, string next) : Exception(message)
{
    /// <summary>What is possible.</summary>
    public string Allowed { get; } = allowed;

    /// <summary>What to do.</summary>
    public string Next { get; } = next;
}
