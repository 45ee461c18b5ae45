using System.Text.RegularExpressions;
using Stackelberg.Primitives;

namespace Stackelberg.Faults.Fuzzing;

/// <summary>Changes a text token by token: what was valid stays nearly so, which leads further into a reader than noise.</summary>
/// <param name="words">Words of the grammar at hand.</param>
internal sealed partial class TextMutator(RandomStream random, IReadOnlyList<string> words)
{
    private const int MostChanges = 4;

    /// <summary>The text with one to four changes.</summary>
    /// <param name="others">Texts of the same grammar, of which parts may come in.</param>
    public string Change(string text, IReadOnlyList<string> others)
    {
        List<string> tokens = [.. Tokens().Matches(text).Select(m => m.Value)];
        for (int changes = 1 + random.NextInt32(1 + random.NextInt32(MostChanges)); changes > 0; changes--)
        {
            ChangeOnce(tokens, others);
        }

        return string.Concat(tokens);
    }

    /// <summary>Bytes with some flipped, inserted, removed, repeated or cut off.</summary>
    public byte[] Noise(byte[] bytes)
    {
        List<byte> noisy = [.. bytes];
        for (int changes = 1 + random.NextInt32(MostChanges); changes > 0 && noisy.Count > 0; changes--)
        {
            int at = random.NextInt32(noisy.Count);
            switch (random.NextInt32(6))
            {
                case 0:
                    noisy[at] ^= (byte)(1 << random.NextInt32(8));
                    break;
                case 1:
                    noisy[at] = (byte)random.NextInt32(256);
                    break;
                case 2:
                    noisy.Insert(at, (byte)random.NextInt32(256));
                    break;
                case 3:
                    noisy.RemoveRange(at, Math.Min(noisy.Count - at, 1 + random.NextInt32(20)));
                    break;
                case 4:
                    noisy.RemoveRange(at, noisy.Count - at);
                    break;
                default:
                    noisy.InsertRange(at, noisy.GetRange(at, Math.Min(noisy.Count - at, 1 + random.NextInt32(100))));
                    break;
            }
        }

        return [.. noisy];
    }

    /// <summary>A word of the grammar, or something extreme.</summary>
    public string Word() => random.NextInt32(3) == 0 && words.Count > 0 ? Pick(words) : Pick(Extremes.All);

    private void ChangeOnce(List<string> tokens, IReadOnlyList<string> others)
    {
        if (tokens.Count == 0)
        {
            tokens.Add(Word());
        }

        int at = random.NextInt32(tokens.Count);
        switch (random.NextInt32(12))
        {
            case 0:
                tokens.RemoveAt(at);
                break;
            case 1:
                tokens.Insert(at, tokens[at]);
                break;
            case 2 or 3 or 4:
                tokens[at] = Word();
                break;
            case 5:
                tokens[NumberAfter(tokens, at)] = Pick(Extremes.Numbers);
                break;
            case 6:
                tokens.Insert(at, Word());
                break;
            case 7:
                int other = random.NextInt32(tokens.Count);
                (tokens[at], tokens[other]) = (tokens[other], tokens[at]);
                break;
            case 8:
                tokens.RemoveRange(at, Math.Min(tokens.Count - at, 1 + random.NextInt32(30)));
                break;
            case 9:
                tokens.InsertRange(at, tokens.GetRange(at, Math.Min(tokens.Count - at, 1 + random.NextInt32(60))));
                break;
            case 10:
                string text = Pick(others);
                int start = random.NextInt32(Math.Max(1, text.Length));
                tokens.Insert(at, text.Substring(start, Math.Min(text.Length - start, random.NextInt32(200))));
                break;
            default:
                tokens[at] = Deep(tokens[at]);
                break;
        }
    }

    // far more of one thing than anybody means; seldom very far, which takes its time
    private string Deep(string token)
    {
        int times = random.NextInt32(40) == 0 ? 100_000 : random.NextInt32(2) == 0 ? 1000 : 20;
        (string open, string close) = Pick<(string, string)>([("[", "]"), ("{a: ", "}"), ("{\"a\":", "}"), ("- ", ""), ("(", ")"), ("\"", ""), (" ", ""), ("\n", ""), ("a: {", ""), ("0", ""), (",", ""), ("é", "")]);
        return string.Concat(Enumerable.Repeat(open, times)) + token + (random.NextInt32(2) == 0 ? string.Concat(Enumerable.Repeat(close, times)) : "");
    }

    private static int NumberAfter(List<string> tokens, int at)
    {
        for (int i = 0; i < tokens.Count; i++)
        {
            int place = (at + i) % tokens.Count;
            if (tokens[place].Length > 0 && char.IsAsciiDigit(tokens[place][^1]))
            {
                return place;
            }
        }

        return at;
    }

    private T Pick<T>(IReadOnlyList<T> choices) => choices[random.NextInt32(choices.Count)];

    [GeneratedRegex(@"[A-Za-z_][\w.-]*|[-+]?\d[\d.]*(?:[eE][-+]?\d+)?|""(?:[^""\\]|\\.)*""|[ \t]+|.", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Tokens();
}
