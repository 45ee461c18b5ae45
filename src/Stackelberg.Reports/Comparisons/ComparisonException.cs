using Stackelberg.Experiments;

namespace Stackelberg.Reports.Comparisons;

/// <summary>Runs that cannot be compared as asked.</summary>
/// <param name="message">What was asked for.</param>
/// <param name="allowed">What is possible.</param>
/// <param name="next">What to do.</param>
public sealed class ComparisonException(string message, string allowed, string next) : RequestException(message, allowed, next);
