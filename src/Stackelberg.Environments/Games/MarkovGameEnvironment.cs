using Stackelberg.Environments.Internals;
using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>Plays a <see cref="MarkovGame"/>. All players observe the state; each acts by the index of its action.</summary>
/// <remarks>Players move in the order they are listed: the first is the leader at level 0, player k follows at level k.</remarks>
public sealed partial class MarkovGameEnvironment : IMultiAgentEnvironment
{
    private readonly MdpObservation shown;
    private readonly int firstState;
    private RandomStream random = StreamOf(0);
    private int state;
    private bool running;

    /// <summary>An environment without time limit.</summary>
    /// <param name="game">The model.</param>
    /// <param name="spec">Registered facts; by default named after the game.</param>
    /// <param name="shown">Whether players observe the state's index or its one-hot vector.</param>
    /// <exception cref="ArgumentException"><paramref name="shown"/> is none of the named, or a reward is beyond single precision.</exception>
    public MarkovGameEnvironment(MarkovGame game, EnvironmentSpec? spec = null, MdpObservation shown = MdpObservation.Index)
    {
        if (!Enum.IsDefined(shown))
        {
            throw new ArgumentException($"Unknown observation {shown}; use Index or OneHot.", nameof(shown));
        }

        for (int row = 0; row < game.States.Count * game.JointActionCount * game.Players.Count; row++)
        {
            (int joint, int player) = Math.DivRem(row, game.Players.Count);
            double reward = game.Reward(joint / game.JointActionCount, joint % game.JointActionCount, player);
            if (!SinglePrecision.Holds(reward))
            {
                throw new ArgumentException(
                    $"{game.Name} pays {game.Players[player]} {reward} for joint action {joint % game.JointActionCount} in state '{game.States[joint / game.JointActionCount]}'; a reward to be learned from is at most {SinglePrecision.Largest} in size.");
            }
        }

        Game = game;
        this.shown = shown;
        firstState = game.Start.IndexOf(1.0);
        Spec = spec ?? new EnvironmentSpec(game.Name, null, null) { Deterministic = firstState >= 0 };
        Space observations = shown == MdpObservation.Index ? new DiscreteSpace(game.States.Count) : new BoxSpace(game.States.Count, 0, 1);
        Agents = new AgentRoster([.. game.Players.Select((p, i) => new AgentSpec(p, i, observations, new DiscreteSpace(game.Actions[i].Count)))]);
    }

    /// <summary>The model that is played.</summary>
    public MarkovGame Game { get; }

    /// <summary>Index of the present state.</summary>
    public int State => state;

    /// <inheritdoc/>
    public EnvironmentSpec Spec { get; }

    /// <inheritdoc/>
    public AgentRoster Agents { get; }

    /// <inheritdoc/>
    public void Reset(ulong? seed, Span<double> observations)
    {
        Agents.RequireReset(Spec.Id, observations);
        if (seed is ulong value)
        {
            random = StreamOf(value);
        }

        state = firstState >= 0 ? firstState : Inversion.Draw(random, Game.Start);
        running = true;
        Observe(observations);
    }

    /// <inheritdoc/>
    public JointStepResult Step(ReadOnlySpan<double> actions, Span<double> observations, Span<double> rewards)
    {
        if (!running)
        {
            throw EnvironmentException.NoEpisodeRunning(Spec.Id);
        }

        Agents.RequireStep(Spec.Id, actions, observations, rewards);
        int joint = 0;
        for (int player = 0; player < actions.Length; player++)
        {
            joint = (joint * Game.Actions[player].Count) + (int)actions[player];
        }

        for (int player = 0; player < rewards.Length; player++)
        {
            rewards[player] = Game.Reward(state, joint, player);
        }

        bool terminated = Game.Terminates(state, joint);
        state = Game.Next(state, joint);
        running = !terminated;
        Observe(observations);
        return new JointStepResult(terminated, false);
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("state", (long)state);
        writer.Write("running", running);
        writer.Write("random", random);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        long saved = reader.ReadInt64("state");
        state = saved >= 0 && saved < Game.States.Count
            ? (int)saved
            : throw new StateException($"{Spec.Id}: the saved state is {saved}; the game has {Game.States.Count} states. It was saved by another game.");
        running = reader.ReadBoolean("running");
        reader.Read("random", random);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static RandomStream StreamOf(ulong seed) => RandomStream.FromSeed(seed).Split("environment");

    private void Observe(Span<double> observations)
    {
        if (shown == MdpObservation.Index)
        {
            observations.Fill(state);
            return;
        }

        observations.Clear();
        for (int player = 0; player < Agents.Count; player++)
        {
            observations[(player * Game.States.Count) + state] = 1;
        }
    }
}
