using Stackelberg.Experiments.Configuration;
using Stackelberg.Reports.Reproductions.Claims;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Stackelberg.Reports.Reproductions;

/// <summary>Reads entries and says all that is wrong with one.</summary>
public static class EntryReader
{
    private const string Allowed = "a YAML file as docs/reproduce.md describes it";

    /// <summary>Reads an entry.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="name">What it is called in messages, such as its path.</param>
    /// <exception cref="ReproductionException">It is none; all faults at once where it can be read at all.</exception>
    public static ReproductionEntry Read(string text, string name)
    {
        ReproductionEntry entry;
        try
        {
            IDeserializer reader = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithDuplicateKeyChecking().Build();
            entry = reader.Deserialize<ReproductionEntry>(text) ?? throw new ReproductionException($"'{name}' is empty", Allowed, "copy an entry: 'stackelberg reproduce show ID --yaml' prints one");
        }
        catch (YamlException e)
        {
            throw new ReproductionException($"{name}:{e.Start.Line}:{e.Start.Column}: {Message(e)}", Allowed, "mend the line, or compare it with an entry: 'stackelberg reproduce show ID --yaml'");
        }

        string[] faults = [.. Faults(entry)];
        return faults.Length == 0 ? entry : throw new ReproductionException($"'{name}': {string.Join("; ", faults)}", Allowed, "mend what is named");
    }

    private static IEnumerable<string> Faults(ReproductionEntry entry)
    {
        if (entry.Id.Length == 0 || entry.Id.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-.".AsSpan()))
        {
            yield return $"id '{entry.Id}' is not made of small letters, digits, '-' and '.'";
        }

        foreach (string scale in new[] { "smoke", "standard" }.Where(s => entry.Arms.Count > 0 && !entry.Scales.ContainsKey(s)))
        {
            yield return $"the scale '{scale}' is missing";
        }

        foreach (string twice in entry.Arms.GroupBy(a => a.Id).Where(g => g.Count() > 1).Select(g => g.Key))
        {
            yield return $"two arms are called '{twice}'";
        }

        foreach (Arm arm in entry.Arms)
        {
            if (arm.Id.Length == 0 || arm.Id.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-.".AsSpan()) || arm.Algo.Length == 0)
            {
                yield return $"the arm '{arm.Id}' needs an id of small letters, digits, '-' and '.', and an algo";
            }

            if (entry.EnvironmentsOf(arm).Count == 0)
            {
                yield return $"the arm '{arm.Id}' has no environment";
            }
        }

        foreach (string fault in entry.Claims.SelectMany(c => Faults(entry, c)))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> Faults(ReproductionEntry entry, ClaimText claim)
    {
        string name = $"the claim '{claim.Claim}'";
        if (!ClaimJudge.Kinds.Contains(claim.Kind))
        {
            yield return $"{name} has the kind '{claim.Kind}'; allowed are {string.Join(", ", ClaimJudge.Kinds)}";
        }

        if (claim.Kind == "computed")
        {
            if (Computations.Find(claim.Computation) is null)
            {
                yield return $"{name} names the computation '{claim.Computation}', which there is not{(Suggestions.Nearest(claim.Computation, Computations.Names) is { } near ? $"; did you mean '{near}'?" : "")}";
            }
        }
        else
        {
            foreach (string arm in new[] { claim.A, claim.B }.Where((a, i) => entry.Find(a) is null && (i == 0 || claim.Kind is "better" or "not-worse" or "ratio")))
            {
                yield return $"{name} is about the arm '{arm}', which there is not; there are {string.Join(", ", entry.Arms.Select(a => a.Id))}";
            }
        }

        if (claim.Kind is "range" or "ratio" or "computed" && claim is { Low: null, High: null })
        {
            yield return $"{name} needs low, high or both";
        }
    }

    // a key that no property stands for is told by YamlDotNet with the property's type
    private static string Message(YamlException e)
    {
        string text = (e.InnerException ?? e).Message;
        int at = text.IndexOf("Property '", StringComparison.Ordinal);
        return at >= 0 && text[(at + 10)..].Split('\'') is [{ } key, ..] ? $"'{key}' is no key here" : text.Split(" (Line")[0].ReplaceLineEndings(" ");
    }
}
