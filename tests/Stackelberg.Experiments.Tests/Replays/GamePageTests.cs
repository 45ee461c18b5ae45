using System.Globalization;
using Stackelberg.Environments;
using Stackelberg.Experiments.Replays;
using Stackelberg.Experiments.Replays.Internals;
using Stackelberg.Experiments.Tests.Fakes;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests.Replays;

/// <summary>Pages of environments of several agents in a real browser.</summary>
public sealed class GamePageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private int pages;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("HighwayMerge-v0", 2)]
    [InlineData("CooperativeGrid-v0", 2)]
    [InlineData("CooperativeGridFigure-v0", 2)]
    [InlineData("SharedGoalGrid-v0", 2)]
    [InlineData("TrapGrid-v0", 2)]
    [InlineData("RepeatedPrisonersDilemma-v0", 2)]
    public void Page_loads_draws_plays_and_scrubs(string id, int episodes)
    {
        Replay replay = Record(id, episodes);
        using BrowserPage page = Open(replay);

        ((bool)page.Evaluate("replay.ready")!).ShouldBeTrue();
        PageProbe.Frame(page).ShouldBe(0);
        string first = PageProbe.Picture(page);
        PageProbe.Colours(page).ShouldBeGreaterThan(8);

        int last = replay.Episodes[0].Steps;
        page.Evaluate($"(s => {{ s.value = {last}; s.dispatchEvent(new Event('input')); }})(document.getElementById('scrub'))");
        PageProbe.Settle(page);
        PageProbe.Frame(page).ShouldBe(last);
        PageProbe.Picture(page).ShouldNotBe(first);
        for (int agent = 0; agent < 2; agent++)
        {
            Number(page, $"return{agent}").ShouldBe(replay.Episodes[0].Returns[agent], 0.0051 + (0.001 * Math.Abs(replay.Episodes[0].Returns[agent])));
            Number(page, $"reward{agent}").ShouldBe(replay.Episodes[0].Rewards[^(2 - agent)], 0.0051);
        }

        page.Press("Home");
        page.Press(" ");
        ((bool)page.Evaluate("new Promise(yes => { const t0 = Date.now(), i = setInterval(() => { if (replay.frame >= 2 || Date.now() - t0 > 20000) { clearInterval(i); yes(replay.frame >= 2); } }, 20); })")!)
            .ShouldBeTrue("it plays");
        page.Press("n");
        ((int)page.Evaluate("replay.episode")!).ShouldBe(1);
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void Episodes_follow_each_other_where_that_is_ticked()
    {
        using BrowserPage page = Open(Record("HighwayMerge-v0", 2));
        page.Press("a");
        page.Evaluate("document.getElementById('speed').value = '8'; document.getElementById('speed').dispatchEvent(new Event('change'))");
        page.Press(" ");
        ((bool)page.Evaluate("new Promise(yes => { const t0 = Date.now(), i = setInterval(() => { const on = replay.episode === 1 && !replay.playing; if (on || Date.now() - t0 > 20000) { clearInterval(i); yes(on); } }, 20); })")!)
            .ShouldBeTrue("the second episode was played to its end");
        PageProbe.Frame(page).ShouldBe((int)page.Evaluate("replay.steps[1]")!);
    }

    [Fact]
    public void Highway_says_who_passed_first_as_the_rewards_do()
    {
        Replay replay = Record("HighwayMerge-v0", 30);
        using BrowserPage page = Open(replay);
        HashSet<string> seen = [];
        for (int e = 0; e < 30; e++)
        {
            ReplayEpisode episode = replay.Episodes[e];
            string outcome = (episode.Returns[0], episode.Returns[1]) switch { (50, 10) => "leader passed first", (10, 50) => "follower passed first", _ => "crash" };
            PageProbe.Words(page, e, episode.Steps).ShouldContain(outcome);
            PageProbe.Words(page, e, 0.5).ShouldNotContain(outcome);
            PageProbe.Words(page, e, 1).ShouldContain(string.Create(CultureInfo.InvariantCulture, $"leader {episode.Poses[9 + 3]:F1} m/s"));
            seen.Add(outcome);
        }

        seen.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("Maintain-v0", 250)]
    [InlineData("MatchingPenniesOfThree-v0", 40)]
    [InlineData("RepeatedPrisonersDilemma-v0", 12)]
    [InlineData("TwoStateCounterexample-v0", 4)]
    public void Frequencies_are_the_shares_of_the_plays_so_far(string id, int episodes)
    {
        Replay replay = Record(id, episodes);
        MarkovGame game = replay.Scene.Game!;
        using BrowserPage page = Open(replay);
        bool joined = replay.Episodes.All(e => e.Steps == 1);
        int players = game.Players.Count;
        int[] plays = [.. replay.Episodes.SelectMany(e => e.Actions.Chunk(players)).Select(a => game.JointAction(a))];
        int track = joined ? 0 : replay.Episodes.Count - 1;
        int length = joined ? plays.Length : replay.Episodes[^1].Steps;
        page.Evaluate("replay.steps")!.AsArray().Count.ShouldBe(track + 1);
        ((int)page.Evaluate($"replay.steps[{track}]")!).ShouldBe(length);
        foreach (int at in new[] { 0, 1, length / 2, length })
        {
            int end = plays.Length - length + at;
            Compare("all", at, plays[..end]);
            Compare("last", at, plays[Math.Max(0, end - 100)..end]);
            if (!joined)
            {
                Compare("episode", at, plays[(end - at)..end]);
            }
        }

        page.Complaints.ShouldBeEmpty();

        void Compare(string window, int at, int[] counted)
        {
            page.Evaluate($"document.getElementById('window').value = '{window}'");
            double[] shares = [.. page.Evaluate($"replay.frequencies({track}, {at})")!.AsArray().Select(v => (double)v!)];
            shares.Length.ShouldBe(game.JointActionCount);
            for (int joint = 0; joint < shares.Length; joint++)
            {
                shares[joint].ShouldBe(counted.Length == 0 ? 0 : counted.Count(k => k == joint) / (double)counted.Length, 1e-9);
            }
        }
    }

    [Fact]
    public void Matrix_shows_payoffs_of_the_state_of_the_last_play_and_names_it()
    {
        using BrowserPage page = Open(Record("Maintain-v0", 60));
        string[] words = PageProbe.Words(page, 0, 60).Split('|');
        foreach (string word in new[] { "leader", "follower", "A", "B", "C", "X", "Y", "Z", "20", "15", "30", "5" })
        {
            words.ShouldContain(word);
        }

        words.ShouldContain(w => w.Contains("60 plays counted", StringComparison.Ordinal));
        using BrowserPage counterexample = Open(Record("TwoStateCounterexample-v0", 1));
        int last = (int)counterexample.Evaluate("replay.steps[0]")!;
        words = PageProbe.Words(counterexample, 0, last).Split('|');
        words.ShouldContain("in s1: ");
        words.ShouldContain(", then s2");
        words.Count(w => w == "ends").ShouldBe(2);
        words.Count(w => w == "10").ShouldBe(2);
    }

    [Fact]
    public void Games_played_once_are_one_track_with_mean_payoffs()
    {
        Replay replay = Record("Escape-v0", 50);
        using BrowserPage page = Open(replay, dark: true);
        page.Evaluate("replay.show(0, 20)");
        Number(page, "return0").ShouldBe(replay.Episodes.Take(20).Average(e => e.Returns[0]), 0.0051);
        Number(page, "reward1").ShouldBe(replay.Episodes[19].Rewards[1], 0.0051);
        ((string)page.Evaluate("document.getElementById('step').textContent")!).ShouldBe("20 / 50");
        PageProbe.Picture(page).ShouldNotBe(PictureAt(page, 21));
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void A_large_game_is_drawn_and_one_too_large_for_a_page_is_refused()
    {
        Replay replay = Record(new MarkovGameEnvironment(RandomMatrixGames.Draw(RandomStream.FromSeed(1), 0.5, 60, 60).Once()), 300);
        using BrowserPage page = Open(replay);
        page.Evaluate("replay.show(0, 300)");
        PageProbe.Colours(page).ShouldBeGreaterThan(8);
        page.Complaints.ShouldBeEmpty();
        Replay large = Record(new MarkovGameEnvironment(RandomMatrixGames.Draw(RandomStream.FromSeed(1), 0.5, 800, 800).Once()), 1);
        Should.Throw<ReplayException>(() => ReplayPage.Compose(large)).Message.ShouldContain("1280000 payoffs");
    }

    private static string PictureAt(BrowserPage page, int position)
    {
        page.Evaluate($"replay.show(0, {position})");
        return PageProbe.Picture(page);
    }

    private static double Number(BrowserPage page, string element) =>
        double.Parse((string)page.Evaluate($"document.getElementById('{element}').textContent")!, CultureInfo.InvariantCulture);

    private BrowserPage Open(Replay replay, bool dark = false)
    {
        string file = folder.Below($"page-{pages++}.html");
        ReplayPage.Write(replay, file);
        return BrowserPage.Open(PageProbe.Chromium(), file, 900, 640, dark);
    }

    private static Replay Record(string id, int episodes) => Record(MultiAgentCatalogue.WithAll().Make(id), episodes);

    private static Replay Record(IMultiAgentEnvironment made, int episodes)
    {
        using IMultiAgentEnvironment environment = made;
        return ReplayRecorder.Play(new JointEnvironment(environment), "test", RandomStream.FromSeed(2), episodes, (_, actions, random) =>
        {
            for (int agent = 0; agent < environment.Agents.Count; agent++)
            {
                environment.Agents[agent].ActionSpace.Sample(random, environment.Agents.ActionOf(agent, actions));
            }
        });
    }
}
