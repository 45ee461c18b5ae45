using Stackelberg.Agents;
using Stackelberg.Bilevel;

namespace Stackelberg.Experiments.Runs;

/// <summary>Passes a run's rows on to an observer that asked for them.</summary>
internal sealed class RowFollower
{
    private readonly RunPlan plan;
    private readonly IRunObserver observer;

    private RowFollower(RunPlan plan, IRunObserver observer) => (this.plan, this.observer) = (plan, observer);

    /// <summary>A follower, or null where the observer does not ask for rows.</summary>
    public static RowFollower? For(RunPlan plan, IRunObserver observer) => observer.FollowsTables ? new RowFollower(plan, observer) : null;

    public void Episode(in EpisodeSummary episode) => observer.EpisodeLogged(plan, episode);

    public void Progress(ProgressRow row) => observer.ProgressLogged(plan, row);

    public void Evaluation(long steps, EvaluationResult result) => observer.EvaluationLogged(plan, steps, result);

    public void Hypergradient(long steps, in HypergradientReport report) => observer.HypergradientLogged(plan, steps, report);
}
