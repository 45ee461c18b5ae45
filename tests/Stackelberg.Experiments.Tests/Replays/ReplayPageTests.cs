using System.Globalization;
using System.Text.Json.Nodes;
using Stackelberg.Environments;
using Stackelberg.Environments.Wrappers;
using Stackelberg.Experiments.Replays;
using Stackelberg.Experiments.Replays.Internals;
using Stackelberg.Experiments.Tests.Fakes;
using Stackelberg.MuJoCo;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests.Replays;

/// <summary>Pages in a real browser. Without Chromium these tests fail and say how to get it.</summary>
public sealed class ReplayPageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("CartPole-v1")]
    [InlineData("Acrobot-v1")]
    [InlineData("Pendulum-v1")]
    [InlineData("MountainCar-v0")]
    [InlineData("Hopper-v4")]
    [InlineData("Pusher-v4")]
    public void Page_loads_draws_plays_and_scrubs(string id)
    {
        Replay replay = Record(id, episodes: 2);
        string file = folder.Below("page.html");
        ReplayPage.Write(replay, file);
        using var page = BrowserPage.Open(PageProbe.Chromium(), file, 900, 640);

        ((bool)page.Evaluate("replay.ready")!).ShouldBeTrue();
        int last = replay.Episodes[0].Rewards.Length;
        PageProbe.Frame(page).ShouldBe(0);
        string first = PageProbe.Picture(page);
        PageProbe.Colours(page).ShouldBeGreaterThan(8);

        page.Evaluate($"(s => {{ s.value = {last / 2}; s.dispatchEvent(new Event('input')); }})(document.getElementById('scrub'))");
        PageProbe.Settle(page);
        PageProbe.Frame(page).ShouldBe(last / 2);
        PageProbe.Picture(page).ShouldNotBe(first);
        ((string)page.Evaluate("document.getElementById('step').textContent")!).ShouldBe($"{last / 2} / {last}");
        double soFar = replay.Episodes[0].Rewards.Take(last / 2).Sum();
        double.Parse((string)page.Evaluate("document.getElementById('return').textContent")!, CultureInfo.InvariantCulture).ShouldBe(soFar, 0.0051 + (0.001 * Math.Abs(soFar)));

        page.Press("Home");
        page.Press("ArrowRight");
        PageProbe.Frame(page).ShouldBe(1);
        page.Press("Home");
        page.Press(" ");
        ((bool)page.Evaluate("replay.playing")!).ShouldBeTrue();
        ((bool)page.Evaluate("new Promise(yes => { const t0 = Date.now(), i = setInterval(() => { if (replay.frame >= 2 || Date.now() - t0 > 20000) { clearInterval(i); yes(replay.frame >= 2); } }, 20); })")!)
            .ShouldBeTrue("it plays");
        page.Press("n");
        ((int)page.Evaluate("replay.episode")!).ShouldBe(1);

        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void Page_sees_the_recorded_poses_and_returns()
    {
        Replay replay = Record("Hopper-v4", episodes: 2);
        string file = folder.Below("page.html");
        ReplayPage.Write(replay, file);
        using var page = BrowserPage.Open(PageProbe.Chromium(), file, 600, 400, dark: true);
        for (int e = 0; e < 2; e++)
        {
            ReplayEpisode episode = replay.Episodes[e];
            int size = replay.Scene.PoseSize;
            double[] decoded = PoseEncoding.Encode(episode.Poses, size).Decode();
            for (int frame = 0; frame <= episode.Rewards.Length; frame += 4)
            {
                page.Evaluate($"replay.pose({e}, {frame})")!.AsArray().Select(v => (double)v!).ShouldBe(decoded[(frame * size)..((frame + 1) * size)]);
                ((double)page.Evaluate($"replay.returnAt({e}, {frame})")!).ShouldBe(episode.Rewards.Take(frame).Sum(), 1e-12);
            }
        }

        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_wrong_on_a_page_does_not_pass_unseen()
    {
        string file = folder.Below("bad.html");
        File.WriteAllText(file, """<script>window.replay = 1; console.error('one'); setTimeout(() => { throw new Error('two'); }); fetch('http://127.0.0.1:9/three').catch(() => 0);</script>""");
        using var page = BrowserPage.Open(PageProbe.Chromium(), file, 100, 100);
        page.Evaluate("new Promise(r => setTimeout(r, 300))");
        foreach (string word in new[] { "one", "two", "three" })
        {
            page.Complaints.ShouldContain(c => c.Contains(word, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Page_is_one_file_without_addresses_and_names_cannot_break_out_of_it()
    {
        Replay replay = Record("CartPole-v1", 1) with { Environment = "</script><b>&", Source = "</script><script>alert(1)</script>{{style}}" };
        string text = ReplayPage.Compose(replay);
        text.ShouldNotContain("<b>");
        text.ShouldNotContain("alert(1)</script>");
        text.ShouldNotContain("src=");
        text.ShouldNotContain("THREE=");
        JsonNode record = JsonNode.Parse(text.Split("type=\"application/json\">")[1].Split("</script>")[0])!;
        ((string)record["source"]!).ShouldBe(replay.Source);
        ReplayPage.Compose(Record("Hopper-v4", 1)).ShouldContain("Permission is hereby granted");
    }

    [Fact]
    public void File_that_cannot_be_written_is_refused() =>
        Should.Throw<ReplayException>(() => ReplayPage.Write(Record("CartPole-v1", 1), folder.Path)).Message.ShouldContain("cannot be written");

    [Theory]
    [InlineData(10, 0.02, 7)]
    [InlineData(3, 0.2, 19)]
    [InlineData(0, 0.2, 1)]
    public void Video_shows_thirty_positions_a_second_and_the_end(int steps, double stepSeconds, int count)
    {
        double[] positions = [.. ReplayVideo.Positions(steps, stepSeconds)];
        positions.Length.ShouldBe(count);
        positions[0].ShouldBe(0);
        positions[^1].ShouldBe(steps);
        positions.ShouldBe(positions.Order());
    }

    [Fact]
    public void Video_is_a_film_that_changes()
    {
        string page = folder.Below("page.html"), film = folder.Below("film.mp4");
        Replay replay = Record("CartPole-v1", 1);
        ReplayPage.Write(replay, page);
        ReplayVideo.Write(page, film);
        byte[] bytes = File.ReadAllBytes(film);
        System.Text.Encoding.ASCII.GetString(bytes, 4, 4).ShouldBe("ftyp");
        bytes.Length.ShouldBeGreaterThan(2000);
        Should.Throw<ReplayException>(() => ReplayVideo.Write(page, folder.Below("missing", "film.mp4"))).Message.ShouldContain("ffmpeg cannot write");
    }

    private static Replay Record(string id, int episodes)
    {
        EnvironmentCatalogue catalogue = new();
        ClassicControl.Register(catalogue);
        MujocoTasks.Register(catalogue);
        using IEnvironment environment = new TimeLimit(catalogue.Make(id), 60);
        return ReplayRecorder.Play(environment, "test", RandomStream.FromSeed(2), episodes, (_, action, random) => environment.ActionSpace.Sample(random, action));
    }
}
