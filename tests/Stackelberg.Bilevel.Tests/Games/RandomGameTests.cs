using Stackelberg.Primitives;

namespace Stackelberg.Bilevel.Tests.Games;

/// <summary>Laws of solvers on random games with many ties.</summary>
public sealed class RandomGameTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Two_independent_methods_agree_on_ten_thousand_games(int part)
    {
        RandomStream random = RandomStream.FromSeed(2002).Split("games", part);
        (int degenerate, int many) = (0, 0);
        for (int k = 0; k < 2500; k++)
        {
            BimatrixGame game = Draw(random);
            string text = Text(game);
            NashResult vertices = VertexEnumeration.Find(game), supports = SupportEnumeration.Find(game);
            vertices.Degenerate.ShouldBe(supports.Degenerate, text);
            vertices.Complete.ShouldBeTrue();
            supports.Complete.ShouldBe(supports.Degenerate == false);

            // Nash's theorem, and in games that are not degenerate an odd number (Wilson 1971)
            vertices.Equilibria.ShouldNotBeEmpty(text);
            vertices.Equilibria.All(e => e.IsNash(game)).ShouldBeTrue(text);
            supports.Equilibria.All(e => vertices.Equilibria.Any(e.HasStrategiesOf)).ShouldBeTrue(text);
            if (vertices.Degenerate == false)
            {
                supports.Equilibria.Count.ShouldBe(vertices.Equilibria.Count, text);
                (vertices.Equilibria.Count % 2).ShouldBe(1, text);
            }

            PureNash.Find(game).SequenceEqual(vertices.Equilibria.Where(IsPure).Select(Cell).Order()).ShouldBeTrue(text);
            degenerate += vertices.Degenerate == true ? 1 : 0;
            many += vertices.Equilibria.Count > 1 ? 1 : 0;
        }

        // the draw has enough of either kind for the above to mean something
        degenerate.ShouldBeInRange(500, 2000);
        many.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void Every_label_leads_to_an_equilibrium_in_degenerate_games_too()
    {
        RandomStream random = RandomStream.FromSeed(1964);
        for (int k = 0; k < 1000; k++)
        {
            BimatrixGame game = Draw(random);
            IReadOnlyList<StrategyPair> all = VertexEnumeration.Find(game).Equilibria;
            for (int label = 0; label < game.Rows + game.Columns; label++)
            {
                StrategyPair found = LemkeHowson.Find(game, label);
                all.Any(found.HasStrategiesOf).ShouldBeTrue($"label {label} of {Text(game)}");
            }
        }
    }

    [Fact]
    public void Commitment_is_worth_what_it_must_be_beside_equilibria()
    {
        RandomStream random = RandomStream.FromSeed(1934);
        for (int k = 0; k < 2000; k++)
        {
            BimatrixGame game = Draw(random);
            string text = Text(game);
            CommitmentResult pure = PureCommitment.Find(game), cautious = PureCommitment.Find(game, FollowerTies.Pessimistic);
            CommitmentResult mixed = MixedCommitment.Find(game), limit = MixedCommitment.Find(game, FollowerTies.Pessimistic);
            NashResult nash = VertexEnumeration.Find(game);

            PureNash.Find(game).All(c => game.Leader(c.Row, c.Column) <= pure.Value).ShouldBeTrue(text);
            nash.Equilibria.All(e => e.LeaderValue <= mixed.Value).ShouldBeTrue(text);
            (pure.Value <= mixed.Value && cautious.Value <= pure.Value && cautious.Value <= limit.Value && limit.Value <= mixed.Value).ShouldBeTrue(text);
            mixed.Commitments.All(c => c.Play.LeaderValue == mixed.Value && c.Play.FollowerAnswersBest(game)).ShouldBeTrue(text);

            // whole enumeration of the best-response polyhedron, a second way to the value and to its vertices
            (Rational Value, int Count) second = ByVertices(game);
            (mixed.Value, mixed.Commitments.Count).ShouldBe(second, text);
        }
    }

    [Fact]
    public void Pessimistic_value_is_approached_and_attained_exactly_where_it_says_so()
    {
        RandomStream random = RandomStream.FromSeed(2010);
        (int attained, int limits) = (0, 0);
        for (int k = 0; k < 1000; k++)
        {
            BimatrixGame game = Draw(random, largest: 3);
            string text = Text(game);
            CommitmentResult result = MixedCommitment.Find(game, FollowerTies.Pessimistic);
            foreach (Commitment c in result.Commitments)
            {
                c.Play.LeaderValue.ShouldBe(result.Value, text);
                c.Attained.ShouldBe(Worst(game, c.Play.Leader) == result.Value, text);
            }

            result.Attained.ShouldBe(result.Commitments.Any(c => c.Attained), text);
            (attained, limits) = (attained + (result.Attained ? 1 : 0), limits + (result.Attained ? 0 : 1));

            // nothing on a grid beats it, nor reaches it where it is not attained; and steps toward every vertex come near
            Rational best = Rational.Parse("-1e9");
            foreach (Rational[] x in Grid(game.Rows, 12).Concat(result.Commitments.Select(c => Inside(game, c))))
            {
                Rational worst = Worst(game, x);
                (worst <= result.Value && (result.Attained || worst < result.Value)).ShouldBeTrue($"{string.Join(' ', x)} in {text}");
                best = Rational.Max(best, worst);
            }

            (result.Value - best < new Rational(1, 1000)).ShouldBeTrue(text);
        }

        attained.ShouldBeGreaterThan(100);
        limits.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void Doubled_rows_and_columns_leave_every_value_as_it_is()
    {
        RandomStream random = RandomStream.FromSeed(1123);
        int grown = 0;
        for (int k = 0; k < 500; k++)
        {
            BimatrixGame game = Draw(random, largest: 5);
            int row = random.NextInt32(game.Rows), column = random.NextInt32(game.Columns);
            foreach (BimatrixGame doubled in new[] { Doubled(game, row, -1), Doubled(game, -1, column) })
            {
                foreach (FollowerTies ties in Enum.GetValues<FollowerTies>())
                {
                    PureCommitment.Find(doubled, ties).Value.ShouldBe(PureCommitment.Find(game, ties).Value, Text(doubled));
                    CommitmentResult before = MixedCommitment.Find(game, ties), after = MixedCommitment.Find(doubled, ties);
                    (after.Value, after.Attained).ShouldBe((before.Value, before.Attained), Text(doubled));
                    (after.Degenerate, PureCommitment.Find(doubled, ties).Degenerate).ShouldBe((true, true), Text(doubled));
                }

                NashResult all = VertexEnumeration.Find(game), more = VertexEnumeration.Find(doubled);
                more.Equilibria.Count.ShouldBeGreaterThanOrEqualTo(all.Equilibria.Count, Text(doubled));
                (more.Degenerate == true || more.Equilibria.Count == all.Equilibria.Count).ShouldBeTrue(Text(doubled));
                grown += more.Equilibria.Count > all.Equilibria.Count ? 1 : 0;
            }
        }

        grown.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void Zero_sum_value_is_that_of_every_equilibrium_and_of_mixed_commitment()
    {
        RandomStream random = RandomStream.FromSeed(1928);
        for (int k = 0; k < 500; k++)
        {
            BimatrixGame game = ConstantSum(Draw(random), random.NextInt32(5));
            ZeroSumResult result = ZeroSum.Find(game);
            NashResult nash = VertexEnumeration.Find(game);
            result.Complete.ShouldBeTrue();
            nash.Equilibria.All(e => e.LeaderValue == result.Value).ShouldBeTrue(Text(game));
            result.Solutions.Select(Strategies).SequenceEqual(nash.Equilibria.Select(Strategies)).ShouldBeTrue(Text(game));
            MixedCommitment.Find(game).Value.ShouldBe(result.Value, Text(game));
            MixedCommitment.Find(game, FollowerTies.Pessimistic).Value.ShouldBe(result.Value, Text(game));
        }

        static string Strategies(StrategyPair p) => $"{string.Join(' ', p.Leader)} | {string.Join(' ', p.Follower)}";
    }

    [Fact]
    public void Correlated_equilibrium_pays_in_sum_no_less_than_any_equilibrium()
    {
        RandomStream random = RandomStream.FromSeed(1974);
        for (int k = 0; k < 300; k++)
        {
            BimatrixGame game = Draw(random, largest: 5);
            CorrelatedResult result = CorrelatedEquilibrium.Find(game);
            result.IsEquilibrium(game).ShouldBeTrue();
            VertexEnumeration.Find(game).Equilibria.All(e => e.LeaderValue + e.FollowerValue <= result.LeaderValue + result.FollowerValue).ShouldBeTrue(Text(game));
        }
    }

    private static BimatrixGame Draw(RandomStream random, int largest = 6)
    {
        (int rows, int columns) = (2 + random.NextInt32(largest - 1), 2 + random.NextInt32(largest - 1));

        // few values make ties, many make none
        int values = random.NextInt32(2) == 0 ? 4 : 40;
        (Rational[,] leader, Rational[,] follower) = (new Rational[rows, columns], new Rational[rows, columns]);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                (leader[i, j], follower[i, j]) = (random.NextInt32(values) - (values / 2), random.NextInt32(values) - (values / 2));
            }
        }

        return new BimatrixGame(leader, follower);
    }

    private static (Rational Value, int Count) ByVertices(BimatrixGame game)
    {
        List<Rational> values = [];
        foreach (BestResponseVertex vertex in BestResponseVertices.Of(game).Leader)
        {
            values.AddRange(Enumerable.Range(0, game.Columns).Where(j => (vertex.Answers >> j & 1) != 0).Select(j => game.LeaderPayoff(vertex.Strategy, j)));
        }

        Rational best = values.Max();
        return (best, values.Count(v => v == best));
    }

    private static Rational Worst(BimatrixGame game, IReadOnlyList<Rational> x)
    {
        Rational[] payoffs = [.. Enumerable.Range(0, game.Columns).Select(j => game.FollowerPayoff(x, j))];
        return Enumerable.Range(0, game.Columns).Where(j => payoffs[j] == payoffs.Max()).Min(j => game.LeaderPayoff(x, j));
    }

    private static IEnumerable<Rational[]> Grid(int count, int steps)
    {
        if (count == 1 || steps == 0)
        {
            yield return StrategyPair.Pure(count, 0);
            yield break;
        }

        for (int first = 0; first <= steps; first++)
        {
            foreach (Rational[] rest in Grid(count - 1, steps - first))
            {
                Rational weight = new(first, steps);
                yield return [weight, .. rest.Select(p => p * (1 - weight))];
            }
        }
    }

    // very near a commitment, where its answer is the only best one: toward the middle of the vertices at which it is best
    private static Rational[] Inside(BimatrixGame game, Commitment commitment)
    {
        Rational near = new(1, 1_000_000);
        List<IReadOnlyList<Rational>> around = [.. BestResponseVertices.Of(game).Leader.Where(v => (v.Answers >> commitment.Answer & 1) != 0).Select(v => v.Strategy)];
        return [.. commitment.Play.Leader.Select((p, i) => (p * (1 - near)) + (near * around.Aggregate(Rational.Zero, (sum, v) => sum + v[i]) / around.Count))];
    }

    private static BimatrixGame Doubled(BimatrixGame game, int row, int column)
    {
        (int rows, int columns) = (game.Rows + (row >= 0 ? 1 : 0), game.Columns + (column >= 0 ? 1 : 0));
        (Rational[,] leader, Rational[,] follower) = (new Rational[rows, columns], new Rational[rows, columns]);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                (int a, int b) = (i == game.Rows ? row : i, j == game.Columns ? column : j);
                (leader[i, j], follower[i, j]) = (game.Leader(a, b), game.Follower(a, b));
            }
        }

        return new BimatrixGame(leader, follower);
    }

    private static BimatrixGame ConstantSum(BimatrixGame game, int sum)
    {
        (Rational[,] leader, Rational[,] follower) = (new Rational[game.Rows, game.Columns], new Rational[game.Rows, game.Columns]);
        for (int i = 0; i < game.Rows; i++)
        {
            for (int j = 0; j < game.Columns; j++)
            {
                (leader[i, j], follower[i, j]) = (game.Leader(i, j), sum - game.Leader(i, j));
            }
        }

        return new BimatrixGame(leader, follower);
    }

    private static bool IsPure(StrategyPair pair) => pair.Leader.Contains(Rational.One) && pair.Follower.Contains(Rational.One);

    private static (int Row, int Column) Cell(StrategyPair pair) => (pair.Leader.ToList().IndexOf(Rational.One), pair.Follower.ToList().IndexOf(Rational.One));

    private static string Text(BimatrixGame game) => GameFile.Write(game.ToNormalForm(), GameFileFormat.Json);
}
