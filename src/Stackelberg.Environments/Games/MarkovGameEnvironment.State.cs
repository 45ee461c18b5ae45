namespace Stackelberg.Environments;

// What recordings need: starting from a given state, showing it, drawing it.
public sealed partial class MarkovGameEnvironment : IInitialState, IStatePoseSource
{
    /// <summary>One part, <c>state</c>: the state's index.</summary>
    public IReadOnlyList<StatePart> InitialStateParts { get; } = [new("state", 1)];

    /// <summary><c>state0</c>: the state's index.</summary>
    public IReadOnlyList<string> StateColumns { get; } = ["state0"];

    /// <summary>
    /// On a board the view <c>grid</c>, with x and y of either player as pose; else the view <c>matrix</c> with the state's index. Two steps are
    /// shown as a second.
    /// </summary>
    public SceneDescription Scene => field ??= new SceneDescription(Game.Board is null ? "matrix" : "grid", Game.Board is null ? 1 : 4, 0.5)
    {
        HasClock = false,
        ActionNames = Game.Actions,
        Game = Game,
    };

    /// <inheritdoc/>
    public void WritePose(Span<double> pose) => WritePoseOf([state], pose);

    /// <inheritdoc/>
    public void WritePoseOf(ReadOnlySpan<double> given, Span<double> pose)
    {
        RequireState(given);
        int index = (int)given[0];
        if (Game.Board is not { } board)
        {
            pose[0] = index;
            return;
        }

        (int leader, int follower) = Math.DivRem(index, board.Width * board.Height);
        (pose[1], pose[0]) = Math.DivRem(leader, board.Width);
        (pose[3], pose[2]) = Math.DivRem(follower, board.Width);
    }

    /// <summary>Starts an episode from a given state instead of a drawn one.</summary>
    /// <param name="given">The state's index.</param>
    /// <param name="observations">Receives the first observations.</param>
    /// <exception cref="ArgumentException">There is no such state.</exception>
    public void ResetTo(ReadOnlySpan<double> given, Span<double> observations)
    {
        Agents.RequireReset(Spec.Id, observations);
        RequireState(given);
        state = (int)given[0];
        running = true;
        Observe(observations);
    }

    /// <inheritdoc/>
    public void WriteState(Span<double> values) => values[0] = state;

    private void RequireState(ReadOnlySpan<double> given)
    {
        if (!new DiscreteSpace(Game.States.Count).Contains(given))
        {
            throw new ArgumentException(
                $"{Spec.Id} starts from the index of a state, 0 to {Game.States.Count - 1}; got [{string.Join(", ", given.ToArray())}].", nameof(given));
        }
    }
}
