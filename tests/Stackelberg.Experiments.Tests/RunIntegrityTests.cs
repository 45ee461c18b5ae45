using System.Text.Json.Nodes;
using Stackelberg.Experiments.Checkpoints;
using Stackelberg.Experiments.Runs;
using Stackelberg.Experiments.Tests.Fakes;

namespace Stackelberg.Experiments.Tests;

/// <summary>What is in a run's folder is what the run put there, or it is not used.</summary>
public sealed class RunIntegrityTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Tables => ["progress.csv", "episodes.csv", "evaluations.csv", "hypergradient.csv"];

    [Theory]
    [MemberData(nameof(Tables))]
    public void A_cell_that_was_altered_is_refused_by_file_and_row(string table)
    {
        RunResult stopped = FakeRuns.TrainUntil(folder.Path, 700);
        string file = Path.Combine(stopped.Directory, table);
        string[] lines = File.ReadAllLines(file);
        lines[3] = "8" + lines[3];
        File.WriteAllLines(file, lines);
        Dictionary<string, string> before = FakeRuns.Tables(stopped.Directory);

        FakeRuns.Refusal(FakeRuns.Plan(folder.Path)).ShouldContain($"'{file}' was altered: row 3 (line 4)");

        FakeRuns.Tables(stopped.Directory).ShouldBe(before);
        Directory.GetFiles(stopped.Directory, "*.tmp").ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void A_table_that_was_cut_or_torn_is_refused_by_file_and_row(string table)
    {
        RunResult stopped = FakeRuns.TrainUntil(folder.Path, 700);
        string file = Path.Combine(stopped.Directory, table);
        string[] lines = File.ReadAllLines(file);

        File.WriteAllLines(file, lines[..2]);
        FakeRuns.Refusal(FakeRuns.Plan(folder.Path)).ShouldContain($"'{file}' has 1 rows");
        File.WriteAllLines(file, [.. lines[..2], lines[2][..lines[2].LastIndexOf(',')], .. lines[3..]]);
        FakeRuns.Refusal(FakeRuns.Plan(folder.Path)).ShouldContain($"'{file}' was altered: row 2 (line 3)");
        File.Delete(file);
        FakeRuns.Refusal(FakeRuns.Plan(folder.Path)).ShouldContain($"'{file}' is missing");
        Directory.GetFiles(stopped.Directory, "*.tmp").ShouldBeEmpty();

        File.WriteAllLines(file, lines);
        FakeRuns.Train(FakeRuns.Plan(folder.Path), RunMode.Resume).Status.ShouldBe(RunStatus.Finished);
    }

    [Fact]
    public void A_checkpoint_whose_name_denies_its_step_is_passed_over_and_named()
    {
        RunResult whole = FakeRuns.Train(FakeRuns.Plan(folder.Below("whole")));
        RunResult stopped = FakeRuns.TrainUntil(folder.Below("stopped"), 500);
        string newest = RunDirectory.Read(stopped.Directory).Checkpoints[^1];
        string liar = Path.Combine(Path.GetDirectoryName(newest)!, "step-000000999999");
        Copy(newest, liar);
        Copy(newest, newest + "-copy");

        RunResult resumed = FakeRuns.Train(FakeRuns.Plan(folder.Below("stopped")), RunMode.Resume);

        resumed.CheckpointHash.ShouldBe(whole.CheckpointHash);
        FakeRuns.Tables(resumed.Directory).ShouldBe(FakeRuns.Tables(whole.Directory));
        resumed.Notices.ShouldContain(n => n.Contains($"'{liar}' is of step"));
        resumed.Notices.ShouldContain(n => n.Contains($"'{newest}-copy' is no checkpoint"));
        // neither has taken the place of one that counts
        Checkpoint.Open(Path.Combine(Path.GetDirectoryName(newest)!, "step-000000001000")).Info.Hash.ShouldBe(whole.CheckpointHash);
    }

    [Fact]
    public void Who_plays_an_unfinished_run_is_told_what_its_newest_checkpoint_is_called_now()
    {
        RunResult stopped = FakeRuns.TrainUntil(folder.Path, 700);
        string[] checkpoints = [.. RunDirectory.Read(stopped.Directory).Checkpoints];
        string early = Path.Combine(Path.GetDirectoryName(checkpoints[^1])!, "step-000000000000"), backup = checkpoints[^2] + ".bak";
        CheckpointEvaluator.Strangers(stopped.Directory).ShouldBeEmpty();
        Directory.Move(checkpoints[^1], early);
        Directory.Move(checkpoints[^2], backup);

        string[] strangers = [.. CheckpointEvaluator.Strangers(stopped.Directory)];

        strangers.ShouldBe([$"The checkpoint '{early}' is of step {stopped.Steps}, which its name denies.", $"The folder '{backup}' is no checkpoint: those are called step- and the step in 12 digits."]);
    }

    [Fact]
    public void A_checkpoint_of_another_seed_is_passed_over_and_named()
    {
        RunResult whole = FakeRuns.Train(FakeRuns.Plan(folder.Below("whole")));
        RunResult stopped = FakeRuns.TrainUntil(folder.Below("stopped"), 500);
        RunResult other = FakeRuns.TrainUntil(folder.Below("other"), 500, seed: 8);
        string newest = RunDirectory.Read(stopped.Directory).Checkpoints[^1];
        Directory.Delete(newest, recursive: true);
        Copy(RunDirectory.Read(other.Directory).Checkpoints[^1], newest);

        RunResult resumed = FakeRuns.Train(FakeRuns.Plan(folder.Below("stopped")), RunMode.Resume);

        resumed.Notices.ShouldContain(n => n.Contains("with seed 8, not of random-search on NoisyWalk with seed 7"));
        resumed.CheckpointHash.ShouldBe(whole.CheckpointHash);
        FakeRuns.Tables(resumed.Directory).ShouldBe(FakeRuns.Tables(whole.Directory));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Checkpoints_that_are_gone_stop_a_run_unless_it_may_start_over(bool manifestKnows)
    {
        RunResult whole = FakeRuns.Train(FakeRuns.Plan(folder.Below("whole")));
        RunResult stopped = FakeRuns.TrainUntil(folder.Below("stopped"), 500);
        Directory.Delete(Path.Combine(stopped.Directory, "checkpoints"), recursive: true);
        if (manifestKnows)
        {
            File.Delete(Path.Combine(stopped.Directory, TimingRecord.FileName));
        }
        else
        {
            Change(Path.Combine(stopped.Directory, RunManifest.FileName), manifest => manifest.Remove("checkpointed"));
        }

        FakeRuns.Refusal(FakeRuns.Plan(folder.Below("stopped"))).ShouldContain("had checkpoints, and none is left");
        RunResult again = TrainingSession.Run([FakeRuns.Plan(folder.Below("stopped"))], new SessionOptions { Mode = RunMode.Resume, FromScratch = true })[0];

        again.Notices.ShouldContain(n => n.Contains("begins at step 0"));
        again.CheckpointHash.ShouldBe(whole.CheckpointHash);
        FakeRuns.Tables(again.Directory).ShouldBe(FakeRuns.Tables(whole.Directory));
    }

    [Fact]
    public void A_run_interrupted_before_its_first_step_begins_anew_without_being_asked()
    {
        RunPlan plan = FakeRuns.Plan(folder.Path);
        using CancellationTokenSource source = new();
        RunPlan early = plan with
        {
            MakeAlgorithm = context =>
            {
                source.Cancel();
                return plan.MakeAlgorithm(context);
            },
        };
        FakeRuns.Train(early, RunMode.New, source.Token).Status.ShouldBe(RunStatus.Interrupted);
        File.Exists(Path.Combine(plan.Directory, TimingRecord.FileName)).ShouldBeTrue();

        FakeRuns.Train(plan, RunMode.Resume).Status.ShouldBe(RunStatus.Finished);
    }

    [Fact]
    public void A_run_killed_before_its_first_checkpoint_begins_anew_without_being_asked()
    {
        RunPlan plan = FakeRuns.Plan(folder.Path, beforeIteration: _ => throw new IOException("pulled"));
        FakeRuns.Train(plan).Status.ShouldBe(RunStatus.Failed);

        FakeRuns.Train(FakeRuns.Plan(folder.Path), RunMode.Resume).Status.ShouldBe(RunStatus.Finished);
    }

    [Fact]
    public void Every_altered_byte_of_a_result_is_noticed()
    {
        RunResult finished = FakeRuns.Train(FakeRuns.Plan(folder.Path));
        string file = Path.Combine(finished.Directory, ResultRecord.FileName);
        byte[] sound = File.ReadAllBytes(file);
        int refused = 0;
        for (int i = 0; i < sound.Length; i++)
        {
            byte[] damaged = [.. sound];
            damaged[i] ^= 1;
            if (char.IsWhiteSpace((char)sound[i]))
            {
                continue;
            }

            File.WriteAllBytes(file, damaged);
            try
            {
                // another last digit of a number may read as the same number
                Json.Write(ResultRecord.Read(finished.Directory)).ShouldBe(sound, $"byte {i}");
            }
            catch (RunException e)
            {
                e.Message.ShouldContain(file);
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(sound.Count(b => !char.IsWhiteSpace((char)b)) - 20);
        File.Delete(file);
        FakeRuns.Train(FakeRuns.Plan(folder.Path), RunMode.Resume).Status.ShouldBe(RunStatus.Finished);
        File.ReadAllBytes(file).ShouldBe(sound);
    }

    [Theory]
    [InlineData("{\"steps\":1500,\"iterations\":15,\"episodes\":3,\"checkpoint\":\"step-000000001500\",\"checkpoint_hash\":\"x\"}", "final_evaluation")]
    [InlineData("{}", "steps")]
    [InlineData("null", "form")]
    [InlineData("", "form")]
    [InlineData("{\"steps\": \"many\"}", "steps")]
    [InlineData("{\"steps\": 1, \"steps\": 2}", "steps")]
    [InlineData("{\"\\ud800\": 1}", "form")]
    [InlineData("{\"steps\":1,\"iterations\":1,\"episodes\":0,\"final_evaluation\":{\"mean\":1,\"standard_deviation\":0,\"episodes\":1,\"returns\":[],\"lengths\":[]},\"checkpoint\":\"s\",\"checkpoint_hash\":\"x\"}", "altered")]
    public void A_result_that_is_none_is_named_and_costs_no_other_seed(string text, string word)
    {
        RunPlan[] plans = [FakeRuns.Plan(folder.Path, 1), FakeRuns.Plan(folder.Path, 2)];
        FakeRuns.TrainUntil(folder.Path, 500, seed: 1);
        FakeRuns.TrainUntil(folder.Path, 500, seed: 2);
        string file = Path.Combine(plans[0].Directory, ResultRecord.FileName);
        File.WriteAllText(file, text);

        RunSearch search = RunDirectory.Search(folder.Path);
        IReadOnlyList<RunResult> results = TrainingSession.Run(plans, new SessionOptions { Mode = RunMode.Resume });

        search.Runs.Select(r => r.Seed).ShouldBe([2ul]);
        search.Faults.ShouldHaveSingleItem().Message.ShouldContain(file);
        results[0].Failure!.Message.ShouldContain(word);
        results[0].Failure!.Message.ShouldNotContain("Stackelberg.Experiments.");
        results[0].Failure!.Message.ShouldNotContain("LineNumber");
        results[1].Status.ShouldBe(RunStatus.Finished);
    }

    [Fact]
    public void A_sound_result_of_another_run_is_refused()
    {
        RunResult own = FakeRuns.Train(FakeRuns.Plan(folder.Path, 1));
        RunResult other = FakeRuns.Train(FakeRuns.Plan(folder.Path, 2));
        File.Copy(Path.Combine(other.Directory, ResultRecord.FileName), Path.Combine(own.Directory, ResultRecord.FileName), overwrite: true);

        FakeRuns.Refusal(FakeRuns.Plan(folder.Path, 1)).ShouldContain("is of another run, random-search on NoisyWalk, seed 2; this one is random-search on NoisyWalk, seed 1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1, 2")]
    public void Times_that_cannot_be_read_are_a_note(string text)
    {
        RunResult stopped = FakeRuns.TrainUntil(folder.Path, 500);
        File.WriteAllText(Path.Combine(stopped.Directory, TimingRecord.FileName), text);

        RunResult resumed = FakeRuns.Train(FakeRuns.Plan(folder.Path), RunMode.Resume);

        resumed.Status.ShouldBe(RunStatus.Finished);
        resumed.Notices.ShouldContain(n => n.Contains(TimingRecord.FileName) && n.Contains("counted from now on"));
    }

    [Fact]
    public void What_was_changed_in_the_configuration_is_named()
    {
        var old = new Dictionary<string, string> { ["gamma"] = "0.99", ["width"] = "64" };
        RunPlan plan = FakeRuns.Plan(folder.Path) with { Settings = old };
        using (var source = new CancellationTokenSource())
        {
            source.Cancel();
            TrainingSession.Run([plan], new SessionOptions(), null, source.Token);
        }

        File.WriteAllText(Path.Combine(plan.Directory, "config.yml"), "gamma: 0.5\n");
        RunPlan changed = plan with { Settings = new Dictionary<string, string> { ["gamma"] = "0.5", ["depth"] = "2" } };

        FakeRuns.Train(changed, RunMode.Resume).Notices.ShouldContain(
            "config.yml was changed since the run was trained last: gamma was 0.99, is 0.5; depth is new, 2; width is gone, was 64");
        // the change is known from now on
        File.Delete(Path.Combine(plan.Directory, ResultRecord.FileName));
        FakeRuns.Train(changed, RunMode.Resume).Notices.ShouldBeEmpty();
    }

    [Fact]
    public void A_finished_run_plays_the_checkpoint_that_its_result_names()
    {
        RunPlan plan = FakeRuns.Plan(folder.Path);
        FakeRuns.Train(plan);
        string[] checkpoints = [.. RunDirectory.Read(plan.Directory).Checkpoints];
        string later = Path.Combine(Path.GetDirectoryName(checkpoints[^1])!, "step-000000999999");
        Copy(checkpoints[0], later);

        CheckpointEvaluator.Resolve(plan.Directory).ShouldBe(checkpoints[^1]);

        Directory.Delete(checkpoints[^1], recursive: true);
        Should.Throw<CheckpointException>(() => CheckpointEvaluator.Resolve(plan.Directory)).Message.ShouldContain("which is missing");

        RunResult other = FakeRuns.Train(FakeRuns.Plan(folder.Below("other"), 8));
        Copy(RunDirectory.Read(other.Directory).Checkpoints[^1], checkpoints[^1]);
        Should.Throw<CheckpointException>(() => CheckpointEvaluator.Evaluate(plan.Directory, plan, 0, 1, Agents.PolicyMode.Greedy))
            .Message.ShouldContain("is not the one that the run ended with");
    }

    [Fact]
    public void Runs_that_several_links_lead_to_count_once()
    {
        FakeRuns.Train(FakeRuns.Plan(folder.Path, 1));
        string algorithm = Path.GetDirectoryName(FakeRuns.Plan(folder.Path, 1).Directory)!;
        Directory.CreateSymbolicLink(Path.Combine(algorithm, "around"), folder.Path);
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "again"), Path.Combine(algorithm, "around"));
        Directory.CreateSymbolicLink(Path.Combine(algorithm, "seed-2"), Path.Combine(algorithm, "seed-1"));
        Directory.CreateSymbolicLink(Path.Combine(algorithm, "nowhere"), Path.Combine(algorithm, "absent"));

        RunDirectory.Find(folder.Path).Count.ShouldBe(1);
        RunDirectory.Find(Path.Combine(folder.Path, "again")).Count.ShouldBe(1);
    }

    [Fact]
    public void A_finished_run_needs_no_lock()
    {
        RunPlan plan = FakeRuns.Plan(folder.Path);
        RunResult finished = FakeRuns.Train(plan);
        // what cannot be opened for writing, even by root
        File.Delete(Path.Combine(plan.Directory, RunLock.FileName));
        Directory.CreateDirectory(Path.Combine(plan.Directory, RunLock.FileName));

        RunResult again = FakeRuns.Train(plan, RunMode.Resume);

        (again.WasFinished, again.CheckpointHash).ShouldBe((true, finished.CheckpointHash));
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    private static void Change(string file, Action<JsonObject> change)
    {
        JsonObject root = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        change(root);
        File.WriteAllText(file, root.ToJsonString());
    }
}
