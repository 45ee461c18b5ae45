using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Runs;

/// <summary>The tables of a run. What they hold up to a checkpoint is part of it, so that a resumed run continues them byte for byte.</summary>
internal sealed class RunLog : ITrainingSink, IDisposable
{
    private static readonly string[] ProgressColumns = ["step", "iteration", "episodes", "episode_return", "episode_length"];
    private static readonly string[] EpisodeColumns = ["step", "episode", "return", "length", "terminated"];

    private static readonly string[] EvaluationColumns =
        ["step", "iteration", "episodes", "return_mean", "return_standard_deviation", "return_minimum", "return_maximum", "length_mean", "returns"];

    private static readonly string[] HypergradientColumns =
    [
        "step", "iteration", "update", "method", "direct_norm", "implicit_norm", "cosine", "scale", "guarded", "dropped",
        "status", "solver_iterations", "relative_residual", "smallest_curvature", "damping", "degeneracy",
    ];

    private const string MeanSuffix = "_mean";

    private readonly CsvTable progress;
    private readonly CsvTable episodes;
    private readonly CsvTable evaluations;
    private readonly CsvTable hypergradients;
    private readonly string[] agentColumns;
    private readonly IAlgorithm algorithm;
    private readonly Action<string> notice;
    private readonly RowFollower? follower;

    /// <summary>Opens the tables of a run: empty, or as they were when <paramref name="saved"/> was written.</summary>
    /// <param name="follower">Told of every row from now on; null where nobody asks, which costs nothing.</param>
    /// <param name="agents">Names of the agents, where there are several: episodes and evaluations have a column for each.</param>
    /// <exception cref="RunException">A table is shorter than the checkpoint says.</exception>
    public RunLog(string folder, IAlgorithm algorithm, Action<string> notice, StateReader? saved, RowFollower? follower = null, params IReadOnlyList<string> agents)
    {
        (this.algorithm, this.notice, this.follower) = (algorithm, notice, follower);
        Window = new EpisodeWindow(agents.Count);
        agentColumns = [.. agents.Select(ColumnOf)];
        if (saved is not null)
        {
            Window.Load(saved.Group("window"));
            Metrics.Load(saved.Group("metrics"));
        }

        (string Name, string[] Columns)[] tables =
        [
            ("progress", saved?.ReadString("progress_columns").Split(',') ?? ProgressColumns),
            ("episodes", [.. EpisodeColumns, .. agentColumns]), ("evaluations", [.. EvaluationColumns, .. agentColumns.Select(c => c + MeanSuffix)]),
            // checkpoints of earlier versions do not tell: the columns were always the same
            ("hypergradient", saved?.Contains("hypergradient_columns") == true ? saved.ReadString("hypergradient_columns").Split(',') : HypergradientColumns),
        ];
        string PathOf(string name) => Path.Combine(folder, name + ".csv");
        if (saved is not null)
        {
            // all before any is cut: where one is refused, the others stay as they are
            foreach ((string name, string[] header) in tables.Where(t => saved.Contains(t.Name + "_sum")))
            {
                CsvTable.Check(PathOf(name), header, saved.ReadInt64(name + "_rows"), new RowSums(saved.ReadUInt64(name + "_sum"), saved.ReadUInt64(name + "_weighted_sum")));
            }
        }

        CsvTable[] opened = [.. tables.Select(t => CsvTable.Open(PathOf(t.Name), t.Columns, saved?.ReadInt64(t.Name + "_rows") ?? 0))];
        (progress, episodes, evaluations, hypergradients) = (opened[0], opened[1], opened[2], opened[3]);
    }

    public EpisodeWindow Window { get; }

    public MetricBoard Metrics { get; } = new();

    /// <summary>The latest report; null before the first since the process began.</summary>
    public HypergradientReport? LastHypergradient { get; private set; }

    public void Episode(in EpisodeSummary episode)
    {
        Window.Add(episode);
        episodes.Set("step", episode.Step);
        episodes.Set("episode", Window.Count);
        episodes.Set("return", episode.Return);
        episodes.Set("length", (long)episode.Length);
        episodes.Set("terminated", episode.Terminated ? 1L : 0L);
        for (int i = 0; i < agentColumns.Length; i++)
        {
            episodes.Set(agentColumns[i], episode.AgentReturns.Span[i]);
        }

        episodes.EndRow();
        follower?.Episode(episode);
    }

    public void Metric(string name, double value) => Metrics.Set(name, value);

