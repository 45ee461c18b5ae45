using Stackelberg.Experiments.Configuration;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests.Configuration;

/// <summary>The distance against its definition, and what it means for the names that are offered.</summary>
public sealed class SuggestionLawTests
{
    [Fact]
    public void Distance_is_that_of_the_definition_on_all_short_words()
    {
        string[] words = [.. Words("ab", 4)];
        words.Length.ShouldBe(31);
        foreach (string a in words)
        {
            foreach (string b in words)
            {
                Suggestions.Distance(a, b).ShouldBe(Defined(a, b), $"from '{a}' to '{b}'");
            }
        }
    }

    [Fact]
    public void Distance_lies_between_half_of_that_without_swaps_and_the_whole()
    {
        // a swap of neighbours is two substitutions
        var random = RandomStream.FromSeed(1);
        for (int i = 0; i < 500; i++)
        {
            (string a, string b) = (Word(random, 12), Word(random, 12));
            int plain = Levenshtein(a, b), distance = Suggestions.Distance(a, b);
            distance.ShouldBeLessThanOrEqualTo(plain);
            (2 * distance).ShouldBeGreaterThanOrEqualTo(plain);
        }
    }

    [Fact]
    public void Distance_is_the_same_backwards_and_with_the_same_letters_around()
    {
        var random = RandomStream.FromSeed(2);
        for (int i = 0; i < 500; i++)
        {
            (string a, string b, string around) = (Word(random, 10), Word(random, 10), Word(random, 5));
            int distance = Suggestions.Distance(a, b);
            Suggestions.Distance(Backwards(a), Backwards(b)).ShouldBe(distance);
            Suggestions.Distance(around + a, around + b).ShouldBe(distance);
            Suggestions.Distance(a + around, b + around).ShouldBe(distance);
        }
    }

    [Fact]
    public void One_edit_is_at_distance_one()
    {
        const string Word = "learning_rate";
        for (int i = 0; i < Word.Length; i++)
        {
            Suggestions.Distance(Word, Word.Remove(i, 1)).ShouldBe(1);
            Suggestions.Distance(Word, Word.Insert(i, "x")).ShouldBe(1);
            Suggestions.Distance(Word, Word.Remove(i, 1).Insert(i, "x")).ShouldBe(1);
            if (i > 0 && Word[i] != Word[i - 1])
            {
                Suggestions.Distance(Word, Word.Remove(i, 1).Insert(i - 1, Word[i].ToString())).ShouldBe(1);
            }
        }
    }

    [Fact]
    public void Distance_to_nothing_counts_the_letters()
    {
        var random = RandomStream.FromSeed(3);
        for (int i = 0; i < 30; i++)
        {
            string word = Word(random, 30);
            Suggestions.Distance(word, "").ShouldBe(word.Length);
            Suggestions.Distance("", word).ShouldBe(word.Length);
        }
    }

    [Fact]
    public void Every_key_of_a_run_is_found_again_after_any_one_slip()
    {
        foreach (string key in ConfigurationResolver.RunKeys.Where(k => k.Length >= 6))
        {
            for (int i = 0; i < key.Length; i++)
            {
                Suggestions.Nearest(key.Remove(i, 1), ConfigurationResolver.RunKeys).ShouldBe(key);
                Suggestions.Nearest(key.Insert(i, "q").ToUpperInvariant(), ConfigurationResolver.RunKeys).ShouldBe(key);
            }
        }
    }

    [Fact]
    public void Nearest_is_a_name_itself_whatever_stands_beside_it()
    {
        foreach (string key in ConfigurationResolver.RunKeys)
        {
            Suggestions.Nearest(key, ConfigurationResolver.RunKeys).ShouldBe(key);
            Suggestions.Nearest(key.Replace('_', '-'), ConfigurationResolver.RunKeys).ShouldBe(key);
        }
    }

    [Fact]
    public void Of_equals_the_first_is_offered_and_of_none_nothing()
    {
        Suggestions.Nearest("gamm", ["gammb", "gamma"]).ShouldBe("gammb");
        Suggestions.Nearest("gamm", ["gamma", "gammb"]).ShouldBe("gamma");
        Suggestions.Nearest("gamma", []).ShouldBeNull();
    }

    private static IEnumerable<string> Words(string letters, int longest) =>
        longest == 0 ? [""] : [.. Words(letters, longest - 1), .. Words(letters, longest - 1).Where(w => w.Length == longest - 1).SelectMany(w => letters.Select(l => w + l))];

    private static string Word(RandomStream random, int longest) =>
        string.Concat(Enumerable.Range(0, random.NextInt32(longest + 1)).Select(_ => "abc"[random.NextInt32(3)]));

    private static string Backwards(string word) => string.Concat(word.Reverse());

    // from the front and by recursion, as the definition has it; the library fills a table
    private static int Defined(string a, string b)
    {
        if (a.Length == 0 || b.Length == 0)
        {
            return a.Length + b.Length;
        }

        int best = Math.Min(1 + Math.Min(Defined(a[1..], b), Defined(a, b[1..])), (a[0] == b[0] ? 0 : 1) + Defined(a[1..], b[1..]));
        bool isSwap = a.Length > 1 && b.Length > 1 && a[0] == b[1] && a[1] == b[0];
        return isSwap ? Math.Min(best, 1 + Defined(a[2..], b[2..])) : best;
    }

    private static int Levenshtein(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        foreach (char letter in a)
        {
            int diagonal = row[0]++;
            for (int j = 1; j <= b.Length; j++)
            {
                int next = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (letter == b[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], next);
            }
        }

        return row[^1];
    }
}
