using System.Globalization;

namespace Stackelberg.Reports.Reproductions;

/// <summary>Scores that an entry has from elsewhere: summaries of the same entry and scale, of other days or machines. What they have is not trained again.</summary>
internal sealed class KnownScores
{
    private readonly ReproductionEntry entry;
    private readonly IReadOnlyList<EntrySummary> summaries;

    /// <summary>Takes summaries of the entry's runs.</summary>
    /// <exception cref="ReproductionException">One is of another entry, scale or other settings, or tells no settings, or the entry is about times.</exception>
    public KnownScores(ReproductionEntry entry, ReproductionOptions options, IReadOnlyList<OrderedRun> order)
    {
        (this.entry, summaries) = (entry, options.Known);
        if (entry.IsTimed && summaries.Count > 0)
        {
            throw new ReproductionException($"'{entry.Id}' compares times, which are of one machine and one day", "summaries of entries that compare what was learnt", "leave --with out");
        }

        foreach (EntrySummary summary in summaries)
        {
            string name = $"the summary of {summary.Id}, {summary.Scale}, of {summary.Date}";
            if ((summary.Id, summary.Scale) != (entry.Id, options.Scale))
            {
                throw new ReproductionException($"{name} is of another entry or scale", $"{entry.Id}, {options.Scale}", "give --with a summary of the same");
            }

            if (summary.Settings is not { } settings)
            {
                throw new ReproductionException($"{name} does not tell the settings of its runs", "summaries with 'settings'", "run the entry again");
            }

            foreach (OrderedRun run in order)
            {
                if (settings.Find(run.Arm.Id, run.Plan.Environment) is { } was && RunOrder.Differences(run, was) is { Count: > 0 } differences)
                {
                    throw new ReproductionException(
                        $"{name} is of other settings: arm '{run.Arm.Id}' on {run.Plan.Environment}: {string.Join("; ", differences.Take(4))}", "runs of the entry as it is now", "leave --with out to train all of it");
                }
            }
        }
    }

    /// <summary>Whether a run needs not be trained: one summary has all that the entry reads of it.</summary>
    public bool Have(OrderedRun run) => summaries.Any(s => Summaries.Quantities(entry).All(q =>
        s.Scores.Any(l => l.Quantity == q.Name && l.Arm == run.Arm.Id && l.Environment == run.Plan.Environment && l.Seeds.Contains(run.Plan.Seed))));

    /// <summary>Adds them to a summary, whose own scores count where both have a seed.</summary>
    public EntrySummary AddTo(EntrySummary own, string? seeds)
    {
        if (summaries.Count == 0)
        {
            return own;
        }

        EntrySummary whole = summaries.Aggregate(own, Join);
        ulong[] all = [.. whole.Scores.SelectMany(s => s.Seeds).Distinct().Order()];
        string text = all.Length > 1 && all[^1] - all[0] == (ulong)all.Length - 1 ? $"{all[0]}..{all[^1]}" : string.Join(',', all);
        return whole with { Command = seeds is null ? own.Command : own.Command.Replace($"--seeds {seeds}", $"--seeds {text}", StringComparison.Ordinal) };
    }

    private static EntrySummary Join(EntrySummary own, EntrySummary other)
    {
        List<string> notes = [];
        List<ScoreList> scores = [.. own.Scores];
        foreach (ScoreList more in other.Scores)
        {
            int at = scores.FindIndex(s => s.Quantity == more.Quantity && s.Arm == more.Arm && s.Environment == more.Environment);
            if (at < 0)
            {
                scores.Add(more);
                continue;
            }

            Dictionary<ulong, double> joined = scores[at].Seeds.Zip(scores[at].Values).ToDictionary(p => p.First, p => p.Second);
            foreach ((ulong seed, double value) in more.Seeds.Zip(more.Values))
            {
                if (!joined.TryAdd(seed, value) && !joined[seed].Equals(value))
                {
                    notes.Add(string.Create(CultureInfo.InvariantCulture, $"'{more.Quantity}' of '{more.Arm}' on {more.Environment}, seed {seed}: {joined[seed]} in the newer runs, {value} in those of {other.Date}."));
                }
            }

            ulong[] order = [.. joined.Keys.Order()];
            scores[at] = scores[at] with { Seeds = order, Values = [.. order.Select(s => joined[s])] };
        }

        List<SummaryCurve> curves = [.. own.Curves];
        foreach (SummaryCurve more in other.Curves)
        {
            int at = curves.FindIndex(c => c.Arm == more.Arm && c.Environment == more.Environment);
            if (at < 0)
            {
                curves.Add(more);
            }
            else if (more.Seeds.DefaultIfEmpty().Max() > curves[at].Seeds.DefaultIfEmpty().Max())
            {
                // a band is of whole runs: two cannot be joined without them
                curves[at] = more;
            }
        }

        return own with
        {
            Date = string.CompareOrdinal(own.Date, other.Date) >= 0 ? own.Date : other.Date,
            Machines = [.. own.Machines.Union(other.Machines).Order(StringComparer.Ordinal)],
            Versions = [.. own.Versions.Union(other.Versions).Order(StringComparer.Ordinal)],
            Notes = [.. own.Notes.Union(other.Notes), .. notes],
            Settings = own.Settings is null ? other.Settings : own.Settings.And(other.Settings!),
            Scores = [.. scores.OrderBy(s => s.Quantity, StringComparer.Ordinal).ThenBy(s => s.Arm, StringComparer.Ordinal).ThenBy(s => s.Environment, StringComparer.Ordinal)],
            Curves = [.. curves.OrderBy(c => c.Arm, StringComparer.Ordinal).ThenBy(c => c.Environment, StringComparer.Ordinal)],
        };
    }
}
