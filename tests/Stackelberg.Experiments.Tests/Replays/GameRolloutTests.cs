using Stackelberg.Environments;
using Stackelberg.Experiments.Replays;
using Stackelberg.Experiments.Rollouts;
using Stackelberg.Experiments.Tests.Fakes;

namespace Stackelberg.Experiments.Tests.Replays;

/// <summary>Tables of <c>env rollout</c> of several agents, read back to be drawn.</summary>
public sealed class GameRolloutTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("HighwayMerge-v0", "HighwayMerge-v0")]
    [InlineData("CooperativeGrid-v0", null)]
    [InlineData("TrapGrid-v0", "TrapGrid-v0")]
    [InlineData("RepeatedPrisonersDilemma-v0", null)]
    [InlineData("TwoStateCounterexample-v0", null)]
    [InlineData("Maintain-v0", null)]
    public void Tables_give_poses_rewards_and_actions_of_the_steps_they_were_written_in(string id, string? named)
    {
        string file = Roll(id, episodes: 8);

        Replay replay = Read(file, named);

        replay.Environment.ShouldBe(id);
        replay.Agents.ShouldBe(["leader", "follower"]);
        // played again with the table's actions from the same start, which is another way to the same poses
        using IMultiAgentEnvironment environment = MultiAgentCatalogue.WithAll().Make(id);
        IMultiAgentEnvironment dynamics = environment.Unwrapped();
        IPoseSource view = (IPoseSource)dynamics;
        double[] observations = new double[environment.Agents.ObservationSize], rewards = new double[2], pose = new double[view.Scene.PoseSize];
        replay.Episodes.Count.ShouldBe(8);
        for (int e = 0; e < replay.Episodes.Count; e++)
        {
            ReplayEpisode episode = replay.Episodes[e];
            environment.Reset(e == 0 ? 5ul : null, observations);
            view.WritePose(pose);
            episode.Poses[..pose.Length].ShouldBe(pose);
            JointStepResult step = default;
            for (int t = 0; t < episode.Steps; t++)
            {
                step.Ended.ShouldBeFalse();
                step = environment.Step([episode.Actions[2 * t], episode.Actions[(2 * t) + 1]], observations, rewards);
                view.WritePose(pose);
                episode.Poses[((t + 1) * pose.Length)..((t + 2) * pose.Length)].ShouldBe(pose);
                episode.Rewards[(2 * t)..((2 * t) + 2)].ShouldBe(rewards);
            }

            (episode.Terminated, episode.Truncated).ShouldBe((step.Terminated, step.Truncated));
            episode.Returns.ShouldBe([episode.Rewards.Where((_, i) => i % 2 == 0).Sum(), episode.Rewards.Where((_, i) => i % 2 == 1).Sum()]);
        }
    }

    [Fact]
    public void Table_of_another_game_is_refused_with_the_step_that_gives_it_away()
    {
        string file = Roll("Maintain-v0", episodes: 20);
        Should.Throw<ReplayException>(() => Read(file, "Escape-v0")).Message.ShouldContain("the game pays");
        Read(file, "Maintain-v0").Episodes.Count.ShouldBe(20);
        Should.Throw<ReplayException>(() => Read(file, "HighwayMerge-v0")).Message.ShouldContain("not those of HighwayMerge-v0");
    }

    [Fact]
    public void Table_of_both_highways_needs_a_name() =>
        Should.Throw<ReplayException>(() => Read(Roll("HighwayMerge-v0", 1), null)).Message.ShouldContain("fit HighwayMerge-v0, HighwayMergeReleased-v0");

    [Fact]
    public void Environment_without_a_view_is_refused() =>
        Should.Throw<ReplayException>(() => Read(Roll("ZeroSum-v0", 1), "ZeroSum-v0")).Message.ShouldContain("has no view");

    [Theory]
    [InlineData("0,0,0,0,0,0,0,0,0,0\n1,0,3,0,0,0,0,1,0,0\n", "action1 is 3; follower has 3 actions")]
    [InlineData("0,0,0,0,0,0,0,0,0,0\n1,0,0,0,0,20,15,1,0,4\n", "the state is 4; the game has 1")]
    [InlineData("0,0,0,0,0,0,0,0,0,0\n1,0,0,0,0,20,15,0,0,0\n", "terminated 0; the game goes elsewhere")]
    [InlineData("0,0,0,0,0,0,0,0,0,0\n1,0,0,0,0,20,14,1,0,0\n", "the rewards are 20, 14; the game pays 20, 15 there")]
    public void Rows_that_are_not_the_games_are_refused(string rows, string problem)
    {
        string file = folder.Below("table.csv");
        File.WriteAllText(file, "t,action0,action1,obs0,obs1,reward0,reward1,terminated,truncated,state0\n" + rows);
        Should.Throw<ReplayException>(() => Read(file, "Maintain-v0")).Message.ShouldContain(problem);
    }

    [Fact]
    public void Highway_action_that_does_not_exist_is_refused()
    {
        string file = Roll("HighwayMerge-v0", 1);
        string[] lines = File.ReadAllLines(file);
        string[] cells = lines[2].Split(',');
        cells[Array.IndexOf(lines[0].Split(','), "action1")] = "5";
        lines[2] = string.Join(',', cells);
        File.WriteAllLines(file, lines);
        Should.Throw<ReplayException>(() => Read(file, "HighwayMerge-v0")).Message.ShouldContain("line 3: action1 is 5");
    }

    private static Replay Read(string file, string? id) => ReplayRecorder.ReadRollout(file, new EnvironmentCatalogue(), MultiAgentCatalogue.WithAll(), id, null);

    private string Roll(string id, int episodes)
    {
        string file = folder.Below($"{id}.csv");
        RolloutRecorder.Record(new RolloutRequest { Catalogue = new EnvironmentCatalogue(), Environment = id, Episodes = episodes, Seed = 5 }, file);
        return file;
    }
}
