using System.Diagnostics;
using System.Numerics;
using Stackelberg.Agents.Policies;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Rollouts;

/// <summary>What the value of the observation at a time limit counts for.</summary>
public enum TimeLimit
{
    /// <summary>A truncated episode is bootstrapped with the critic's value: future reward exists.</summary>
    Bootstrap,

    /// <summary>A truncated episode counts as terminated, as in code written for Gym's single flag.</summary>
    Terminal,
}

/// <summary>
/// Fills rollouts by acting in one environment. Every rollout starts with a reset, so that each trajectory starts at an initial
/// observation; the last one is cut at the rollout's end and bootstrapped.
/// </summary>
public sealed class OnPolicyCollector<T> : IStateful, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IEnvironment environment;
    private readonly StochasticActor<T> actor;
    private readonly TimeLimit timeLimit;
    private readonly RandomStream actionStream;
    private readonly RandomStream environmentStream;
    private readonly double[] observation;
    private readonly double[] action;
    private bool started;

    /// <summary>A collector that owns <paramref name="environment"/>.</summary>
    public OnPolicyCollector(IEnvironment environment, StochasticActor<T> actor, TimeLimit timeLimit, RandomStream random)
    {
        this.environment = environment;
        this.actor = actor;
        this.timeLimit = timeLimit;
        actionStream = random.Split("actions");
        environmentStream = random.Split("environment");
        observation = new double[environment.ObservationSpace.Size];
        action = new double[environment.ActionSpace.Size];
    }

    /// <summary>Environment steps since the first rollout.</summary>
    public long Steps { get; private set; }

    /// <summary>Collects <paramref name="steps"/> steps.</summary>
    /// <param name="bootstrap">The value of an observation, asked where a trajectory ends without terminating.</param>
    /// <exception cref="EnvironmentException">The environment returned NaN or infinity, or broke down.</exception>
    public void Collect(Rollout<T> rollout, int steps, Func<double[], double> bootstrap, ITrainingSink sink, TrainingClock clock)
    {
        rollout.Clear();
        Reset(clock);
        int start = 0;
        double episodeReturn = 0;
        long actTicks = 0;
        long environmentTicks = 0;
        for (int t = 0; t < steps; t++)
        {
            long before = Stopwatch.GetTimestamp();
            Span<T> row = rollout.Observations.Row(t);
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = T.CreateTruncating(observation[i]);
            }

            actor.Draw(observation, action, PolicyMode.Stochastic, actionStream);
            Span<T> stored = rollout.Actions.Row(t);
            for (int i = 0; i < stored.Length; i++)
            {
                stored[i] = T.CreateTruncating(action[i]);
            }

            actor.ToEnvironment(action);
            long acted = Stopwatch.GetTimestamp();
            StepResult result = environment.StepGuarded(action, observation);
            long stepped = Stopwatch.GetTimestamp();
            actTicks += acted - before;
            environmentTicks += stepped - acted;

            Steps++;
            rollout.Rewards[t] = result.Reward;
            rollout.Count = t + 1;
            episodeReturn += result.Reward;
            RequireFinite(result.Reward);
            bool terminal = result.Terminated || (result.Truncated && timeLimit == TimeLimit.Terminal);
            if (result.Ended || t == steps - 1)
            {
                rollout.EndTrajectory(start, terminal ? 0 : bootstrap(observation), result.Ended);
            }

            if (result.Ended)
            {
                sink.Episode(new EpisodeSummary(Steps, episodeReturn, t + 1 - start, result.Terminated));
                start = t + 1;
                episodeReturn = 0;
                if (start < steps)
                {
                    Reset(clock);
                }
            }
        }

        clock.ActSeconds += actTicks / (double)Stopwatch.Frequency;
        clock.EnvironmentSeconds += environmentTicks / (double)Stopwatch.Frequency;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("started", started);
        writer.Write("steps", Steps);
        writer.Write("action_stream", actionStream);
        writer.Write("environment_stream", environmentStream);
        writer.Write("environment", environment);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        started = reader.ReadBoolean("started");
        Steps = reader.ReadInt64("steps");
        reader.Read("action_stream", actionStream);
        reader.Read("environment_stream", environmentStream);
        reader.Read("environment", environment);
    }

    /// <inheritdoc/>
    public void Dispose() => environment.Dispose();

    private void Reset(TrainingClock clock)
    {
        long before = Stopwatch.GetTimestamp();
        environment.ResetGuarded(started ? null : environmentStream.NextUInt64(), observation);
        started = true;
        clock.EnvironmentSeconds += Stopwatch.GetElapsedTime(before).TotalSeconds;
        RequireFinite(0);
    }

    private void RequireFinite(double reward)
    {
        bool finite = double.IsFinite(reward);
        foreach (double value in observation)
        {
            finite &= double.IsFinite(value);
        }

        if (!finite)
        {
            throw new EnvironmentException(
                $"{environment.Spec.Id} returned reward {reward} and observation [{string.Join(", ", observation)}] at training step {Steps}; " +
                "rewards and observations must be finite.");
        }
    }
}
