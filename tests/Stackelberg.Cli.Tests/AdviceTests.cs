using System.Text.RegularExpressions;
using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Cli.Tests.Support;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Cli.Tests;

/// <summary>What a message or <c>algo show</c> tells to set can be set: keys are those of the algorithm that was named.</summary>
public sealed partial class AdviceTests : IDisposable
{
    private static readonly Dictionary<string, string[]> Keys = AlgorithmCatalogue.BuiltIn.All.ToDictionary(
        a => a.Id, a => ConfigurationResolver.Describe(a, SolverCatalogue.BuiltIn).Select(o => o.Key).ToArray());

    private static readonly string[] AllKeys = [.. Keys.Values.SelectMany(k => k).Distinct()];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Ids => [.. Keys.Keys];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Algo_show_names_no_key_of_others(string id)
    {
        string shown = Command.Run(folder.Path, "algo", "show", id).ShouldSucceed().Output;
        // words with an underscore or a point are names of settings wherever they stand; others are words
        string[] foreign = [.. KeyWord().Matches(shown).Select(m => m.Value).Distinct()
            .Where(w => AllKeys.Any(k => k == w || k.EndsWith("." + w, StringComparison.Ordinal)) && !Keys[id].Any(k => k == w || k.EndsWith("." + w, StringComparison.Ordinal)))];
        foreign.ShouldBeEmpty();
        KeyWord().Matches(shown).Count.ShouldBeGreaterThan(10);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Mistyped_keys_are_answered_with_keys_of_the_algorithm(string id)
    {
        string[] mistyped = [.. AllKeys.Where((_, i) => i % 4 == 0).Select(k => k[..^1] + "x")];
        CommandResult result = Command.Run(folder.Path, ["config", "validate", "--algo", id, "--env", "Pendulum-v1", "--set", .. mistyped.Take(20).Select(k => k + "=1")]);
        result.ShouldRefuse(2, "unknown key");
        string[] advised = [.. Advised().Matches(result.Error).Select(m => m.Groups[1].Value)];
        advised.ShouldNotBeEmpty();
        advised.ShouldAllBe(k => Keys[id].Contains(k) || ConfigurationResolver.RunKeys.Contains(k) || k.StartsWith("env_options.", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Foreign_flags_are_answered_with_keys_of_the_algorithm(string id)
    {
        string[] flags = ["lr", "tau", "buffer-siz", "policy-nois", "temperatur", "gae-lambd", "xyzzy", "noise-clip", "ent-coef", "n-steps", "hidden-sizes", "cg-iters", "damping", "degre"];
        CommandResult result = Command.Run(folder.Path, ["train", "--algo", id, "--env", "Pendulum-v1", .. flags.SelectMany(f => new[] { "--" + f, "1" })]);
        result.ExitCode.ShouldBe(2);
        foreach (string next in result.Error.Split('\n').Where(l => l.StartsWith("  next: ", StringComparison.Ordinal)))
        {
            // what others have is said as theirs
            string own = next.Split("; with ")[0];
            SetKey().Matches(own).Select(m => m.Groups[1].Value).ShouldAllBe(k => Keys[id].Contains(k), next);
        }
    }

    [GeneratedRegex(@"\b[a-z]+(?:[_.][a-z]+)+\b")]
    private static partial Regex KeyWord();

    [GeneratedRegex(@"did you mean '([a-z_.]+)'\?")]
    private static partial Regex Advised();

    [GeneratedRegex(@"--set ([a-z_.]+)=")]
    private static partial Regex SetKey();
}
