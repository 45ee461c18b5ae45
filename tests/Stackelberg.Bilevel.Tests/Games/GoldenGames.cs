namespace Stackelberg.Bilevel.Tests.Games;

/// <summary>A game of the literature with what is known of it, in fractions.</summary>
/// <param name="Leader">Rows with semicolons between.</param>
/// <param name="Nash">Extreme equilibria, of games with very many only some: <c>x | y | leader's value, follower's value</c>.</param>
/// <param name="Pure">Optimistic pure commitments: <c>row, column: leader's value, follower's value</c>.</param>
/// <param name="Mixed">Optimistic mixed commitments, all vertices: <c>x -> column: leader's value, follower's value</c>.</param>
public sealed record GoldenGame(string Name, string Leader, string Follower, string[] Nash, string[] Pure, string[] Mixed)
{
    public bool Degenerate { get; init; }

    /// <summary>Pessimistic pure commitments, where they differ.</summary>
    public string[]? Pessimistic { get; init; }

    /// <summary>Number of extreme equilibria; of those listed unless given.</summary>
    public int Extreme { get => field == 0 ? Nash.Length : field; init; }

    public BimatrixGame Game => Of(Leader, Follower);

    public static BimatrixGame Of(string leader, string follower) => new(Matrix(leader), Matrix(follower));

    public override string ToString() => Name;

    private static Rational[,] Matrix(string text)
    {
        string[][] rows = [.. text.Split(';').Select(r => r.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Rational[,] matrix = new Rational[rows.Length, rows[0].Length];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i].Length.ShouldBe(rows[0].Length);
            for (int j = 0; j < rows[i].Length; j++)
            {
                matrix[i, j] = Rational.Parse(rows[i][j]);
            }
        }

        return matrix;
    }
}

/// <summary>Games of the literature: names tell where they are from.</summary>
public static class GoldenGames
{
    public const string VonStengelLeader =
        "-81 36 -126 126 -36 90; -180 72 -333 297 -153 270; 20 -3 42 -33 17 -30; -30 17 -33 42 -3 20; 270 -153 297 -333 72 -180; 90 -36 126 -126 36 -81";

    public const string VonStengelFollower =
        "72 36 17 -3 -36 -153; -180 -81 -30 20 90 270; 297 126 42 -33 -126 -333; -333 -126 -33 42 126 297; 270 90 20 -30 -81 -180; -153 -36 -3 17 36 72";

