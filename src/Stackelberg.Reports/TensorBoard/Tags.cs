using System.Collections.Frozen;
using Stackelberg.Agents;
using Stackelberg.Agents.Algorithms;

namespace Stackelberg.Reports.TensorBoard;

/// <summary>
/// Names of curves: CleanRL's where the number is the same, else the table's own. The whole list is in <c>docs/tensorboard.md</c>.
/// </summary>
internal sealed class Tags
{
    /// <summary>Environment steps per second.</summary>
    public const string StepsPerSecond = "charts/SPS";

    // positions and counts, which are no curves, and the list of returns
    private static readonly FrozenSet<string> Unused = FrozenSet.Create("step", "iteration", "episode", "episodes", "update", "returns");

    private readonly FrozenDictionary<string, string> metrics;

    private Tags(FrozenDictionary<string, string> metrics) => this.metrics = metrics;

    /// <summary>The names for an algorithm. One of a plug-in may mean anything by a metric, so its names stay as they are.</summary>
    public static Tags For(string algorithm)
    {
        Type? options = AlgorithmCatalogue.BuiltIn.Find(algorithm)?.OptionsType;
        // CleanRL halves the value loss of PPO and we do not, so critic/loss_before of ac and stac keeps its name
        (string, string)[] names = options == typeof(AcOptions) ? [("actor/entropy_before", "losses/entropy")]
            : options == typeof(PpoOptions) ? [("actor/clip_fraction", "losses/clipfrac"), ("critic/explained_variance", "losses/explained_variance")]
            : options == typeof(DdpgOptions) ? [("critic/loss_before", "losses/qf1_loss")]
            : options == typeof(Td3Options) ? [("critic/loss_before", "losses/qf_loss")]
            : options == typeof(SacOptions) ? [("critic/loss_before", "losses/qf_loss"), ("actor/temperature_after", "losses/alpha")]
            : [];
        return new Tags(names.ToFrozenDictionary(n => n.Item1, n => n.Item2));
    }

    /// <summary>The name of a column's curve; null where it has none.</summary>
    /// <param name="table">Name of the file, without its end.</param>
    public string? Of(string table, string column) => (table, column) switch
    {
        _ when Unused.Contains(column) => null,
        ("episodes", "return") => "charts/episodic_return",
        ("episodes", "length") => "charts/episodic_length",
        ("evaluations", _) => $"eval/{column}",
        ("progress", not ("episode_return" or "episode_length")) => metrics.GetValueOrDefault(column, column),
        _ => $"{table}/{column}",
    };
}
