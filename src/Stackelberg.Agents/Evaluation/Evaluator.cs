using System.Diagnostics;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents;

/// <summary>Plays whole episodes with a policy that does not learn.</summary>
public static class Evaluator
{
    // the longest episode of an environment that has no time limit of its own
    private const int EpisodeLimit = 1_000_000;

    /// <summary>Plays episodes in a fresh environment.</summary>
    /// <remarks>
    /// Episode i uses streams split from <paramref name="random"/> by i alone: fewer or more episodes leave it as it is, and the training
    /// streams are not touched.
    /// </remarks>
    /// <param name="episodes">At least 1.</param>
    /// <param name="clock">Receives the seconds spent in the environment, or null.</param>
    /// <param name="cancellation">Ends the evaluation between two steps.</param>
    /// <exception cref="OperationCanceledException">It was asked to end.</exception>
    /// <exception cref="EnvironmentException">The environment broke down, or has no time limit and an episode did not end in a million steps.
    /// </exception>
    public static EvaluationResult Evaluate(
        IPolicy policy, Func<IEnvironment> makeEnvironment, RandomStream random, int episodes, PolicyMode mode, TrainingClock? clock = null,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(episodes, 1);
        using IEnvironment environment = makeEnvironment().Guarded();
        double[] observation = new double[environment.ObservationSpace.Size];
        double[] action = new double[environment.ActionSpace.Size];
        double[] returns = new double[episodes];
        int[] lengths = new int[episodes];
        JointEnvironment? joint = environment.Joint();
        double[][] ofAgents = [.. (joint?.Agents ?? Enumerable.Empty<AgentSpec>()).Select(_ => new double[episodes])];
        long environmentTicks = 0;
        for (int episode = 0; episode < episodes; episode++)
        {
            RandomStream stream = random.Split("episode", episode);
            ulong seed = stream.Split("environment").NextUInt64();
            long begin = Stopwatch.GetTimestamp();
            environment.Reset(seed, observation);
            environmentTicks += Stopwatch.GetTimestamp() - begin;
            RandomStream choices = stream.Split("policy");
            StepResult step;
            do
            {
                cancellation.ThrowIfCancellationRequested();
                policy.Act(observation, action, mode, choices);
                begin = Stopwatch.GetTimestamp();
                step = environment.Step(action, observation);
                environmentTicks += Stopwatch.GetTimestamp() - begin;
                returns[episode] += step.Reward;
                lengths[episode]++;
                for (int i = 0; i < ofAgents.Length; i++)
                {
                    ofAgents[i][episode] += joint!.Rewards[i];
                }

                if (lengths[episode] == EpisodeLimit && !step.Ended)
                {
                    throw new EnvironmentException(
                        $"An evaluation episode of '{environment.Spec.Id}' did not end within {EpisodeLimit} steps; give the environment a time limit.");
                }
            }
            while (!step.Ended);
        }

        if (clock is not null)
        {
            clock.EnvironmentSeconds += environmentTicks / (double)Stopwatch.Frequency;
        }

        return new EvaluationResult(returns, lengths) { Agents = [.. ofAgents.Select((r, i) => new AgentReturns(joint!.Agents[i].Name, r))] };
    }
}
