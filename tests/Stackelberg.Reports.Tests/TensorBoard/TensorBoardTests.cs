using System.Text.Json;
using Stackelberg.Reports.Tests.Support;

namespace Stackelberg.Reports.Tests.TensorBoard;

/// <summary>The flag <c>--tensorboard</c>, by the command itself.</summary>
public sealed class TensorBoardTests : IDisposable
{
    private const string Small = "--eval-episodes 2 --quiet --set steps_per_iteration=200 actor.hidden=8 critic.hidden=8 critic.updates=2";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Training_writes_what_its_tables_say_under_the_names_of_the_page()
    {
        Train("runs", "--algo stac --env CartPole-v1 --total-timesteps 600 --tensorboard", " eval_every=200");
        string run = folder["runs", "CartPole-v1", "stac", "seed-0"];

        ShownEvents shown = new(Path.Combine(run, "tensorboard"));

        shown.Files.ShouldHaveSingleItem().ShouldMatch(@"^events\.out\.tfevents\.\d{10}\.stackelberg$");
        shown.Starts.ShouldBeEmpty();
        shown.IsFinished.ShouldBeTrue();
        Cells(run, "episodes", "return").ShouldBe(shown.Curves["charts/episodic_return"].Select(Single));
        Cells(run, "episodes", "length").ShouldBe(shown.Curves["charts/episodic_length"].Select(Single));
        Cells(run, "progress", "actor/entropy_before").ShouldBe(shown.Curves["losses/entropy"].Select(Single));
        Cells(run, "progress", "critic/loss_before").ShouldBe(shown.Curves["critic/loss_before"].Select(Single));
        Cells(run, "progress", "episode_return").ShouldBe(shown.Curves["progress/episode_return"].Select(Single));
        Cells(run, "evaluations", "return_mean").ShouldBe(shown.Curves["eval/return_mean"].Select(Single));
        Cells(run, "hypergradient", "relative_residual").ShouldBe(shown.Curves["hypergradient/relative_residual"].Select(Single));
        shown.Curves["charts/SPS"].ShouldNotBeEmpty();
        shown.Curves.Values.ShouldAllBe(curve => curve.Select(p => p.Step).SequenceEqual(curve.Select(p => p.Step).Distinct().Order()));
        shown.Text("hyperparameters/text_summary").ShouldContain("|steps_per_iteration|200|");
    }

    [Fact]
    public void The_flag_changes_no_bit_of_a_run()
    {
        // from one place each, since config.yml names it
        Train("same", "--algo stac --env CartPole-v1 --total-timesteps 600 --tensorboard", "");
        Directory.Move(folder["same"], folder["with"]);
        Train("same", "--algo stac --env CartPole-v1 --total-timesteps 600", "");
        Directory.Move(folder["same"], folder["without"]);

        Content("with").ShouldBe(Content("without"));
        Directory.Exists(folder["without", "CartPole-v1", "stac", "seed-0", "tensorboard"]).ShouldBeFalse();
    }

    [Fact]
    public void After_a_kill_each_step_shows_once_with_the_values_of_an_undisturbed_run()
    {
        string arguments = $"--algo ac --env Mortal-v0 --plugin {MortalEnvironments.Plugin} --total-timesteps 2000 --tensorboard";
        const string Intervals = " eval_every=200 checkpoint_every=1000";
        Train("whole", arguments, Intervals);
        Train("killed", arguments, Intervals, exitCode: 137, lastStep: "1450");
        string events = folder["killed", "Mortal-v0", "ac", "seed-0", "tensorboard"];
        ShownEvents torn = new(events);
        Programs.Stackelberg(folder.Path, "resume killed --tensorboard --quiet");

        ShownEvents whole = new(folder["whole", "Mortal-v0", "ac", "seed-0", "tensorboard"]), shown = new(events);

        torn.Curves["charts/episodic_return"][^1].Step.ShouldBeInRange(1200, 1450);
        torn.IsFinished.ShouldBeFalse();
        shown.Files.Length.ShouldBe(2);
        shown.Starts.ShouldBe([1001]);
        shown.Comparable().ShouldBe(whole.Comparable(), ignoreOrder: true);
        shown.IsFinished.ShouldBeTrue();
    }

    [Fact]
    public void A_run_that_is_trained_further_shows_the_curves_of_a_longer_one()
    {
        Train("long", "--algo stac --env CartPole-v1 --total-timesteps 800 --tensorboard", " eval_every=200");
        Train("short", "--algo stac --env CartPole-v1 --total-timesteps 400 --tensorboard", " eval_every=200");
        Programs.Stackelberg(folder.Path, "resume short --total-timesteps 800 --tensorboard --quiet");

        ShownEvents shown = new(folder["short", "CartPole-v1", "stac", "seed-0", "tensorboard"]);

        shown.Starts.ShouldBe([401]);
        shown.Comparable().ShouldBe(new ShownEvents(folder["long", "CartPole-v1", "stac", "seed-0", "tensorboard"]).Comparable(), ignoreOrder: true);
    }

