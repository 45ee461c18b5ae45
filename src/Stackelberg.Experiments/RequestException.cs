namespace Stackelberg.Experiments;

/// <summary>Something cannot be done as asked, by the fault of who asked; the program prints the three texts and nothing else.</summary>
/// <param name="problem">What was asked for or given, and why it cannot be done.</param>
/// <param name="allowed">What is possible.</param>
/// <param name="next">What to do.</param>
public abstract class RequestException(string problem, string allowed, string next, Exception? inner = null) : Exception(problem, inner)
{
    /// <summary>What is possible.</summary>
    public string Allowed { get; } = allowed;

    /// <summary>What to do.</summary>
    public string Next { get; } = next;
}
