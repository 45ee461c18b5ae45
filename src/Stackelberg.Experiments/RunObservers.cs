using Stackelberg.Agents;
using Stackelberg.Bilevel;

namespace Stackelberg.Experiments;

/// <summary>Several observers as one: each hears of everything, in the order given.</summary>
/// <param name="observers">Any number; one that follows no tables hears of no rows.</param>
public sealed class RunObservers(params IReadOnlyList<IRunObserver> observers) : IRunObserver
{
    private readonly IRunObserver[] all = [.. observers];
    private readonly IRunObserver[] followers = [.. observers.Where(static o => o.FollowsTables)];

    /// <inheritdoc/>
    public bool FollowsTables => followers.Length > 0;

    /// <inheritdoc/>
    public void Started(RunPlan plan, long steps) => Array.ForEach(all, o => o.Started(plan, steps));

    /// <inheritdoc/>
    public void Progressed(RunPlan plan, RunProgress progress) => Array.ForEach(all, o => o.Progressed(plan, progress));

    /// <inheritdoc/>
    public void Evaluated(RunPlan plan, long steps, EvaluationResult evaluation) => Array.ForEach(all, o => o.Evaluated(plan, steps, evaluation));

    /// <inheritdoc/>
    public void EpisodeLogged(RunPlan plan, in EpisodeSummary episode)
    {
        foreach (IRunObserver follower in followers)
        {
            follower.EpisodeLogged(plan, episode);
        }
    }

    /// <inheritdoc/>
    public void ProgressLogged(RunPlan plan, ProgressRow row) => Array.ForEach(followers, o => o.ProgressLogged(plan, row));

    /// <inheritdoc/>
    public void EvaluationLogged(RunPlan plan, long steps, EvaluationResult evaluation) => Array.ForEach(followers, o => o.EvaluationLogged(plan, steps, evaluation));

    /// <inheritdoc/>
    public void HypergradientLogged(RunPlan plan, long steps, in HypergradientReport report)
    {
        foreach (IRunObserver follower in followers)
        {
            follower.HypergradientLogged(plan, steps, report);
        }
    }

    /// <inheritdoc/>
    public void Saving(RunPlan plan, long steps) => Array.ForEach(all, o => o.Saving(plan, steps));

    /// <inheritdoc/>
    public void Saved(RunPlan plan, CheckpointInfo checkpoint) => Array.ForEach(all, o => o.Saved(plan, checkpoint));

    /// <inheritdoc/>
    public void Noticed(RunPlan plan, string message) => Array.ForEach(all, o => o.Noticed(plan, message));

    /// <inheritdoc/>
    public void Ended(RunPlan plan, RunResult result) => Array.ForEach(all, o => o.Ended(plan, result));
}
