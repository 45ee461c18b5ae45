namespace Stackelberg.Bilevel;

/// <summary>A game of two players with exact payoffs: the leader chooses a row, the follower a column.</summary>
/// <remarks>
/// What the follower sees is the solver's affair: nothing (<see cref="VertexEnumeration"/>, <see cref="SupportEnumeration"/>, <see cref="LemkeHowson"/>,
/// <see cref="PureNash"/>), the leader's action (<see cref="PureCommitment"/>), or its probabilities (<see cref="MixedCommitment"/>).
/// </remarks>
public sealed class BimatrixGame
{
    private readonly Rational[,] leader, follower;

    /// <summary>A game from its matrices, which are copied.</summary>
    /// <param name="leader">The leader's payoffs, m×n.</param>
    /// <param name="follower">The follower's payoffs, m×n.</param>
    /// <exception cref="ArgumentException">The matrices are empty, differ in shape, or are larger than <see cref="NormalFormGame"/> allows.</exception>
    public BimatrixGame(Rational[,] leader, Rational[,] follower)
    {
        (Rows, Columns) = (leader.GetLength(0), leader.GetLength(1));
        if (follower.GetLength(0) != Rows || follower.GetLength(1) != Columns)
        {
            throw new ArgumentException(
                $"The leader's matrix is {Rows} x {Columns}, the follower's {follower.GetLength(0)} x {follower.GetLength(1)}; they must agree.", nameof(follower));
        }

        NormalFormGame.CountProfiles([Rows, Columns]);
        (this.leader, this.follower) = ((Rational[,])leader.Clone(), (Rational[,])follower.Clone());
        LeaderActions = Numbered(Rows);
        FollowerActions = Numbered(Columns);
    }

    /// <summary>What the game is called; empty unless given.</summary>
    public string Name { get; init; } = "";

    /// <summary>Number of the leader's actions, m.</summary>
    public int Rows { get; }

    /// <summary>Number of the follower's actions, n.</summary>
    public int Columns { get; }

    /// <summary>Names of the rows; their numbers from 0 unless given.</summary>
    /// <exception cref="ArgumentException">There are not m of them.</exception>
    public IReadOnlyList<string> LeaderActions { get; init => field = Checked(value, Rows, "rows"); }

    /// <summary>Names of the columns; their numbers from 0 unless given.</summary>
    /// <exception cref="ArgumentException">There are not n of them.</exception>
    public IReadOnlyList<string> FollowerActions { get; init => field = Checked(value, Columns, "columns"); }

    /// <summary>What the leader gets.</summary>
    public Rational Leader(int row, int column) => leader[row, column];

    /// <summary>What the follower gets.</summary>
    public Rational Follower(int row, int column) => follower[row, column];

    /// <summary>A game from whole numbers.</summary>
    /// <exception cref="ArgumentException">As for the constructor.</exception>
    public static BimatrixGame FromIntegers(int[,] leader, int[,] follower) => new(Exact(leader), Exact(follower));

    /// <summary>The game with the players' parts exchanged: the follower chooses the row and leads.</summary>
    public BimatrixGame Exchanged()
    {
        (Rational[,] first, Rational[,] second) = (new Rational[Columns, Rows], new Rational[Columns, Rows]);
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                (first[j, i], second[j, i]) = (follower[i, j], leader[i, j]);
            }
        }

        return new BimatrixGame(first, second) { Name = Name, LeaderActions = FollowerActions, FollowerActions = LeaderActions };
    }

    /// <summary>The same game as one in normal form with players "leader" and "follower".</summary>
    public NormalFormGame ToNormalForm() =>
        new(Name, ["leader", "follower"], [LeaderActions, FollowerActions], [[.. leader.Cast<Rational>()], [.. follower.Cast<Rational>()]]);

    /// <summary>What the follower's column pays on average when the leader mixes.</summary>
    /// <param name="x">Probabilities of the rows, length m.</param>
    public Rational FollowerPayoff(IReadOnlyList<Rational> x, int column)
    {
        Rational sum = default;
        for (int i = 0; i < Rows; i++)
        {
            sum = x[i].IsZero ? sum : sum + (x[i] * follower[i, column]);
        }

        return sum;
    }

    /// <summary>What the leader gets on average when it mixes and the follower takes a column.</summary>
    /// <param name="x">Probabilities of the rows, length m.</param>
    public Rational LeaderPayoff(IReadOnlyList<Rational> x, int column)
    {
        Rational sum = default;
        for (int i = 0; i < Rows; i++)
        {
            sum = x[i].IsZero ? sum : sum + (x[i] * leader[i, column]);
        }

        return sum;
    }

    /// <summary>What the leader's row pays on average when the follower mixes.</summary>
    /// <param name="y">Probabilities of the columns, length n.</param>
    public Rational RowPayoff(int row, IReadOnlyList<Rational> y)
    {
        Rational sum = default;
        for (int j = 0; j < Columns; j++)
        {
            sum = y[j].IsZero ? sum : sum + (y[j] * leader[row, j]);
        }

        return sum;
    }

    private static string[] Numbered(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i}")];

    private static string[] Checked(IReadOnlyList<string> names, int count, string what) => names.Count == count
        ? [.. names]
        : throw new ArgumentException($"{names.Count} name(s) for {count} {what}; give one each.");

    private static Rational[,] Exact(int[,] values)
    {
        Rational[,] exact = new Rational[values.GetLength(0), values.GetLength(1)];
        for (int i = 0; i < exact.GetLength(0); i++)
        {
            for (int j = 0; j < exact.GetLength(1); j++)
            {
                exact[i, j] = values[i, j];
            }
        }

        return exact;
    }
}
