using Stackelberg.Experiments;

namespace Stackelberg.Reports.Reproductions;

/// <summary>An entry that is none, or that cannot be run as asked.</summary>
/// <param name="message">What is wrong; with file and line for an entry's.</param>
/// <param name="allowed">What is possible.</param>
/// <param name="next">What to do.</param>
public sealed class ReproductionException(string message, string allowed, string next) : RequestException(message, allowed, next);
