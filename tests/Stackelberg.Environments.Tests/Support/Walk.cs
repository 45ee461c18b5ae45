using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.Support;

/// <summary>
/// A random walk that keeps the contract: it moves by the action and by noise, terminates beyond ±1 and is truncated after 20 steps. Faulty
/// environments override one thing each.
/// </summary>
internal class Walk : IEnvironment
{
    public const int Limit = 20;

    public virtual EnvironmentSpec Spec { get; } = new("Walk", Limit, null);

    public virtual Space ObservationSpace { get; } = new BoxSpace(2, -2, 2);

    public virtual Space ActionSpace { get; } = new BoxSpace(1, -1, 1);

    protected RandomStream Random { get; set; } = RandomStream.FromSeed(0);

    protected double Position { get; set; }

    protected long StepsTaken { get; set; }

    protected bool Running { get; set; }

    protected virtual double Gain => 0.3;

    public void Reset(ulong? seed, Span<double> observation)
    {
        Seed(seed);
        Position = Random.NextUniform(-0.1, 0.1);
        StepsTaken = 0;
        Running = true;
        OnReset();
        Observe(observation);
    }

    public virtual StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        Refuse(action);
        Position += (Gain * Force(action)) + Random.NextUniform(-0.1, 0.1);
        StepsTaken++;
        Observe(observation);
        StepResult result = new(Reward(), Math.Abs(Position) > 1, Cut());
        Running = !result.Ended;
        return result;
    }

    public virtual void Save(StateWriter writer)
    {
        writer.Write("position", Position);
        writer.Write("steps", StepsTaken);
        writer.Write("running", Running);
        writer.Write("random", Random);
    }

    public virtual void Load(StateReader reader)
    {
        Position = reader.ReadDouble("position");
        StepsTaken = reader.ReadInt64("steps");
        Running = reader.ReadBoolean("running");
        reader.Read("random", Random);
    }

    public virtual void Dispose()
    {
    }

    protected virtual void Seed(ulong? seed)
    {
        if (seed is ulong value)
        {
            Random = RandomStream.FromSeed(value);
        }
    }

    protected virtual void OnReset()
    {
    }

    protected virtual void Refuse(ReadOnlySpan<double> action)
    {
        if (!Running)
        {
            throw EnvironmentException.NoEpisodeRunning(Spec.Id);
        }

        if (!ActionSpace.Contains(action))
        {
            throw EnvironmentException.InvalidAction(Spec.Id, ActionSpace, action);
        }
    }

    protected virtual double Force(ReadOnlySpan<double> action) => action[0];

    protected virtual double Reward() => -Math.Abs(Position);

    protected virtual bool Cut() => StepsTaken >= Limit;

    protected virtual void Observe(Span<double> observation)
    {
        observation[0] = Position;
        observation[1] = Math.Min(1, StepsTaken / (double)Limit);
    }
}
