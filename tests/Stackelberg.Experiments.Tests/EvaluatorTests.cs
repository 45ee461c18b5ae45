using Stackelberg.Agents;
using Stackelberg.Environments;
using Stackelberg.Experiments.Tests.Fakes;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests;

public sealed class EvaluatorTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Returns_and_lengths_are_those_of_the_episodes_played()
    {
        // a policy that pushes right: the walk leaves the interval within forty steps, and the reward is 1 − |x|
        var recorder = new Recorder();
        EvaluationResult result = Evaluator.Evaluate(recorder, () => new NoisyWalk(), RandomStream.FromSeed(1), 4, PolicyMode.Greedy);

        result.Episodes.ShouldBe(4);
        result.Lengths.Sum().ShouldBe(recorder.Calls);
        result.Mean.ShouldBe(result.Returns.Average(), 1e-12);
        result.MeanLength.ShouldBe(recorder.Calls / 4.0);
        double variance = result.Returns.Average(r => Math.Pow(r - result.Mean, 2));
        result.StandardDeviation.ShouldBe(Math.Sqrt(variance), 1e-12);
    }

    [Fact]
    public void Episodes_are_the_same_whether_more_follow_or_not_and_differ_from_each_other()
    {
        EvaluationResult Play(int episodes, ulong seed) =>
            Evaluator.Evaluate(new Recorder(), () => new NoisyWalk(), RandomStream.FromSeed(seed), episodes, PolicyMode.Stochastic);

        Play(5, 1).Returns.Take(2).ShouldBe(Play(2, 1).Returns);
        Play(5, 1).Returns.Distinct().Count().ShouldBe(5);
        Play(2, 2).Returns.ShouldNotBe(Play(2, 1).Returns);
    }

    [Fact]
    public void Evaluating_leaves_the_given_stream_as_it_was()
    {
        var stream = RandomStream.FromSeed(1);
        Evaluator.Evaluate(new Recorder(), () => new NoisyWalk(), stream, 2, PolicyMode.Stochastic);
        stream.NextUInt64().ShouldBe(RandomStream.FromSeed(1).NextUInt64());
    }

    [Fact]
    public void A_reward_that_is_no_number_is_the_environments_fault_and_never_a_score() =>
        Should.Throw<EnvironmentException>(
            () => Evaluator.Evaluate(new Recorder(), () => new Endless(double.NaN), RandomStream.FromSeed(1), 1, PolicyMode.Greedy))
            .Message.ShouldContain("the reward is NaN at step 1");

    [Fact]
    public void An_episode_without_end_is_reported_as_the_environments_fault() =>
        Should.Throw<EnvironmentException>(() => Evaluator.Evaluate(new Recorder(), () => new Endless(), RandomStream.FromSeed(1), 1, PolicyMode.Greedy))
            .Message.ShouldContain("time limit");

    [Fact]
    public void A_checkpoint_plays_as_the_learner_did_when_it_was_written()
    {
        // greedy actions, and an environment without noise: the final evaluation is a function of the weights alone
        RunPlan plan = FakeRuns.Plan(folder.Path);
        RunResult run = FakeRuns.Train(plan);
        RandomSearch? trained = null;
        FakeRuns.Train(FakeRuns.Plan(folder.Below("again"), beforeIteration: a => trained = a));

        EvaluationResult expected = Evaluator.Evaluate(
            trained!, () => new NoisyWalk(), RandomStream.FromSeed(99).Split("evaluation"), 5, PolicyMode.Greedy);
        Evaluator.EvaluateCheckpoint(plan.Directory, plan, 99, 5, PolicyMode.Greedy).Returns.ShouldBe(expected.Returns);
        string early = RunDirectory.Read(plan.Directory).Checkpoints[0];
        Evaluator.EvaluateCheckpoint(early, plan, 99, 5, PolicyMode.Greedy).Returns.ShouldNotBe(expected.Returns);
        run.Steps.ShouldBe(1000);
    }

    [Fact]
    public void A_missing_damaged_or_foreign_checkpoint_is_named()
    {
        RunPlan plan = FakeRuns.Plan(folder.Path);
        FakeRuns.Train(plan);
        string newest = RunDirectory.Read(plan.Directory).Checkpoints[^1];
        void Evaluate(string path, RunPlan of) => Evaluator.EvaluateCheckpoint(path, of, 0, 1, PolicyMode.Greedy);

        Should.Throw<CheckpointException>(() => Evaluate(folder.Below("none"), plan)).Message.ShouldContain("none");
        Should.Throw<CheckpointException>(() => Evaluate(newest, plan with { Environment = "CartPole-v1" })).Message.ShouldContain("NoisyWalk");
        File.AppendAllText(Path.Combine(newest, "actor.safetensors"), "x");
        Should.Throw<CheckpointException>(() => Evaluate(plan.Directory, plan)).Message.ShouldContain("actor.safetensors");
    }

    private sealed class Recorder : IPolicy
    {
        public int Calls { get; private set; }

        public void Act(ReadOnlySpan<double> observation, Span<double> action, PolicyMode mode, RandomStream random)
        {
            Calls++;
            action[0] = mode == PolicyMode.Greedy ? 1 : random.NextUniform(-1, 1);
        }
    }

    private sealed class Endless(double reward = 0) : IEnvironment
    {
        public EnvironmentSpec Spec { get; } = new("Endless", null, null);

        public Space ObservationSpace { get; } = new BoxSpace(1, 0, 1);

        public Space ActionSpace { get; } = new BoxSpace(1, -1, 1);

        public void Reset(ulong? seed, Span<double> observation) => observation[0] = 0;

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation) => new(reward, false, false);

        public void Save(StateWriter writer)
        {
        }

        public void Load(StateReader reader)
        {
        }

        public void Dispose()
        {
        }
    }
}
