using System.Text.Json;

namespace Stackelberg.Primitives.Tests;

public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("""{"a": [1, 2.5e3, "\ud83d\ude00", null, true, {"b": {}}], /* why */ "c": -1e308,}""")]
    [InlineData("[]")]
    [InlineData("1")]
    public void Sound_texts_are_read(string text)
    {
        using JsonDocument document = StrictJson.Parse(text);
        document.RootElement.ValueKind.ShouldNotBe(JsonValueKind.Undefined);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("\n ", "the file is empty")]
    [InlineData("{\"a\": 1,\n \"b\": }", "not valid JSON at line 2, byte 7: '}' is an invalid start of a value")]
    [InlineData("{\"a\": [1, 2", "not valid JSON at line 1, byte 12: it ends too early")]
    [InlineData("""{"a": 1, "a": 2}""", "the key 'a' is given twice")]
    [InlineData("""{"x": [0, {"a": 1, "\u0061": 2}]}""", "x[1]: the key 'a' is given twice")]
    [InlineData("""{"\ud800": 1}""", "a key has half of a surrogate pair; write the whole character")]
    [InlineData("""{"x": {"y": ["\udc00"]}}""", "x.y[0]: the text has half of a surrogate pair; write the whole character")]
    [InlineData("""{"x": [0, 1e999]}""", "x[1]: 1e999 is beyond double precision, which goes up to 1.8e308")]
    public void Faults_are_named_with_their_place(string text, string message) => Should.Throw<FormatException>(() => StrictJson.Parse(text)).Message.ShouldBe(message);

    [Fact]
    public void A_half_character_that_is_not_escaped_is_refused() => Should.Throw<FormatException>(() => StrictJson.Parse("\"\ud800\"")).Message.ShouldContain("no Unicode");

    [Fact]
    public void Nesting_beyond_the_parsers_depth_is_refused() =>
        Should.Throw<FormatException>(() => StrictJson.Parse(new string('[', 100_000))).Message.ShouldContain("depth of 64");
}
