using System.Text.Json;
using Stackelberg.Bilevel;
using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Training;

namespace Stackelberg.Cli.Verbs;

/// <summary>Solutions of a game on standard output.</summary>
internal static class GameReport
{
    private const int MostRows = 200;

    public static void Write(NormalFormGame game, GameSolution solution)
    {
        string name = game.Name.Length > 0 ? $"{Faults.OneLine(game.Name)}: " : "";
        Console.Out.WriteLine($"{name}{string.Join(" x ", game.Actions.Select(a => a.Count))} joint actions of {string.Join(", ", game.Players.Select(Faults.OneLine))}");
        Console.Out.WriteLine($"{Title(solution)}; {Flags(solution)}");
        Console.Out.WriteLine();
        if (solution.Lottery is { } lottery)
        {
            WriteLottery(game, lottery);
        }
        else if (solution.Profiles is { } profiles)
        {
            Columns.Write(Console.Out, [.. game.Players.Select(Faults.OneLine), .. game.Players.Select(p => $"value of {Faults.OneLine(p)}")],
                [.. profiles.Take(MostRows).Select(k => (string[])[.. game.Split(k).Select((a, player) => Faults.OneLine(game.Actions[player][a])), .. Enumerable.Range(0, game.Players.Count).Select(p => Text(game.Payoffs(p)[k]))])]);
        }
        else
        {
            WritePairs(game, solution);
        }

        int count = solution.Profiles?.Count ?? solution.Pairs.Count;
        if (solution.Profiles is { Count: 0 })
        {
            Console.Out.WriteLine("none");
        }

        if (count > MostRows)
        {
            Console.Out.WriteLine($"… and {count - MostRows} more; --json prints all");
        }

        foreach (string note in solution.Notes)
        {
            Console.Out.WriteLine($"note: {note}");
        }
    }

    public static void WriteJson(NormalFormGame game, GameSolution solution) => Json.Write(Console.Out, w =>
    {
        w.WriteString("concept", solution.Concept);
        w.WriteString("commitment", solution.Commitment);
        w.WriteString("ties", solution.Ties);
        w.WriteBoolean("complete", solution.Complete);
        WriteBoolean(w, "degenerate", solution.Degenerate);
        WriteBoolean(w, "attained", solution.Attained);
        WriteTexts(w, "players", game.Players);
        w.WriteStartArray("notes");
        foreach (string note in solution.Notes)
        {
            w.WriteStringValue(note);
        }

        w.WriteEndArray();
        w.WriteStartArray("solutions");
        for (int i = 0; i < solution.Pairs.Count; i++)
        {
            w.WriteStartObject();
            WritePair(w, solution.Pairs[i]);
            if (solution.PairsAttained is { } attained)
            {
                w.WriteBoolean("attained", attained[i]);
            }

            w.WriteEndObject();
        }

        foreach (int profile in solution.Profiles ?? [])
        {
            WriteProfile(w, game, profile);
        }

        if (solution.Lottery is { } lottery)
        {
            WriteLottery(w, lottery);
        }

        w.WriteEndArray();
    });

    private static void WritePairs(NormalFormGame game, GameSolution solution)
    {
        bool limits = solution.PairsAttained?.Contains(false) == true;
        string[] header = ["leader", "follower", "leader's value", "follower's value"];
        Columns.Write(Console.Out, limits ? [.. header, "attained"] : header, [.. solution.Pairs.Take(MostRows).Select((pair, i) =>
        {
            string[] row = [Strategy(pair.Leader, game.Actions[0]), Strategy(pair.Follower, game.Actions[1]), Text(pair.LeaderValue), Text(pair.FollowerValue)];
            return limits ? [.. row, solution.PairsAttained![i] ? "yes" : "no"] : row;
        })]);
    }

    private static void WriteLottery(NormalFormGame game, CorrelatedResult lottery)
    {
        List<string[]> rows = [];
        for (int i = 0; i < lottery.Joint.GetLength(0); i++)
        {
            for (int j = 0; j < lottery.Joint.GetLength(1); j++)
            {
                if (!lottery.Joint[i, j].IsZero)
                {
                    rows.Add([Faults.OneLine(game.Actions[0][i]), Faults.OneLine(game.Actions[1][j]), Text(lottery.Joint[i, j])]);
                }
            }
        }

        Columns.Write(Console.Out, ["leader", "follower", "probability"], rows);
        Console.Out.WriteLine();
        Console.Out.WriteLine($"leader's value {Text(lottery.LeaderValue)}, follower's value {Text(lottery.FollowerValue)}");
    }

