using Stackelberg.Environments.Tests.Support;
using Stackelberg.Environments.Wrappers;
using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests;

public sealed class VectorThreadingTests
{
    private const int Copies = 8;
    private const int StepsToTake = 300;

    public static TheoryData<string> Kinds => ["CartPole", "Pendulum", "Normalised", "SharedMoments"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Eight_copies_on_any_number_of_threads_have_the_bits_of_eight_on_one(string kind)
    {
        double[] alone = Trace(kind, null);
        int none = StepsToTake * Copies * (kind == "Pendulum" ? 4 : 5);
        alone.Count(double.IsNaN).ShouldBeLessThan(none, "episodes ended, so some final observations and returns are there to be compared");
        foreach (int threads in (int[])[1, 2, 3, 8, 11])
        {
            Trace(kind, threads).ShouldBe(alone, $"{threads} threads");
        }
    }

    [Fact]
    public void Final_observations_and_flags_are_right_on_threads()
    {
        StepResult[] ends = [new(1, true, false), new(2, false, true), new(3, true, true), new(4, false, false)];
        using VectorEnvironment environment = new(4, i => new ScriptedEnvironment(Steps.Going(), ends[i]), new StepWorkers(2));
        environment.Reset(0);
        environment.Step(new double[4]);
        environment.FinalObservations.ToArray().ShouldAllBe(o => double.IsNaN(o));
        environment.Step(new double[4]);
        environment.Terminated.ToArray().ShouldBe([true, false, true, false]);
        environment.Truncated.ToArray().ShouldBe([false, true, true, false]);
        environment.FinalObservations.ToArray().ShouldBe([1.0, 2.0, 1.0, 2.0, 1.0, 2.0, double.NaN, double.NaN]);
        environment.Observations.ToArray().ShouldBe([2.0, 0.0, 2.0, 0.0, 2.0, 0.0, 1.0, 2.0]);
        environment.EpisodeLengths.ToArray().ShouldBe([2, 2, 2, 0]);
        environment.EpisodeReturns.ToArray().ShouldBe([2.0, 3.0, 4.0, double.NaN]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void State_saved_on_one_number_of_threads_continues_on_another(string kind)
    {
        using VectorEnvironment original = Make(kind, 2), restored = Make(kind, 3);
        original.Reset(9);
        RandomStream random = RandomStream.FromSeed(1);
        double[] actions = new double[Copies];
        for (int step = 0; step < 77; step++)
        {
            Draw(original, random, actions);
            original.Step(actions);
        }

        MemoryState.Of(original).Restore(restored);
        MemoryState.Of(restored).FirstDifference(MemoryState.Of(original)).ShouldBeNull();
        for (int step = 0; step < 120; step++)
        {
            Enumerable.Range(0, Copies).Select(restored.Ended).ShouldBe(Enumerable.Range(0, Copies).Select(original.Ended));
            Draw(original, random, actions);
            original.Step(actions);
            restored.Step(actions);
            restored.Observations.ToArray().ShouldBe(original.Observations.ToArray());
            restored.FinalObservations.ToArray().ShouldBe(original.FinalObservations.ToArray());
            restored.Rewards.ToArray().ShouldBe(original.Rewards.ToArray());
        }
    }

    [Fact]
    public void Copies_on_threads_must_not_share_running_moments()
    {
        RunningMoments shared = new(4);
        Should.Throw<ArgumentException>(() => new VectorEnvironment(2, () => new NormaliseObservation(new CartPole(), shared), new StepWorkers(2)))
            .Message.ShouldContain("VectorNormalisation");
        RunningMoments returns = new(1);
        Should.Throw<ArgumentException>(() => new VectorEnvironment(2, () => new NormaliseReward(new CartPole(), 0.9, returns), new StepWorkers(1)));
        using VectorEnvironment frozen = new(2, () => new NormaliseObservation(new CartPole(), shared) { Frozen = true }, new StepWorkers(2));
        using VectorEnvironment serial = new(2, () => new NormaliseObservation(new CartPole(), shared));
    }

    [Fact]
    public void A_threaded_step_allocates_nothing_on_the_calling_thread()
    {
        using VectorEnvironment environment = Make("CartPole", 2);
        environment.Reset(0);
        double[] actions = new double[Copies];
        environment.Step(actions);
        environment.Step(actions);
        long before = GC.GetAllocatedBytesForCurrentThread();
        environment.Step(actions);
        environment.Step(actions);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static VectorEnvironment Make(string kind, int? threads)
    {
        StepWorkers? workers = threads is int count ? new StepWorkers(count) : null;
        return kind switch
        {
            "CartPole" => new VectorEnvironment(Copies, () => new TimeLimit(new CartPole(), 30), workers),
            "Pendulum" => new VectorEnvironment(Copies, () => new TimeLimit(new Pendulum(), 25), workers),
            "Normalised" => new VectorEnvironment(
                Copies, () => new NormaliseReward(new NormaliseObservation(new EpisodeStatistics(new TimeLimit(new CartPole(), 30)))), workers),
            _ => new VectorEnvironment(
                Copies, () => new TimeLimit(new CartPole(), 30), workers, new VectorNormalisation(new RunningMoments(4), new RunningMoments(1))),
        };
    }

    // Everything that a caller can see, in order.
    private static double[] Trace(string kind, int? threads)
    {
        using VectorEnvironment environment = Make(kind, threads);
        RandomStream random = RandomStream.FromSeed(4);
        double[] actions = new double[Copies];
        List<double> trace = [];
        environment.Reset(2);
        for (int step = 0; step < StepsToTake; step++)
        {
            trace.AddRange(environment.Observations);
            Draw(environment, random, actions);
            environment.Step(actions);
            trace.AddRange(environment.FinalObservations);
            trace.AddRange(environment.Rewards);
            trace.AddRange(environment.EpisodeReturns);
            for (int i = 0; i < Copies; i++)
            {
                trace.Add((environment.Terminated[i] ? 2 : 0) + (environment.Truncated[i] ? 1 : 0));
                trace.Add(environment.EpisodeLengths[i]);
            }
        }

        return [.. trace];
    }

    private static void Draw(VectorEnvironment environment, RandomStream random, double[] actions)
    {
        for (int i = 0; i < actions.Length; i++)
        {
            environment.ActionSpace.Sample(random, actions.AsSpan(i, 1));
        }
    }
}
