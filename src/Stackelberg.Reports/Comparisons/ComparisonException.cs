namespace Stackelberg.Reports.Comparisons;

/// <summary>Runs that cannot be compared as asked.</summary>
/// <param name="message">What was asked for.</param>
/// <param name="allowed">What is possible.</param>
/// <param name="next">What to do.</param>
public sealed class ComparisonException(string message, string allowed, string next) : Exception(message)
{
    /// <summary>What is possible.</summary>
    public string Allowed { get; } = allowed;

    /// <summary>What to do.</summary>
    public string Next { get; } = next;
}
