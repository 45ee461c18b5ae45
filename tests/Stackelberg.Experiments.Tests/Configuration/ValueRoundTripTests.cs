using System.Globalization;
using Stackelberg.Agents;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Experiments.Configuration.Internals;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests.Configuration;

/// <summary>What is written of a value is read back to the same value, whatever its type.</summary>
public sealed class ValueRoundTripTests : IDisposable
{
    // intervals are for environments alone
    private static readonly IReadOnlyList<OptionEntry> Entries = [.. OptionEntry.Of(typeof(Every)), .. OptionEntry.Of(typeof(Ranged))];

    // characters that mean something to YAML, to lists or to files of lines
    private static readonly string[] Letters =
        ["a", "Z", "7", " ", "\"", "'", "\\", "#", ":", ": ", " #", "[", "]", "{", "}", "&", "*", "!", "|", ">", "%", "@", "`", "?", "-", "~", "=", "ü", "→", "🂡", "\t", "\n", "\r", "\u0085", "\u2028", "\u0001"];

    private readonly List<string> files = [];

    public void Dispose() => files.ForEach(File.Delete);

    [Fact]
    public void Numbers_come_back_with_the_same_bits()
    {
        var random = RandomStream.FromSeed(1);
        double[] finite = [.. Enumerable.Range(0, 3000).Select(_ => BitConverter.UInt64BitsToDouble(random.NextUInt64())).Where(double.IsFinite)];
        foreach (double value in finite.Concat([0.0, -0.0, double.Epsilon, double.MaxValue, double.MinValue, 0.1, 1e22, 1e23]))
        {
            BitConverter.DoubleToInt64Bits((double)Again("number", value)!).ShouldBe(BitConverter.DoubleToInt64Bits(value));
            Again("optional", (double?)value).ShouldBe(value);
        }

        ((double[])Again("numbers", finite)!).ShouldBe(finite);
    }

    [Fact]
    public void Integers_come_back_up_to_the_ends_of_their_types()
    {
        var random = RandomStream.FromSeed(2);
        foreach (long value in Enumerable.Range(0, 500).Select(i => (long)(random.NextUInt64() >> (i % 64))).Concat([0, -1, long.MaxValue, long.MinValue, (1L << 53) + 1]))
        {
            Again("large", value).ShouldBe(value);
            Again("whole", (int)value).ShouldBe((int)value);
        }

        long[] many = [long.MinValue, -3, 0, 5, long.MaxValue];
        ((long[])Again("larges", many)!).ShouldBe(many);
        ((int[])Again("wholes", new[] { int.MinValue, 7, int.MaxValue })!).ShouldBe([int.MinValue, 7, int.MaxValue]);
    }

    [Fact]
    public void Truth_values_enumerations_absent_values_and_empty_lists_come_back()
    {
        foreach (bool value in new[] { true, false })
        {
            Again("switch", value).ShouldBe(value);
        }

        foreach (FakeForm form in Enum.GetValues<FakeForm>())
        {
            Again("form", form).ShouldBe(form);
        }

        Again("optional", null).ShouldBeNull();
        Again("optional_form", null).ShouldBeNull();
        Again("optional_form", FakeForm.PaperQ).ShouldBe(FakeForm.PaperQ);
        ((Array)Again("numbers", Array.Empty<double>())!).Length.ShouldBe(0);
        ((Array)Again("wholes", Array.Empty<int>())!).Length.ShouldBe(0);
        ((Array)Again("words", Array.Empty<string>())!).Length.ShouldBe(0);
        ((string[])Again("words", new[] { "one", "t w o", "../3.dll" })!).ShouldBe(["one", "t w o", "../3.dll"]);
    }

    [Fact]
    public void Intervals_come_back_with_finite_and_infinite_ends()
    {
        var random = RandomStream.FromSeed(3);
        for (int i = 0; i < 500; i++)
        {
            double low = random.NextNormal() * Math.Pow(10, random.NextInt32(40) - 20), high = low + Math.Abs(random.NextNormal());
            Again("range", (low, high)).ShouldBe((low, high));
            Again("range", (double.NegativeInfinity, high)).ShouldBe((double.NegativeInfinity, high));
            Again("range", (low, double.PositiveInfinity)).ShouldBe((low, double.PositiveInfinity));
        }
    }

    [Fact]
    public void A_whole_record_comes_back_through_a_file()
    {
        var random = RandomStream.FromSeed(4);
        for (int i = 0; i < 40; i++)
        {
            string word = Word(random), number = random.NextNormal().ToString("R", CultureInfo.InvariantCulture);
            ResolvedConfiguration first = Resolve(
                null, $"word={word}", $"number={number}", $"large={(long)random.NextUInt64()}", $"numbers={number},0,1e300", "words=a,b c",
                i % 2 == 0 ? "optional=none" : "optional=0.1", "form=paper-q", i % 3 == 0 ? "wholes=" : "wholes=-4,9");
            ResolvedConfiguration second = Resolve(Write(first.ToYaml(origins: i % 2 == 0)));

            var (one, two) = ((Every)first.Options, (Every)second.Options);
            two.Word.ShouldBe(word);
            (two with { Numbers = one.Numbers, Words = one.Words, Wholes = one.Wholes, Larges = one.Larges }).ShouldBe(one);
            second.Values.Select(v => (v.Key, v.Text)).ShouldBe(first.Values.Select(v => (v.Key, v.Text)));
            two.Wholes.ShouldBe(i % 3 == 0 ? [] : [-4, 9]);
        }
    }

