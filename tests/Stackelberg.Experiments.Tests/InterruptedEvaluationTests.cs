using Stackelberg.Environments;
using Stackelberg.Experiments.Tests.Fakes;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests;

/// <summary>A run that is interrupted in an evaluation ends at once, and its continuation equals a run left alone.</summary>
public sealed class InterruptedEvaluationTests : IDisposable
{
    private static readonly TrainingOptions Options = FakeRuns.Options with { EvaluateEvery = 130, EvaluationEpisodes = 5, KeepCheckpoints = 2 };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // with checkpoints that fall due together with evaluations and apart from them; the last evaluations are those after the final step
    [Theory]
    [InlineData(260, 1)]
    [InlineData(260, 4)]
    [InlineData(390, 7)]
    [InlineData(150, 2)]
    [InlineData(150, 7)]
    [InlineData(150, 8)]
    [InlineData(0, 3)]
    [InlineData(0, 8)]
    public void Continuation_equals_a_run_left_alone(long checkpointEvery, int evaluation)
    {
        TrainingOptions options = Options with { CheckpointEvery = checkpointEvery };
        RunResult whole = FakeRuns.Train(FakeRuns.Plan(folder.Below("whole"), options: options));
        using CancellationTokenSource source = new();
        RunPlan plan = FakeRuns.Plan(folder.Below("stopped"), options: options);
        int made = 0, steps = 0;
        IEnvironment Make() => new Watched(made++, (which, _) =>
        {
            // the first environment is the training's
            steps += which == evaluation ? 1 : 0;
            if (steps == 30)
            {
                source.Cancel();
            }
        });

        RunResult stopped = FakeRuns.Train(plan with { MakeEnvironment = Make }, RunMode.New, source.Token);
        stopped.Status.ShouldBe(RunStatus.Interrupted);
        steps.ShouldBe(30);
        stopped.CheckpointHash.ShouldNotBeNull();
        RunResult resumed = FakeRuns.Train(plan, RunMode.Resume);

        resumed.CheckpointHash.ShouldBe(whole.CheckpointHash);
        resumed.FinalEvaluation!.Returns.ShouldBe(whole.FinalEvaluation!.Returns);
        FakeRuns.Tables(resumed.Directory).ShouldBe(FakeRuns.Tables(whole.Directory));
    }

    [Fact]
    public void A_second_interruption_in_the_same_evaluation_changes_nothing()
    {
        RunResult whole = FakeRuns.Train(FakeRuns.Plan(folder.Below("whole"), options: Options));
        RunPlan plan = FakeRuns.Plan(folder.Below("stopped"), options: Options);
        string? hash = null;
        for (int attempt = 0; attempt < 3; attempt++)
        {
            using CancellationTokenSource source = new();
            int made = 0;
            RunResult stopped = FakeRuns.Train(
                plan with { MakeEnvironment = () => new Watched(made++, (which, step) => CancelAt(source, which == 1 && step == 10)) },
                attempt == 0 ? RunMode.New : RunMode.Resume, source.Token);
            stopped.Status.ShouldBe(RunStatus.Interrupted);
            hash ??= stopped.CheckpointHash;
            stopped.CheckpointHash.ShouldBe(hash);
        }

        FakeRuns.Train(plan, RunMode.Resume).CheckpointHash.ShouldBe(whole.CheckpointHash);
    }

    private static void CancelAt(CancellationTokenSource source, bool now)
    {
        if (now)
        {
            source.Cancel();
        }
    }

    /// <summary>The walk, its steps reported.</summary>
    private sealed class Watched(int number, Action<int, int> stepped) : IEnvironment
    {
        private readonly NoisyWalk inner = new();
        private int steps;

        public EnvironmentSpec Spec => inner.Spec;

        public Space ObservationSpace => inner.ObservationSpace;

        public Space ActionSpace => inner.ActionSpace;

        public void Reset(ulong? seed, Span<double> observation) => inner.Reset(seed, observation);

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            stepped(number, ++steps);
            return inner.Step(action, observation);
        }

        public void Save(StateWriter writer) => inner.Save(writer);

        public void Load(StateReader reader) => inner.Load(reader);

        public void Dispose() => inner.Dispose();
    }
}
