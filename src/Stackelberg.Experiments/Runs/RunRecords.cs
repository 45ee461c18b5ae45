using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Stackelberg.Agents;
using Stackelberg.Bilevel;

namespace Stackelberg.Experiments.Runs;

/// <summary>The file <c>result.json</c>; it exists if and only if the run is finished. Without times, so that it is reproducible.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ResultRecord(
    long Steps, long Iterations, long Episodes, EvaluationRecord FinalEvaluation, string Checkpoint, string CheckpointHash)
{
    public const string FileName = "result.json";

    /// <summary>Whose outcome it is: environment, algorithm and seed as in the manifest; null in files of versions that did not note it.</summary>
    public string? Run { get; init; }

    /// <summary>By what each table is recognised, by name; null in files of versions that did not note it.</summary>
    public IReadOnlyDictionary<string, TableSeal>? Tables { get; init; }

    /// <summary>Hash of all the rest, as this program writes it; null in files of versions that did not note it.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The record of a run, with its hash.</summary>
    public ResultRecord Sealed(RunManifest run)
    {
        ResultRecord named = this with { Run = run.Name };
        return named with { Sha256 = named.Hash() };
    }

    /// <summary>Reads the file of a run; null where there is none.</summary>
    /// <exception cref="RunException">It is damaged, or of another run.</exception>
    public static ResultRecord? Read(string run)
    {
        string path = Path.Combine(run, FileName);
        if (Json.Read<ResultRecord>(path) is not { } record)
        {
            return null;
        }

        bool isPossible = record is { Steps: >= 0, Iterations: >= 0, Episodes: >= 0, FinalEvaluation.Returns.Count: > 0 }
            && record.FinalEvaluation.Lengths.Count == record.FinalEvaluation.Returns.Count;
        if (record.Run is { } name && RunFolder.ReadManifest(run).Name is var own && name != own)
        {
            throw new RunException($"'{path}' is of another run, {name}; this one is {own}. Put its own back from a copy, or delete the file and resume the run, which makes it again.");
        }

        return isPossible && (record.Sha256 is null || record.Sha256 == record.Hash())
            ? record
            : throw new RunException($"'{path}' was altered: it is not what the run wrote. Delete it and resume the run, which makes it again from the last checkpoint.");
    }

    private string Hash() => Convert.ToHexStringLower(SHA256.HashData(Json.Write(this with { Sha256 = null })));
}

/// <summary>By what a table is recognised.</summary>
/// <param name="Rows">Below the header.</param>
/// <param name="Columns">The header.</param>
/// <param name="Sums">Over the rows.</param>
internal sealed record TableSeal(long Rows, string Columns, RowSums Sums);

/// <summary>An evaluation, with every episode.</summary>
internal sealed record EvaluationRecord(double Mean, double StandardDeviation, int Episodes, IReadOnlyList<double> Returns, IReadOnlyList<int> Lengths)
{
    /// <summary>Returns of several agents; null where there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<AgentReturns>? Agents { get; init; }

    public static EvaluationRecord Of(EvaluationResult result) => new(result.Mean, result.StandardDeviation, result.Episodes, result.Returns, result.Lengths)
    {
        Agents = result.Agents.Count > 0 ? result.Agents : null,
    };

    public EvaluationResult ToResult() => new(Returns, Lengths) { Agents = Agents ?? [] };
}

/// <summary>The file <c>failure.json</c>: what is known when a run stops by a fault.</summary>
internal sealed record FailureRecord
{
    public const string FileName = "failure.json";

    public required RunFailureKind Kind { get; init; }

    public required string Message { get; init; }

    public required string Exception { get; init; }

    public required long Iteration { get; init; }

    public required long Steps { get; init; }

    public string? LastCheckpoint { get; init; }

    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    public HypergradientReport? Hypergradient { get; init; }

    public string? StackTrace { get; init; }
}

/// <summary>The file <c>timing.json</c>: seconds summed over the run's resumptions, as of the last checkpoint or the end.</summary>
internal sealed record TimingRecord(
    double WallSeconds,
    double EnvironmentSeconds,
    double ActSeconds,
    double UpdateSeconds,
    double HypergradientSeconds,
    double HypergradientGradientSeconds,
    double HypergradientSolveSeconds,
    double HypergradientMixedSeconds,
    double EvaluationSeconds,
    double EvaluationEnvironmentSeconds,
    double CheckpointSeconds)
{
    public const string FileName = "timing.json";

    /// <summary>The times of a run; none where the file is missing or cannot be read, since they only inform.</summary>
    /// <param name="note">Receives what is wrong with the file.</param>
    public static RunTimes Read(string run, Action<string>? note = null)
    {
        try
        {
            return Json.Read<TimingRecord>(Path.Combine(run, FileName))?.ToTimes() ?? default;
        }
        catch (RunException e)
        {
            note?.Invoke($"{e.Message} The times are counted from now on.");
            return default;
        }
    }

    public static TimingRecord Of(RunTimes times) => new(
        times.WallSeconds,
        times.EnvironmentSeconds,
        times.ActSeconds,
        times.UpdateSeconds,
        times.HypergradientSeconds,
        times.HypergradientGradientSeconds,
        times.HypergradientSolveSeconds,
        times.HypergradientMixedSeconds,
        times.EvaluationSeconds,
        times.EvaluationEnvironmentSeconds,
        times.CheckpointSeconds);

    public RunTimes ToTimes() => new()
    {
        WallSeconds = WallSeconds,
        EnvironmentSeconds = EnvironmentSeconds,
        ActSeconds = ActSeconds,
        UpdateSeconds = UpdateSeconds,
        HypergradientSeconds = HypergradientSeconds,
        HypergradientGradientSeconds = HypergradientGradientSeconds,
        HypergradientSolveSeconds = HypergradientSolveSeconds,
        HypergradientMixedSeconds = HypergradientMixedSeconds,
        EvaluationSeconds = EvaluationSeconds,
        EvaluationEnvironmentSeconds = EvaluationEnvironmentSeconds,
        CheckpointSeconds = CheckpointSeconds,
    };
}
