namespace Stackelberg.Bilevel;

/// <summary>Which of several equally good answers the follower takes.</summary>
public enum FollowerTies
{
    /// <summary>The one the leader likes best (strong Stackelberg equilibrium).</summary>
    Optimistic,

    /// <summary>The one the leader likes least (weak Stackelberg equilibrium).</summary>
    Pessimistic,
}

/// <summary>A second criterion where several commitments are equally good for the leader.</summary>
public enum FollowerPreference
{
    /// <summary>All are listed.</summary>
    None,

    /// <summary>Those that pay the follower most.</summary>
    Best,

    /// <summary>Those that pay the follower least.</summary>
    Worst,
}

/// <summary>An optimal commitment of the leader and the follower's answer to it.</summary>
/// <param name="Play">The leader's strategy, the follower's pure answer, and what both are paid.</param>
/// <param name="Answer">The answer's column.</param>
/// <param name="Attained">Whether the leader is paid this by exactly this commitment, its ties being broken as asked. Only pessimistic ties with mixed
/// commitment may make it false: the leader then has to stop just short of it, to leave the follower no tie.</param>
public sealed record Commitment(StrategyPair Play, int Answer, bool Attained);

/// <summary>Stackelberg equilibria of a game of two players: the leader commits first, and the follower answers what it sees.</summary>
/// <param name="Value">What the leader obtains; with pessimistic ties and mixed commitment the supremum.</param>
/// <param name="Commitments">Optimal commitments with answers, ordered by the leader's strategy, first actions first, then by answer.</param>
/// <param name="Attained">Whether some commitment pays the leader exactly <paramref name="Value"/> rather than only less by as little as it likes.</param>
/// <param name="Complete">Whether all are listed: with pure commitment every optimal row with every answer that counts, with mixed commitment all
/// vertices of the sets of optimal commitments.</param>
/// <param name="Degenerate">Whether two rows, or two columns, are the same for both players, or: with pure commitment a pure strategy of either player has
/// several best responses; with mixed commitment a mixed strategy has more pure best responses than actions it uses. Null where the game is too large
/// to find the last out.</param>
public sealed record CommitmentResult(Rational Value, IReadOnlyList<Commitment> Commitments, bool Attained, bool Complete, bool? Degenerate)
{
    internal static IReadOnlyList<Commitment> Ordered(IEnumerable<Commitment> commitments, FollowerPreference preference)
    {
        List<Commitment> list = [.. commitments];
        if (preference != FollowerPreference.None)
        {
            Rational sought = preference == FollowerPreference.Best ? list.Max(c => c.Play.FollowerValue) : list.Min(c => c.Play.FollowerValue);
            list.RemoveAll(c => c.Play.FollowerValue != sought);
        }

        IReadOnlyList<StrategyPair> order = NashResult.Ordered(list.Select(c => c.Play));
        return [.. order.Select(play => list.Find(c => ReferenceEquals(c.Play, play))!)];
    }
}
