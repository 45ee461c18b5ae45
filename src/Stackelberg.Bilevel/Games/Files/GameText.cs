namespace Stackelberg.Bilevel;

/// <summary>A text with its name, and places in it.</summary>
internal sealed record GameText(string Text, string Source, string Format)
{
    /// <summary>A fault at an offset in characters.</summary>
    public GameFormatException Fault(int offset, string problem)
    {
        ReadOnlySpan<char> before = Text.AsSpan(0, Math.Min(offset, Text.Length));
        return new GameFormatException(Source, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'), Format, Shortened(problem));
    }

    /// <summary>Reads a number.</summary>
    /// <param name="offset">Of the number, for a fault.</param>
    public Rational Number(ReadOnlySpan<char> number, int offset) =>
        Rational.TryParse(number, out Rational value, out string? fault) ? value : throw Fault(offset, fault);

    /// <summary>Says that a game is too large, if it is.</summary>
    public void RequireSize(IReadOnlyList<int> counts, int offset)
    {
        try
        {
            NormalFormGame.CountProfiles(counts);
        }
        catch (ArgumentException e)
        {
            throw Fault(offset, e.Message.TrimEnd('.'));
        }
    }

    /// <summary>Payoffs row by row as the game of two players with these tables.</summary>
    public static NormalFormGame Bimatrix(string name, int rows, int columns, IReadOnlyList<Rational> leader, IReadOnlyList<Rational> follower) =>
        new(name, ["leader", "follower"], [Numbered(rows), Numbered(columns)], [leader, follower]);

    /// <summary>"0", "1" and so on.</summary>
    public static string[] Numbered(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i}")];

    // a word of a million letters tells no more than its beginning
    private static string Shortened(string text) => text.Length <= 400 ? text : $"{text[..200]}…{text[^180..]}";
}
