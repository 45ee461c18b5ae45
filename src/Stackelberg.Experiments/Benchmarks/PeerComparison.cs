namespace Stackelberg.Experiments.Benchmarks;

/// <summary>Times our cases and a peer's in turn, so that both see the same machine.</summary>
public static class PeerComparison
{
    /// <summary>Runs the cases.</summary>
    /// <param name="cases">What to time.</param>
    /// <param name="peers">The peer; null for our times alone.</param>
    /// <param name="rounds">How often to alternate, at least 1; the least time counts.</param>
    /// <param name="progress">Told what is being done and what a peer could not do.</param>
    public static IReadOnlyList<BenchmarkResult> Run(IReadOnlyList<BenchmarkCase> cases, PeerScripts? peers, int rounds, Action<string> progress)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        double[] ours = new double[cases.Count], theirs = new double[cases.Count];
        Array.Fill(ours, double.PositiveInfinity);
        Array.Fill(theirs, double.NaN);
        for (int round = 1; round <= rounds; round++)
        {
            // Cases that share a script and its arguments are timed by one run of it.
            foreach (IGrouping<(string, string), int> group in Enumerable.Range(0, cases.Count).GroupBy(i => (cases[i].Script, cases[i].Arguments)))
            {
                progress($"round {round} of {rounds}: {cases[group.First()].Name}{(group.Count() > 1 ? $" and {group.Count() - 1} more" : "")}");
                foreach (int i in group)
                {
                    ours[i] = Math.Min(ours[i], 1e6 * cases[i].Measure());
                }

                if (peers is null)
                {
                    continue;
                }

                if (peers.Run(group.Key.Item1, group.Key.Item2, out string reason) is { } line)
                {
                    foreach (int i in group)
                    {
                        double time = PeerScripts.Number(line, cases[i].Field);
                        theirs[i] = double.IsNaN(theirs[i]) ? time : Math.Min(theirs[i], time);
                    }
                }
                else
                {
                    progress($"no peer: {reason}");
                }
            }
        }

        return [.. cases.Select((c, i) => new BenchmarkResult(c.Name, ours[i], theirs[i], c.Flops))];
    }
}
