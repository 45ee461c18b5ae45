using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>The leader's mixed strategies to which an answer is best, or several answers that pay the follower the same everywhere; the leader counts
/// with the worst of them.</summary>
internal sealed class CommitmentRegion
{
    private readonly BimatrixGame game;
    private readonly IntegerPayoffs leader, follower;
    private readonly int[] others;

    private CommitmentRegion(BimatrixGame game, IntegerPayoffs leader, IntegerPayoffs follower, int[] answers)
    {
        (this.game, this.leader, this.follower, Answers) = (game, leader, follower, answers);
        others = [.. Enumerable.Range(0, game.Columns).Except(answers)];
    }

    public IReadOnlyList<int> Answers { get; }

    public static IEnumerable<CommitmentRegion> OfAnswers(BimatrixGame game) => Of(game, Enumerable.Range(0, game.Columns).Select(j => new[] { j }));

    public static IEnumerable<CommitmentRegion> OfClasses(BimatrixGame game) => Of(
        game,
        Enumerable.Range(0, game.Columns)
            .GroupBy(j => string.Join(' ', Enumerable.Range(0, game.Rows).Select(i => game.Follower(i, j))))
            .Select(g => g.ToArray()));

    /// <summary>Whether some strategy makes all other answers strictly worse.</summary>
    public bool HasInside()
    {
        // max ε, the last coordinate, with (b_k − b_c)·x + ε ≤ 0 for all k
        BigInteger[] objective = Axis(game.Rows);
        return others.Length == 0 || ExactSimplex.Maximise(objective, others.Select(k => Worse(k, last: 1)), game.Rows).Value.Sign > 0;
    }

    /// <summary>The most that the leader gets here and a strategy that pays it, or null where the region is empty.</summary>
    public (Rational Value, Rational[] Point)? Maximise()
    {
        // max t, the last coordinate, with t ≤ a_k·x for all answers k
        BigInteger[] objective = Axis(game.Rows);
        IEnumerable<BigInteger[]> worth = Answers.Select(k => Row(i => -leader[i, k], last: 1));
        (Rational value, Rational[] point) = ExactSimplex.Maximise(objective, worth.Concat(others.Select(k => Worse(k, last: 0))), game.Rows);
        return value.IsZero ? null : (leader.Back(value), StrategyPair.Normalised(point[..^1]));
    }

    /// <summary>The vertices of the strategies that pay the leader a value, which is the most it gets here.</summary>
    /// <exception cref="GameLimitException">They are too many to enumerate.</exception>
    public IReadOnlyList<Rational[]> OptimalVertices(Rational value)
    {
        List<BigInteger[]> inequalities = [.. Answers.Select(k => Negative(Below(k, value)))];
        inequalities.AddRange(others.Select(k => Negative(Worse(k))));
        return [.. ExtremeRays.Of(game.Rows, inequalities).Select(ray => ray.Normalised(game.Rows))];
    }

    /// <summary>
    /// An optimal strategy all of whose best answers, from other regions as well, pay the leader the value; null where there is none. The strategies
    /// sought are convex: an answer that is best all over the candidates must be good enough, and one that is not is avoided by their inside.
    /// </summary>
    public Rational[]? PointThatAttains(Rational value)
    {
        HashSet<int> required = [];
        while (true)
        {
            List<BigInteger[]> limits = [.. Answers.Concat(required).Select(k => Below(k, value)), .. others.Select(k => Worse(k))];
            BigInteger[] weight = [.. Enumerable.Repeat(BigInteger.One, game.Rows)];
            (Rational size, Rational[] point) = ExactSimplex.Maximise(weight, limits, game.Rows);
            if (size.IsZero)
            {
                return null;
            }

            List<Rational[]> points = [point];
            bool settled = true;
            foreach (int k in others)
            {
                (Rational gap, Rational[] apart) = ExactSimplex.Maximise(Negative(Worse(k)), limits, game.Rows);
                settled &= gap.Sign > 0 || !required.Add(k);
                points.Add(apart);
            }

            if (settled)
            {
                return StrategyPair.Normalised([.. Enumerable.Range(0, game.Rows).Select(i => points.Aggregate(Rational.Zero, (sum, p) => sum + p[i]))]);
            }
        }
    }

    private static IEnumerable<CommitmentRegion> Of(BimatrixGame game, IEnumerable<int[]> answers)
    {
        (IntegerPayoffs leader, IntegerPayoffs follower) = (IntegerPayoffs.OfLeader(game), IntegerPayoffs.OfFollower(game));
        return answers.Select(a => new CommitmentRegion(game, leader, follower, a));
    }

    private static BigInteger[] Axis(int last)
    {
        BigInteger[] axis = new BigInteger[last + 1];
        axis[last] = BigInteger.One;
        return axis;
    }

    private static BigInteger[] Negative(BigInteger[] row) => [.. row.Select(v => -v)];

    // (b_k − b_c)·x: at most 0 where k is not better
    private BigInteger[] Worse(int k, int? last = null) => Row(i => follower[i, k] - follower[i, Answers[0]], last);

    // (value − a_k)·x: at most 0 where k pays the leader the value
    private BigInteger[] Below(int k, Rational value)
    {
        Rational whole = leader.Forth(value);
        return Row(i => whole.Numerator - (whole.Denominator * leader[i, k]));
    }

    private BigInteger[] Row(Func<int, BigInteger> entry, int? last = null)
    {
        BigInteger[] row = new BigInteger[game.Rows + (last is null ? 0 : 1)];
        for (int i = 0; i < game.Rows; i++)
        {
            row[i] = entry(i);
        }

        if (last is { } extra)
        {
            row[^1] = extra;
        }

        return row;
    }
}
