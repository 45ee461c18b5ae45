using Stackelberg.Agents;
using Stackelberg.Experiments.Tests.Fakes;
using Stackelberg.Primitives;
using Stackelberg.Statistics;

namespace Stackelberg.Experiments.Tests;

public sealed class CheckpointEvaluatorTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

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
        CheckpointEvaluator.Evaluate(plan.Directory, plan, 99, 5, PolicyMode.Greedy).Returns.ShouldBe(expected.Returns);
        string early = RunDirectory.Read(plan.Directory).Checkpoints[0];
        CheckpointEvaluator.Evaluate(early, plan, 99, 5, PolicyMode.Greedy).Returns.ShouldNotBe(expected.Returns);
        run.Steps.ShouldBe(1000);
    }

    [Fact]
    public void A_missing_damaged_or_foreign_checkpoint_is_named()
    {
        RunPlan plan = FakeRuns.Plan(folder.Path);
        FakeRuns.Train(plan);
        string newest = RunDirectory.Read(plan.Directory).Checkpoints[^1];
        void Evaluate(string path, RunPlan of) => CheckpointEvaluator.Evaluate(path, of, 0, 1, PolicyMode.Greedy);

        Should.Throw<CheckpointException>(() => Evaluate(folder.Below("none"), plan)).Message.ShouldContain("none");
        Should.Throw<CheckpointException>(() => Evaluate(newest, plan with { Environment = "CartPole-v1" })).Message.ShouldContain("NoisyWalk");
        File.AppendAllText(Path.Combine(newest, "actor.safetensors"), "x");
        Should.Throw<CheckpointException>(() => Evaluate(plan.Directory, plan)).Message.ShouldContain("actor.safetensors");
    }

    [Fact]
    public void Means_and_deviations_are_those_of_the_statistics_to_the_last_bit()
    {
        double[] returns = [.. Enumerable.Range(1, 37).Select(i => Math.Sin(i) / i)];
        int[] lengths = [.. Enumerable.Range(1, 37)];

        var result = new EvaluationResult(returns, lengths);

        result.Mean.ShouldBe(SampleStatistics.Mean(returns));
        result.StandardDeviation.ShouldBe(SampleStatistics.StandardDeviation(returns));
        result.MeanLength.ShouldBe(19);
    }
}