    private static string Title(GameSolution solution) => solution.Concept switch
    {
        "nash" when solution.Profiles is not null => "pure Nash equilibria",
        "nash" => "extreme Nash equilibria",
        "stackelberg" => $"Stackelberg equilibria, {solution.Commitment} commitment (the follower sees the {(solution.Commitment == "pure" ? "action" : "probabilities")}), {solution.Ties} ties",
        "zero-sum" => "optimal strategies of a zero-sum game",
        _ => "correlated equilibrium with the largest sum of payoffs",
    };

    private static string Flags(GameSolution solution)
    {
        string degenerate = solution.Degenerate switch { true => "degenerate", false => "not degenerate", null => "not known whether degenerate" };
        return $"{(solution.Complete ? "complete" : "not complete")}, {(solution.Profiles is null ? degenerate : "pure strategies only")}";
    }

    private static string Strategy(IReadOnlyList<Rational> strategy, IReadOnlyList<string> names) => string.Join(", ", Enumerable.Range(0, strategy.Count)
        .Where(i => !strategy[i].IsZero)
        .Select(i => strategy[i] == Rational.One ? Faults.OneLine(names[i]) : $"{Faults.OneLine(names[i])}: {Text(strategy[i])}"));

    private static string Text(Rational value) => value.IsInteger ? value.ToString() : $"{value} ({Texts.Number(value.ToDouble(), "G6")})";

    private static void WritePair(Utf8JsonWriter w, StrategyPair pair)
    {
        WriteNumbers(w, "leader_strategy", pair.Leader);
        WriteNumbers(w, "follower_strategy", pair.Follower);
        w.WriteString("leader_value", pair.LeaderValue.ToString());
        w.WriteString("follower_value", pair.FollowerValue.ToString());
    }

    private static void WriteProfile(Utf8JsonWriter w, NormalFormGame game, int profile)
    {
        w.WriteStartObject();
        w.WriteStartArray("strategies");
        int[] actions = game.Split(profile);
        for (int player = 0; player < actions.Length; player++)
        {
            WriteNumbers(w, null, [.. Enumerable.Range(0, game.Actions[player].Count).Select(a => a == actions[player] ? Rational.One : Rational.Zero)]);
        }

        w.WriteEndArray();
        WriteNumbers(w, "values", [.. Enumerable.Range(0, actions.Length).Select(player => game.Payoffs(player)[profile])]);
        w.WriteEndObject();
    }

    private static void WriteLottery(Utf8JsonWriter w, CorrelatedResult lottery)
    {
        (int m, int n) = (lottery.Joint.GetLength(0), lottery.Joint.GetLength(1));
        Rational Sum(int count, Func<int, Rational> entry) => Enumerable.Range(0, count).Aggregate(Rational.Zero, (sum, k) => sum + entry(k));
        w.WriteStartObject();
        w.WriteStartArray("joint_strategy");
        for (int i = 0; i < m; i++)
        {
            WriteNumbers(w, null, [.. Enumerable.Range(0, n).Select(j => lottery.Joint[i, j])]);
        }

        w.WriteEndArray();
        WriteNumbers(w, "leader_strategy", [.. Enumerable.Range(0, m).Select(i => Sum(n, j => lottery.Joint[i, j]))]);
        WriteNumbers(w, "follower_strategy", [.. Enumerable.Range(0, n).Select(j => Sum(m, i => lottery.Joint[i, j]))]);
        w.WriteString("leader_value", lottery.LeaderValue.ToString());
        w.WriteString("follower_value", lottery.FollowerValue.ToString());
        w.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter w, string? key, IReadOnlyList<Rational> values) => WriteTexts(w, key, [.. values.Select(v => v.ToString())]);

    private static void WriteTexts(Utf8JsonWriter w, string? key, IReadOnlyList<string> texts)
    {
        if (key is not null)
        {
            w.WritePropertyName(key);
        }

        w.WriteStartArray();
        foreach (string text in texts)
        {
            w.WriteStringValue(text);
        }

        w.WriteEndArray();
    }

    private static void WriteBoolean(Utf8JsonWriter w, string key, bool? value)
    {
        if (value is { } known)
        {
            w.WriteBoolean(key, known);
        }
        else
        {
            w.WriteNull(key);
        }
    }
}
