using Stackelberg.Agents;

namespace Stackelberg.Experiments;

/// <summary>How long a run trains, and what is written along the way. Intervals are environment steps.</summary>
/// <remarks>
/// An interval of N is due at the first iteration boundary at or after each multiple of N. None of these settings, the total excepted,
/// influences what is learnt.
/// </remarks>
public sealed record TrainingOptions
{
    /// <summary>Environment steps of training in all; at least 1.</summary>
    public required long TotalTimesteps { get; init; }

    /// <summary>Evaluate every so many steps; 0 for the final evaluation alone.</summary>
    public long EvaluateEvery { get; init; }

    /// <summary>Episodes per evaluation; at least 1.</summary>
    public int EvaluationEpisodes { get; init; } = 10;

    /// <summary>How actions are picked in evaluations.</summary>
    public PolicyMode EvaluationMode { get; init; } = PolicyMode.Greedy;

    /// <summary>Write a checkpoint every so many steps; 0 for the final one alone.</summary>
    public long CheckpointEvery { get; init; }

    /// <summary>How many of the newest checkpoints stay; 0 keeps all. The one with the best evaluation stays besides.</summary>
    public int KeepCheckpoints { get; init; } = 3;

    /// <summary>Write a row of <c>progress.csv</c> every so many steps; 0 for a row per iteration.</summary>
    public long LogEvery { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="RunException">A value is out of range; the message names it.</exception>
    internal void Validate()
    {
        Require(TotalTimesteps >= 1, nameof(TotalTimesteps), TotalTimesteps, "at least 1");
        Require(EvaluateEvery >= 0, nameof(EvaluateEvery), EvaluateEvery, "0 (final evaluation only) or more");
        Require(EvaluationEpisodes >= 1, nameof(EvaluationEpisodes), EvaluationEpisodes, "at least 1");
        Require(CheckpointEvery >= 0, nameof(CheckpointEvery), CheckpointEvery, "0 (final checkpoint only) or more");
        Require(KeepCheckpoints >= 0, nameof(KeepCheckpoints), KeepCheckpoints, "0 (all) or more");
        Require(LogEvery >= 0, nameof(LogEvery), LogEvery, "0 (every iteration) or more");
    }

    private static void Require(bool holds, string name, long value, string allowed)
    {
        if (!holds)
        {
            throw new RunException($"{name} is {value}; allowed is {allowed}.");
        }
    }
}