    [Theory]
    [InlineData("closed", 1.0, true)]
    [InlineData("closed", 2.0, true)]
    [InlineData("open", 1.0, false)]
    [InlineData("open", 2.0, false)]
    public void Ends_of_a_range_hold_to_the_last_bit(string key, double end, bool isAllowed)
    {
        Reads(key, OptionEntry.Format(end)).ShouldBe(isAllowed);
        double inwards = end == 1 ? Math.BitIncrement(end) : Math.BitDecrement(end), outwards = end == 1 ? Math.BitDecrement(end) : Math.BitIncrement(end);
        Reads(key, OptionEntry.Format(inwards)).ShouldBeTrue();
        Reads(key, OptionEntry.Format(outwards)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("whole", "2147483647", "2147483648")]
    [InlineData("whole", "-2147483648", "-2147483649")]
    [InlineData("large", "9223372036854775807", "9223372036854775808")]
    [InlineData("large", "-9223372036854775808", "-9223372036854775809")]
    [InlineData("wholes", "0..9999", "0..10000")]
    [InlineData("switch", "true", "True")]
    [InlineData("form", "paper-q", "PaperQ")]
    [InlineData("form", "official", "1")]
    [InlineData("choice", "left", "Left")]
    [InlineData("number", "+1_0.5e-1", "1_.5")]
    [InlineData("number", ".5", ".")]
    [InlineData("numbers", "[1, 2]", "1;2")]
    [InlineData("numbers", "0.5", "0..2")]
    [InlineData("optional", "~", "nil")]
    public void Beside_a_text_that_is_read_lies_one_that_is_not(string key, string good, string bad)
    {
        Reads(key, good).ShouldBeTrue();
        Reads(key, bad).ShouldBeFalse();
    }

    [Theory]
    [InlineData("switch", "true or false")]
    [InlineData("form", "one of paper-q, official")]
    [InlineData("optional_form", "one of paper-q, official, or none")]
    [InlineData("choice", "one of left, right")]
    [InlineData("word", "a text")]
    [InlineData("whole", "an integer")]
    [InlineData("optional", "a number, or none")]
    [InlineData("closed", "a number ≥ 1 and ≤ 2")]
    [InlineData("open", "a number > 1 and < 2")]
    [InlineData("words", "a list of texts, as a,b")]
    [InlineData("numbers", "a list of numbers, as 0.1,0.2")]
    [InlineData("wholes", "a list of integers, as 1,2,5 or 0..4")]
    public void What_is_allowed_is_said_of_every_type(string key, string words) => ValueParser.Describe(Entry(key)).ShouldBe(words);

    private static OptionEntry Entry(string key) => Entries.Single(e => e.Key == key);

    private static bool Reads(string key, string text) => ValueParser.TryParse(Entry(key), new Setting(key, text, SettingOrigin.Default), out _);

    private static object? Again(string key, object? value)
    {
        string text = OptionEntry.Format(value);
        ValueParser.TryParse(Entry(key), new Setting(key, text, SettingOrigin.Default), out object? read).ShouldBeTrue($"'{text}' for {key}");
        return read;
    }

    // an assignment is trimmed, so a word neither begins nor ends with white space
    private static string Word(RandomStream random) => "x" + string.Concat(Enumerable.Range(0, random.NextInt32(12)).Select(_ => Letters[random.NextInt32(Letters.Length)])) + "y";

    private static ResolvedConfiguration Resolve(string? file, params string[] set) => ConfigurationResolver.Resolve(new ConfigurationRequest
    {
        Algorithms = static _ =>
        {
            AlgorithmCatalogue catalogue = AlgorithmCatalogue.WithAll();
            catalogue.Add(FakeAlgorithm.Descriptor with
            {
                Id = "every", OptionsType = typeof(Every), Presets = new Dictionary<string, AlgorithmPreset>(), Validate = static _ => [],
                EnvironmentPresets = new Dictionary<string, IReadOnlyList<KeyValuePair<string, string>>>(),
            });
            return catalogue;
        },
        Environments = _ => FakeAlgorithm.Catalogue(),
        File = file,
        Assignments = set,
        Flags = file is null ? [new("algo", "every"), new("env", "Toy-v0")] : [],
    });

    private string Write(string text)
    {
        files.Add(FakeAlgorithm.TemporaryFile(text, $"round-trip-{files.Count}"));
        return files[^1];
    }

    private sealed record Every
    {
        [Option("b")]
        public bool Switch { get; init; }

        [Option("i")]
        public int Whole { get; init; }

        [Option("l")]
        public long Large { get; init; }

        [Option("d")]
        public double Number { get; init; }

        [Option("d?")]
        public double? Optional { get; init; }

        [Option("e")]
        public FakeForm Form { get; init; }

        [Option("e?")]
        public FakeForm? OptionalForm { get; init; }

        [Option("s")]
        public string Word { get; init; } = "";

        [Option("s of two", Choices = ["left", "right"])]
        public string Choice { get; init; } = "left";

        [Option("i[]")]
        public int[] Wholes { get; init; } = [];

        [Option("l[]")]
        public long[] Larges { get; init; } = [];

        [Option("d[]")]
        public double[] Numbers { get; init; } = [];

        [Option("s[]")]
        public string[] Words { get; init; } = [];

        [Option("closed", Minimum = 1, Maximum = 2)]
        public double Closed { get; init; } = 1.5;

        [Option("open", Minimum = 1, Maximum = 2, ExclusiveMinimum = true, ExclusiveMaximum = true)]
        public double Open { get; init; } = 1.5;
    }

    private sealed record Ranged
    {
        [Option("interval")]
        public (double Low, double High) Range { get; init; }
    }
}
