using Stackelberg.Environments.Tests.Support;
using Stackelberg.Environments.Wrappers;
using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.Wrappers;

public sealed class NormaliseObservationTests
{
    [Fact]
    public void Observations_are_normalised_by_all_that_came_so_far_with_the_present_one()
    {
        using NormaliseObservation environment = Make();
        double[] observation = new double[2];
        List<double> seen = [];
        environment.Reset(null, observation);
        seen.Add(0);
        Check();
        for (int step = 1; step <= 4; step++)
        {
            environment.Step([0], observation);
            seen.Add(step);
            Check();
        }

        void Check()
        {
            // Entry 1 is the step number. Prior: weight 1e-4, mean 0, variance 1.
            double weight = 1e-4 + seen.Count;
            double mean = seen.Sum() / weight;
            double variance = ((1e-4 + seen.Sum(s => s * s)) / weight) - (mean * mean);
            observation[1].ShouldBe((seen[^1] - mean) / Math.Sqrt(variance + 1e-8), 1e-9);
        }
    }

    [Fact]
    public void A_frozen_wrapper_reads_shared_moments_and_never_changes_them()
    {
        using NormaliseObservation training = Make();
        double[] observation = new double[2], evaluated = new double[2];
        training.Reset(null, observation);
        training.Step([0], observation);
        using NormaliseObservation evaluation = new(Scripted(), training.Moments) { Frozen = true };
        MemoryState before = MemoryState.Of(training.Moments);

        evaluation.Reset(null, evaluated);
        evaluation.Step([0], evaluated);

        before.FirstDifference(MemoryState.Of(training.Moments)).ShouldBeNull();
        evaluated.ShouldBe(observation, "the same raw observation under the same moments");
    }

    [Fact]
    public void Saved_state_continues_with_the_same_bits()
    {
        using NormaliseObservation original = Make(), restored = Make();
        double[] a = new double[2], b = new double[2];
        original.Reset(null, a);
        original.Step([0], a);
        MemoryState.Of(original).Restore(restored);
        original.Step([0], a);
        restored.Step([0], b);
        b.ShouldBe(a);
        restored.Frozen.ShouldBeFalse();
    }

    [Fact]
    public void The_space_has_no_bounds_and_misfits_are_refused()
    {
        using NormaliseObservation environment = Make();
        environment.ObservationSpace.Contains([1e9, -1e9]).ShouldBeTrue();
        Should.Throw<ArgumentException>(() => new NormaliseObservation(Scripted(), new RunningMoments(3)));
        Should.Throw<ArgumentOutOfRangeException>(() => new NormaliseObservation(Scripted(), epsilon: 0));
    }

    private static NormaliseObservation Make() => new(Scripted());

    private static ScriptedEnvironment Scripted() => new(Steps.Going());
}
