using System.Diagnostics;
using System.Numerics;
using Stackelberg.Agents.Policies;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Replay;

/// <summary>
/// Acts in one environment and stores what happens: first with actions drawn uniformly from the action space, then as the actor explores. Episodes
/// go on from one call to the next.
/// </summary>
public sealed class OffPolicyCollector<T> : IStateful, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IEnvironment environment;
    private readonly ReparameterisedActor<T> actor;
    private readonly int learningStarts;
    private readonly double noise;
    private readonly RandomStream explorationStream;
    private readonly RandomStream environmentStream;
    private readonly double[] action;
    private double[] observation;
    private double[] nextObservation;
    private bool started;
    private bool running;
    private double episodeReturn;
    private int episodeLength;

    /// <summary>A collector that owns <paramref name="environment"/>.</summary>
    /// <param name="learningStarts">Steps with uniform actions at the beginning.</param>
    /// <param name="noise">Standard deviation of the noise on later actions, in units of half the action range.</param>
    /// <param name="random">Split into the streams of exploration and of the environment's seed.</param>
    public OffPolicyCollector(IEnvironment environment, ReparameterisedActor<T> actor, int learningStarts, double noise, RandomStream random)
    {
        this.environment = environment;
        this.actor = actor;
        this.learningStarts = learningStarts;
        this.noise = noise;
        explorationStream = random.Split("exploration");
        environmentStream = random.Split("environment");
        observation = new double[environment.ObservationSpace.Size];
        nextObservation = new double[environment.ObservationSpace.Size];
        action = new double[environment.ActionSpace.Size];
    }

    /// <summary>Environment steps so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Takes <paramref name="steps"/> steps and stores them.</summary>
    /// <exception cref="EnvironmentException">The environment returned NaN or infinity, or broke down.</exception>
    public void Collect(ReplayBuffer<T> buffer, int steps, ITrainingSink sink, TrainingClock clock)
    {
        long actTicks = 0;
        long environmentTicks = 0;
        for (int i = 0; i < steps; i++)
        {
            long before = Stopwatch.GetTimestamp();
            if (!running)
            {
                environment.Reset(started ? null : environmentStream.NextUInt64(), observation);
                (started, running, episodeReturn, episodeLength) = (true, true, 0, 0);
                RequireFinite(observation, 0);
            }

            long ready = Stopwatch.GetTimestamp();
            if (Steps < learningStarts)
            {
                environment.ActionSpace.Sample(explorationStream, action);
            }
            else
            {
                actor.Explore(observation, action, noise, explorationStream);
            }

            long acted = Stopwatch.GetTimestamp();
            StepResult result = environment.Step(action, nextObservation);
            RequireFinite(nextObservation, result.Reward);
            environmentTicks += ready - before + Stopwatch.GetTimestamp() - acted;
            actTicks += acted - ready;

            buffer.Add(observation, action, result.Reward, nextObservation, result.Terminated);
            (observation, nextObservation) = (nextObservation, observation);
            Steps++;
            episodeReturn += result.Reward;
            episodeLength++;
            if (result.Ended)
            {
                running = false;
                sink.Episode(new EpisodeSummary(Steps, episodeReturn, episodeLength, result.Terminated));
            }
        }

        clock.ActSeconds += actTicks / (double)Stopwatch.Frequency;
        clock.EnvironmentSeconds += environmentTicks / (double)Stopwatch.Frequency;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("started", started);
        writer.Write("running", running);
        writer.Write("steps", Steps);
        writer.Write("episode_return", episodeReturn);
        writer.Write("episode_length", (long)episodeLength);
        writer.WriteArray("observation", observation);
        writer.Write("exploration_stream", explorationStream);
        writer.Write("environment_stream", environmentStream);
        writer.Write("environment", environment);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        started = reader.ReadBoolean("started");
        running = reader.ReadBoolean("running");
        Steps = reader.ReadInt64("steps");
        episodeReturn = reader.ReadDouble("episode_return");
        episodeLength = (int)reader.ReadInt64("episode_length");
        reader.ReadArray("observation", observation);
        reader.Read("exploration_stream", explorationStream);
        reader.Read("environment_stream", environmentStream);
        reader.Read("environment", environment);
    }

    /// <inheritdoc/>
    public void Dispose() => environment.Dispose();

    private void RequireFinite(double[] values, double reward)
    {
        bool finite = double.IsFinite(reward);
        foreach (double value in values)
        {
            finite &= double.IsFinite(value);
        }

        if (!finite)
        {
            throw new EnvironmentException(
                $"{environment.Spec.Id} returned reward {reward} and observation [{string.Join(", ", values)}] at training step {Steps}; " +
                "rewards and observations must be finite.");
        }
    }
}
