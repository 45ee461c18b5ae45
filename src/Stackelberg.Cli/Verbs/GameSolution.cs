using Stackelberg.Bilevel;
using Stackelberg.Primitives;

namespace Stackelberg.Cli.Verbs;

/// <summary>What <c>game solve</c> found, whatever it was asked for.</summary>
internal sealed record GameSolution(string Concept)
{
    /// <summary>"pure" or "mixed", where a leader commits.</summary>
    public string? Commitment { get; private init; }

    /// <summary>"optimistic" or "pessimistic", where a leader commits.</summary>
    public string? Ties { get; private init; }

    public bool Complete { get; private init; }

    public bool? Degenerate { get; private init; }

    /// <summary>Whether the leader's value is one that a commitment pays, where a leader commits.</summary>
    public bool? Attained { get; private init; }

    public IReadOnlyList<StrategyPair> Pairs { get; private init; } = [];

    /// <summary>Of every pair, where a leader commits.</summary>
    public IReadOnlyList<bool>? PairsAttained { get; private init; }

    /// <summary>Pure equilibria of games that have not two players, as numbers of joint actions.</summary>
    public IReadOnlyList<int>? Profiles { get; private init; }

    public CorrelatedResult? Lottery { get; private init; }

    /// <summary>What has to be known of the result, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    public static GameSolution Of(NormalFormGame game, string concept, bool mixed, FollowerTies ties, FollowerPreference preference)
    {
        if (game.Players.Count != 2)
        {
            return OfManyPlayers(game, concept);
        }

        BimatrixGame two = game.ToBimatrix();
        try
        {
            return concept switch
            {
                "nash" => Nash(two),
                "stackelberg" => Stackelberg(mixed ? MixedCommitment.Find(two, ties, preference) : PureCommitment.Find(two, ties, preference), mixed, ties),
                "zero-sum" => ZeroSumOf(two),
                _ => Correlated(two),
            };
        }
        catch (GameLimitException e)
        {
            throw new UserErrorException(e.Message, $"mixed commitment and zero-sum up to {MixedCommitment.MostCells} cells, correlated up to {CorrelatedEquilibrium.MostCells}; nash and pure commitment for any game that is read", "make the game smaller, or ask for --concept stackelberg --commitment pure");
        }
    }

    private static GameSolution OfManyPlayers(NormalFormGame game, string concept) => concept == "nash"
        ? new GameSolution(concept)
        {
            Profiles = PureNash.Find(game),
            Notes = [$"The game has {game.Players.Count} player(s), not 2: pure Nash equilibria only; mixed ones are not looked for."],
        }
        : throw new UserErrorException($"--concept {concept} needs two players; the game has {game.Players.Count}: {string.Join(", ", game.Players)}", "--concept nash, which finds the pure equilibria of any number of players", "leave --concept out, or give a game of two players");

    private static GameSolution Nash(BimatrixGame game)
    {
        try
        {
            NashResult all = VertexEnumeration.Find(game);
            return new GameSolution("nash")
            {
                Complete = all.Complete,
                Degenerate = all.Degenerate,
                Pairs = all.Equilibria,
                Notes = all.Degenerate == true ? ["The game is degenerate: further equilibria may be mixtures of those listed, which are all extreme ones."] : [],
            };
        }
        catch (GameLimitException e)
        {
            return SomeNash(game, e.Message);
        }
    }

    // too large to enumerate
    private static GameSolution SomeNash(BimatrixGame game, string why)
    {
        List<StrategyPair> pairs = [.. PureNash.Find(game).Select(cell => StrategyPair.In(game, Pure(game.Rows, cell.Row), Pure(game.Columns, cell.Column)))];
        if (game.Rows * game.Columns <= MixedCommitment.MostCells && LemkeHowson.Find(game, 0) is { } one && !pairs.Exists(one.HasStrategiesOf))
        {
            pairs.Add(one);
        }

        return new GameSolution("nash")
        {
            Degenerate = PureCommitment.HasTies(game) ? true : null,
            Pairs = pairs,
            Notes = [$"Incomplete: {why}. All pure equilibria are listed, and in games of at most {MixedCommitment.MostCells} cells one found by Lemke and Howson's path from the first row."],
        };
    }

    private static Rational[] Pure(int count, int action) => [.. Enumerable.Range(0, count).Select(i => i == action ? Rational.One : Rational.Zero)];

    private static GameSolution Stackelberg(CommitmentResult found, bool mixed, FollowerTies ties) => new("stackelberg")
    {
        Commitment = mixed ? "mixed" : "pure",
        Ties = ties == FollowerTies.Optimistic ? "optimistic" : "pessimistic",
        Complete = found.Complete,
        Degenerate = found.Degenerate,
        Attained = found.Attained,
        Pairs = [.. found.Commitments.Select(c => c.Play)],
        PairsAttained = [.. found.Commitments.Select(c => c.Attained)],
        Notes =
        [
            .. found.Attained ? (string[])[] : ["The value is a supremum: the leader obtains as nearly as it likes by stopping just short of the strategies listed, where the follower has ties."],
            .. found.Complete ? (string[])[] : ["Incomplete: the game is too large to enumerate all optimal commitments; one for every optimal answer is listed."],
        ],
    };

    private static GameSolution ZeroSumOf(BimatrixGame game)
    {
        try
        {
            ZeroSumResult found = ZeroSum.Find(game);
            return new GameSolution("zero-sum")
            {
                Complete = found.Complete,
                Degenerate = found.Degenerate,
                Pairs = found.Solutions,
                Notes = found.Complete ? [] : ["Incomplete: the game is too large to enumerate all extreme optimal strategies; one pair is listed."],
            };
        }
        catch (ArgumentException e)
        {
            throw new UserErrorException(ExceptionText.Of(e), "a game whose payoffs add up to the same sum in every cell", "ask for --concept nash or stackelberg");
        }
    }

    private static GameSolution Correlated(BimatrixGame game) => new("correlated")
    {
        Lottery = CorrelatedEquilibrium.Find(game),
        Degenerate = BestResponseVertices.Degenerate(game),
        Notes = ["One correlated equilibrium with the largest sum of payoffs; others may reach the same sum."],
    };
}
