using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>Reads fractions: <c>[+-]digits[.digits][e[+-]digits]</c> or <c>[+-]digits/digits</c>.</summary>
internal static class RationalText
{
    private const int MostCharacters = 1000, LargestExponent = 1000;

    public static bool TryRead(ReadOnlySpan<char> text, out Rational value, [NotNullWhen(false)] out string? fault)
    {
        value = default;
        if (text.Length > MostCharacters)
        {
            fault = $"a number of {text.Length} characters is too long; at most {MostCharacters} are read";
            return false;
        }

        int slash = text.IndexOf('/');
        return slash < 0 ? TryDecimal(text, out value, out fault) : TryQuotient(text, slash, out value, out fault);
    }

    private static bool TryQuotient(ReadOnlySpan<char> text, int slash, out Rational value, [NotNullWhen(false)] out string? fault)
    {
        value = default;
        ReadOnlySpan<char> below = text[(slash + 1)..];
        bool negative = TakeSign(text[..slash], out ReadOnlySpan<char> above);
        if (!IsDigits(above) || !IsDigits(below))
        {
            fault = NoNumber(text);
            return false;
        }

        BigInteger denominator = Digits(below);
        fault = denominator.IsZero ? $"'{text}' divides by 0" : null;
        value = fault is null ? new Rational(negative ? -Digits(above) : Digits(above), denominator) : default;
        return fault is null;
    }

    private static bool TryDecimal(ReadOnlySpan<char> text, out Rational value, [NotNullWhen(false)] out string? fault)
    {
        value = default;
        int e = text.IndexOfAny('e', 'E');
        ReadOnlySpan<char> mantissa = e < 0 ? text : text[..e];
        bool negative = TakeSign(mantissa, out mantissa);
        int point = mantissa.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? mantissa : mantissa[..point], rest = point < 0 ? [] : mantissa[(point + 1)..];
        string digits = string.Concat(whole, rest);
        int exponent = 0;
        if (!IsDigits(digits) || (e >= 0 && !TryExponent(text[(e + 1)..], out exponent)))
        {
            fault = NoNumber(text);
            return false;
        }

        if (Math.Abs(exponent) > LargestExponent)
        {
            fault = $"the exponent of '{text}' is too large; exponents from -{LargestExponent} to {LargestExponent} are read";
            return false;
        }

        exponent -= rest.Length;
        BigInteger number = negative ? -Digits(digits) : Digits(digits), power = exponent == 0 ? BigInteger.One : BigInteger.Pow(10, Math.Abs(exponent));
        value = exponent >= 0 ? number * power : new Rational(number, power);
        fault = null;
        return true;
    }

    // an exponent of many digits is read as one beyond the limit
    private static bool TryExponent(ReadOnlySpan<char> text, out int exponent)
    {
        exponent = 0;
        bool negative = TakeSign(text, out ReadOnlySpan<char> digits);
        if (!IsDigits(digits))
        {
            return false;
        }

        digits = digits.TrimStart('0');
        exponent = digits.Length == 0 ? 0 : digits.Length > 4 ? int.MaxValue : int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        exponent = negative ? -exponent : exponent;
        return true;
    }

    private static bool TakeSign(ReadOnlySpan<char> text, out ReadOnlySpan<char> rest)
    {
        bool signed = text is ['+' or '-', ..];
        rest = signed ? text[1..] : text;
        return signed && text[0] == '-';
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');

    private static BigInteger Digits(ReadOnlySpan<char> text) => text.Length <= 18
        ? long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
        : BigInteger.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string NoNumber(ReadOnlySpan<char> text) => $"'{text}' is no finite number; integers, decimals such as -0.25 or 1e-3, and fractions such as 2/3 are read";
}
