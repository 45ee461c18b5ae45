using System.Globalization;
using Stackelberg.Reports.Tables;

namespace Stackelberg.Reports.Tests.Tables;

public sealed class NumberTextsTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.0, "0")]
    [InlineData(500, "500")]
    [InlineData(-21, "-21")]
    [InlineData(1234.5678, "1235")]
    [InlineData(123.456, "123.5")]
    [InlineData(-9.876, "-9.88")]
    [InlineData(0.12345, "0.123")]
    [InlineData(0.00012, "1.2e-4")]
    [InlineData(2.5e7, "2.5e7")]
    [InlineData(double.NaN, "–")]
    public void Short_numbers_have_about_four_digits(double value, string text) => NumberTexts.Short(value).ShouldBe(text);

    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(1, "1.00")]
    [InlineData(0.001, "<0.01")]
    [InlineData(0.999, ">0.99")]
    [InlineData(0.5, "0.50")]
    [InlineData(double.NaN, "–")]
    public void Shares_are_zero_or_one_only_where_they_are(double value, string text) => NumberTexts.Share(value).ShouldBe(text);

    [Theory]
    [InlineData(0.00001, "<0.0001")]
    [InlineData(0.0079, "0.0079")]
    [InlineData(0.25, "0.25")]
    [InlineData(1, "1")]
    [InlineData(double.NaN, "–")]
    public void Small_p_values_are_bounded(double value, string text) => NumberTexts.P(value).ShouldBe(text);

    [Theory]
    [InlineData(0.1)]
    [InlineData(1 / 3.0)]
    [InlineData(-1.7976931348623157e308)]
    [InlineData(5e-324)]
    public void Exact_numbers_read_back_to_the_same_bits(double value) => double.Parse(NumberTexts.Exact(value), CultureInfo.InvariantCulture).ShouldBe(value);
}
