using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>A vertex of a player's best-response polyhedron.</summary>
/// <param name="Strategy">The player's mixed strategy.</param>
/// <param name="Unplayed">Bit i: own action i has probability 0.</param>
/// <param name="Answers">Bit j: the other player's action j is a best response.</param>
public sealed record BestResponseVertex(IReadOnlyList<Rational> Strategy, ulong Unplayed, ulong Answers);

/// <summary>
/// The vertices of the best-response polyhedra {(x, v): x a mixed strategy, no answer of the other player pays it more than v} of both players
/// (von Stengel, "Computing equilibria for two-person games", 2002, section 2.5).
/// </summary>
/// <remarks>The two players may have 63 actions together at most, and neither polyhedron more than 20 000 vertices.</remarks>
public sealed class BestResponseVertices
{
    private BestResponseVertices(IReadOnlyList<BestResponseVertex> leader, IReadOnlyList<BestResponseVertex> follower, bool degenerate) =>
        (Leader, Follower, IsDegenerate) = (leader, follower, degenerate);

    /// <summary>Vertices among the leader's mixed strategies; answers are columns.</summary>
    public IReadOnlyList<BestResponseVertex> Leader { get; }

    /// <summary>Vertices among the follower's mixed strategies; answers are rows.</summary>
    public IReadOnlyList<BestResponseVertex> Follower { get; }

    /// <summary>Whether some mixed strategy of k actions has more than k pure best responses. A vertex shows it if any strategy does.</summary>
    public bool IsDegenerate { get; }

    /// <summary>Enumerates them.</summary>
    /// <exception cref="GameLimitException">The game is larger than the remarks allow.</exception>
    public static BestResponseVertices Of(BimatrixGame game)
    {
        IReadOnlyList<BestResponseVertex> leader = OfOne(IntegerPayoffs.OfFollower(game), game.Rows, game.Columns);
        IReadOnlyList<BestResponseVertex> follower = OfOne(IntegerPayoffs.OfFollower(game.Exchanged()), game.Columns, game.Rows);
        return new BestResponseVertices(leader, follower, HasTooManyLabels(leader, game.Rows) || HasTooManyLabels(follower, game.Columns));
    }

    /// <summary>Whether the game is degenerate, if that can be found out.</summary>
    /// <returns>Null where the game is too large to enumerate and no pure strategy has two best responses.</returns>
    public static bool? Degenerate(BimatrixGame game)
    {
        if (PureCommitment.HasTies(game))
        {
            return true;
        }

        try
        {
            return Of(game).IsDegenerate;
        }
        catch (GameLimitException)
        {
            return null;
        }
    }

    private static List<BestResponseVertex> OfOne(IntegerPayoffs answers, int own, int others)
    {
        List<BigInteger[]> inequalities = [];
        for (int j = 0; j < others; j++)
        {
            BigInteger[] inequality = new BigInteger[own + 1];
            for (int i = 0; i < own; i++)
            {
                inequality[i] = -answers[i, j];
            }

            inequality[own] = BigInteger.One;
            inequalities.Add(inequality);
        }

        List<BestResponseVertex> vertices = [];
        ulong unplayed = (1UL << own) - 1;
        foreach (Ray ray in ExtremeRays.Of(own + 1, inequalities))
        {
            // the direction in which only v grows belongs to no strategy
            if ((ray.Tight & unplayed) != unplayed)
            {
                vertices.Add(new BestResponseVertex(ray.Normalised(own), ray.Tight & unplayed, ray.Tight >> (own + 1)));
            }
        }

        return vertices;
    }

    private static bool HasTooManyLabels(IReadOnlyList<BestResponseVertex> vertices, int own)
    {
        foreach (BestResponseVertex vertex in vertices)
        {
            if (BitOperations.PopCount(vertex.Unplayed) + BitOperations.PopCount(vertex.Answers) > own)
            {
                return true;
            }
        }

        return false;
    }
}
