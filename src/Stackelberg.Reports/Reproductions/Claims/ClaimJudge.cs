using Stackelberg.Experiments.Configuration;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Statistics;
using static System.FormattableString;

namespace Stackelberg.Reports.Reproductions.Claims;

/// <summary>Gives claims their verdicts, from a summary alone.</summary>
public static class ClaimJudge
{
    /// <summary>What a range may be of.</summary>
    internal static readonly string[] Statistics = ["iqm", "mean"];

    /// <summary>Kinds of claims.</summary>
    internal static readonly string[] Kinds = ["better", "best", "not-worse", "range", "share", "ratio", "computed"];

    // a run in three better and two worse is what "not worse" still allows
    private const double WorseMargin = 0.15;

    /// <summary>All claims of an entry, in their order.</summary>
    public static IReadOnlyList<ClaimResult> Judge(ReproductionEntry entry, EntrySummary summary) => [.. entry.Claims.Select(c => Judge(entry, c, summary))];

    private static ClaimResult Judge(ReproductionEntry entry, ClaimText claim, EntrySummary summary)
    {
        ClaimResult result = Measure(entry, claim, summary) with { Source = entry.Source };
        return summary.Scale == "smoke" && claim.Kind != "computed" && result.Count > 0
            ? result with { Verdict = Verdict.CannotBeDecided, Detail = $"{result.Detail}. A smoke run decides nothing" }
            : result;
    }

    private static ClaimResult Measure(ReproductionEntry entry, ClaimText claim, EntrySummary summary)
    {
        string quantity = (claim.Quantity ?? entry.Quantity).Name;
        IReadOnlyList<string> given = claim.Environments.Count > 0 ? claim.Environments : claim.A.Length > 0 && entry.Find(claim.A) is { } arm ? entry.EnvironmentsOf(arm) : entry.Environments;
        string[] environments = [.. given.Select(EnvironmentFile.NameOf)];
        return claim.Kind switch
        {
            "better" => Votes(claim, environments, summary, quantity, e => Pair(claim, summary, quantity, claim.A, claim.B, e), "P(A > B)"),
            "not-worse" => Votes(claim, environments, summary, quantity, e => NotWorse(claim, summary, quantity, e), "P(A > B)"),
            "best" => Votes(claim, environments, summary, quantity, e => Best(entry, claim, summary, quantity, e), "P(A > the next)"),
            "range" => Range(claim, summary, quantity, environments[0]),
            "share" => Share(claim, summary, quantity, environments[0]),
            "ratio" => Ratio(claim, summary, (claim.Quantity ?? entry.Quantity).Metric, quantity, environments[0]),
            _ => Computed(claim),
        };
    }

    private static (double P, Interval Interval, Outcome Outcome) Pair(ClaimText claim, EntrySummary summary, string quantity, string a, string b, string environment) =>
        PairJudge.Compare(summary.Find(quantity, a, environment), summary.Find(quantity, b, environment), claim.IsLowerBetter, $"{summary.Id}/{quantity}/{environment}/{a}/{b}");

    private static (double P, Interval Interval, Outcome Outcome) NotWorse(ClaimText claim, EntrySummary summary, string quantity, string environment)
    {
        (double P, Interval Interval, Outcome Outcome) pair = Pair(claim, summary, quantity, claim.A, claim.B, environment);
        // the same in every seed, as with an infinite λ: there the bootstrap, which knows of no pairs, is blind
        bool isSame = summary.Find(quantity, claim.A, environment).SequenceEqual(summary.Find(quantity, claim.B, environment));
        bool isNear = pair.Outcome == Outcome.Open && !double.IsNaN(pair.P) && (isSame || pair.Interval.Low >= 0.5 - WorseMargin) && Seeds(claim, summary, quantity, environment) >= Comparison.FewestSeedsForVerdict;
        return isNear ? pair with { Outcome = Outcome.Yes } : pair;
    }

    // better than every other arm, or worse than one; of the others the one that comes nearest is told
    private static (double P, Interval Interval, Outcome Outcome) Best(ReproductionEntry entry, ClaimText claim, EntrySummary summary, string quantity, string environment)
    {
        var pairs = entry.Arms.Where(b => b.Id != claim.A && entry.EnvironmentsOf(b).Select(EnvironmentFile.NameOf).Contains(environment)).Select(b => Pair(claim, summary, quantity, claim.A, b.Id, environment)).ToList();
        (double P, Interval Interval, Outcome Outcome) nearest = pairs.OrderBy(p => double.IsNaN(p.P) ? 0 : p.P).First();
        return nearest with { Outcome = pairs.Any(p => p.Outcome == Outcome.No) ? Outcome.No : pairs.All(p => p.Outcome == Outcome.Yes) ? Outcome.Yes : Outcome.Open };
    }

    // In one environment the probability is told, in several how many of them say yes.
    private static ClaimResult Votes(
        ClaimText claim, IReadOnlyList<string> environments, EntrySummary summary, string quantity, Func<string, (double P, Interval Interval, Outcome Outcome)> ask, string unit)
    {
        var answers = environments.Select(e => (Environment: e, Answer: ask(e))).ToList();
        int needed = claim.AtLeast > 0 ? claim.AtLeast : environments.Count;
        int yes = answers.Count(a => a.Answer.Outcome == Outcome.Yes), open = answers.Count(a => a.Answer.Outcome == Outcome.Open);
        Verdict verdict = yes >= needed ? Verdict.Reproduced : yes + open < needed ? Verdict.NotReproduced : Verdict.CannotBeDecided;
        int seeds = environments.Min(e => Seeds(claim, summary, quantity, e));
        string few = seeds < Comparison.FewestSeedsForVerdict ? Invariant($"; below {Comparison.FewestSeedsForVerdict} seeds nothing is called better") : "";
        string detail = string.Join("; ", answers.Select(a => $"{a.Environment} {Word(a.Answer, Missing(a.Environment))}")) + few;
        return environments.Count == 1
            ? Result(claim, answers[0].Answer.P, answers[0].Answer.Interval, unit, seeds, verdict, detail)
            : Result(claim, yes, new Interval(yes, yes + open), Invariant($"of {environments.Count} environments, {needed} are claimed"), seeds, verdict, detail);

        string Missing(string environment) => summary.Scores.Any(s => s.Quantity == quantity && s.Environment == environment && s.Values.Any(double.IsNaN)) ? "has a score that is no number" : "was not run";
    }

