namespace Stackelberg.Reports.Exports;

/// <summary>A comparison that cannot be exported as asked; nothing was written.</summary>
/// <param name="message">What is in the way, with the names of the runs or groups.</param>
/// <param name="allowed">What would be accepted.</param>
/// <param name="next">What to do about it.</param>
public sealed class ExportException(string message, string allowed, string next) : Exception(message)
{
    /// <summary>What would be accepted.</summary>
    public string Allowed { get; } = allowed;

    /// <summary>What to do about it.</summary>
    public string Next { get; } = next;
}
