using Stackelberg.Environments;

namespace Stackelberg.Experiments.Rollouts;

/// <summary>What <see cref="RolloutRecorder"/> is to play.</summary>
public sealed record RolloutRequest
{
    /// <summary>Where environments of one agent are registered.</summary>
    public required EnvironmentCatalogue Catalogue { get; init; }

    /// <summary>Where environments of several agents are registered.</summary>
    public MultiAgentCatalogue MultiAgentCatalogue { get; init; } = MultiAgentCatalogue.WithAll();

    /// <summary>The environment's id.</summary>
    public required string Environment { get; init; }

    /// <summary>A table with the actions; null to ask <see cref="Policy"/>.</summary>
    public string? ActionsFile { get; init; }

    /// <summary>Chooses the actions where no table does.</summary>
    public RolloutPolicy Policy { get; init; } = RolloutPolicy.Random;

    /// <summary>A JSON file with the states episodes start from; null to sample them.</summary>
    public string? InitialStateFile { get; init; }

    /// <summary>Most steps of an episode; null for all recorded actions, or else for the environment's time limit, or 1000 where there is none.</summary>
    public int? Steps { get; init; }

    /// <summary>How many episodes a policy plays; null for one, or for as many as there are initial states.</summary>
    public int? Episodes { get; init; }

    /// <summary>Root of all randomness; the first episode starts as <c>Reset(Seed)</c> does.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether to go on when an episode has terminated or its time limit has passed.</summary>
    public bool ContinueAfterTermination { get; init; }

    /// <summary>Ends the recording between two steps; no table is kept then.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>An episode that was played.</summary>
/// <param name="Episode">Its number.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="Returns">Sum of the rewards, one per agent.</param>
/// <param name="Terminated">Whether the last step terminated it.</param>
/// <param name="Truncated">Whether the last step reached the time limit.</param>
/// <param name="UnusedActions">Recorded actions that were not played because the episode had ended.</param>
public sealed record RolloutEpisode(long Episode, int Steps, IReadOnlyList<double> Returns, bool Terminated, bool Truncated, int UnusedActions);