    private static int Seeds(ClaimText claim, EntrySummary summary, string quantity, string environment)
    {
        int a = summary.Find(quantity, claim.A, environment).Length;
        return claim.B.Length > 0 ? Math.Min(a, summary.Find(quantity, claim.B, environment).Length) : a;
    }

    private static string Word((double P, Interval Interval, Outcome Outcome) answer, string missing) => double.IsNaN(answer.P) ? missing
        : Invariant($"{answer.P:0.00} [{answer.Interval.Low:0.00}, {answer.Interval.High:0.00}] ") + answer.Outcome switch { Outcome.Yes => "yes", Outcome.No => "no", _ => "open" };

    private static ClaimResult Range(ClaimText claim, EntrySummary summary, string quantity, string environment)
    {
        double[] scores = summary.Find(quantity, claim.A, environment);
        (string unit, SampleStatistic statistic) = claim.Statistic == "mean" ? ("mean", (SampleStatistic)SampleStatistics.Mean) : ("IQM", SampleStatistics.InterquartileMean);
        if (scores.Length == 0)
        {
            return NotRun(claim, unit);
        }

        if (scores.Any(double.IsNaN))
        {
            return NoNumber(claim, unit, scores.Length);
        }

        Interval interval = Bootstrap.Interval([scores], statistic, Primitives.RandomStream.FromSeed(0).Split($"{summary.Id}/{quantity}/{environment}/{claim.A}"), 10_000);
        return Within(claim, statistic(scores), interval, unit, scores.Length, Comparison.FewestSeedsForVerdict);
    }

    private static ClaimResult Share(ClaimText claim, EntrySummary summary, string quantity, string environment)
    {
        double[] scores = summary.Find(quantity, claim.A, environment);
        if (scores.Length == 0)
        {
            return NotRun(claim, "of runs");
        }

        if (scores.Any(double.IsNaN))
        {
            return NoNumber(claim, "of runs", scores.Length);
        }

        int hits = scores.Count(s => !(s < claim.HitLow) && !(s > claim.HitHigh));
        return Within(claim, (double)hits / scores.Length, Proportion.ClopperPearson(hits, scores.Length), "of runs", scores.Length, Comparison.FewestSeedsForVerdict);
    }

    // medians, for a run that something else disturbed must not count; of times one seed is enough, as a run has thousands of updates
    private static ClaimResult Ratio(ClaimText claim, EntrySummary summary, string metric, string quantity, string environment)
    {
        double[] a = summary.Find(quantity, claim.A, environment), b = summary.Find(quantity, claim.B, environment);
        if (a.Length == 0 || b.Length == 0)
        {
            return NotRun(claim, "A / B");
        }

        if (a.Any(double.IsNaN) || b.Any(double.IsNaN))
        {
            return NoNumber(claim, "A / B", Math.Min(a.Length, b.Length));
        }

        Interval spread = new(a.Min() / b.Max(), a.Max() / b.Min());
        int needed = RunTimesMetric.Exists(metric) ? 1 : Comparison.FewestSeedsForVerdict;
        return Within(claim, SampleStatistics.Median(a) / SampleStatistics.Median(b), spread, "A / B, medians and extremes", Math.Min(a.Length, b.Length), needed);
    }

    private static ClaimResult Computed(ClaimText claim)
    {
        double value = Computations.Find(claim.Computation)!();
        return Within(claim, value, new Interval(value, value), "computed", 1, 1);
    }

    // within: the interval and the published range meet, and enough seeds say so
    private static ClaimResult Within(ClaimText claim, double measured, Interval interval, string unit, int count, int needed)
    {
        double low = claim.Low ?? double.NegativeInfinity, high = claim.High ?? double.PositiveInfinity;
        bool isInside = measured >= low && measured <= high, isApart = interval.High < low || interval.Low > high;
        Verdict verdict = count < needed ? Verdict.CannotBeDecided : isInside ? Verdict.Reproduced : isApart ? Verdict.NotReproduced : Verdict.CannotBeDecided;
        string detail = count < needed ? Invariant($"{count} of at least {needed} seeds") : isInside ? "inside the published range" : isApart ? "its interval and the published range do not meet" : "its interval reaches into the published range";
        return Result(claim, measured, interval, unit, count, verdict, detail);
    }

    private static ClaimResult NotRun(ClaimText claim, string unit) =>
        Result(claim, double.NaN, new Interval(double.NaN, double.NaN), unit, 0, Verdict.CannotBeDecided, "was not run");

    private static ClaimResult NoNumber(ClaimText claim, string unit, int count) =>
        Result(claim, double.NaN, new Interval(double.NaN, double.NaN), unit, count, Verdict.CannotBeDecided, "a score is no number");

    private static ClaimResult Result(ClaimText claim, double measured, Interval interval, string unit, int count, Verdict verdict, string detail) =>
        new(claim.Claim, claim.Published, measured, interval.Low, interval.High, unit, count, verdict, claim.Note.Length > 0 ? $"{detail}. {claim.Note}" : detail);
}
