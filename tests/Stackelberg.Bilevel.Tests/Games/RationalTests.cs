using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Stackelberg.Bilevel.Tests.Games;

public sealed class RationalTests
{
    private static readonly Arbitrary<Rational> Fractions = ArbMap.Default.ArbFor<(int, int)>().Convert(
        p => new Rational(p.Item1, p.Item2 == 0 ? 1 : p.Item2), r => ((int)r.Numerator, (int)r.Denominator));

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("+7", "7")]
    [InlineData("0.1", "1/10")]
    [InlineData("-0.25", "-1/4")]
    [InlineData(".5", "1/2")]
    [InlineData("5.", "5")]
    [InlineData("1e3", "1000")]
    [InlineData("1.5E-1", "3/20")]
    [InlineData("-2.50e+1", "-25")]
    [InlineData("6/4", "3/2")]
    [InlineData("-6/4", "-3/2")]
    [InlineData("0/5", "0")]
    [InlineData("007", "7")]
    [InlineData("0.1000000000000000055511151231257827", "1000000000000000055511151231257827/10000000000000000000000000000000000")]
    [InlineData("123456789012345678901234567890/10", "12345678901234567890123456789")]
    [InlineData("1e-2000000000000e", null)]
    [InlineData("1e0001000", "1e1000")]
    public void Text_is_read_exactly(string text, string? expected)
    {
        if (expected is null)
        {
            Rational.TryParse(text, out _, out _).ShouldBeFalse();
            return;
        }

        string shown = Rational.Parse(text).ToString();
        shown.ShouldBe(expected == "1e1000" ? "1" + new string('0', 1000) : expected);
    }

    [Theory]
    [InlineData("", "no finite number")]
    [InlineData(" 1", "no finite number")]
    [InlineData("1 ", "no finite number")]
    [InlineData("NaN", "no finite number")]
    [InlineData("Infinity", "no finite number")]
    [InlineData("-inf", "no finite number")]
    [InlineData("1,5", "no finite number")]
    [InlineData("1_000", "no finite number")]
    [InlineData("0x10", "no finite number")]
    [InlineData("--1", "no finite number")]
    [InlineData(".", "no finite number")]
    [InlineData("1e", "no finite number")]
    [InlineData("1/2/3", "no finite number")]
    [InlineData("1/-2", "no finite number")]
    [InlineData("1.5/2", "no finite number")]
    [InlineData("/2", "no finite number")]
    [InlineData("٣", "no finite number")]
    [InlineData("1/0", "divides by 0")]
    [InlineData("1e999999999", "exponent")]
    [InlineData("1e-999999999999999999999", "exponent")]
    [InlineData("1e1001", "exponent")]
    public void Other_text_is_refused_with_the_reason(string text, string reason)
    {
        Rational.TryParse(text, out _, out string? fault).ShouldBeFalse();
        fault!.ShouldContain(reason);
        Should.Throw<FormatException>(() => Rational.Parse(text)).Message.ShouldBe(fault);
    }

    [Fact]
    public void Number_of_too_many_digits_is_refused_without_being_repeated()
    {
        Rational.TryParse(new string('1', 1000), out _, out _).ShouldBeTrue();
        Rational.TryParse(new string('1', 1001), out _, out string? fault).ShouldBeFalse();
        fault!.Length.ShouldBeLessThan(100);
    }

    [Fact]
    public void Default_is_zero_and_a_denominator_of_zero_is_refused()
    {
        default(Rational).ShouldBe(Rational.Zero);
        default(Rational).Denominator.ShouldBe(BigInteger.One);
        (default(Rational) + 1).ShouldBe(Rational.One);
        default(Rational).GetHashCode().ShouldBe(new Rational(0, -5).GetHashCode());
        default(Rational).ToDouble().ShouldBe(0);
        Should.Throw<DivideByZeroException>(() => new Rational(1, 0));
        Should.Throw<DivideByZeroException>(() => Rational.One / 0);
    }

    [Fact]
    public void Fractions_are_a_field_in_lowest_terms() => Check.One(Laws.Of(1000), Prop.ForAll(Fractions, Fractions, Fractions, (a, b, c) =>
    {
        ((a + b) * c).ShouldBe((a * c) + (b * c));
        (a - b + b).ShouldBe(a);
        if (!b.IsZero)
        {
            (a / b * b).ShouldBe(a);
        }

        Rational sum = a + b;
        BigInteger.GreatestCommonDivisor(sum.Numerator, sum.Denominator).ShouldBe(BigInteger.One);
        sum.Denominator.Sign.ShouldBe(1);
        Rational.Parse(a.ToString()).ShouldBe(a);
    }));

    [Fact]
    public void Order_is_that_of_the_difference_and_total() => Check.One(Laws.Of(1000), Prop.ForAll(Fractions, Fractions, (a, b) =>
    {
        a.CompareTo(b).ShouldBe((a - b).Sign);
        (a < b, a == b, a > b).ShouldBe(((a - b).Sign < 0, (a - b).Sign == 0, (a - b).Sign > 0));
        (a <= b).ShouldBe(!(b < a));
        Rational.Max(a, b).ShouldBe(a < b ? b : a);
        Rational.Min(a, b).ShouldBe(a < b ? a : b);
    }));

    [Fact]
    public void Double_is_the_nearest_one() => Check.One(Laws.Of(1000), Prop.ForAll(ArbMap.Default.ArbFor<NormalFloat>(), number =>
    {
        double value = number.Get;
        if (Math.Abs(value) is 0 or > 1e-300)
        {
            Rational.Parse(value.ToString("R", CultureInfo.InvariantCulture)).ToDouble().ShouldBe(value);
        }
    }));

    [Theory]
    [InlineData(1, 3, 1.0 / 3)]
    [InlineData(-2, 3, -2.0 / 3)]
    [InlineData(9007199254740993, 1, 9007199254740992.0)]
    [InlineData(9007199254740995, 1, 9007199254740996.0)]
    [InlineData(9007199254740993, 9007199254740992, 1.0)]
    public void Halves_go_to_the_even_double(long numerator, long denominator, double expected) => new Rational(numerator, denominator).ToDouble().ShouldBe(expected);

    [Fact]
    public void Double_beyond_its_range_is_infinite_or_zero()
    {
        Rational.Parse("1e400").ToDouble().ShouldBe(double.PositiveInfinity);
        Rational.Parse("-1e400").ToDouble().ShouldBe(double.NegativeInfinity);
        Rational.Parse("1e-400").ToDouble().ShouldBe(0);
    }
}
