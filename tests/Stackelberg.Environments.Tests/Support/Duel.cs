using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.Support;

/// <summary>
/// Two agents that keep the contract: a leader with three choices and a follower with a force move a point with noise, which terminates beyond ±2
/// and is truncated after 20 steps. Faulty environments override one thing each.
/// </summary>
internal class Duel(int? limit = 20) : IMultiAgentEnvironment
{
    public EnvironmentSpec Spec { get; } = new("Duel", limit, null);

    public virtual AgentRoster Agents { get; } =
        new(new("leader", 0, new BoxSpace(2, -9, 9), new DiscreteSpace(3)), new("follower", 1, new BoxSpace(1, -9, 9), new BoxSpace(1, -1, 1)));

    protected RandomStream Random { get; set; } = RandomStream.FromSeed(0);

    protected double Position { get; set; }

    protected long Steps { get; set; }

    protected bool Running { get; set; }

    public virtual void Reset(ulong? seed, Span<double> observations)
    {
        Random = seed is ulong value ? RandomStream.FromSeed(value) : Random;
        (Position, Steps, Running) = (Random.NextUniform(-0.1, 0.1), 0, true);
        Observe(observations);
    }

    public virtual JointStepResult Step(ReadOnlySpan<double> actions, Span<double> observations, Span<double> rewards)
    {
        if (!Running)
        {
            throw EnvironmentException.NoEpisodeRunning(Spec.Id);
        }

        Agents.RequireStep(Spec.Id, actions, observations, rewards);
        Position += (0.2 * (actions[0] - 1)) + (0.2 * actions[1]) + Random.NextUniform(-0.1, 0.1);
        Steps++;
        Observe(observations);
        Pay(rewards);
        JointStepResult result = new(Math.Abs(Position) > 2, Steps == Spec.MaxEpisodeSteps);
        Running = !result.Ended;
        return result;
    }

    public virtual void Save(StateWriter writer)
    {
        writer.Write("position", Position);
        writer.Write("steps", Steps);
        writer.Write("running", Running);
        writer.Write("random", Random);
    }

    public virtual void Load(StateReader reader)
    {
        (Position, Steps, Running) = (reader.ReadDouble("position"), reader.ReadInt64("steps"), reader.ReadBoolean("running"));
        reader.Read("random", Random);
    }

    public void Dispose()
    {
    }

    protected virtual void Observe(Span<double> observations)
    {
        observations.Fill(Position);
        observations[1] = Steps % 7;
    }

    protected virtual void Pay(Span<double> rewards) => (rewards[0], rewards[1]) = (Position, -Position);

    public sealed class ForgetsTheFollowersReward() : Duel(20)
    {
        protected override void Pay(Span<double> rewards) => rewards[0] = Position;
    }

    public sealed class ForgetsAnObservationOfTheFollower() : Duel(20)
    {
        protected override void Observe(Span<double> observations) => observations[..2].Fill(Position);
    }

    public sealed class IsAlone() : Duel(20)
    {
        public override AgentRoster Agents { get; } = new(new AgentSpec("only", 0, new BoxSpace(3, -9, 9), new BoxSpace(2, -1, 1)));

        protected override void Pay(Span<double> rewards) => rewards[0] = Position;
    }

    public sealed class DrawsBeforeRefusingTheFollower() : Duel(20)
    {
        public override JointStepResult Step(ReadOnlySpan<double> actions, Span<double> observations, Span<double> rewards)
        {
            if (actions.Length == 2 && !double.IsFinite(actions[1]))
            {
                Random.NextDouble();
            }

            return base.Step(actions, observations, rewards);
        }
    }

    public sealed class TakesAnyChoiceOfTheLeader() : Duel(20)
    {
        public override JointStepResult Step(ReadOnlySpan<double> actions, Span<double> observations, Span<double> rewards)
        {
            double[] mended = actions.ToArray();
            if (mended.Length == 2 && mended[0] > 2 && double.IsFinite(mended[0]))
            {
                mended[0] = 2;
            }

            return base.Step(mended, observations, rewards);
        }
    }

    public sealed class ForgetsItsSteps() : Duel(20)
    {
        public override void Load(StateReader reader)
        {
            base.Load(reader);
            Steps = 0;
        }
    }

    public sealed class PaysDifferentlyOnSeededResets() : Duel(20)
    {
        private int resets;

        public override void Reset(ulong? seed, Span<double> observations)
        {
            resets += seed is null ? 0 : 1;
            base.Reset(seed, observations);
        }

        protected override void Pay(Span<double> rewards) => (rewards[0], rewards[1]) = (Position, -Position * resets);
    }
}