    [Fact]
    public void Hyper_parameters_that_only_the_second_run_has_are_shown_too()
    {
        // no option of the environment is a key of the first one's
        Train("runs", "--algo ac --env CartPole-v1 --total-timesteps 200 --tensorboard", "");
        Train("runs", "--algo stac --env Acrobot-v1 --total-timesteps 200 --tensorboard", "");
        ShownEvents[] runs = [new(folder["runs", "CartPole-v1", "ac", "seed-0", "tensorboard"]), new(folder["runs", "Acrobot-v1", "stac", "seed-0", "tensorboard"])];

        Dictionary<string, JsonElement> first = runs[0].HyperParameters, second = runs[1].HyperParameters;

        // TensorBoard gathers the columns from all runs unless a record of the experiment lists them
        runs.ShouldAllBe(r => !r.Tags.Contains("_hparams_/experiment"));
        second.Keys.Except(first.Keys).ShouldNotBeEmpty();
        first["algo"].GetString().ShouldBe("ac");
        second["algo"].GetString().ShouldBe("stac");
        first["seed"].GetDouble().ShouldBe(0);
        first["actor.learning_rate"].GetDouble().ShouldBe(0.003);
        first["hypergradient.guard"].GetBoolean().ShouldBeTrue();
        first["hypergradient.bound"].GetString().ShouldBe("infinity");
    }

    [Fact]
    public void Events_that_cannot_be_written_are_a_note()
    {
        Train("runs", "--algo ac --env CartPole-v1 --total-timesteps 400", "");
        string run = folder["runs", "CartPole-v1", "ac", "seed-0"];
        File.WriteAllText(Path.Combine(run, "tensorboard"), "in the way");

        string said = Programs.Stackelberg(folder.Path, "resume runs --total-timesteps 600 --tensorboard --quiet");

        said.Split("note: Events for TensorBoard cannot be written").Length.ShouldBe(2);
        File.Exists(Path.Combine(run, "result.json")).ShouldBeTrue();
    }

    [Fact]
    public void A_full_disk_ends_the_events_and_not_the_run()
    {
        const string Train = "train --algo ac --env CartPole-v1 --total-timesteps 6000 --eval-episodes 1 --quiet --set steps_per_iteration=2000 actor.hidden=4 critic.hidden=4 critic.updates=1";
        // A limit on the size of files stands for a full disk. The runtime needs a file of its own unless its code may be written in place.
        string said = Programs.Shell(folder.Path, $"export DOTNET_EnableWriteXorExecute=0; trap '' XFSZ; ulimit -f 16; $S {Train} --out full --tensorboard");
        Programs.Shell(folder.Path, $"$S {Train} --out roomy");

        said.ShouldContain("note: Events for TensorBoard cannot be written");
        string[] hashes = [.. new[] { "full", "roomy" }.Select(f => File.ReadAllText(folder[f, "CartPole-v1", "ac", "seed-0", "result.json"]))];
        hashes[0].ShouldBe(hashes[1]);
        // what was written before stays readable
        new ShownEvents(folder["full", "CartPole-v1", "ac", "seed-0", "tensorboard"]).Curves["charts/episodic_return"].ShouldNotBeEmpty();
    }

    [Fact]
    public void Commands_of_the_page_work()
    {
        string[] commands = [.. File.ReadLines(Path.Combine(Programs.Repository, "docs", "tensorboard.md")).Where(l => l.StartsWith("./stackelberg ", StringComparison.Ordinal))];
        commands.Length.ShouldBe(2);
        Array.ForEach(commands, command => Programs.Stackelberg(folder.Path, command["./stackelberg ".Length..] + " --quiet"));
        new ShownEvents(folder["runs", "CartPole-v1", "stac", "seed-0", "tensorboard"]).Starts.ShouldBe([2001]);
    }

    private void Train(string name, string arguments, string settings, int exitCode = 0, string lastStep = "") => Programs.Stackelberg(
        folder.Path, $"train {arguments} --out {name} {Small}{settings}", exitCode, (MortalEnvironments.Variable, lastStep));

    private Dictionary<string, string> Content(string name)
    {
        string run = folder[name, "CartPole-v1", "stac", "seed-0"];
        return Directory.GetFiles(run, "*", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) is not ("manifest.json" or "timing.json") && !f.Contains("tfevents", StringComparison.Ordinal))
            .ToDictionary(f => Path.GetRelativePath(run, f), f => Convert.ToHexString(File.ReadAllBytes(f)));
    }

    private static IEnumerable<float> Cells(string run, string table, string column)
    {
        string[][] rows = [.. File.ReadLines(Path.Combine(run, table + ".csv")).Select(l => l.Split(','))];
        return [.. rows[1..].Select(r => float.Parse(r[Array.IndexOf(rows[0], column)]))];
    }

    private static float Single((long Step, string Value) point) => float.Parse(point.Value);
}
