using System.Globalization;
using System.Text.RegularExpressions;

namespace Stackelberg.Experiments.Configuration;

/// <summary>
/// Reads numbers as users write them, one way for all: digits 0 to 9 with a decimal point, an exponent where wanted, underscores between digits. A comma, blanks, other
/// alphabets' digits, hexadecimal, NaN and infinity are no numbers, and nothing is rounded away: 1e3 is an integer, 2.5 and 1e-30 are none.
/// </summary>
public static partial class NumberText
{
    // no integer that a type here holds has more
    private const int MostDigits = 38;

    /// <summary>Reads a finite number to the nearest double; false also where it over- or underflows one.</summary>
    public static bool TryReal(string text, out double value)
    {
        value = double.NaN;
        return NumberForm().Match(text) is { Success: true } form
            && double.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value) && (value != 0 || !IsAnyDigitAboveZero(form));
    }

    /// <summary>Reads a whole number exactly, also in forms such as 1e6, 2.5e3 or 12.0.</summary>
    public static bool TryInteger(string text, out Int128 value)
    {
        value = 0;
        if (NumberForm().Match(text) is not { Success: true } form)
        {
            return false;
        }

        string whole = form.Groups["whole"].Value.Replace("_", "", StringComparison.Ordinal), part = form.Groups["part"].Value.Replace("_", "", StringComparison.Ordinal);
        string digits = (whole + part).TrimStart('0');
        int exponent = form.Groups["exponent"] is { Success: true } e ? int.Parse(e.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        int shift = exponent - part.Length;
        if (digits.Length == 0)
        {
            return true;
        }

        if (shift < 0 && (-shift >= digits.Length || digits.AsSpan(digits.Length + shift).ContainsAnyExcept('0')))
        {
            return false;
        }

        if (digits.Length + shift > MostDigits)
        {
            return false;
        }

        value = Int128.Parse(shift < 0 ? digits[..^-shift] : digits + new string('0', shift), CultureInfo.InvariantCulture);
        value = text[0] == '-' ? -value : value;
        return true;
    }

    private static bool IsAnyDigitAboveZero(Match form) =>
        form.Groups["whole"].ValueSpan.ContainsAnyInRange('1', '9') || form.Groups["part"].ValueSpan.ContainsAnyInRange('1', '9');

    // a digit at least, before or after the point
    [GeneratedRegex(@"\A[+-]?(?=\.?[0-9])(?<whole>([0-9]+(_[0-9]+)*)?)(\.(?<part>([0-9]+(_[0-9]+)*)?))?([eE](?<exponent>[+-]?[0-9]{1,3}))?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex NumberForm();
}
