using Stackelberg.Experiments.Configuration;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Reproductions.Claims;
using static System.FormattableString;

namespace Stackelberg.Reports.Reproductions;

/// <summary>What is wrong with an entry that could be read.</summary>
internal static class EntryFaults
{
    private static readonly string[] Scales = ["smoke", "standard", "full"], ScoreKinds = ["evaluation", "training-last100"];

    /// <summary>One sentence for each fault.</summary>
    public static IEnumerable<string> Of(ReproductionEntry entry) =>
    [
        .. OfNames(entry), .. OfQuantity("the entry", entry.Quantity), .. entry.Arms.SelectMany(a => OfArm(entry, a)), .. entry.Claims.SelectMany(c => OfClaim(entry, c)),
    ];

    /// <summary>What was probably meant, to go on with a sentence; empty where nothing is near.</summary>
    public static string Hint(string given, IEnumerable<string> known) => Suggestions.Nearest(given, known) is { } near ? $"; did you mean '{near}'?" : "";

    private static IEnumerable<string> OfNames(ReproductionEntry entry)
    {
        if (!IsName(entry.Id))
        {
            yield return $"id '{entry.Id}' is not made of small letters, digits, '-' and '.'";
        }

        foreach (string scale in Scales[..2].Where(s => entry.Arms.Count > 0 && !entry.Scales.ContainsKey(s)))
        {
            yield return $"the scale '{scale}' is missing";
        }

        foreach (string scale in entry.Scales.Keys.Concat(entry.Cost.Keys).Concat(entry.Arms.SelectMany(a => a.Scales.Keys)).Distinct().Except(Scales))
        {
            yield return $"'{scale}' is no scale{Or(Hint(scale, Scales), Scales)}";
        }

        foreach (string twice in entry.Arms.GroupBy(a => a.Id).Where(g => g.Count() > 1).Select(g => g.Key))
        {
            yield return $"two arms are called '{twice}'";
        }
    }

    // part of paths: nothing that leads out of a folder
    private static bool IsName(string text) =>
        text.Length > 0 && char.IsAsciiLetterOrDigit(text[0]) && !text.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-.".AsSpan());

    private static IEnumerable<string> OfArm(ReproductionEntry entry, Arm arm)
    {
        if (!IsName(arm.Id) || arm.Algo.Length == 0)
        {
            yield return $"the arm '{arm.Id}' needs an id of small letters, digits, '-' and '.', and an algo";
        }

        if (entry.EnvironmentsOf(arm).Count == 0)
        {
            yield return $"the arm '{arm.Id}' has no environment";
        }

        foreach (string twice in entry.EnvironmentsOf(arm).GroupBy(EnvironmentFile.NameOf).Where(g => g.Count() > 1).Select(g => g.Key))
        {
            yield return $"the arm '{arm.Id}' has two environments called '{twice}'";
        }
    }

    private static IEnumerable<string> OfQuantity(string owner, Quantity quantity)
    {
        if (!ScoreKinds.Contains(quantity.Kind))
        {
            yield return $"the quantity of {owner} has the kind '{quantity.Kind}'{Or(Hint(quantity.Kind, ScoreKinds), ScoreKinds)}";
        }

        if (quantity.At is not ("" or "final") && !(NumberText.TryInteger(quantity.At, out Int128 step) && step >= 1 && step <= long.MaxValue))
        {
            yield return $"the quantity of {owner} is taken at the step '{quantity.At}'; allowed are final, or a whole number such as 2e5";
        }
        else if (quantity.At is not ("" or "final") && RunTimesMetric.Exists(quantity.Metric))
        {
            yield return $"the quantity of {owner} is {quantity.Metric}, which is of whole runs and has no value at a step";
        }
    }

    private static IEnumerable<string> OfClaim(ReproductionEntry entry, ClaimText claim)
    {
        string name = $"the claim '{claim.Claim}'";
        if (!ClaimJudge.Kinds.Contains(claim.Kind))
        {
            yield return $"{name} has the kind '{claim.Kind}'{Or(Hint(claim.Kind, ClaimJudge.Kinds), ClaimJudge.Kinds)}";
        }

        if (!ClaimJudge.Statistics.Contains(claim.Statistic))
        {
            yield return $"{name} has the statistic '{claim.Statistic}'{Or(Hint(claim.Statistic, ClaimJudge.Statistics), ClaimJudge.Statistics)}";
        }

        if (claim.Kind == "share" == claim is { HitLow: null, HitHigh: null } || claim.HitLow > claim.HitHigh)
        {
            yield return $"{name} {(claim.Kind == "share" ? "needs hit_low, hit_high or both, in this order of size, to say which runs count" : "has hit_low or hit_high, which belong to the kind 'share'")}";
        }

        if (claim.Kind is "range" or "share" or "ratio" or "computed" && claim is { Low: null, High: null })
        {
            yield return $"{name} needs low, high or both";
        }

        if (claim.Low > claim.High)
        {
            yield return Invariant($"{name} has low {claim.Low} above high {claim.High}");
        }

        foreach (string fault in claim.Quantity is { } quantity ? OfQuantity(name, quantity) : [])
        {
            yield return fault;
        }

        foreach (string fault in claim.Kind == "computed" ? OfComputation(name, claim) : OfArms(name, entry, claim).Concat(OfEnvironments(name, entry, claim)))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> OfComputation(string name, ClaimText claim)
    {
        if (Computations.Find(claim.Computation) is null)
        {
            yield return $"{name} names the computation '{claim.Computation}', which there is not{Hint(claim.Computation, Computations.Names)}";
        }
    }

    private static IEnumerable<string> OfArms(string name, ReproductionEntry entry, ClaimText claim)
    {
        string[] arms = [.. entry.Arms.Select(a => a.Id)];
        foreach (string arm in new[] { claim.A, claim.B }.Where((a, i) => !arms.Contains(a) && (i == 0 || claim.Kind is "better" or "not-worse" or "ratio")))
        {
            yield return $"{name} is about the arm '{arm}', which there is not{Or(Hint(arm, arms), arms)}";
        }
    }

    private static IEnumerable<string> OfEnvironments(string name, ReproductionEntry entry, ClaimText claim)
    {
        string[] run = [.. entry.Arms.SelectMany(entry.EnvironmentsOf).Distinct()];
        foreach (string environment in claim.Environments.Except(run))
        {
            yield return $"{name} is about the environment '{environment}', on which no arm is run{Hint(environment, run)}";
        }

        IReadOnlyList<string> meant = claim.Environments.Count > 0 ? claim.Environments : entry.Find(claim.A) is { } arm ? entry.EnvironmentsOf(arm) : [];
        if (claim.AtLeast < 0 || (claim.AtLeast > meant.Count && meant.Count > 0))
        {
            yield return Invariant($"{name} must hold in at least {claim.AtLeast} environments, and there are {meant.Count}");
        }

        if (claim.Kind is "range" or "share" or "ratio" && meant.Count > 1)
        {
            yield return Invariant($"{name} of the kind '{claim.Kind}' is about one environment, and names {meant.Count}");
        }

        foreach (string alone in claim.Kind == "best" ? meant.Where(e => !entry.Arms.Any(b => b.Id != claim.A && entry.EnvironmentsOf(b).Contains(e))) : [])
        {
            yield return $"the arm '{claim.A}' has no other arm to be better than on {alone}";
        }
    }

    private static string Or(string hint, string[] known) => hint.Length > 0 ? hint : $"; allowed are {string.Join(", ", known)}";
}
