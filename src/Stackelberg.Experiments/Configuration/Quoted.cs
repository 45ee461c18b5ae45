using System.Globalization;
using System.Text;

namespace Stackelberg.Experiments.Configuration;

/// <summary>What a user wrote, as a message repeats it.</summary>
public static class Quoted
{
    private const int Longest = 120;

    /// <summary>The text, cut where it is long, with control characters written out as <c>\u0000</c>: one line stays one line.</summary>
    public static string Short(string text)
    {
        StringBuilder shown = new();
        int count = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (++count > Longest)
            {
                return $"{shown}… ({text.Length} characters)";
            }

            _ = Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 ? shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}") : shown.Append(rune.ToString());
        }

        return shown.ToString();
    }
}
