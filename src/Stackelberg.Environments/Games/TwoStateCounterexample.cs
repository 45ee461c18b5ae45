namespace Stackelberg.Environments;

/// <summary>
/// The two-state game in which bi-level Q-learning can settle on a false fixed point: Zhang et al., "Bi-level Actor-Critic for Multi-agent
/// Coordination", 2020, supplement.
/// </summary>
/// <remarks>
/// From s1 the joint actions (A,A) and (B,B) stay and pay (0,0) and (−1,−1); (A,B) and (B,A) end the game and pay (0,10) and (10,0). The leader's true
/// solution is (B,A). (A,B) satisfies the bi-level Bellman equation as well, strictly for every discount above 0.1, because the value of going on
/// makes the follower answer B with B.
/// </remarks>
public static class TwoStateCounterexample
{
    /// <summary>The game.</summary>
    public static MarkovGame Create() => new(
        "TwoStateCounterexample", ["leader", "follower"], [["A", "B"], ["A", "B"]], ["s1", "s2"], [1, 0], Rule);

    // s2 is never acted in; its rows stay there unpaid, so that the table is complete.
    private static (int Next, bool Terminates) Rule(int state, ReadOnlySpan<int> actions, Span<double> rewards)
    {
        if (state == 1)
        {
            rewards.Clear();
            return (1, true);
        }

        bool ends = actions[0] != actions[1];
        (rewards[0], rewards[1]) = (actions[0], actions[1]) switch
        {
            (0, 0) => (0.0, 0.0),
            (0, 1) => (0.0, 10.0),
            (1, 0) => (10.0, 0.0),
            _ => (-1.0, -1.0),
        };
        return (ends ? 1 : 0, ends);
    }
}
