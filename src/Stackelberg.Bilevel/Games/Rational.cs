using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>An exact fraction p/q in lowest terms with q &gt; 0. <c>default</c> is 0.</summary>
/// <remarks>Arithmetic never rounds; numbers grow as they must. Order is that of the numbers, and total: there is no NaN and no infinity.</remarks>
public readonly struct Rational : IEquatable<Rational>, IComparable<Rational>, IFormattable
{
    // 0 stands for 1, so that the default value is a number
    private readonly BigInteger denominator;

    /// <summary>The fraction, brought to lowest terms.</summary>
    /// <exception cref="DivideByZeroException">The denominator is 0.</exception>
    public Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
        {
            throw new DivideByZeroException($"{numerator}/0 is no number.");
        }

        if (denominator.IsOne)
        {
            (Numerator, this.denominator) = (numerator, denominator);
            return;
        }

        BigInteger common = BigInteger.GreatestCommonDivisor(numerator, denominator);
        common = denominator.Sign < 0 ? -common : common;
        (Numerator, this.denominator) = (numerator / common, denominator / common);
    }

    private Rational(BigInteger numerator) => (Numerator, denominator) = (numerator, BigInteger.One);

    /// <summary>0.</summary>
    public static Rational Zero => default;

    /// <summary>1.</summary>
    public static Rational One { get; } = new(BigInteger.One);

    /// <summary>p, which has the sign.</summary>
    public BigInteger Numerator { get; }

    /// <summary>q, at least 1.</summary>
    public BigInteger Denominator => denominator.IsZero ? BigInteger.One : denominator;

    /// <summary>−1, 0 or 1.</summary>
    public int Sign => Numerator.Sign;

    /// <summary>Whether it is 0.</summary>
    public bool IsZero => Numerator.IsZero;

    /// <summary>Whether q is 1.</summary>
    public bool IsInteger => Denominator.IsOne;

    /// <summary>A whole number as fraction.</summary>
    public static implicit operator Rational(int value) => new((BigInteger)value);

    /// <summary>A whole number as fraction.</summary>
    public static implicit operator Rational(BigInteger value) => new(value);

    /// <summary>Sum.</summary>
    public static Rational operator +(Rational a, Rational b) => a.Denominator == b.Denominator
        ? new(a.Numerator + b.Numerator, a.Denominator)
        : new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    /// <summary>Difference.</summary>
    public static Rational operator -(Rational a, Rational b) => a + -b;

    /// <summary>Negative.</summary>
    public static Rational operator -(Rational a) => new(-a.Numerator, a.Denominator);

    /// <summary>Product.</summary>
    public static Rational operator *(Rational a, Rational b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    /// <summary>Quotient.</summary>
    /// <exception cref="DivideByZeroException"><paramref name="b"/> is 0.</exception>
    public static Rational operator /(Rational a, Rational b) => new(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    /// <summary>Whether both are the same number.</summary>
    public static bool operator ==(Rational a, Rational b) => a.Equals(b);

    /// <summary>Whether they are different numbers.</summary>
    public static bool operator !=(Rational a, Rational b) => !a.Equals(b);

    /// <summary>Less.</summary>
    public static bool operator <(Rational a, Rational b) => a.CompareTo(b) < 0;

    /// <summary>Greater.</summary>
    public static bool operator >(Rational a, Rational b) => a.CompareTo(b) > 0;

    /// <summary>Less or equal.</summary>
    public static bool operator <=(Rational a, Rational b) => a.CompareTo(b) <= 0;

    /// <summary>Greater or equal.</summary>
    public static bool operator >=(Rational a, Rational b) => a.CompareTo(b) >= 0;

    /// <summary>The larger one.</summary>
    public static Rational Max(Rational a, Rational b) => a >= b ? a : b;

    /// <summary>The smaller one.</summary>
    public static Rational Min(Rational a, Rational b) => a <= b ? a : b;

    /// <summary>Reads an integer, a decimal with or without exponent, or p/q. Decimals are exact: 0.1 is 1/10.</summary>
    /// <exception cref="FormatException">It is none of these, or beyond the limits of <see cref="TryParse"/>; the message says which.</exception>
    public static Rational Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out Rational value, out string? fault) ? value : throw new FormatException(fault);
    }

    /// <summary>Reads an integer, a decimal with or without exponent, or p/q.</summary>
    /// <param name="text">At most 1000 characters, an exponent from −1000 to 1000.</param>
    /// <param name="value">The number.</param>
    /// <param name="fault">What is wrong with the text, as a clause without full stop.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out Rational value, [NotNullWhen(false)] out string? fault) =>
        RationalText.TryRead(text, out value, out fault);

    /// <summary>The nearest number of double precision; infinite beyond its range.</summary>
    public double ToDouble()
    {
        if (IsZero)
        {
            return 0;
        }

        // a quotient of 63 or 64 bits whose last bit remembers whether anything was cut off rounds as the fraction itself does
        BigInteger size = BigInteger.Abs(Numerator);
        int shift = 63 - (int)(size.GetBitLength() - Denominator.GetBitLength());
        BigInteger quotient = BigInteger.DivRem(
            shift >= 0 ? size << shift : size, shift >= 0 ? Denominator : Denominator << -shift, out BigInteger rest);
        ulong bits = (ulong)quotient | (rest.IsZero ? 0UL : 1UL);
        return Math.ScaleB(Sign * (double)bits, -shift);
    }

    /// <inheritdoc/>
    public int CompareTo(Rational other) => Denominator == other.Denominator
        ? Numerator.CompareTo(other.Numerator)
        : (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <inheritdoc/>
    public bool Equals(Rational other) => Numerator == other.Numerator && Denominator == other.Denominator;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Rational other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Numerator, Denominator);

    /// <summary>p, or p/q where q is not 1.</summary>
    public override string ToString() => IsInteger
        ? Numerator.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");

    /// <summary>p, or p/q where q is not 1, whatever is asked for.</summary>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();
}
