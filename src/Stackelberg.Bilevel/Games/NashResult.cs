namespace Stackelberg.Bilevel;

/// <summary>Nash equilibria of a game of two players who choose at the same time.</summary>
/// <param name="Equilibria">Those found, each verified by definition in exact arithmetic; ordered by the leader's, then the follower's strategy, first
/// actions first.</param>
/// <param name="Complete">Whether these are all extreme equilibria, of which every other equilibrium is a mixture.</param>
/// <param name="Degenerate">Whether some mixed strategy has more pure best responses than actions it uses, so that there may be infinitely many
/// equilibria; null where that was not determined.</param>
public sealed record NashResult(IReadOnlyList<StrategyPair> Equilibria, bool Complete, bool? Degenerate)
{
    internal static IReadOnlyList<StrategyPair> Ordered(IEnumerable<StrategyPair> pairs)
    {
        List<StrategyPair> list = [.. pairs];
        list.Sort(static (a, b) => Compare(a.Leader, b.Leader) is var first and not 0 ? first : Compare(a.Follower, b.Follower));
        return list;
    }

    private static int Compare(IReadOnlyList<Rational> a, IReadOnlyList<Rational> b)
    {
        for (int i = 0; i < a.Count; i++)
        {
            int order = b[i].CompareTo(a[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }
}
