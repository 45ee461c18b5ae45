using Stackelberg.Agents.Games;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.GameNetworks;

public sealed class JointReplayTests
{
    private static readonly AgentRoster Agents = new(
        new AgentSpec("first", 0, new BoxSpace(1, 0, 1e9), new DiscreteSpace(3)),
        new AgentSpec("second", 1, new BoxSpace(1, 0, 1e9), new DiscreteSpace(3)),
        new AgentSpec("third", 1, new BoxSpace(1, 0, 1e9), new DiscreteSpace(3)));

    [Theory]
    [InlineData(100, 40)]
    [InlineData(100, 1000)]
    [InlineData(1000, 3000)]
    public void A_row_is_one_step_of_all_agents_also_after_the_ring_wraps(int capacity, int steps)
    {
        JointReplay replay = new(Agents, capacity, 500, RandomStream.FromSeed(1));
        for (int t = 0; t < steps; t++)
        {
            Add(replay, t);
        }

        replay.Count.ShouldBe(Math.Min(capacity, steps));
        HashSet<double> met = [];
        for (int i = 0; i < 20; i++)
        {
            replay.Sample();
            JointBatch batch = replay.Batch;
            for (int r = 0; r < batch.Rows; r++)
            {
                double t = batch.Observations(r)[0];
                met.Add(t);
                batch.Observations(r).ToArray().ShouldBe([t, t, t]);
                batch.Actions(r).ToArray().ShouldBe([t % 3, (t + 1) % 3, (t + 2) % 3]);
                Enumerable.Range(0, 3).Select(k => batch.Reward(r, k)).ShouldBe([t, 10 + t, 100 + t]);
                batch.NextObservations(r).ToArray().ShouldBe([t + 1, t + 1, t + 1]);
                batch.Terminated(r).ShouldBe(t % 7 == 6);
            }
        }

        // the last ones, all of them, and no older one
        met.Min().ShouldBeGreaterThanOrEqualTo(steps - Math.Min(capacity, steps));
        met.Max().ShouldBe(steps - 1);
        met.Count.ShouldBeGreaterThan((int)(0.99 * Math.Min(capacity, steps)));
    }

    [Fact]
    public void Distinct_rows_with_weights_have_exactly_the_mean_of_the_draws()
    {
        const int capacity = 50, draws = 333;
        JointReplay replay = new(Agents, capacity, draws, RandomStream.FromSeed(4));
        RandomStream same = RandomStream.FromSeed(4);
        for (int t = 0; t < 170; t++)
        {
            // 5 kinds, unevenly
            Add(replay, t % 9 % 5);
        }

        for (int i = 0; i < 10; i++)
        {
            replay.Sample();
            int[] counts = new int[5];
            for (int d = 0; d < draws; d++)
            {
                // the slots hold steps 150 … 169 and 120 … 149
                int slot = same.NextInt32(capacity), step = slot < 20 ? 150 + slot : 100 + slot;
                counts[step % 9 % 5]++;
            }

            replay.Batch.Rows.ShouldBe(counts.Count(static c => c > 0));
            for (int r = 0; r < replay.Batch.Rows; r++)
            {
                replay.Batch.Weights[r].ShouldBe((double)counts[(int)replay.Batch.Observations(r)[0]] / draws);
            }
        }
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void Beyond_256_kinds_every_draw_is_a_row(int kinds, bool distinct)
    {
        JointReplay replay = new(Agents, 1000, 2000, RandomStream.FromSeed(2));
        RandomStream same = RandomStream.FromSeed(2);
        for (int t = 0; t < kinds; t++)
        {
            Add(replay, t);
        }

        Add(replay, 0);
        replay.Sample();
        if (distinct)
        {
            replay.Batch.Rows.ShouldBeLessThanOrEqualTo(256);
            replay.Batch.Weights.AsSpan(0, replay.Batch.Rows).ToArray().Sum().ShouldBe(1, 1e-12);
            return;
        }

        replay.Batch.Rows.ShouldBe(2000);
        for (int r = 0; r < 2000; r++)
        {
            replay.Batch.Observations(r)[0].ShouldBe(same.NextInt32(kinds + 1) % kinds);
            replay.Batch.Weights[r].ShouldBe(1.0 / 2000);
        }
    }

    [Theory]
    [InlineData(200, 5, 130)]
    [InlineData(200, 5, 1000)]
    [InlineData(400, 100_000, 390)]
    [InlineData(400, 100_000, 1003)]
    [InlineData(400, 250, 255)]
    public void A_saved_buffer_goes_on_with_the_same_bits(int capacity, int kinds, int before)
    {
        JointReplay whole = new(Agents, capacity, 64, RandomStream.FromSeed(3)), resumed = new(Agents, capacity, 64, RandomStream.FromSeed(99));
        for (int t = 0; t < before; t++)
        {
            Add(whole, t % kinds);
        }

        whole.Sample();
        // what it held before it was loaded must not show
        Add(resumed, 77_777);
        MemoryState.Of(whole).Restore(resumed);
        MemoryState.Of(resumed).FirstDifference(MemoryState.Of(whole)).ShouldBeNull();
        for (int t = before; t < before + 900; t++)
        {
            Add(whole, t % kinds);
            Add(resumed, t % kinds);
            whole.Sample();
            resumed.Sample();
            resumed.Batch.Rows.ShouldBe(whole.Batch.Rows);
            for (int r = 0; r < whole.Batch.Rows; r++)
            {
                resumed.Batch.Observations(r).SequenceEqual(whole.Batch.Observations(r)).ShouldBeTrue();
                resumed.Batch.Weights[r].ShouldBe(whole.Batch.Weights[r]);
            }
        }
    }

    [Fact]
    public void A_buffer_of_another_size_and_an_empty_one_are_refused()
    {
        JointReplay one = new(Agents, 10, 4, RandomStream.FromSeed(3)), other = new(Agents, 11, 4, RandomStream.FromSeed(3));
        Should.Throw<InvalidOperationException>(one.Sample).Message.ShouldContain("empty");
        Add(one, 0);
        Should.Throw<StateException>(() => MemoryState.Of(one).Restore(other)).Message.ShouldContain("buffer_size");
        Should.Throw<OverflowException>(() => new JointReplay(Agents, 500_000_000, 4, RandomStream.FromSeed(3))).Message.ShouldContain("buffer_size");
    }

    private static void Add(JointReplay replay, double t) => replay.Add(new Transition
    {
        Copy = 0,
        Observation = [t, t, t],
        Action = [t % 3, (t + 1) % 3, (t + 2) % 3],
        Rewards = [t, 10 + t, 100 + t],
        NextObservation = [t + 1, t + 1, t + 1],
        Result = new StepResult(t, t % 7 == 6, t % 7 == 3),
        IsLast = false,
    });
}
