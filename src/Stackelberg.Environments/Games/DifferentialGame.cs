using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>The units in which <see cref="DifferentialGame"/> takes actions.</summary>
public enum GameActionUnits
{
    /// <summary>[−1, 1] is mapped onto the game's interval, as in the published code.</summary>
    Normalised,

    /// <summary>Actions are the game's own numbers.</summary>
    Natural,
}

/// <summary>Plays a <see cref="ContinuousGame"/>: one step, in which every player chooses a number.</summary>
/// <remarks>
/// Players move in the order they are listed, each on its own level. Actions outside the interval are clipped to it. The observation is the constant
/// 0: all there is to know is what the levels before have chosen, which the learner passes on.
/// </remarks>
public sealed class DifferentialGame : IMultiAgentEnvironment
{
    private readonly GameActionUnits units;
    private readonly double[] chosen;
    private bool running;

    /// <summary>An environment for a game.</summary>
    /// <exception cref="ArgumentException">The game has no player or no interval, or the units are none of the named.</exception>
    public DifferentialGame(ContinuousGame game, GameActionUnits units = GameActionUnits.Normalised, EnvironmentSpec? spec = null)
    {
        if (game.Players < 1 || !(game.Low < game.High && double.IsFinite(game.High - game.Low)) || !Enum.IsDefined(units))
        {
            throw new ArgumentException($"{game.Name} with {game.Players} player(s) on [{game.Low}, {game.High}] in {units} units; give at least one " +
                "player, a finite interval, and Normalised or Natural.", nameof(game));
        }

        (Game, this.units, chosen) = (game, units, new double[game.Players]);
        Spec = spec ?? new EnvironmentSpec(game.Name, null, null) { Deterministic = true };
        BoxSpace observation = new(1, 0, 0);
        BoxSpace action = units == GameActionUnits.Normalised ? new BoxSpace(1, -1, 1) : new BoxSpace(1, game.Low, game.High);
        Agents = new AgentRoster([.. Enumerable.Range(0, game.Players).Select(i => new AgentSpec(
            i == 0 ? "leader" : game.Players == 2 ? "follower" : $"follower {i}", i, observation, action))]);
    }

    /// <summary>The game that is played.</summary>
    public ContinuousGame Game { get; }

    /// <summary>The last joint action in the game's own units, after clipping.</summary>
    public ReadOnlySpan<double> Chosen => chosen;

    /// <inheritdoc/>
    public EnvironmentSpec Spec { get; }

    /// <inheritdoc/>
    public AgentRoster Agents { get; }

    /// <inheritdoc/>
    public void Reset(ulong? seed, Span<double> observations)
    {
        Agents.RequireReset(Spec.Id, observations);
        observations.Clear();
        running = true;
    }

    /// <inheritdoc/>
    public JointStepResult Step(ReadOnlySpan<double> actions, Span<double> observations, Span<double> rewards)
    {
        if (!running)
        {
            throw EnvironmentException.NoEpisodeRunning(Spec.Id);
        }

        Agents.RequireStep(Spec.Id, actions, observations, rewards, clipped: true);
        for (int i = 0; i < chosen.Length; i++)
        {
            double natural = units == GameActionUnits.Natural
                ? actions[i]
                : (0.5 * (Game.Low + Game.High)) + (0.5 * (Game.High - Game.Low) * Math.Clamp(actions[i], -1, 1));
            chosen[i] = Math.Clamp(natural, Game.Low, Game.High);
        }

        running = false;
        Game.Payoff(chosen, rewards);
        foreach (double reward in rewards)
        {
            if (!double.IsFinite(reward))
            {
                throw EnvironmentException.NotFinite(Spec.Id, "a payoff", reward, 1);
            }
        }

        observations.Clear();
        return new JointStepResult(true, false);
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.WriteArray("chosen", chosen);
        writer.Write("running", running);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        reader.ReadArray("chosen", chosen);
        running = reader.ReadBoolean("running");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
