using System.CommandLine;
using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Tests.Support;
using Command = Stackelberg.Cli.Tests.Support.Command;

namespace Stackelberg.Cli.Tests;

/// <summary>Numbers are read one way by every flag of every verb. The flags are found by walking over the command itself, so a new verb is tested from its first day.</summary>
public sealed class StrictValueTests : IDisposable
{
    // what some reader somewhere takes for a number: with a decimal or thousands comma, beyond range, blanks, other digits, other bases, none at all
    private static readonly string[] NoNumbers = ["0,5", "1,000", "1e999", " 5", "5 ", "5\n", "٣", "５", "0x10", "1__0", "1e", "--", "5.5.5", "nan", "inf", "NaN", "Infinity", "−1", "1e+", "0b1", ""];
    private static readonly Type[] Numeric = [typeof(int), typeof(int?), typeof(long), typeof(long?), typeof(ulong), typeof(double), typeof(double?), typeof(float), typeof(decimal)];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string> NumberFlags()
    {
        TheoryData<string, string> flags = [];
        foreach ((string[] verb, Option option) in Flags(Program.CreateRoot(), []).Where(f => Numeric.Contains(f.Option.ValueType)))
        {
            flags.Add(string.Join(' ', verb), option.Name);
        }

        return flags;
    }

    [Fact]
    public void Walk_finds_the_numbers_of_all_verbs()
    {
        string[] found = [.. NumberFlags().Select(row => $"{row[0]} {row[1]}")];
        found.ShouldContain("hypergradient check --damping");
        found.ShouldContain("toy --lr");
        found.ShouldContain("env rollout --seed");
        found.Length.ShouldBeGreaterThanOrEqualTo(13);
    }

    [Theory]
    [MemberData(nameof(NumberFlags))]
    public void What_is_no_number_is_refused(string verb, string flag)
    {
        foreach (string text in NoNumbers)
        {
            RootCommand root = Program.CreateRoot();
            StrictValues values = StrictValues.Over(root);
            root.Parse([.. verb.Split(' '), $"{flag}={text}"]).Errors.ShouldNotBeEmpty($"{flag} '{text}'");
            // an empty text behind = is for the parser as if there were none
            (text.Length == 0 || values.Faults.Any(f => f.Message.StartsWith($"{flag} cannot be '", StringComparison.Ordinal))).ShouldBeTrue($"{flag} '{text}'");
        }
    }

    [Theory]
    [MemberData(nameof(NumberFlags))]
    public void Executable_refuses_with_flag_and_value(string verb, string flag)
    {
        string[] needed = verb switch
        {
            "eval" or "resume" => ["somewhere"],
            "replay" => ["somewhere", "--out", "x.html"],
            "env rollout" => ["CartPole-v1", "--out", "x.csv"],
            "toy" => ["sddpg"],
            _ => [],
        };
        Command.Run(folder.Path, [.. verb.Split(' '), .. needed, flag, "0,5"]).ShouldRefuse(2, $"error: {flag} cannot be '0,5'").Output.ShouldBeEmpty();
        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void Settings_refuse_the_same_texts_by_flag_set_and_file()
    {
        string[] keys = ["total_timesteps", "eval_every", "eval_episodes", "checkpoint_every", "keep_checkpoints", "log_every", "threads", "seeds"];
        foreach (string text in new[] { "0;5", "1e999", "٣", "0x10", "5\t5", "1e-30", "--5" })
        {
            CommandResult flags = Command.Run(folder.Path, ["config", "validate", "--algo", "ac", "--env", "CartPole-v1", .. keys.Select(k => $"--{k.Replace('_', '-')}={text}")]);
            CommandResult set = Command.Run(folder.Path, ["config", "validate", "--algo", "ac", "--env", "CartPole-v1", "--set", "gamma=" + (text == "1e-30" ? "1e-999" : text), .. keys.Select(k => $"{k}={text}")]);
            foreach (string key in keys)
            {
                flags.ShouldRefuse(2, $"error: --{key.Replace('_', '-')}: '{key}' cannot be '");
                set.ShouldRefuse(2, $"error: --set: '{key}' cannot be '", "'gamma' cannot be '");
            }
        }
    }

    [Theory]
    [InlineData("1e2", 100)]
    [InlineData("1_0", 10)]
    [InlineData("25e-1_0", null)]
    [InlineData("250e-1", 25)]
    [InlineData("12.0", 12)]
    [InlineData("12.5", null)]
    [InlineData("2147483648", null)]
    [InlineData("2.0000000000000000000000000000000000000001", null)]
    public void Whole_numbers_are_exact(string text, int? steps)
    {
        CommandResult result = Command.Run(folder.Path, "toy", "ddpg", "--steps", text, "--json");
        if (steps is { } expected)
        {
            result.ShouldSucceed().Json.GetProperty("steps").GetInt32().ShouldBe(expected);
        }
        else
        {
            result.ShouldRefuse(2, $"--steps cannot be '{text}'");
        }
    }

    [Theory]
    [InlineData("--damping", "0;5")]
    [InlineData("--damping", "0,1e999")]
    [InlineData("--damping", "0, 1 2")]
    [InlineData("--start", "1,1,1")]
    [InlineData("--start", "٣,1")]
    [InlineData("--start", "1,0x1")]
    public void Lists_of_numbers_are_read_no_other_way(string flag, string text) =>
        Command.Run(folder.Path, "toy", "sddpg", flag, text).ShouldRefuse(2, $"{flag} cannot be '");

    [Fact]
    public void Seeds_are_read_up_to_the_last() =>
        Command.Run(folder.Path, "env", "rollout", "CartPole-v1", "--steps", "1", "--seed", "18446744073709551615", "--out", "x.csv").ShouldSucceed();

    [Fact]
    public void No_flag_and_no_argument_takes_an_empty_text()
    {
        int tried = 0;
        foreach ((string[] verb, Option option) in Flags(Program.CreateRoot(), []).Where(f => f.Option.ValueType == typeof(string) || f.Option.ValueType == typeof(string[])))
        {
            // settings of a run have rules of their own
            if (Stackelberg.Experiments.Configuration.ConfigurationResolver.RunKeys.Contains(option.Name.TrimStart('-').Replace('-', '_')))
            {
                continue;
            }

            RootCommand root = Program.CreateRoot();
            StrictValues values = StrictValues.Over(root);
            root.Parse([.. verb, option.Name, ""]);
            values.Faults.ShouldContain(f => f.Message == $"{option.Name} is empty", string.Join(' ', verb));
            tried++;
        }

        tried.ShouldBeGreaterThan(15);
    }

    private static IEnumerable<(string[] Verb, Option Option)> Flags(System.CommandLine.Command command, string[] verb) =>
        command.Options.Select(o => (verb, o)).Concat(command.Subcommands.SelectMany(s => Flags(s, [.. verb, s.Name])));
}