    public void Hypergradient(in HypergradientReport report)
    {
        LastHypergradient = report;
        hypergradients.Set("step", algorithm.Steps);
        hypergradients.Set("iteration", algorithm.Iterations + 1);
        hypergradients.Set("update", report.Update);
        hypergradients.Set("method", report.Method);
        hypergradients.Set("direct_norm", report.DirectNorm);
        hypergradients.Set("implicit_norm", report.ImplicitNorm);
        hypergradients.Set("cosine", report.Cosine);
        hypergradients.Set("scale", report.Scale);
        hypergradients.Set("guarded", report.Guarded ? 1L : 0L);
        hypergradients.Set("dropped", report.Dropped ? 1L : 0L);
        if (report.Solve.Status != SolveStatus.None)
        {
            hypergradients.Set("status", report.Solve.Status.Name());
            hypergradients.Set("solver_iterations", (long)report.Solve.Iterations);
            hypergradients.Set("relative_residual", report.Solve.RelativeResidual);
            hypergradients.Set("smallest_curvature", report.Solve.SmallestCurvature);
            hypergradients.Set("damping", report.Solve.Damping);
        }

        if (report.Solve.ZeroColumns is { } zeroColumns)
        {
            hypergradients.Set("zero_columns", (long)zeroColumns);
        }

        hypergradients.Set("degeneracy", report.Degeneracy.ToString().ToLowerInvariant());
        hypergradients.EndRow();
        follower?.Hypergradient(algorithm.Steps, report);
    }

    public void Notice(string message) => notice(message);

    /// <summary>Writes a row of <c>progress.csv</c>.</summary>
    public void Progress()
    {
        progress.Set("step", algorithm.Steps);
        progress.Set("iteration", algorithm.Iterations);
        progress.Set("episodes", Window.Count);
        if (Window.Count > 0)
        {
            progress.Set("episode_return", Window.MeanReturn);
            progress.Set("episode_length", Window.MeanLength);
        }

        // first, as a value that is in a row is fresh no more; without a follower nothing of this line is evaluated
        follower?.Progress(new ProgressRow(algorithm.Steps, algorithm.Iterations, Window.Count, Window.MeanReturn, Window.MeanLength, Metrics.Fresh()));
        Metrics.MoveTo(progress);
        progress.EndRow();
    }

    /// <summary>Writes a row of <c>evaluations.csv</c>; the last cell holds all returns, separated by semicolons.</summary>
    public void Evaluation(EvaluationResult result)
    {
        evaluations.Set("step", algorithm.Steps);
        evaluations.Set("iteration", algorithm.Iterations);
        evaluations.Set("episodes", (long)result.Episodes);
        evaluations.Set("return_mean", result.Mean);
        evaluations.Set("return_standard_deviation", result.StandardDeviation);
        evaluations.Set("return_minimum", result.Returns.Min());
        evaluations.Set("return_maximum", result.Returns.Max());
        evaluations.Set("length_mean", result.MeanLength);
        evaluations.Set("returns", string.Join(';', result.Returns.Select(CsvTable.Text)));
        foreach ((string column, AgentReturns agent) in agentColumns.Zip(result.Agents))
        {
            evaluations.Set(column + MeanSuffix, agent.Mean());
        }

        evaluations.EndRow();
        follower?.Evaluation(algorithm.Steps, result);
    }

    /// <summary>By what each table, as it is now, is recognised.</summary>
    public IReadOnlyDictionary<string, TableSeal> Seals() => new Dictionary<string, TableSeal>
    {
        ["progress"] = Seal(progress),
        ["episodes"] = Seal(episodes),
        ["evaluations"] = Seal(evaluations),
        ["hypergradient"] = Seal(hypergradients),
    };

    public void Flush(bool toDisk = false)
    {
        progress.Flush(toDisk);
        episodes.Flush(toDisk);
        evaluations.Flush(toDisk);
        hypergradients.Flush(toDisk);
    }

    public void Save(StateWriter writer)
    {
        writer.Write("progress_columns", string.Join(',', progress.Columns));
        writer.Write("hypergradient_columns", string.Join(',', hypergradients.Columns));
        SaveRows(writer, "progress", progress);
        SaveRows(writer, "episodes", episodes);
        SaveRows(writer, "evaluations", evaluations);
        SaveRows(writer, "hypergradient", hypergradients);
        writer.Write("window", Window);
        writer.Write("metrics", Metrics);
    }

    // a game's file may call its agents anything
    private static string ColumnOf(string agent) => "return_" + string.Concat(agent.Select(static c => c is ',' or '"' or '\r' or '\n' ? '_' : c));

    private static TableSeal Seal(CsvTable table) => new(table.Rows, string.Join(',', table.Columns), table.Sums);

    private static void SaveRows(StateWriter writer, string name, CsvTable table)
    {
        writer.Write(name + "_rows", table.Rows);
        writer.Write(name + "_sum", table.Sums.Plain);
        writer.Write(name + "_weighted_sum", table.Sums.Weighted);
    }

    public void Dispose()
    {
        progress.Dispose();
        episodes.Dispose();
        evaluations.Dispose();
        hypergradients.Dispose();
    }
}
