using System.Globalization;
using System.Text;
using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary>Files that are no settings, however deep or long they are, are answered within two seconds and in few lines.</summary>
public sealed class ConfigurationLimitTests : IDisposable
{
    private const int Deep = 100_000;
    private const int LongestAnswer = 20_000;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string> Files => new()
    {
        { "groups in braces", "nested more than 32 deep" },
        { "groups in braces that are closed", "nested more than 32 deep" },
        { "lists", "nested more than 32 deep" },
        { "groups by lines", "nested more than 32 deep" },
        { "lists by lines", "does not hold a mapping" },
        { "keys of keys", "nested more than 32 deep" },
        { "unknown keys", "unknown key 'key_0' (given '0')" },
        { "keys that are nearly right", "did you mean 'actor.learning_rate'?" },
        { "ten megabytes", "too long for settings" },
        { "a long value", "'gamma' cannot be '9999" },
        { "a long key", "unknown key 'xxxx" },
        { "a long name", "unknown algorithm 'aaaa" },
        { "a long list", "'seeds' cannot be '0,0," },
        { "NUL in a path", "'out' cannot be 'a\\u0000b'" },
        { "NUL in a plug-in's path", "'plugins' cannot be '\\u0000'" },
        { "NUL in an environment's path", "'env' cannot be 'a\\u0000.json'" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Answer_comes_at_once(string kind, string words)
    {
        folder.Write("some.yml", Text(kind));

        (CommandResult result, double seconds) = Validate("some.yml");

        result.ShouldRefuse(2, words);
        (result.Output.Length + result.Error.Length).ShouldBeLessThan(LongestAnswer);
        seconds.ShouldBeLessThan(2, kind);
        result.Error.Where(char.IsControl).ShouldAllBe(c => c == '\n');
    }

    [Fact]
    public void Faults_beyond_the_first_are_counted()
    {
        folder.Write("some.yml", Text("unknown keys"));
        string error = Validate("some.yml").Result.Error;
        error.Split('\n').Count(l => l.StartsWith("error: ", StringComparison.Ordinal)).ShouldBe(21);
        error.ShouldContain("some.yml:23:9: 19980 more faults, from here on, are not listed");
    }

    // in seconds of the processor, which are the same however busy the machine is: the shell counts those of its children
    private (CommandResult Result, double Seconds) Validate(string file)
    {
        CommandResult result = Command.Finish(Command.StartProgram(
            "bash", folder.Path, null, "-c", $"dotnet '{Command.Executable}' config validate -c {file}; code=$?; times; exit $code"));
        string[] children = result.Output.TrimEnd('\n').Split('\n')[^1].Split(' ');
        return (result, children.Sum(static part => (60 * double.Parse(part.Split('m')[0], CultureInfo.InvariantCulture)) + double.Parse(part.Split('m')[1].TrimEnd('s'), CultureInfo.InvariantCulture)));
    }

    private static string Text(string kind)
    {
        const string Head = "algo: ac\nenv: CartPole-v1\n";
        return kind switch
        {
            "groups in braces" => Repeat("{a: ", Deep),
            "groups in braces that are closed" => Repeat("{a: ", Deep) + "1" + Repeat("}", Deep),
            "lists" => "hidden: " + Repeat("[", Deep) + Repeat("]", Deep),
            "groups by lines" => string.Concat(Enumerable.Range(0, 900).Select(i => new string(' ', i) + "a:\n")),
            "lists by lines" => Repeat("- ", Deep) + "1\n",
            "keys of keys" => Repeat("? ", Deep) + "1\n",
            "unknown keys" => Head + Many(20_000, i => $"key_{i}: {i}"),
            "keys that are nearly right" => Head + Many(20_000, i => $"actor.learning_rat{i}: {i}"),
            "ten megabytes" => Head + Many(10_000, i => $"key_{i}: {new string('x', 1000)}"),
            "a long value" => Head + "gamma: " + new string('9', 400_000) + "\n",
            "a long key" => Head + "? " + new string('x', 400_000) + "\n: 1\n",
            "a long name" => "env: CartPole-v1\nalgo: " + new string('a', 400_000) + "\n",
            "a long list" => Head + "seeds: [" + Repeat("0,", 200_000) + "0]\n",
            "NUL in a path" => Head + "out: \"a\\0b\"\n",
            "NUL in a plug-in's path" => Head + "plugins: [\"\\0\"]\n",
            "NUL in an environment's path" => "algo: ac\nenv: \"a\\0.json\"\n",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    private static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    private static string Many(int count, Func<int, string> line) => string.Concat(Enumerable.Range(0, count).Select(i => line(i) + "\n"));
}
