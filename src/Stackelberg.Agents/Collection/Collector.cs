using System.Diagnostics;
using Stackelberg.Agents.Internals;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents;

/// <summary>One step of one copy of an environment.</summary>
public readonly ref struct Transition
{
    /// <summary>Which copy, from 0.</summary>
    public required int Copy { get; init; }

    /// <summary>s</summary>
    public required ReadOnlySpan<double> Observation { get; init; }

    /// <summary>a, as the environment got it.</summary>
    public required ReadOnlySpan<double> Action { get; init; }

    /// <summary>s′: where the episode ended, the observation it ended with and never the first of the next one.</summary>
    public required ReadOnlySpan<double> NextObservation { get; init; }

    /// <summary>r, and how the episode stands after the step; termination and truncation are never merged.</summary>
    public required StepResult Result { get; init; }

    /// <summary>What every agent got, in the order of play; of one agent, r alone.</summary>
    public required ReadOnlySpan<double> Rewards { get; init; }

    /// <summary>Whether this is the last step of its copy in this call: a rollout is cut here.</summary>
    public required bool IsLast { get; init; }
}

/// <summary>Picks the action for an observation of a copy.</summary>
public delegate void ChooseAction(int copy, ReadOnlySpan<double> observation, Span<double> action);

/// <summary>Takes what a step led to; its spans are valid during the call alone.</summary>
public delegate void TakeTransition(in Transition transition);

/// <summary>
/// Acts in n copies of an environment, one after the other, and hands every transition on; episodes go on from one call to the next unless
/// <see cref="Restart"/> is called between.
/// </summary>
/// <remarks>
/// The steps of a call are shared evenly among the copies; of those left over, the copies get one more in turn. Each copy has its own environment and
/// its own seed, so its episodes do not depend on how many others there are, given the actions. An environment of several agents comes as a
/// <see cref="JointEnvironment"/>, whose observations and actions are the agents' joined.
/// </remarks>
public sealed class Collector : IStateful, IDisposable
{
    private readonly Copy[] copies;
    private readonly RandomStream seeds;
    private readonly double[] action;

    /// <summary>Makes the copies.</summary>
    /// <param name="context">Of the learner; its environment is the first copy, and owned.</param>
    /// <param name="count">Copies, at least 1.</param>
    /// <exception cref="NotSupportedException">More than one copy is wanted, and the context cannot make them.</exception>
    public Collector(AlgorithmContext context, int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        if (count > 1 && context.MakeEnvironment is null)
        {
            throw new NotSupportedException($"{count} copies of {context.Environment.Spec.Id} are wanted, and the context makes no further ones. Set {nameof(AlgorithmContext.MakeEnvironment)}.");
        }

        copies = [new Copy(context.Environment.Guarded()), .. Enumerable.Range(1, count - 1).Select(_ => new Copy(context.MakeEnvironment!().Guarded()))];
        seeds = context.Random.Split("environment");
        action = new double[context.Environment.ActionSpace.Size];
    }

    /// <summary>Environment steps so far, of all copies.</summary>
    public long Steps { get; private set; }

    /// <summary>Number of copies.</summary>
    public int Count => copies.Length;

    /// <summary>How many of the next <paramref name="steps"/> steps a copy takes.</summary>
    public int StepsOf(int copy, int steps) =>
        (steps / copies.Length) + ((copy - (int)(Steps % copies.Length) + copies.Length) % copies.Length < steps % copies.Length ? 1 : 0);

    /// <summary>Lets every copy begin a new episode at its next step; episodes in progress are abandoned and not reported.</summary>
    public void Restart() => Array.ForEach(copies, static c => c.IsRunning = false);