    public static GoldenGame[] All { get; } =
    [
        new("OpenSpiel 1", "2 4; 1 3", "1 0; 0 1", ["1 0 | 1 0 | 2, 1"], ["1, 1: 3, 1"], ["1/2 1/2 -> 1: 7/2, 1/2"]),
        new("OpenSpiel 2", "2 0 0; 1 0 0", "0 2 5; 0 -1 -4", ["1 0 | 0 0 1 | 0, 5", "1/2 1/2 | 0 0 1 | 0, 1/2", "1/2 1/2 | 0 1 0 | 0, 1/2", "1/3 2/3 | 0 1 0 | 0, 0"], ["1, 0: 1, 0"], ["1/3 2/3 -> 0: 4/3, 0"]) { Degenerate = true },
        new("OpenSpiel 3", "3 9; 9 1", "0 0; 1 8", ["1 0 | 4/7 3/7 | 39/7, 0", "1 0 | 0 1 | 9, 0"], ["0, 1: 9, 0"], ["1 0 -> 1: 9, 0"])
        {
            Degenerate = true, Pessimistic = ["0, 0: 3, 0"],
        },
        new("Conitzer and Sandholm", "1 3; 0 2", "1 0; 0 1", ["1 0 | 1 0 | 1, 1"], ["1, 1: 2, 1"], ["1/2 1/2 -> 1: 5/2, 1/2"]),
        new("Bagwell 1995", "5 3; 6 4", "2 1; 3 4", ["0 1 | 0 1 | 4, 4"], ["0, 0: 5, 2"], ["1/2 1/2 -> 0: 11/2, 5/2"]),
        new("Nashpy's README", "1 2; 3 0", "0 2; 3 1",
            ["1 0 | 0 1 | 2, 2", "0 1 | 1 0 | 3, 3", "1/2 1/2 | 1/2 1/2 | 3/2, 3/2"], ["1, 0: 3, 3"], ["0 1 -> 0: 3, 3"]),
        new("battle of the sexes", "3 0; 0 2", "2 0; 0 3",
            ["1 0 | 1 0 | 3, 2", "0 1 | 0 1 | 2, 3", "3/5 2/5 | 2/5 3/5 | 6/5, 6/5"], ["0, 0: 3, 2"], ["1 0 -> 0: 3, 2"]),
        new("von Stengel 3x2", "3 3; 2 5; 0 6", "3 2; 2 6; 3 1",
            ["1 0 0 | 1 0 | 3, 3", "4/5 1/5 0 | 2/3 1/3 | 3, 14/5", "0 1/3 2/3 | 1/3 2/3 | 4, 8/3"], ["1, 1: 5, 6"], ["0 1/3 2/3 -> 1: 17/3, 8/3"]),
        new("Shapley, figure 2", "2 2 0; 0 3 0; 3 0 1", "3 0 2; 0 3 2; 0 0 1",
            ["0 1 0 | 0 1 0 | 3, 3", "0 0 1 | 0 0 1 | 1, 1", "0 1/2 1/2 | 0 1/4 3/4 | 3/4, 3/2"], ["1, 1: 3, 3"], ["0 1 0 -> 1: 3, 3"]),
        new("Shapley, figure 3", "0 3 0; 2 2 0; 3 0 1", "0 2 3; 3 2 0; 0 0 1",
            ["0 0 1 | 0 0 1 | 1, 1", "1/3 2/3 0 | 1/3 2/3 0 | 2, 2", "1/6 1/3 1/2 | 1/6 1/3 1/2 | 1, 1"], ["1, 0: 2, 3"], ["0 1/4 3/4 -> 0: 11/4, 3/4"]),
        new("Maintain", "20 0 0; 30 10 0; 0 0 5", "15 0 0; 0 5 0; 0 0 10",
            ["0 1 0 | 0 1 0 | 10, 5", "0 0 1 | 0 0 1 | 5, 10", "0 2/3 1/3 | 0 1/3 2/3 | 10/3, 10/3"], ["0, 0: 20, 15"], ["1/4 3/4 0 -> 0: 55/2, 15/4"]),
        new("Escape", "15 10 0; 10 10 0; 0 0 30", "15 10 0; 10 10 0; 0 0 30",
            ["1 0 0 | 1 0 0 | 15, 15", "0 1 0 | 0 1 0 | 10, 10", "0 0 1 | 0 0 1 | 30, 30", "2/3 0 1/3 | 2/3 0 1/3 | 10, 10", "0 3/4 1/4 | 0 3/4 1/4 | 15/2, 15/2"],
            ["2, 2: 30, 30"], ["0 0 1 -> 2: 30, 30"]) { Degenerate = true },
        new("climbing", "11 -30 0; -30 7 6; 0 0 5", "11 -30 0; -30 7 6; 0 0 5",
            ["1 0 0 | 1 0 0 | 11, 11", "0 1 0 | 0 1 0 | 7, 7", "5/16 0 11/16 | 5/16 0 11/16 | 55/16, 55/16"], ["0, 0: 11, 11"], ["1 0 0 -> 0: 11, 11"]),
        Penalty(-25),
        Penalty(-50),
        Penalty(-100),
        new("penalty, k = 0", "10 0 0; 0 2 0; 0 0 10", "10 0 0; 0 2 0; 0 0 10",
            [
                "1 0 0 | 1 0 0 | 10, 10", "0 0 1 | 0 0 1 | 10, 10", "0 1 0 | 0 1 0 | 2, 2", "1/6 5/6 0 | 1/6 5/6 0 | 5/3, 5/3", "0 5/6 1/6 | 0 5/6 1/6 | 5/3, 5/3",
                "1/2 0 1/2 | 1/2 0 1/2 | 5, 5", "1/7 5/7 1/7 | 1/7 5/7 1/7 | 10/7, 10/7",
            ],
            ["0, 0: 10, 10", "2, 2: 10, 10"], ["1 0 0 -> 0: 10, 10", "0 0 1 -> 2: 10, 10"]),
        new("chicken", "0 -1; 1 -10", "0 1; -1 -10",
            ["1 0 | 0 1 | -1, 1", "0 1 | 1 0 | 1, -1", "9/10 1/10 | 9/10 1/10 | -1/10, -1/10"], ["1, 0: 1, -1"], ["0 1 -> 0: 1, -1"]),
        new("matching pennies", "1 -1; -1 1", "-1 1; 1 -1", ["1/2 1/2 | 1/2 1/2 | 0, 0"], ["0, 1: -1, 1", "1, 0: -1, 1"], ["1/2 1/2 -> 0: 0, 0", "1/2 1/2 -> 1: 0, 0"]),
        new("asymmetric pennies", "4 -1; -1 1", "-1 1; 1 -1", ["1/2 1/2 | 2/7 5/7 | 3/7, 0"], ["0, 1: -1, 1", "1, 0: -1, 1"], ["1/2 1/2 -> 0: 3/2, 0"]),
        new("coordination 4x4", "3 0 0 0; 0 2 0 0; 0 0 1 0; 0 0 0 4", "2 0 0 0; 0 2 0 0; 0 0 4 0; 0 0 0 7",
            CoordinationEquilibria(), ["3, 3: 4, 7"], ["0 0 0 1 -> 3: 4, 7"]),
        new("winkels", "1 3; 1 3; 3 1; 3 1; 5/2 5/2; 5/2 5/2", "1 2; 0 -1; -2 2; 4 -1; -1 6; 6 -1",
            [
                "1 0 0 0 0 0 | 0 1 | 3, 2", "0 0 0 1 0 0 | 1 0 | 3, 4", "7/8 0 0 0 0 1/8 | 1/4 3/4 | 5/2, 13/8", "0 7/8 0 0 1/8 0 | 1/4 3/4 | 5/2, -1/8",
                "0 0 7/11 0 0 4/11 | 3/4 1/4 | 5/2, 10/11", "0 0 0 7/12 5/12 0 | 3/4 1/4 | 5/2, 23/12",
            ],
            ["0, 1: 3, 2", "3, 0: 3, 4"],
            ["1 0 0 0 0 0 -> 1: 3, 2", "1/2 1/2 0 0 0 0 -> 1: 3, 1/2", "0 0 5/9 4/9 0 0 -> 0: 3, 2/3", "0 0 0 1 0 0 -> 0: 3, 4"]) { Degenerate = true, Extreme = 12 },
        new("von Stengel 6x6", VonStengelLeader, VonStengelFollower, [], ["1, 5: 270, 270", "4, 0: 270, 270"], ["0 1 0 0 0 0 -> 5: 270, 270", "0 0 0 0 1 0 -> 0: 270, 270"])
        {
            Extreme = 75,
        },
        new("long paths of Lemke and Howson 6x6",
            "-180 72 -333 297 -153 270; -30 17 -33 42 -3 20; -81 36 -126 126 -36 90; 90 -36 126 -126 36 -81; 20 -3 42 -33 17 -30; 270 -153 297 -333 72 -180",
            VonStengelFollower, ["1/30 1/6 3/10 3/10 1/6 1/30 | 1/6 1/30 3/10 3/10 1/30 1/6 | 3/2, 3/2"], ["1, 5: 20, 270", "4, 0: 20, 270"],
            ["5/7 2/7 0 0 0 0 -> 3: 1569/7, 25/7", "0 0 0 0 2/7 5/7 -> 2: 1569/7, 25/7"]),
        new("degenerate 3x3 a", "1 3 2; 2 2 2; 3 1 2", "1 2 3; 3 2 1; 2 2 2",
            [
                "1 0 0 | 0 0 1 | 2, 3", "1/2 1/2 0 | 1/2 1/2 0 | 2, 2", "0 0 1 | 1 0 0 | 3, 2", "0 0 1 | 0 0 1 | 2, 2", "1/2 1/2 0 | 0 0 1 | 2, 2",
                "0 0 1 | 1/2 1/2 0 | 2, 2",
            ],
            ["2, 0: 3, 2"], ["0 0 1 -> 0: 3, 2"]) { Degenerate = true, Pessimistic = ["0, 2: 2, 3", "1, 0: 2, 3"] },
        new("degenerate 3x3 b", "1 3 2; 2 2 2; 3 1 2", "2 2 2; 1 2 3; 3 2 1",
            [
                "1 0 0 | 0 1 0 | 3, 2", "1 0 0 | 0 0 1 | 2, 2", "0 1 0 | 0 0 1 | 2, 3", "0 1/2 1/2 | 1/2 1/2 0 | 2, 2", "0 0 1 | 1 0 0 | 3, 3",
                "1 0 0 | 1/2 1/2 0 | 2, 2", "0 1/2 1/2 | 0 0 1 | 2, 2",
            ],
            ["0, 1: 3, 2", "2, 0: 3, 3"], ["1 0 0 -> 1: 3, 2", "0 0 1 -> 0: 3, 3"]) { Degenerate = true, Pessimistic = ["2, 0: 3, 3"] },
    ];

