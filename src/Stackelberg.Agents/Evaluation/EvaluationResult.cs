namespace Stackelberg.Agents;

/// <summary>What one of several agents got in an evaluation.</summary>
/// <param name="Name">The agent.</param>
/// <param name="Returns">Its undiscounted return of each episode.</param>
public sealed record AgentReturns(string Name, IReadOnlyList<double> Returns)
{
    /// <summary>Mean return.</summary>
    public double Mean() => Returns.Average();
}

/// <summary>The outcome of an evaluation.</summary>
/// <param name="Returns">Undiscounted return of each episode.</param>
/// <param name="Lengths">Steps of each episode.</param>
public sealed record EvaluationResult(IReadOnlyList<double> Returns, IReadOnlyList<int> Lengths)
{
    /// <summary>Returns of every agent in the order of play, of which the first one's are <see cref="Returns"/>; empty where there is one agent.</summary>
    public IReadOnlyList<AgentReturns> Agents { get; init; } = [];

    /// <summary>Number of episodes.</summary>
    public int Episodes => Returns.Count;

    /// <summary>Mean return.</summary>
    public double Mean { get; } = Average(Returns);

    /// <summary>Standard deviation of the returns over the episodes (divided by their number; 0 for one episode).</summary>
    public double StandardDeviation { get; } = Deviation(Returns);

    /// <summary>Mean number of steps.</summary>
    public double MeanLength { get; } = Average([.. Lengths.Select(l => (double)l)]);

    // in the order of the episodes: the last bit of a sum depends on it
    private static double Average(IReadOnlyList<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum / values.Count;
    }

    private static double Deviation(IReadOnlyList<double> values)
    {
        double mean = Average(values), sum = 0;
        foreach (double value in values)
        {
            sum += (value - mean) * (value - mean);
        }

        return Math.Sqrt(sum / values.Count);
    }
}
