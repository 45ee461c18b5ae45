namespace Stackelberg.Agents.Games;

/// <summary>What methods with tables have in common.</summary>
public record TabularOptions
{
    /// <summary>γ</summary>
    [Option("Discount γ.", Minimum = 0, Maximum = 1)]
    public double Gamma { get; init; } = 0.99;

    /// <summary>α</summary>
    [Option("Learning rate α.", Minimum = 0, ExclusiveMinimum = true, Maximum = 1)]
    public double LearningRate { get; init; } = 0.1;

    /// <summary>Least initial value.</summary>
    [Option("Least initial value of a table; values are drawn uniformly.")]
    public double InitialLow { get; init; }

    /// <summary>Largest initial value.</summary>
    [Option("Largest initial value of a table.")]
    public double InitialHigh { get; init; }

    /// <summary>Among equals.</summary>
    [Option("Which of several equally good actions is taken while learning: the first, or one at random. Greedy play takes the first.")]
    public TieRule Ties { get; init; }

    /// <summary>Exploration.</summary>
    public ExplorationOptions Exploration { get; init; } = new() { RandomSteps = 1000 };

    /// <summary>Steps per iteration.</summary>
    [Option("Environment steps per iteration, each learnt from as it is taken; logs, evaluations and checkpoints fall between iterations.", Minimum = 1)]
    public int StepsPerIteration { get; init; } = 100;

    /// <summary>Copies of the environment.</summary>
    [Option("Copies of the environment that take turns.", Minimum = 1, Maximum = 4096)]
    public int Environments { get; init; } = 1;

    /// <summary>Combinations that cannot work.</summary>
    internal static IEnumerable<(string Key, string Message)> Faults(object options)
    {
        TabularOptions given = (TabularOptions)options;
        if (!(given.InitialLow <= given.InitialHigh))
        {
            yield return ("initial_low", $"initial_low={given.InitialLow} is above initial_high={given.InitialHigh}.");
        }
    }

    /// <summary>Settings that nothing reads.</summary>
    internal static IEnumerable<(string Key, string Message)> Ignored(object options) => ((TabularOptions)options).Exploration.Unread();

    /// <summary>The same of methods that play mixed strategies.</summary>
    internal static IEnumerable<(string Key, string Message)> IgnoredWhereMixed(object options)
    {
        IEnumerable<(string, string)> ties = ((TabularOptions)options).Ties == TieRule.First ? [] : [("ties", "actions are drawn from equilibria, not compared.")];
        return [.. ties, .. Ignored(options)];
    }
}
