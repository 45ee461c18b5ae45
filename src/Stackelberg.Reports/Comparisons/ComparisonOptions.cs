namespace Stackelberg.Reports.Comparisons;

/// <summary>Of which episodes returns and lengths are. The two are never the same quantity: see <c>docs/compare.md</c>.</summary>
public enum ScoreKind
{
    /// <summary>Episodes of evaluations, by the policy as <c>eval_mode</c> has it.</summary>
    Evaluation,

    /// <summary>The last 100 training episodes, by the policy that explores.</summary>
    TrainingLast100,
}

/// <summary>How runs are compared.</summary>
public sealed record ComparisonOptions
{
    /// <summary>Configuration keys that tell groups apart; <c>algo</c> and <c>env</c> are among them. Empty: those whose values differ are found and named.</summary>
    public IReadOnlyList<string> By { get; init; } = [];

    /// <summary><c>return</c>, <c>length</c>, or a column of <c>progress.csv</c>, of which the last 100 rows are averaged.</summary>
    public string Metric { get; init; } = "return";

    /// <summary>Of which episodes, for return and length.</summary>
    public ScoreKind Kind { get; init; }

    /// <summary>Environment steps the score is taken at: the last value known by then; null for the end of each run.</summary>
    public long? At { get; init; }

    /// <summary>Root of the resamples' randomness.</summary>
    public ulong Seed { get; init; }

    /// <summary>Resamples of every bootstrap interval of a table.</summary>
    public int Resamples { get; init; } = 10_000;

    /// <summary>Confidence of all intervals.</summary>
    public double Confidence { get; init; } = 0.95;
}
