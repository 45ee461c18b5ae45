namespace Stackelberg.Experiments;

/// <summary>The outcome of an evaluation.</summary>
/// <param name="Returns">Undiscounted return of each episode.</param>
/// <param name="Lengths">Steps of each episode.</param>
public sealed record EvaluationResult(IReadOnlyList<double> Returns, IReadOnlyList<int> Lengths)
{
    /// <summary>Number of episodes.</summary>
    public int Episodes => Returns.Count;

    /// <summary>Mean return.</summary>
    public double Mean { get; } = Statistics.Mean([.. Returns]);

    /// <summary>Standard deviation of the returns over the episodes (divided by their number; 0 for one episode).</summary>
    public double StandardDeviation { get; } = Statistics.StandardDeviation([.. Returns]);

    /// <summary>Mean number of steps.</summary>
    public double MeanLength { get; } = Statistics.Mean([.. Lengths.Select(l => (double)l)]);
}
