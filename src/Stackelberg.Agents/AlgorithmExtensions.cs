namespace Stackelberg.Agents;

/// <summary>What programs do with a learner that keep no run folder.</summary>
public static class AlgorithmExtensions
{
    /// <summary>
    /// Iterates until the learner has taken so many environment steps in all, those before this call and before <see cref="Primitives.IStateful.Load"/>
    /// included. A learner that is there already does nothing.
    /// </summary>
    /// <remarks>
    /// Training may stop and go on at any number of steps. On-policy methods shorten the iteration that ends there, so that 1000 steps and 1000 more are
    /// the same as 2000 at once only where an iteration would have ended at 1000 anyway.
    /// </remarks>
    /// <param name="totalSteps">Not negative.</param>
    /// <param name="sink">Told what happens while it does; null for nobody.</param>
    /// <returns>What happened in this call.</returns>
    /// <exception cref="NumericalException">NaN or infinity arose; the message names where.</exception>
    /// <exception cref="InvalidOperationException">An iteration took no step.</exception>
    public static EpisodeLog Train(this IAlgorithm learner, long totalSteps, ITrainingSink? sink = null)
    {
        ArgumentNullException.ThrowIfNull(learner);
        ArgumentOutOfRangeException.ThrowIfNegative(totalSteps);
        EpisodeLog log = new(sink);
        while (learner.Steps < totalSteps)
        {
            long before = learner.Steps;
            learner.Iterate(totalSteps - before, log);
            if (learner.Steps <= before)
            {
                throw new InvalidOperationException(
                    $"The learner took no environment step in iteration {learner.Iterations} and stands at {learner.Steps} of {totalSteps}; {nameof(IAlgorithm.Iterate)} must take at least one.");
            }
        }

        return log;
    }
}
