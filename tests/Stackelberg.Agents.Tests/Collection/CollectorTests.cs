using Stackelberg.Agents.Tests.Support;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Collection;

/// <summary>Collecting from copies of an environment, against the same environments stepped by hand.</summary>
public sealed class CollectorTests
{
    private const ulong Seed = 12;

    private sealed record Seen(int Copy, double[] Observation, double[] Action, double[] Next, StepResult Result, bool IsLast);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Shares_sum_to_the_steps_and_go_round_evenly(int copies)
    {
        using Collector collector = Make(copies, limit: 6);
        long[] taken = new long[copies];
        long total = 0;
        foreach (int steps in new[] { 1, 1, 5, 2, 3, 8, 1, 7, 12, 2, 2, 2 })
        {
            int[] shares = [.. Enumerable.Range(0, copies).Select(i => collector.StepsOf(i, steps))];
            shares.Sum().ShouldBe(steps);
            List<Seen> seen = Collect(collector, steps);
            for (int i = 0; i < copies; i++)
            {
                seen.Count(s => s.Copy == i).ShouldBe(shares[i]);
                seen.Count(s => s.Copy == i && s.IsLast).ShouldBe(Math.Min(1, shares[i]));
                taken[i] += shares[i];
            }

            seen.Select(static s => s.Copy).ShouldBe(seen.Select(static s => s.Copy).Order(), "copy after copy");
            total += steps;
            collector.Steps.ShouldBe(total);
            for (int i = 0; i < copies; i++)
            {
                taken[i].ShouldBe((total / copies) + (i < total % copies ? 1 : 0), $"copy {i} after {total} steps");
            }
        }
    }

