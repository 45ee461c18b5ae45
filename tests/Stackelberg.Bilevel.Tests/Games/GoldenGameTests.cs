namespace Stackelberg.Bilevel.Tests.Games;

public sealed class GoldenGameTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public void Dump()
    {
        foreach (GoldenGame g in GoldenGames.All)
        {
            output.WriteLine($"== {g.Name}");
            System.Diagnostics.Stopwatch w = System.Diagnostics.Stopwatch.StartNew();
            NashResult v = VertexEnumeration.Find(g.Game);
            output.WriteLine($"vertex {v.Equilibria.Count} deg {v.Degenerate} {w.ElapsedMilliseconds}ms");
            w.Restart();
            NashResult s = SupportEnumeration.Find(g.Game);
            output.WriteLine($"support {s.Equilibria.Count} deg {s.Degenerate} {w.ElapsedMilliseconds}ms");
            if (s.Equilibria.Count < 20)
            {
                foreach (StrategyPair p in s.Equilibria) output.WriteLine("  S " + Text(p));
                foreach (StrategyPair p in v.Equilibria.Where(p => !s.Equilibria.Any(q => q.HasStrategiesOf(p)))) output.WriteLine("  V " + Text(p));
            }

            foreach (FollowerTies t in Enum.GetValues<FollowerTies>())
            {
                CommitmentResult p = PureCommitment.Find(g.Game, t);
                output.WriteLine($"  {t} pure {string.Join("; ", p.Commitments.Select(c => $"{c.Play.Leader.ToList().IndexOf(1)}, {c.Answer}: {c.Play.LeaderValue}, {c.Play.FollowerValue}"))}");
                w.Restart();
                p = MixedCommitment.Find(g.Game, t);
                output.WriteLine($"  {t} mixed {p.Value} att {p.Attained} compl {p.Complete} {string.Join("; ", p.Commitments.Select(c => $"{string.Join(' ', c.Play.Leader)} -> {c.Answer}: {c.Play.LeaderValue}, {c.Play.FollowerValue} {c.Attained}"))} {w.ElapsedMilliseconds}ms");
            }

            for (int k = 0; k < g.Game.Rows + g.Game.Columns; k++) LemkeHowson.Find(g.Game, k);
        }
    }

    private static string Text(StrategyPair p) => $"{string.Join(' ', p.Leader)} | {string.Join(' ', p.Follower)} | {p.LeaderValue}, {p.FollowerValue}";
}
