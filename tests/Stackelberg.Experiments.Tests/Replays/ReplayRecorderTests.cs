using Stackelberg.Agents;
using Stackelberg.Environments;
using Stackelberg.Environments.Wrappers;
using Stackelberg.Experiments.Replays;
using Stackelberg.Experiments.Tests.Fakes;
using Stackelberg.MuJoCo;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests.Replays;

public sealed class ReplayRecorderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_frame_is_the_state_after_a_step_and_the_first_the_start()
    {
        using IEnvironment environment = Catalogue().Make("CartPole-v1");
        CartPole dynamics = environment.Find<CartPole>()!;
        List<double[]> seen = [];

        Replay replay = ReplayRecorder.Play(environment, "test", RandomStream.FromSeed(1), 3, (_, action, random) =>
        {
            seen.Add(dynamics.Dynamics.ToArray());
            action[0] = random.NextInt32(2);
        });

        replay.Scene.ShouldBe(new SceneDescription("cart-pole", 4, 0.02) { Shapes = replay.Scene.Shapes });
        replay.Episodes.Count.ShouldBe(3);
        foreach (ReplayEpisode episode in replay.Episodes)
        {
            int steps = episode.Rewards.Length;
            episode.Poses.Length.ShouldBe(4 * (steps + 1));
            episode.Poses[..^4].ShouldBe(seen.Take(steps).SelectMany(s => s));
            Math.Max(Math.Abs(episode.Poses[^2]) / (12 * Math.PI / 180), Math.Abs(episode.Poses[^4]) / 2.4).ShouldBeGreaterThan(1);
            (episode.Terminated, episode.Truncated, episode.Returns.Single()).ShouldBe((true, false, steps));
            seen.RemoveRange(0, steps);
        }

        seen.ShouldBeEmpty();
    }

    [Fact]
    public void Episodes_are_those_of_the_evaluation_with_the_same_seed()
    {
        RunPlan plan = FakeRuns.Plan(folder.Path) with { MakeEnvironment = () => new DrawnWalk() };
        FakeRuns.Train(plan);

        EvaluationResult expected = CheckpointEvaluator.Evaluate(plan.Directory, plan, 11, 4, PolicyMode.Stochastic);
        Replay replay = ReplayRecorder.Record(plan.Directory, plan, 11, 4, PolicyMode.Stochastic);

        replay.Episodes.Select(e => e.Returns[0]).ShouldBe(expected.Returns);
        replay.Episodes.Select(e => e.Rewards.Length).ShouldBe(expected.Lengths);
        replay.Source.ShouldContain("stochastic policy, seed 11");
        ReplayRecorder.Record(plan.Directory, plan, 12, 4, PolicyMode.Stochastic).Episodes[0].Poses.ShouldNotBe(replay.Episodes[0].Poses);
    }

    [Fact]
    public void An_environment_without_a_view_is_refused()
    {
        RunPlan plan = FakeRuns.Plan(folder.Path);
        FakeRuns.Train(plan);
        Should.Throw<ReplayException>(() => ReplayRecorder.Record(plan.Directory, plan, 0, 1, PolicyMode.Greedy)).Message.ShouldContain("has no view");
    }

    [Theory]
    [InlineData("Acrobot-v1", 4)]
    [InlineData("Hopper-v4", 12)]
    public void A_rollouts_table_gives_the_poses_of_the_steps_it_was_written_in(string id, int numbers)
    {
        using IEnvironment environment = Catalogue().Make(id);
        IStateColumns state = environment.Find<IStateColumns>()!;
        IPoseSource view = environment.Find<IPoseSource>()!;
        double[] observation = new double[environment.ObservationSpace.Size];
        double[] action = new double[environment.ActionSpace.Size];
        double[] values = new double[state.StateColumns.Count];
        double[] pose = new double[view.Scene.PoseSize];
        List<double> poses = [];
        List<string> lines = [string.Join(',', [
            "episode", "t", .. action.Select((_, i) => $"action{i}"), .. observation.Select((_, i) => $"obs{i}"), "reward", "terminated", "truncated", .. state.StateColumns])];
        RandomStream random = RandomStream.FromSeed(3);
        for (int episode = 0; episode < 2; episode++)
        {
            environment.Reset((ulong)episode, observation);
            StepResult step = default;
            for (int t = 0; t <= 5; t++)
            {
                if (t > 0)
                {
                    environment.ActionSpace.Sample(random, action);
                    step = environment.Step(action, observation);
                }

                state.WriteState(values);
                view.WritePose(pose);
                poses.AddRange(pose);
                lines.Add(string.Join(',', [episode, t, .. action, .. observation, step.Reward, 0, t == 5 && episode == 1 ? 1 : 0, .. values]));
            }
        }

        values.Length.ShouldBeInRange(numbers, numbers + 1);
        string file = folder.Below("rollout.csv");
        File.WriteAllLines(file, lines);

        Replay replay = ReplayRecorder.ReadRollout(file, Catalogue(), new MultiAgentCatalogue(), null, null);

        replay.Environment.ShouldBe(id);
        replay.Episodes.SelectMany(e => e.Poses).ShouldBe(poses);
        replay.Episodes.Select(e => (e.Rewards.Length, e.Truncated)).ShouldBe([(5, false), (5, true)]);
        ReplayRecorder.ReadRollout(file, Catalogue(), new MultiAgentCatalogue(), id, 1).Episodes.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("t,reward,terminated\n", "no column 'truncated'")]
    [InlineData("t,reward,terminated,truncated\n", "has no rows")]
    [InlineData("t,reward,terminated,truncated\n0,0,x,0\n", "line 2: terminated is 'x'")]
    [InlineData("t,reward,terminated,truncated\n0,0,0\n", "line 2 has 3 cells and the header 4")]
    [InlineData("t,reward,terminated,truncated\n0,0,0,0\n", "no environment that can be drawn")]
    [InlineData("t,action0,obs0,obs1,obs2,obs3,reward,terminated,truncated,state0,state1,state2,state3\n0,0,0,0,0,0,0,0,0,0,0,0,0\n", "fit CartPole-v0, CartPole-v1")]
    [InlineData("t,action0,obs0,obs1,obs2,reward,terminated,truncated,state0,state1\n0,0,0,0,0,0,0,0,nan,0\n", "line 2: state0 is 'nan'")]
    public void A_table_that_is_not_a_rollouts_is_refused(string text, string problem)
    {
        string file = folder.Below("table.csv");
        File.WriteAllText(file, text);
        Should.Throw<ReplayException>(() => ReplayRecorder.ReadRollout(file, Catalogue(), new MultiAgentCatalogue(), null, null)).Message.ShouldContain(problem);
    }

    private static EnvironmentCatalogue Catalogue()
    {
        EnvironmentCatalogue catalogue = new();
        ClassicControl.Register(catalogue);
        MujocoTasks.Register(catalogue);
        return catalogue;
    }

    // The walk with its observation as its pose.
    private sealed class DrawnWalk() : EnvironmentWrapper(new NoisyWalk()), IPoseSource
    {
        private readonly double[] latest = new double[1];

        public SceneDescription Scene { get; } = new("walk", 1, 0.1);

        public override void Reset(ulong? seed, Span<double> observation)
        {
            base.Reset(seed, observation);
            latest[0] = observation[0];
        }

        public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            StepResult result = base.Step(action, observation);
            latest[0] = observation[0];
            return result;
        }

        public void WritePose(Span<double> pose) => latest.CopyTo(pose);
    }
}
