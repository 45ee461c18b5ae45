using Stackelberg.Experiments;

namespace Stackelberg.Reports.Exports;

/// <summary>A comparison that cannot be exported as asked; nothing was written.</summary>
/// <param name="message">What is in the way, with the names of the runs or groups.</param>
/// <param name="allowed">What would be accepted.</param>
/// <param name="next">What to do about it.</param>
public sealed class ExportException(string message, string allowed, string next) : RequestException(message, allowed, next);
