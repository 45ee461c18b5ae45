using Stackelberg.Agents.Replay;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Replay;

public sealed class ReplayBufferTests
{
    [Fact]
    public void A_full_buffer_replaces_its_oldest_transitions()
    {
        ReplayBuffer<double> buffer = Filled(capacity: 5, transitions: 7);
        buffer.Count.ShouldBe(5);
        Rewards(buffer).ShouldBe([5, 6, 2, 3, 4]);
    }

    [Fact]
    public void A_transition_comes_back_in_the_critics_layout()
    {
        var buffer = new ReplayBuffer<double>(4, 2, 1);
        buffer.Add([1, 2], [3], 4, [5, 6], terminated: false);
        buffer.Add([7, 8], [9], 10, [11, 12], terminated: true);
        var batch = new ReplayBatch<double>(2, 2, 1);
        buffer.Gather([1, 0], batch);
        batch.Inputs.Row(0).ToArray().ShouldBe([7, 8, 9]);
        batch.Observations.Row(1).ToArray().ShouldBe([1, 2]);
        batch.NextObservations.Row(0).ToArray().ShouldBe([11, 12]);
        batch.Rewards.ShouldBe([10, 4]);
        batch.Continues.ShouldBe([0, 1]);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    public void A_loaded_buffer_goes_on_as_the_saved_one(int transitions)
    {
        ReplayBuffer<double> buffer = Filled(5, transitions);
        var other = new ReplayBuffer<double>(5, 1, 1);
        MemoryState.Of(buffer).Restore(other);
        foreach (ReplayBuffer<double> each in new[] { buffer, other })
        {
            each.Add([0.5], [0], 99, [0], terminated: true);
        }

        Rewards(other).ShouldBe(Rewards(buffer));
        MemoryState.Of(other).FirstDifference(MemoryState.Of(buffer)).ShouldBeNull();
    }

    [Fact]
    public void State_of_another_capacity_is_refused() =>
        Should.Throw<StateException>(() => MemoryState.Of(Filled(5, 7)).Restore(new ReplayBuffer<double>(6, 1, 1))).Message.ShouldContain("buffer_size");

    [Fact]
    public void Draws_are_uniform_over_what_is_stored()
    {
        ReplayBuffer<double> buffer = Filled(10, 4);
        int[] indices = new int[40_000];
        buffer.Draw(RandomStream.FromSeed(3), indices);
        for (int i = 0; i < 4; i++)
        {
            // four standard deviations
            indices.Count(index => index == i).ShouldBeInRange(10_000 - 350, 10_000 + 350);
        }

        indices.Max().ShouldBe(3);
    }

    [Fact]
    public void Faults_are_named()
    {
        var buffer = new ReplayBuffer<double>(4, 2, 1);
        Should.Throw<InvalidOperationException>(() => buffer.Draw(RandomStream.FromSeed(0), new int[1])).Message.ShouldContain("empty");
        Should.Throw<ArgumentException>(() => buffer.Add([1], [3], 4, [5, 6], terminated: false));
        Should.Throw<ArgumentOutOfRangeException>(() => new ReplayBuffer<double>(0, 2, 1));

        // 22 numbers each, in an array of 2 147 483 591
        Should.Throw<OverflowException>(() => new ReplayBuffer<double>(1_000_000_000, 20, 1)).Message.ShouldContain("buffer_size to at most 97612890");
    }

    [Fact]
    public void Memory_is_what_the_numbers_need_and_an_observation_is_stored_once()
    {
        var buffer = new ReplayBuffer<float>(1000, 17, 6);
        for (int i = 0; i < 2500; i++)
        {
            buffer.Add(Constant(17, i), Constant(6, i), i, Constant(17, i + 1), terminated: false);
        }

        // 17 + 6 + 1 numbers and a byte, and the newest transition's next observation
        buffer.Bytes.ShouldBe((1000 * ((4 * 24) + 1)) + (4 * 17));
        buffer.Memory.ShouldBe(new ReplayMemory(1000, 97, 72));
        (buffer.Memory.EndBytes(1000), buffer.Memory.EndBytes(999), buffer.Memory.EndBytes(1)).ShouldBe((72, 144, 72_000));
    }

    [Fact]
    public void Episodes_of_one_step_take_the_most_memory_there_is_and_no_more()
    {
        var buffer = new ReplayBuffer<float>(1000, 17, 6);
        for (int i = 0; i < 5000; i++)
        {
            buffer.Add(Constant(17, i), Constant(6, i), i, Constant(17, -i - 1), terminated: true);
            buffer.Bytes.ShouldBeLessThanOrEqualTo(buffer.Memory.TransitionBytes + buffer.Memory.MostEndBytes + (4 * 17));
        }

        buffer.Bytes.ShouldBe(buffer.Memory.TransitionBytes + buffer.Memory.MostEndBytes + (4 * 17));
    }

    [Fact]
    public void State_for_other_observations_or_with_an_impossible_place_is_refused()
    {
        var wide = new ReplayBuffer<double>(5, 2, 1);
        Should.Throw<StateException>(() => MemoryState.Of(Filled(5, 7)).Restore(wide)).Message.ShouldContain("last_observation");
        var state = new MemoryState();
        state.Writer.Write("capacity", 5L);
        state.Writer.Write("count", 3L);
        state.Writer.Write("next", 4L);
        Should.Throw<StateException>(() => state.Restore(wide)).Message.ShouldContain("cannot go on at 4");
    }

    private static double[] Constant(int length, double value)
    {
        double[] values = new double[length];
        Array.Fill(values, value);
        return values;
    }

    private static ReplayBuffer<double> Filled(int capacity, int transitions)
    {
        var buffer = new ReplayBuffer<double>(capacity, 1, 1);
        for (int i = 0; i < transitions; i++)
        {
            buffer.Add([i], [-i], i, [i + 1], terminated: i % 3 == 0);
        }

        return buffer;
    }

    private static double[] Rewards(ReplayBuffer<double> buffer)
    {
        var batch = new ReplayBatch<double>(buffer.Count, 1, 1);
        buffer.Gather([.. Enumerable.Range(0, buffer.Count)], batch);
        return batch.Rewards;
    }
}
