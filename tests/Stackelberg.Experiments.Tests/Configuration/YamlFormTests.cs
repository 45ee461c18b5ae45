using System.Text.RegularExpressions;
using Stackelberg.Experiments.Configuration.Internals;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests.Configuration;

/// <summary>
/// What we write is for readers of both versions what it is: held against the expressions by which https://yaml.org/type/ (1.1) and chapter 10.3.2 of YAML 1.2.2 tell plain
/// scalars apart, copied here, not against the reader of this program.
/// </summary>
public sealed partial class YamlFormTests
{
    private static readonly string[] Treacherous =
    [
        "y", "N", "yes", "No", "ON", "off", "true", "False", "null", "Null", "~", "", "none", "1e5", "1E5", "1.5", ".5", "5.", "0x1F", "0o7", "017", "0b1", "1_000", "+1", "-1", ".inf", "-.INF",
        ".nan", "2001-01-01", "2001-12-14t21:59:43.10-05:00", "190:20:30", "12:30", "=", "<<", "-", "--- a", "...", "? a", "a: b", "a #b", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a", "[a", "{a",
        "a, b.dll", " a", "a ", "a\nb", "a\0b", "'a'", "\"a\"", "\\", "ü", "plain", "/runs/a.dll", "e5", "inf", "nan", "x=1", "-.5", "_1",
    ];

    [Fact]
    public void Floating_point_numbers_are_such_for_both()
    {
        var random = RandomStream.FromSeed(1);
        double[] finite = [.. Enumerable.Range(0, 5000).Select(_ => BitConverter.UInt64BitsToDouble(random.NextUInt64())).Where(double.IsFinite)];
        foreach (double value in finite.Concat([0, -0.0, 1, 500, 1e-5, 1e15, 1e22, 123456789, double.Epsilon, double.MaxValue, double.PositiveInfinity, double.NegativeInfinity, double.NaN]))
        {
            string text = YamlText.Of(value);
            Float11().IsMatch(text).ShouldBeTrue(text);
            Float12().IsMatch(text).ShouldBeTrue(text);
            (Int11().IsMatch(text) || Int12().IsMatch(text)).ShouldBeFalse(text);
            if (double.IsFinite(value))
            {
                BitConverter.DoubleToInt64Bits(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(BitConverter.DoubleToInt64Bits(value));
            }
        }

        YamlText.Of(1e-5).ShouldBe("1.0e-05");
        YamlText.Of(double.PositiveInfinity).ShouldBe(".inf");
        YamlText.Of((double.NegativeInfinity, 2.0)).ShouldBe("[-.inf, 2.0]");
    }

    [Fact]
    public void Integers_truth_values_and_nothing_are_such_for_both()
    {
        foreach (long value in new[] { 0L, 7, -7, 200_000, long.MaxValue, long.MinValue })
        {
            Int11().IsMatch(YamlText.Of(value)).ShouldBeTrue();
            Int12().IsMatch(YamlText.Of(value)).ShouldBeTrue();
        }

        YamlText.Of(true).ShouldBe("true");
        YamlText.Of(false).ShouldBe("false");
        YamlText.Of(null).ShouldBe("null");
        YamlText.Of(new[] { 64, 32 }).ShouldBe("[64, 32]");
    }

    [Fact]
    public void Texts_are_texts_for_both()
    {
        foreach (string text in Treacherous)
        {
            string written = YamlText.Of(text);
            if (written[0] == '"')
            {
                written[^1].ShouldBe('"');
                written.ShouldNotContain("\n");
                continue;
            }

            // plain: no other kind may claim it, and no mark of the language be in it
            written.ShouldBe(text);
            foreach (Regex kind in new[] { Float11(), Float12(), Int11(), Int12(), Bool11(), Null(), Date11(), Other11() })
            {
                kind.IsMatch(written).ShouldBeFalse(written);
            }

            written.ShouldNotContain(": ");
            written.IndexOfAny(['#', ',', '[', ']', '{', '}', '&', '*', '!', '|', '>', '\'', '%', '@', '`', ' ', '\t', '\0']).ShouldBe(-1, written);
        }

        new[] { "plain", "/runs/a.dll", "e5", "inf" }.Select(YamlText.Of).ShouldBe(["plain", "/runs/a.dll", "e5", "inf"]);
        YamlText.Of(new[] { "a, b.dll", "no" }).ShouldBe("[\"a, b.dll\", \"no\"]");
    }

    [GeneratedRegex(@"\A(?:[-+]?([0-9][0-9_]*)\.[0-9_]*([eE][-+][0-9]+)?|[-+]?\.[0-9_]+([eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z")]
    private static partial Regex Float11();

    [GeneratedRegex(@"\A(?:[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?(\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN)\z")]
    private static partial Regex Float12();

    [GeneratedRegex(@"\A(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+)\z")]
    private static partial Regex Int11();

    [GeneratedRegex(@"\A(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\z")]
    private static partial Regex Int12();

    [GeneratedRegex(@"\A(?:y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)\z")]
    private static partial Regex Bool11();

    [GeneratedRegex(@"\A(?:~|null|Null|NULL|)\z")]
    private static partial Regex Null();

    [GeneratedRegex(@"\A[0-9][0-9][0-9][0-9]-[0-9][0-9]?-[0-9][0-9]?([Tt]|[ \t]+|\z)")]
    private static partial Regex Date11();

    [GeneratedRegex(@"\A(?:=|<<|-|\?|:|---|\.\.\.)\z")]
    private static partial Regex Other11();
}
