using System.Runtime.InteropServices;
using Stackelberg.Agents.Replay;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Replay;

/// <summary>The buffer against a plain ring of whole transitions, over random episodes, capacities, saves and loads.</summary>
public sealed class ReplayBufferModelTests
{
    private const int ObservationSize = 2;

    [Theory]
    [InlineData(1, 1, 5)]
    [InlineData(2, 1, 40)]
    [InlineData(3, 20, 40)]
    [InlineData(4, 100, 200)]
    public void Every_transition_comes_back_with_its_own_next_observation(int seed, int smallest, int largest)
    {
        RandomStream random = RandomStream.FromSeed((ulong)seed);
        for (int i = 0; i < 20; i++)
        {
            int capacity = smallest + random.NextInt32(largest - smallest + 1);

            // up to 1: every episode has one step
            int longest = 1 + random.NextInt32(random.NextInt32(2) == 0 ? 3 : 2 * capacity);
            Compare(random, capacity, longest, steps: 5 * capacity);
        }
    }

    private static void Compare(RandomStream random, int capacity, int longest, int steps)
    {
        var buffer = new ReplayBuffer<float>(capacity, ObservationSize, 1);
        var saved = new ReplayBuffer<float>(capacity, ObservationSize, 1);
        var model = new Transition[capacity];
        float[] observation = Draw(random);
        int left = 1 + random.NextInt32(longest);
        for (int step = 0; step < steps; step++)
        {
            bool ends = --left == 0;
            bool terminated = ends && random.NextInt32(2) == 0;
            var transition = new Transition(observation, step, Draw(random), terminated);
            model[step % capacity] = transition;
            Add(buffer, transition);
            Add(saved, transition);
            int count = Math.Min(step + 1, capacity);
            ShouldHold(buffer, model, count);
            if (random.NextInt32(1 + (capacity / 4)) == 0)
            {
                var other = new ReplayBuffer<float>(capacity, ObservationSize, 1);

                // what is in a buffer before does not show
                Add(other, new Transition([9, 9], 9, [8, 8], true));
                Add(other, new Transition([7, 7], 7, [6, 6], true));
                MemoryState.Of(saved).Restore(other);
                saved = other;
                ShouldHold(saved, model, count);
            }

            (observation, left) = ends ? (Draw(random), 1 + random.NextInt32(longest)) : (transition.NextObservation, left);
        }

        // a checkpoint does not show how often the run was resumed
        MemoryState.Of(saved).FirstDifference(MemoryState.Of(buffer)).ShouldBeNull();
    }

    private static void ShouldHold(ReplayBuffer<float> buffer, Transition[] model, int count)
    {
        buffer.Count.ShouldBe(count);
        var batch = new ReplayBatch<float>(count, ObservationSize, 1);
        buffer.Gather([.. Enumerable.Range(0, count)], batch);
        for (int i = 0; i < count; i++)
        {
            Transition expected = model[i];
            bool same = SameBits(batch.Observations.Row(i), expected.Observation)
                && SameBits(batch.NextObservations.Row(i), expected.NextObservation)
                && SameBits(batch.Inputs.Row(i)[..ObservationSize], expected.Observation)
                && batch.Inputs.Row(i)[ObservationSize] == expected.Number
                && batch.Rewards[i] == -expected.Number
                && batch.Continues[i] == (expected.Terminated ? 0 : 1);
            if (!same)
            {
                Assert.Fail($"transition {expected.Number} at place {i} of {buffer.Capacity}");
            }
        }
    }

    private static bool SameBits(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        MemoryMarshal.Cast<float, int>(a).SequenceEqual(MemoryMarshal.Cast<float, int>(b));

    private static void Add(ReplayBuffer<float> buffer, Transition transition) => buffer.Add(
        Array.ConvertAll(transition.Observation, static x => (double)x), [transition.Number], -transition.Number,
        Array.ConvertAll(transition.NextObservation, static x => (double)x), transition.Terminated);

    /// <summary>Of few values, so that an episode at times begins where the one before ended; zero in both signs.</summary>
    private static float[] Draw(RandomStream random)
    {
        float[] values = [0, -0f, 1];
        return [values[random.NextInt32(3)], values[random.NextInt32(3)]];
    }

    private sealed record Transition(float[] Observation, float Number, float[] NextObservation, bool Terminated);
}
