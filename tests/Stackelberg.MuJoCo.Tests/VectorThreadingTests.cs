using Stackelberg.Environments;
using Stackelberg.Environments.Wrappers;
using Stackelberg.MuJoCo.Tasks;
using Stackelberg.MuJoCo.Tests.Support;
using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tests;

public sealed class VectorThreadingTests
{
    private const int Copies = 8;

    [Fact]
    public void Eight_hoppers_on_two_physics_threads_have_the_bits_of_eight_on_one_and_of_none()
    {
        double[] alone = Trace(null, null);
        alone.Count(double.IsNaN).ShouldBeLessThan(80 * Copies * 11, "episodes ended, so some final observations are there to be compared");
        Trace(PhysicsThread.Workers(1), null).ShouldBe(alone);
        Trace(PhysicsThread.Workers(2), null).ShouldBe(alone);
    }

    [Fact]
    public void Normalisation_over_all_copies_does_not_depend_on_physics_threads() =>
        Trace(PhysicsThread.Workers(2), Normalisation()).ShouldBe(Trace(PhysicsThread.Workers(1), Normalisation()));

    [Fact]
    public void State_saved_under_threads_continues_bit_for_bit_without()
    {
        using VectorEnvironment threaded = new(2, () => new TimeLimit(new Hopper(), 20), PhysicsThread.Workers(2)), serial = new(2, () => new TimeLimit(new Hopper(), 20));
        double[] actions = [0.5, -0.5, 1, -1, 0.2, 0.3];
        threaded.Reset(3);
        for (int step = 0; step < 13; step++)
        {
            threaded.Step(actions);
        }

        MemoryState.Of(threaded).Restore(serial);
        for (int step = 0; step < 30; step++)
        {
            threaded.Step(actions);
            serial.Step(actions);
            serial.Observations.ToArray().ShouldBe(threaded.Observations.ToArray());
        }
    }

    [Fact]
    public void A_fatal_error_in_one_copy_fails_the_step_naming_it_and_a_new_vector_works()
    {
        ChildOutcome outcome = Child.Run("fatal-in-a-vector");
        outcome.ExitCode.ShouldBe(0, outcome.Error);
        string[] lines = outcome.Output.Trim().Split('\n');
        lines.Length.ShouldBe(3, outcome.Output);
        foreach (string line in lines[..2])
        {
            line.ShouldStartWith("caught: Copy 2 of 4: MuJoCo reported a fatal error:");
            line.ShouldContain("last checkpoint");
        }

        lines[2].ShouldStartWith("lost 1, ");
        outcome.Files.ShouldBeEmpty();
    }

    private static VectorNormalisation Normalisation() => new(new RunningMoments(11), new RunningMoments(1));

    private static double[] Trace(StepWorkers? workers, VectorNormalisation? normalisation)
    {
        using VectorEnvironment environment = new(Copies, () => new TimeLimit(new Hopper(), 30), workers, normalisation);
        RandomStream random = RandomStream.FromSeed(6);
        double[] actions = new double[Copies * 3];
        List<double> trace = [];
        environment.Reset(1);
        for (int step = 0; step < 80; step++)
        {
            for (int i = 0; i < Copies; i++)
            {
                environment.ActionSpace.Sample(random, actions.AsSpan(3 * i, 3));
            }

            environment.Step(actions);
            trace.AddRange(environment.Observations);
            trace.AddRange(environment.FinalObservations);
            trace.AddRange(environment.Rewards);
        }

        return [.. trace];
    }
}
