using System.Diagnostics;
using Stackelberg.Agents;
using Stackelberg.Environments;
using Stackelberg.Experiments.Checkpoints;
using Stackelberg.Experiments.Runs;
using Stackelberg.Experiments.Training;
using Stackelberg.MuJoCo;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments;

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
    /// <exception cref="EnvironmentException">The environment broke down, or has no time limit and an episode did not end in a million steps.
    /// </exception>
    public static EvaluationResult Evaluate(
        IPolicy policy, Func<IEnvironment> makeEnvironment, RandomStream random, int episodes, PolicyMode mode, TrainingClock? clock = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(episodes, 1);
        using IEnvironment environment = makeEnvironment();
        double[] observation = new double[environment.ObservationSpace.Size];
        double[] action = new double[environment.ActionSpace.Size];
        double[] returns = new double[episodes];
        int[] lengths = new int[episodes];
        long environmentTicks = 0;
        for (int episode = 0; episode < episodes; episode++)
        {
            RandomStream stream = random.Split("episode", episode);
            ulong seed = stream.Split("environment").NextUInt64();
            long begin = Stopwatch.GetTimestamp();
            environment.ResetGuarded(seed, observation);
            environmentTicks += Stopwatch.GetTimestamp() - begin;
            RandomStream choices = stream.Split("policy");
            StepResult step;
            do
            {
                policy.Act(observation, action, mode, choices);
                begin = Stopwatch.GetTimestamp();
                step = environment.StepGuarded(action, observation);
                environmentTicks += Stopwatch.GetTimestamp() - begin;
                returns[episode] += step.Reward;
                lengths[episode]++;
                if (!double.IsFinite(step.Reward))
                {
                    throw EnvironmentException.NotFinite(environment.Spec.Id, "the reward", step.Reward, lengths[episode]);
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

        return new EvaluationResult(returns, lengths);
    }

    /// <summary>Loads a checkpoint into a fresh learner and evaluates its policy.</summary>
    /// <param name="checkpoint">A folder <c>step-…</c>, or a run's folder, which means its newest checkpoint.</param>
    /// <param name="plan">The run it belongs to; only its factories and names are used.</param>
    /// <param name="seed">Root of the evaluation's randomness.</param>
    /// <exception cref="CheckpointException">The checkpoint is missing, damaged or of another run.</exception>
    public static EvaluationResult EvaluateCheckpoint(string checkpoint, RunPlan plan, ulong seed, int episodes, PolicyMode mode) =>
        PhysicsThread.Run(() =>
        {
            using IAlgorithm algorithm = Open(checkpoint, plan);
            return Evaluate(algorithm.Policy, plan.MakeEnvironment, RandomStream.FromSeed(seed).Split("evaluation"), episodes, mode);
        });

    /// <summary>Makes a learner and loads a checkpoint into it.</summary>
    /// <inheritdoc cref="EvaluateCheckpoint"/>
    /// <param name="widen">Whether the learner may be of double precision where the run is not.</param>
    internal static IAlgorithm Open(string checkpoint, RunPlan plan, bool widen = false)
    {
        var opened = Checkpoint.Open(Resolve(checkpoint));
        IAlgorithm algorithm = plan.MakeAlgorithm(new AlgorithmContext(
            plan.MakeEnvironment(), RandomStream.FromSeed(plan.Seed), plan.Options.TotalTimesteps, Threads: 1));
        try
        {
            Trainer.Restore(opened, plan, algorithm, widen);
            return algorithm;
        }
        catch
        {
            algorithm.Dispose();
            throw;
        }
    }

    /// <summary>The folder of the checkpoint that <see cref="EvaluateCheckpoint"/> would load.</summary>
    /// <exception cref="CheckpointException">There is none.</exception>
    public static string Resolve(string checkpoint)
    {
        if (!RunFolder.IsRun(checkpoint))
        {
            return checkpoint;
        }

        IReadOnlyList<string> all = CheckpointStore.List(RunFolder.CheckpointsOf(checkpoint));
        return all.Count > 0 ? all[^1] : throw new CheckpointException($"The run '{checkpoint}' has no checkpoint yet.");
    }
}
