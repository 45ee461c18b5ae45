using System.Text;

namespace Stackelberg.Bilevel;

/// <summary>
/// Gambit's normal form: <c>NFG 1 R "title" { "player" … }</c> (or <c>D</c> for R), then <c>{ sizes }</c> or a list of names of actions for each
/// player, perhaps a comment, then all payoffs, or a list of outcomes and one outcome's number per joint action, 0 for nothing to anybody.
/// </summary>
/// <remarks>Joint actions are listed with the first player's action changing fastest, payoffs player by player within each. Line ends mean nothing.</remarks>
internal sealed class NfgReader(GameText source)
{
    private const int MostPlayers = 100;

    private readonly string text = source.Text;
    private int at;

    public NormalFormGame Read()
    {
        ExpectWord("NFG");
        ExpectWord("1");
        int letter = SkipBlanks();
        if (Word() is not ("R" or "D"))
        {
            throw source.Fault(letter, "'R' or 'D' must follow the version");
        }

        string title = Text("the title");
        string[] players = ListOfTexts("the players' names");
        if (players.Length is < 1 or > MostPlayers)
        {
            throw source.Fault(at, $"{players.Length} players; 1 to {MostPlayers} are read");
        }

        int sizes = SkipBlanks();
        string[][] actions = Actions(players.Length);
        source.RequireSize([.. actions.Select(a => a.Length)], sizes);
        if (Next() == '"')
        {
            Text("the comment");
        }

        int profiles = NormalFormGame.CountProfiles([.. actions.Select(a => a.Length)]);
        Rational[] listed = Next() == '{' ? FromOutcomes(players.Length, profiles) : Payoffs(players.Length, profiles, actions);
        return new NormalFormGame(title, players, actions, InOrderOfPlay(listed, players.Length, profiles, actions));
    }

    // as listed, the first player's action changes fastest; in the game the last one's does
    private static Rational[][] InOrderOfPlay(Rational[] listed, int players, int profiles, string[][] actions)
    {
        Rational[][] payoffs = [.. actions.Select(_ => new Rational[profiles])];
        for (int k = 0; k < profiles; k++)
        {
            (int rest, int profile, int stride) = (k, 0, profiles);
            foreach (string[] own in actions)
            {
                (rest, int action) = Math.DivRem(rest, own.Length);
                stride /= own.Length;
                profile += action * stride;
            }

            for (int player = 0; player < players; player++)
            {
                payoffs[player][profile] = listed[(k * players) + player];
            }
        }

        return payoffs;
    }

    private string[][] Actions(int players)
    {
        int open = Open("the numbers or names of actions");
        List<string[]> actions = [];
        while (Next() is not '}' and not '\0')
        {
            actions.Add(Next() == '{' ? ListOfTexts("names of actions") : GameText.Numbered(WholeNumber(1, NormalFormGame.MostActions, "number of actions")));
        }

        Close("the numbers or names of actions");
        return actions.Count == players ? [.. actions] : throw source.Fault(open, $"{actions.Count} number(s) or list(s) of actions for {players} player(s)");
    }

    private Rational[] Payoffs(int players, int profiles, string[][] actions)
    {
        int expected = players * profiles;
        Rational[] values = new Rational[expected];
        int found = 0, firstTooMany = -1;
        for (; Next() != '\0'; found++)
        {
            int start = at;
            string word = Word();
            if (found < expected)
            {
                values[found] = source.Number(word, start);
            }

            firstTooMany = found == expected ? start : firstTooMany;
        }

        return found == expected
            ? values
            : throw source.Fault(found > expected ? firstTooMany : text.Length,
                $"{found} payoffs; {string.Join(" x ", actions.Select(a => a.Length))} joint actions of {players} player(s) need {expected}");
    }

    private Rational[] FromOutcomes(int players, int profiles)
    {
        Open("the outcomes");
        List<Rational[]> outcomes = [new Rational[players]];
        while (Next() == '{')
        {
            outcomes.Add(Outcome(players, outcomes.Count));
        }

        Close("the outcomes");
        List<Rational> values = [];
        int found = 0, firstTooMany = -1;
        for (; Next() != '\0'; found++)
        {
            int start = at;
            int outcome = WholeNumber(0, outcomes.Count - 1, "outcome");
            firstTooMany = found == profiles ? start : firstTooMany;
            if (found < profiles)
            {
                values.AddRange(outcomes[outcome]);
            }
        }

        return found == profiles ? [.. values] : throw source.Fault(found > profiles ? firstTooMany : text.Length, $"{found} outcome numbers; there are {profiles} joint actions");
    }

    private Rational[] Outcome(int players, int number)
    {
        int open = Open("an outcome");
        if (Next() == '"')
        {
            Text("an outcome's name");
        }

        List<Rational> payoffs = [];
        while (Next() is not '}' and not '\0')
        {
            int start = at;
            payoffs.Add(source.Number(Word(), start));
            at = Next() == ',' ? at + 1 : at;
        }

        Close("an outcome");
        return payoffs.Count == players ? [.. payoffs] : throw source.Fault(open, $"outcome {number} has {payoffs.Count} payoff(s) for {players} player(s)");
    }

    private string[] ListOfTexts(string what)
    {
        Open(what);
        List<string> texts = [];
        while (Next() == '"')
        {
            texts.Add(Text(what));
        }

        Close(what);
        return [.. texts];
    }

    private string Text(string what)
    {
        int start = SkipBlanks();
        if (Next() != '"')
        {
            throw source.Fault(start, $"{what}: a text in quotation marks is needed");
        }

        StringBuilder builder = new();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            at = text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '"' or '\\' ? at + 1 : at;
            builder.Append(text[at]);
        }

        if (at == text.Length)
        {
            throw source.Fault(start, $"{what}: the text that begins here has no end");
        }

        at++;
        return builder.ToString();
    }

    private int WholeNumber(int least, int most, string what)
    {
        int start = SkipBlanks();
        string word = Word();
        return Rational.TryParse(word, out Rational value, out _) && value.IsInteger && value >= least && value <= most
            ? (int)value.Numerator
            : throw source.Fault(start, $"'{word}' as {what}; whole numbers from {least} to {most} are possible");
    }

    private void ExpectWord(string expected)
    {
        int start = SkipBlanks();
        if (Word() != expected)
        {
            throw source.Fault(start, $"'{expected}' is needed here: a file begins with NFG 1 R \"title\" {{ \"player 1\" \"player 2\" }}");
        }
    }

    // up to the next blank, brace, comma or quotation mark
    private string Word()
    {
        int start = SkipBlanks();
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not ('{' or '}' or ',' or '"'))
        {
            at++;
        }

        return at > start ? text[start..at]
            : at == text.Length ? throw source.Fault(at, "the file ends too early")
            : throw source.Fault(at, $"'{text[at]}' was not expected here");
    }

    private int Open(string what)
    {
        int start = SkipBlanks();
        at = Next() == '{' ? at + 1 : throw source.Fault(start, $"{what}: '{{' is needed here");
        return start;
    }

    private void Close(string what)
    {
        int start = SkipBlanks();
        at = Next() == '}' ? at + 1 : throw source.Fault(start, $"{what}: '}}' is needed here");
    }

    private char Next() => SkipBlanks() < text.Length ? text[at] : '\0';

    private int SkipBlanks()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at;
    }
}