    /// <summary>Takes steps, copy after copy.</summary>
    /// <param name="steps">In all, at least 1.</param>
    /// <exception cref="EnvironmentException">An environment returned a number that single precision cannot hold, or broke down.</exception>
    public void Collect(int steps, ChooseAction choose, TakeTransition take, ITrainingSink sink, TrainingClock clock)
    {
        Span<int> shares = copies.Length <= 256 ? stackalloc int[copies.Length] : new int[copies.Length];
        for (int i = 0; i < shares.Length; i++)
        {
            shares[i] = StepsOf(i, steps);
        }

        long acting = 0, stepping = 0;
        for (int i = 0; i < copies.Length; i++)
        {
            Copy copy = copies[i];
            for (int t = 0; t < shares[i]; t++)
            {
                long before = Stopwatch.GetTimestamp();
                if (!copy.IsRunning)
                {
                    copy.Reset(copy.IsSeeded ? null : seeds.NextUInt64(), Steps);
                }

                long ready = Stopwatch.GetTimestamp();
                choose(i, copy.Observation, action);
                long acted = Stopwatch.GetTimestamp();
                StepResult result = copy.Step(action, Steps);
                long stepped = Stopwatch.GetTimestamp();
                acting += acted - ready;
                stepping += ready - before + stepped - acted;
                Steps++;
                take(new Transition
                {
                    Copy = i,
                    Observation = copy.Observation,
                    Action = action,
                    NextObservation = copy.NextObservation,
                    Result = result,
                    Rewards = copy.Rewards,
                    IsLast = t == shares[i] - 1,
                });
                copy.Advance(result);
                if (result.Ended)
                {
                    sink.Episode(new EpisodeSummary(Steps, copy.Return, copy.Length, result.Terminated) { AgentReturns = copy.AgentReturns });
                }
            }
        }

        clock.ActSeconds += acting / (double)Stopwatch.Frequency;
        clock.EnvironmentSeconds += stepping / (double)Stopwatch.Frequency;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("steps", Steps);
        writer.Write("seeds", seeds);
        for (int i = 0; i < copies.Length; i++)
        {
            writer.Write($"copy{i}", copies[i]);
        }
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        Steps = reader.ReadInt64("steps");
        reader.Read("seeds", seeds);
        for (int i = 0; i < copies.Length; i++)
        {
            reader.Read($"copy{i}", copies[i]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(copies, static c => c.Dispose());

    /// <summary>One environment and the episode in it.</summary>
    private sealed class Copy(IEnvironment environment) : IStateful, IDisposable
    {
        private readonly JointEnvironment? joint = environment.Joint();
        private readonly double[] returns = new double[environment.Joint()?.Agents.Count ?? 0];
        private double reward;

        public double[] Observation { get; private set; } = new double[environment.ObservationSpace.Size];

        public double[] NextObservation { get; private set; } = new double[environment.ObservationSpace.Size];

        public bool IsSeeded { get; private set; }

        public bool IsRunning { get; set; }

        public double Return { get; private set; }

        public ReadOnlyMemory<double> AgentReturns => returns;

        public ReadOnlySpan<double> Rewards => joint is null ? new ReadOnlySpan<double>(in reward) : joint.Rewards;

        public int Length { get; private set; }

        public void Reset(ulong? seed, long steps)
        {
            try
            {
                environment.Reset(seed, Observation);
            }
            catch (EnvironmentException e) when (e.GetType() == typeof(EnvironmentException))
            {
                throw At(steps, e);
            }

            (IsSeeded, IsRunning, Return, Length) = (true, true, 0, 0);
            returns.AsSpan().Clear();
        }

        public StepResult Step(ReadOnlySpan<double> action, long steps)
        {
            StepResult result;
            try
            {
                result = environment.Step(action, NextObservation);
            }
            catch (EnvironmentException e) when (e.GetType() == typeof(EnvironmentException))
            {
                throw At(steps + 1, e);
            }

            reward = result.Reward;
            Return += reward;
            Length++;
            for (int i = 0; i < returns.Length; i++)
            {
                returns[i] += joint!.Rewards[i];
            }

            return result;
        }

        public void Advance(in StepResult result)
        {
            (Observation, NextObservation) = (NextObservation, Observation);
            IsRunning = !result.Ended;
        }

        public void Save(StateWriter writer)
        {
            writer.Write("seeded", IsSeeded);
            writer.Write("running", IsRunning);
            writer.Write("episode_return", Return);
            writer.Write("episode_length", (long)Length);
            writer.WriteArray("observation", Observation);
            if (joint is not null)
            {
                writer.WriteArray("agent_returns", returns);
            }

            writer.Write(FiniteWriter.Environment, environment);
        }

        public void Load(StateReader reader)
        {
            IsSeeded = reader.ReadBoolean("seeded");
            IsRunning = reader.ReadBoolean("running");
            Return = reader.ReadDouble("episode_return");
            Length = (int)reader.ReadInt64("episode_length");
            reader.ReadArray("observation", Observation);
            if (joint is not null)
            {
                reader.ReadArray("agent_returns", returns);
            }

            reader.Read(FiniteWriter.Environment, environment);
        }

        public void Dispose() => environment.Dispose();

        private static EnvironmentException At(long steps, EnvironmentException fault) => new($"At training step {steps}: {fault.Message}", fault.InnerException);
    }
}