    public static TheoryData<string> Names => [.. All.Select(g => g.Name)];

    public static GoldenGame Find(string name) => All.Single(g => g.Name == name);

    private static GoldenGame Penalty(int k) => new($"penalty, k = {k}", $"10 0 {k}; 0 2 0; {k} 0 10", $"10 0 {k}; 0 2 0; {k} 0 10",
        ["1 0 0 | 1 0 0 | 10, 10", "0 0 1 | 0 0 1 | 10, 10", "0 1 0 | 0 1 0 | 2, 2", "1/6 5/6 0 | 1/6 5/6 0 | 5/3, 5/3", "0 5/6 1/6 | 0 5/6 1/6 | 5/3, 5/3"],
        ["0, 0: 10, 10", "2, 2: 10, 10"], ["1 0 0 -> 0: 10, 10", "0 0 1 -> 2: 10, 10"]);

    // one for every set of actions: of two diagonals d and e the strategies are proportional to 1/e and 1/d
    private static string[] CoordinationEquilibria()
    {
        Rational[] leader = [3, 2, 1, 4], follower = [2, 2, 4, 7];
        return [.. Enumerable.Range(1, 15).Select(set =>
        {
            string Part(Rational[] weights, out Rational value)
            {
                Rational[] inverse = [.. weights.Select((w, i) => (set >> i & 1) != 0 ? 1 / w : 0)];
                Rational sum = inverse.Aggregate(Rational.Zero, (a, b) => a + b);
                value = 1 / sum;
                return string.Join(' ', inverse.Select(w => w / sum));
            }

            string x = Part(follower, out Rational second), y = Part(leader, out Rational first);
            return $"{x} | {y} | {first}, {second}";
        })];
    }
}