    [Fact]
    public void Episodes_are_those_of_the_environment_stepped_by_hand_with_the_true_final_observation()
    {
        using Collector collector = Make(2, limit: 7);
        var sink = new RecordingSink();
        List<Seen> seen = [.. Collect(collector, 30, sink), .. Collect(collector, 31, sink)];
        RandomStream seeds = RandomStream.FromSeed(Seed).Split("environment");
        for (int copy = 0; copy < 2; copy++)
        {
            using var environment = new Drift(discrete: false, 7);
            double[] observation = new double[2], next = new double[2];
            environment.Reset(seeds.NextUInt64(), observation);
            int t = 0;
            foreach (Seen step in seen.Where(s => s.Copy == copy))
            {
                step.Action.ShouldBe(ActionOf(copy, t++));
                step.Observation.ShouldBe(observation);
                step.Result.ShouldBe(environment.Step(step.Action, next));
                step.Next.ShouldBe(next);
                next.CopyTo(observation, 0);
                if (step.Result.Ended)
                {
                    environment.Reset(null, observation);
                    observation.ShouldNotBe(step.Next);
                }
            }
        }

        seen.Count(static s => s.Result.Truncated).ShouldBeGreaterThan(3);
        sink.Episodes.Count.ShouldBe(seen.Count(static s => s.Result.Ended));
        sink.Episodes.Sum(static e => e.Length).ShouldBeLessThanOrEqualTo(61);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 5)]
    public void A_copys_episodes_do_not_depend_on_how_many_others_there_are(int few, int many)
    {
        using Collector small = Make(few, 6), large = Make(many, 6);
        List<Seen> fromFew = Collect(small, 20 * few);
        List<Seen> fromMany = [.. Enumerable.Range(0, 20).SelectMany(_ => Collect(large, many))];
        for (int copy = 0; copy < few; copy++)
        {
            SameSteps(Of(fromFew, copy), Of(fromMany, copy));
        }

        Of(fromMany, many - 1)[0].Observation.ShouldNotBe(Of(fromMany, 0)[0].Observation, "copies are seeded apart");

        static List<Seen> Of(List<Seen> steps, int copy) => [.. steps.Where(s => s.Copy == copy)];
    }

    [Fact]
    public void Restart_abandons_episodes_without_reporting_them()
    {
        using Collector collector = Make(2, limit: 100);
        var sink = new RecordingSink();
        Collect(collector, 6, sink);
        collector.Restart();
        List<Seen> after = Collect(collector, 200 * 2, sink);
        RandomStream seeds = RandomStream.FromSeed(Seed).Split("environment");
        for (int copy = 0; copy < 2; copy++)
        {
            using var environment = new Drift(discrete: false, 100);
            double[] observation = new double[2];
            environment.Reset(seeds.NextUInt64(), observation);
            for (int t = 0; t < 3; t++)
            {
                environment.Step(ActionOf(copy, t), observation);
            }

            environment.Reset(null, observation);
            after.First(s => s.Copy == copy).Observation.ShouldBe(observation);
        }

        sink.Episodes.ShouldNotBeEmpty();
        sink.Episodes.ShouldAllBe(static e => e.Step > 6 + e.Length - 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_collector_goes_on_in_mid_episode_bit_for_bit(int copies)
    {
        using Collector collector = Make(copies, 9), resumed = Make(copies, 9, seed: 500);
        Collect(collector, (4 * copies) + 1);
        MemoryState.Of(collector).Restore(resumed);
        (RecordingSink first, RecordingSink second) = (new(), new());
        SameSteps(Collect(collector, 50, first, from: 5), Collect(resumed, 50, second, from: 5));
        first.Episodes.ShouldBe(second.Episodes);
        first.Episodes.ShouldNotBeEmpty();
        MemoryState.Of(collector).FirstDifference(MemoryState.Of(resumed)).ShouldBeNull();
    }

    [Theory]
    [InlineData(0, 1, "training step 0")]
    [InlineData(4, 1, "training step 4")]
    [InlineData(2, 2, "training step 7")]
    public void Numbers_that_are_not_finite_name_the_step(int poisonedStep, int copies, string expected)
    {
        // the last copy is poisoned: with two, the first takes five steps before it
        Drift poisoned = new(discrete: false, 50) { PoisonedStep = poisonedStep };
        Drift first = copies == 1 ? poisoned : new Drift(discrete: false, 50);
        using var collector = new Collector(new AlgorithmContext(first, RandomStream.FromSeed(Seed), 1000, 1) { MakeEnvironment = () => poisoned }, copies);
        EnvironmentException error = Should.Throw<EnvironmentException>(() => Collect(collector, 10));
        error.Message.ShouldContain(expected);
        error.Message.ShouldContain("Drift-test");
    }

    [Fact]
    public void Copies_that_nobody_can_make_are_refused()
    {
        var context = new AlgorithmContext(new Drift(discrete: false, 5), RandomStream.FromSeed(1), 100, 1);
        Should.Throw<NotSupportedException>(() => new Collector(context, 2)).Message.ShouldContain("2 copies of Drift-test");
        Should.Throw<ArgumentOutOfRangeException>(() => new Collector(context, 0));
        using var one = new Collector(context);
        one.Count.ShouldBe(1);
    }

    private static Collector Make(int copies, int limit, ulong seed = Seed) => new(
        new AlgorithmContext(new Drift(discrete: false, limit), RandomStream.FromSeed(seed), 1000, 1) { MakeEnvironment = () => new Drift(discrete: false, limit) },
        copies);

    private static double[] ActionOf(int copy, int t) => [Math.Sin((3 * copy) + t), Math.Cos((5 * copy) + (2 * t))];

    /// <summary>Collects with actions that depend on the copy and on how many it has taken in the list of its own.</summary>
    private static List<Seen> Collect(Collector collector, int steps, RecordingSink? sink = null, int? from = null)
    {
        var seen = new List<Seen>();
        int before = (int)(collector.Steps / collector.Count);
        int[] taken = [.. Enumerable.Range(0, collector.Count).Select(i => from ?? before + (i < collector.Steps % collector.Count ? 1 : 0))];
        collector.Collect(
            steps,
            (copy, _, action) => ActionOf(copy, taken[copy]++).CopyTo(action),
            (in Transition t) => seen.Add(new Seen(t.Copy, t.Observation.ToArray(), t.Action.ToArray(), t.NextObservation.ToArray(), t.Result, t.IsLast)),
            sink ?? new RecordingSink(),
            new TrainingClock());
        return seen;
    }

    private static void SameSteps(List<Seen> expected, List<Seen> actual)
    {
        actual.Count.ShouldBe(expected.Count);
        for (int i = 0; i < actual.Count; i++)
        {
            actual[i].Observation.ShouldBe(expected[i].Observation);
            actual[i].Next.ShouldBe(expected[i].Next);
            actual[i].Result.ShouldBe(expected[i].Result);
        }
    }
}
