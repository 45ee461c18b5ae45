namespace Stackelberg.Bilevel;

/// <summary>
/// All extreme Nash equilibria: pairs of vertices of the best-response polyhedra in which every action of either player is unplayed or a best response
/// (Mangasarian 1964; von Stengel 2002, algorithm 2.4, here without its assumption that the game is not degenerate).
/// </summary>
public static class VertexEnumeration
{
    /// <summary>Finds them.</summary>
    /// <returns>Always complete: every equilibrium is a mixture of those listed.</returns>
    /// <exception cref="GameLimitException">The game is larger than <see cref="BestResponseVertices"/> takes.</exception>
    public static NashResult Find(BimatrixGame game)
    {
        BestResponseVertices vertices = BestResponseVertices.Of(game);
        ulong rows = (1UL << game.Rows) - 1, columns = (1UL << game.Columns) - 1;
        List<StrategyPair> equilibria = [];
        foreach (BestResponseVertex x in vertices.Leader)
        {
            foreach (BestResponseVertex y in vertices.Follower)
            {
                if ((x.Unplayed | y.Answers) == rows && (y.Unplayed | x.Answers) == columns)
                {
                    equilibria.Add(StrategyPair.In(game, x.Strategy, y.Strategy).VerifiedNash(game));
                }
            }
        }

        return new NashResult(NashResult.Ordered(equilibria), Complete: true, vertices.IsDegenerate);
    }
}
