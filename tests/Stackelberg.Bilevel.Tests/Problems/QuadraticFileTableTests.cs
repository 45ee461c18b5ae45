using System.Text.Json;
using System.Text.Json.Nodes;
using Stackelberg.Primitives;

namespace Stackelberg.Bilevel.Tests;

/// <summary>Files of quadratic problems: every key, missing, null, misshapen or not a number, and what is read back.</summary>
public sealed class QuadraticFileTableTests
{
    private const int N = 2, M = 3;

    public static TheoryData<string> Keys() => ["n", "m", "Q", "B", "c", "D", "e", "F", "g", "x", "y"];

    public static TheoryData<string> Vectors() => ["c", "e", "g", "x", "y"];

    public static TheoryData<string> Matrices() => ["Q", "B", "D", "F"];

    [Fact]
    public void Numbers_are_read_to_the_last_bit()
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            QuadraticCoefficients given = Given(seed);
            QuadraticCoefficients read = QuadraticProblemFile.Parse(Json(given).ToJsonString(), "p.json");
            (read.LeaderDimension, read.FollowerDimension).ShouldBe((N, M));
            foreach ((double[] actual, double[] expected) in new[]
            {
                (read.Q, given.Q), (read.B, given.B), (read.C, given.C), (read.D, given.D), (read.E, given.E), (read.F, given.F), (read.G, given.G),
                (read.X, given.X), (read.Y, given.Y),
            })
            {
                actual.ShouldBe(expected);
            }
        }
    }

    [Fact]
    public void Order_of_the_keys_comments_and_trailing_commas_do_not_matter()
    {
        JsonObject json = Json(Given(1));
        var reversed = new JsonObject(json.Reverse().Select(static p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
        string text = "// made by hand\n" + reversed.ToJsonString()[..^1] + ", /* the end */ }";
        QuadraticCoefficients read = QuadraticProblemFile.Parse(text, "p.json");
        read.B.ShouldBe(Given(1).B);
        read.Y.ShouldBe(Given(1).Y);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_key_is_needed(string key) => Fault(json => json.Remove(key)).ShouldContain($"key '{key}' is missing");

    [Theory]
    [MemberData(nameof(Keys))]
    public void Null_and_truth_values_are_refused_by_the_name_of_their_key(string key)
    {
        foreach (JsonNode? value in new[] { null, JsonValue.Create(true) })
        {
            string message = Fault(json => json[key] = value?.DeepClone());
            message.ShouldContain($"'{key}' is ");
            message.ShouldContain(key is "n" or "m" ? "a whole number from 1 to 4096" : value is null ? "null; expected an array" : "a truth value; expected an array");
        }
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Vectors_of_another_length_are_refused_with_both_lengths(string key)
    {
        int length = key is "e" or "x" ? N : M;
        string dimension = key is "e" or "x" ? "n" : "m";
        Fault(json => json[key]!.AsArray().Add(1)).ShouldContain($"'{key}' has {length + 1} entries, {dimension} is {length}");
        Fault(json => json[key]!.AsArray().RemoveAt(0)).ShouldContain($"'{key}' has {length - 1} entries, {dimension} is {length}");
        Fault(json => json[key] = new JsonObject()).ShouldContain($"'{key}' is an object; expected an array of {length} numbers ({dimension})");
        Fault(json => json[key]![1] = "1").ShouldContain($"'{key}[1]' is \"1\"; expected a finite number");
    }

    [Theory]
    [MemberData(nameof(Matrices))]
    public void Matrices_of_another_shape_are_refused_with_the_row(string key)
    {
        (int rows, string rowsName) = key == "D" ? (N, "n") : (M, "m");
        (int columns, string columnsName) = key is "D" or "B" ? (N, "n") : (M, "m");
        Fault(json => json[key]!.AsArray().RemoveAt(0)).ShouldContain($"'{key}' has {rows - 1} rows, {rowsName} is {rows}");
        Fault(json => json[key]![1]!.AsArray().Add(0)).ShouldContain($"'{key}[1]' has {columns + 1} columns, {columnsName} is {columns}");
        Fault(json => json[key]![1] = 4).ShouldContain($"'{key}[1]' is a number; expected an array of {columns} numbers ({columnsName})");
        Fault(json => json[key] = "zero").ShouldContain($"'{key}' is a text; expected an array of {rows} rows ({rowsName})");
        Fault(json => json[key]![1]![0] = null).ShouldContain($"'{key}[1][0]'");
    }

    [Theory]
    [InlineData("Q")]
    [InlineData("D")]
    [InlineData("F")]
    public void Matrices_that_must_be_symmetric_are_refused_with_the_pair_that_differs(string key)
    {
        string message = Fault(json => json[key]![1]![0] = 77.5);
        message.ShouldContain($"'{key}' is not symmetric: {key}[1][0] is 77.5, {key}[0][1] is ");
        message.ShouldContain($"({key} + {key}ᵀ) / 2");
    }

    [Theory]
    [InlineData("n", "-1")]
    [InlineData("n", "4097")]
    [InlineData("m", "0")]
    [InlineData("m", "2.5")]
    [InlineData("m", "1e40")]
    [InlineData("m", "\"3\"")]
    public void Dimensions_are_whole_numbers_from_1_to_4096(string key, string value)
    {
        string message = Fault(json => json[key] = JsonNode.Parse(value));
        message.ShouldContain($"'{key}' is {value}; it is a dimension");
    }

    [Theory]
    [InlineData("null", "holds null")]
    [InlineData("3", "holds a number")]
    [InlineData("\"Q\"", "holds a text")]
    [InlineData("false", "holds a truth value")]
    [InlineData("", "the file is empty")]
    [InlineData("{\"n\": 1", "not valid JSON")]
    public void What_is_no_object_is_refused(string text, string expected) =>
        Should.Throw<InvalidDataException>(() => QuadraticProblemFile.Parse(text, "p.json")).Message.ShouldContain(expected);

    [Fact]
    public void Coefficients_given_in_code_are_checked_by_name_as_well()
    {
        QuadraticCoefficients good = Given(2);
        Should.NotThrow(good.Check);
        foreach ((QuadraticCoefficients bad, string words) in new[]
        {
            (good with { Q = new double[8] }, "'Q' has 8 entries; it needs 9"), (good with { B = new double[5] }, "'B' has 5 entries; it needs 6"),
            (good with { C = [] }, "'C' has 0 entries; it needs 3"), (good with { D = new double[3] }, "'D' has 3 entries; it needs 4"),
            (good with { E = [1] }, "'E' has 1 entries; it needs 2"), (good with { F = [] }, "'F' has 0 entries; it needs 9"),
            (good with { G = [1] }, "'G' has 1 entries; it needs 3"), (good with { X = [1] }, "'X' has 1 entries; it needs 2"),
            (good with { Y = [1] }, "'Y' has 1 entries; it needs 3"), (good with { LeaderDimension = 0 }, "LeaderDimension"),
            (good with { FollowerDimension = -1 }, "FollowerDimension"), (good with { D = [1, 2, 3, 4] }, "'D' is not symmetric"),
        })
        {
            Should.Throw<ArgumentException>(bad.Check).Message.ShouldContain(words);
        }
    }

    private static string Fault(Action<JsonObject> spoil)
    {
        JsonObject json = Json(Given(3));
        spoil(json);
        string message = Should.Throw<InvalidDataException>(() => QuadraticProblemFile.Parse(json.ToJsonString(), "p.json")).Message;
        message.ShouldStartWith("p.json: ");
        return message;
    }

    private static QuadraticCoefficients Given(ulong seed) => BuiltInProblems.RandomQuadratic(N, [1, 2, 5], RandomStream.FromSeed(seed));

    private static JsonObject Json(QuadraticCoefficients given)
    {
        return new JsonObject
        {
            ["n"] = N, ["m"] = M, ["Q"] = Rows(given.Q, M), ["B"] = Rows(given.B, N), ["c"] = Row(given.C), ["D"] = Rows(given.D, N), ["e"] = Row(given.E),
            ["F"] = Rows(given.F, M), ["g"] = Row(given.G), ["x"] = Row(given.X), ["y"] = Row(given.Y),
        };

        static JsonNode Row(double[] values) => JsonSerializer.SerializeToNode(values)!;

        static JsonNode Rows(double[] values, int columns) => JsonSerializer.SerializeToNode(values.Chunk(columns))!;
    }
}
