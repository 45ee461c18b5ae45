using Stackelberg.Agents.Tests.Support;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Evaluation;

public sealed class EvaluatorTests
{
    [Fact]
    public void Returns_and_lengths_are_those_of_the_episodes_played()
    {
        // a policy that pushes right: the drift leaves its interval, sooner or later by the noise
        var recorder = new Recorder();
        EvaluationResult result = Evaluator.Evaluate(recorder, () => new Drift(discrete: false, 40), RandomStream.FromSeed(1), 4, PolicyMode.Greedy);

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
            Evaluator.Evaluate(new Recorder(), () => new Drift(discrete: false, 40), RandomStream.FromSeed(seed), episodes, PolicyMode.Stochastic);

        Play(5, 1).Returns.Take(2).ShouldBe(Play(2, 1).Returns);
        Play(5, 1).Returns.Distinct().Count().ShouldBe(5);
        Play(2, 2).Returns.ShouldNotBe(Play(2, 1).Returns);
    }

    [Fact]
    public void Evaluating_leaves_the_given_stream_as_it_was()
    {
        var stream = RandomStream.FromSeed(1);
        Evaluator.Evaluate(new Recorder(), () => new Drift(discrete: false, 40), stream, 2, PolicyMode.Stochastic);
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

    private sealed class Recorder : IPolicy
    {
        public int Calls { get; private set; }

        public void Act(ReadOnlySpan<double> observation, Span<double> action, PolicyMode mode, RandomStream random)
        {
            Calls++;
            action[1] = 0;
            action[0] = mode == PolicyMode.Greedy ? 1 : random.NextUniform(-1, 1);
        }
    }

    private sealed class Endless(double reward = 0) : IEnvironment
    {
        public EnvironmentSpec Spec { get; } = new("Endless", null, null);

        public Space ObservationSpace { get; } = new BoxSpace(1, 0, 1);

        public Space ActionSpace { get; } = new BoxSpace(2, -1, 1);

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
