using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Environments;
using Stackelberg.Experiments.Runs;
using Stackelberg.Experiments.Tests.Fakes;
using Stackelberg.MuJoCo;

namespace Stackelberg.Experiments.Tests;

public sealed class TrainingSessionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_finished_run_reports_its_steps_evaluation_and_hash()
    {
        RunPlan plan = FakeRuns.Plan(folder.Path);
        RunResult result = FakeRuns.Train(plan);

        result.Failure.ShouldBeNull();
        result.Status.ShouldBe(RunStatus.Finished);
        result.Steps.ShouldBe(1000);
        result.Iterations.ShouldBe(77); // 76 of 13 steps and one of 12
        result.FinalEvaluation!.Episodes.ShouldBe(3);
        result.CheckpointHash!.Length.ShouldBe(64);
        Directory.Exists(Path.Combine(plan.Directory, "checkpoints", "step-000000001000")).ShouldBeTrue();
        Directory.GetFiles(Path.Combine(plan.Directory, "checkpoints", "step-000000001000")).Select(Path.GetFileName).Order().ShouldBe(
            ["actor.safetensors", "buffer.rewards.bin", "state.json"]);
    }

    [Theory]
    [InlineData(1)] // before the first checkpoint
    [InlineData(150)] // just before one is due
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(970)] // one iteration before the end
    public void Interrupting_and_resuming_gives_the_bytes_of_an_uninterrupted_run(long steps)
    {
        RunResult whole = FakeRuns.Train(FakeRuns.Plan(folder.Below("whole")));

        RunResult first = FakeRuns.TrainUntil(folder.Below("parts"), steps);
        first.Status.ShouldBe(RunStatus.Interrupted);
        first.Steps.ShouldBeLessThan(1000);
        RunResult second = FakeRuns.Train(FakeRuns.Plan(folder.Below("parts")), RunMode.Resume);

        second.Status.ShouldBe(RunStatus.Finished);
        second.CheckpointHash.ShouldBe(whole.CheckpointHash);
        second.FinalEvaluation!.Returns.ShouldBe(whole.FinalEvaluation!.Returns);
        FakeRuns.Tables(second.Directory).ShouldBe(FakeRuns.Tables(whole.Directory));
        File.ReadAllText(Path.Combine(second.Directory, "result.json")).ShouldBe(File.ReadAllText(Path.Combine(whole.Directory, "result.json")));
    }

    [Fact]
    public void Work_lost_after_the_last_checkpoint_is_redone_to_the_same_bytes()
    {
        RunResult whole = FakeRuns.Train(FakeRuns.Plan(folder.Below("whole")));

        FakeRuns.TrainUntil(folder.Below("parts"), 700);
        RunPlan plan = FakeRuns.Plan(folder.Below("parts"));

        // as if the process had been killed: the checkpoint of the interruption is gone, the tables run ahead of the newest one
        string newest = RunDirectory.Read(plan.Directory).Checkpoints[^1];
        Directory.Delete(newest, recursive: true);
        File.AppendAllText(Path.Combine(plan.Directory, "progress.csv"), "half a li");
        RunResult second = FakeRuns.Train(plan, RunMode.Resume);

        second.CheckpointHash.ShouldBe(whole.CheckpointHash);
        FakeRuns.Tables(second.Directory).ShouldBe(FakeRuns.Tables(whole.Directory));
    }

    [Fact]
    public void Training_further_equals_training_long_at_once()
    {
        // 520 is a whole number of iterations: a run that ends inside one has cut it short
        RunResult whole = FakeRuns.Train(FakeRuns.Plan(folder.Below("whole")));
        TrainingOptions shorter = FakeRuns.Options with { TotalTimesteps = 520 };
        RunResult first = FakeRuns.Train(FakeRuns.Plan(folder.Below("parts"), options: shorter));
        first.Status.ShouldBe(RunStatus.Finished);

        RunResult second = FakeRuns.Train(FakeRuns.Plan(folder.Below("parts")), RunMode.Resume);

        second.Steps.ShouldBe(1000);
        second.CheckpointHash.ShouldBe(whole.CheckpointHash);
        FakeRuns.Tables(second.Directory).ShouldBe(FakeRuns.Tables(whole.Directory));
    }

    [Fact]
    public void Resuming_a_finished_run_does_nothing_and_says_so()
    {
        RunPlan plan = FakeRuns.Plan(folder.Path);
        RunResult first = FakeRuns.Train(plan);
        RunResult second = FakeRuns.Train(plan with { MakeAlgorithm = _ => throw new InvalidOperationException("trained again") }, RunMode.Resume);

        second.WasFinished.ShouldBeTrue();
        second.Status.ShouldBe(RunStatus.Finished);
        second.Seed.ShouldBe(7ul);
        second.CheckpointHash.ShouldBe(first.CheckpointHash);
        second.FinalEvaluation!.Returns.ShouldBe(first.FinalEvaluation!.Returns);
        second.Times.EvaluationSeconds.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Seeds_give_the_same_bits_alone_in_parallel_and_with_surplus_threads()
    {
        ulong[] seeds = [0, 1, 2, 3, 4];
        string?[] Hashes(string name, int threads) => [.. TrainingSession.Run(
            [.. seeds.Select(s => FakeRuns.Plan(folder.Below(name), s))], new SessionOptions { Threads = threads }).Select(r => r.CheckpointHash)];

        string?[] serial = Hashes("serial", 1);
        serial.Distinct().Count().ShouldBe(5);
        Hashes("two", 2).ShouldBe(serial);
        Hashes("many", 11).ShouldBe(serial);
        FakeRuns.Train(FakeRuns.Plan(folder.Below("alone"), 3)).CheckpointHash.ShouldBe(serial[3]);
    }

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(2, 2, 1)]
    [InlineData(8, 3, 2)]
    public void Threads_beyond_the_seeds_are_handed_to_the_learners(int threads, int seeds, int expected)
    {
        var given = new System.Collections.Concurrent.ConcurrentBag<int>();
        RunPlan[] plans = [.. Enumerable.Range(0, seeds).Select(s => FakeRuns.Plan(folder.Path, (ulong)s) with
        {
            MakeAlgorithm = context =>
            {
                given.Add(context.Threads);
                return new RandomSearch(context);
            },
        })];
        TrainingSession.Run(plans, new SessionOptions { Threads = threads });

        given.ShouldBe(Enumerable.Repeat(expected, seeds));
    }

    [Fact]
    public void A_folder_with_a_run_is_refused_with_the_ways_out_and_nothing_is_trained()
    {
        RunPlan taken = FakeRuns.Plan(folder.Path, 1);
        RunResult first = FakeRuns.Train(taken);

        RunException error = Should.Throw<RunException>(() => TrainingSession.Run([FakeRuns.Plan(folder.Path, 0), taken], new SessionOptions()));

        error.Message.ShouldContain(taken.Directory);
        error.Message.ShouldContain("stackelberg resume");
        error.Message.ShouldContain("--out");
        error.Message.ShouldContain("--overwrite");
        Directory.Exists(FakeRuns.Plan(folder.Path, 0).Directory).ShouldBeFalse();
        RunDirectory.Read(taken.Directory).Result!.CheckpointHash.ShouldBe(first.CheckpointHash);
    }

    [Fact]
    public void Overwriting_replaces_the_run()
    {
        RunPlan plan = FakeRuns.Plan(folder.Path);
        FakeRuns.Train(plan);
        File.WriteAllText(Path.Combine(plan.Directory, "old.txt"), "");

        RunResult second = FakeRuns.Train(plan with { Options = FakeRuns.Options with { TotalTimesteps = 100 } }, RunMode.Overwrite);

        second.Steps.ShouldBe(100);
        File.Exists(Path.Combine(plan.Directory, "old.txt")).ShouldBeFalse();
        RunDirectory.Read(plan.Directory).Checkpoints.Count.ShouldBe(1);
        Directory.GetDirectories(Path.GetDirectoryName(plan.Directory)!).ShouldBe([plan.Directory]);
    }

    [Fact]
    public void A_run_that_is_being_written_stops_the_command_before_it_replaces_or_makes_any_other()
    {
        RunPlan[] plans = [.. Enumerable.Range(0, 3).Select(seed => FakeRuns.Plan(folder.Path, (ulong)seed))];
        string? kept = FakeRuns.Train(plans[0]).CheckpointHash;
        FakeRuns.Train(plans[2]);
        using (RunLock.Take(plans[2].Directory))
        {
            Should.Throw<RunException>(() => TrainingSession.Run(plans, new SessionOptions { Mode = RunMode.Overwrite })).Message.ShouldContain("being written");
        }

        RunDirectory.Read(plans[0].Directory).Result!.CheckpointHash.ShouldBe(kept);
        Directory.GetFileSystemEntries(Path.GetDirectoryName(plans[0].Directory)!).Order(StringComparer.Ordinal)
            .ShouldBe([plans[0].Directory, plans[2].Directory]);
    }

    [Fact]
    public void Overwriting_spares_a_folder_that_holds_no_run()
    {
        RunPlan plan = FakeRuns.Plan(folder.Path);
        Directory.CreateDirectory(plan.Directory);
        string precious = Path.Combine(plan.Directory, "thesis.tex");
        File.WriteAllText(precious, "words");

        Should.Throw<RunException>(() => FakeRuns.Train(plan, RunMode.Overwrite)).Message.ShouldContain("no run");
        File.ReadAllText(precious).ShouldBe("words");
    }

    [Fact]
    public void The_same_seed_twice_is_refused() =>
        Should.Throw<RunException>(() => TrainingSession.Run([FakeRuns.Plan(folder.Path), FakeRuns.Plan(folder.Path)], new SessionOptions()))
            .Message.ShouldContain("each seed once");

    [Fact]
    public void Resuming_what_is_no_run_is_refused() =>
        FakeRuns.Refusal(FakeRuns.Plan(folder.Path)).ShouldContain("holds no run");

    [Fact]
    public void A_path_that_cannot_be_a_folder_is_refused()
    {
        File.WriteAllText(folder.Below("file"), "");
        Should.Throw<RunException>(() => FakeRuns.Train(FakeRuns.Plan(folder.Below("file")))).Message.ShouldContain("--out");
    }

    [Fact]
    public void A_numerical_fault_fails_its_seed_with_a_report_and_leaves_the_others()
    {
        RunPlan bad = FakeRuns.Plan(folder.Path, 1, null, a => Throw(a, 500, new NumericalException("critic/loss is NaN.")));
        IReadOnlyList<RunResult> results = TrainingSession.Run([FakeRuns.Plan(folder.Path, 0), bad, FakeRuns.Plan(folder.Path, 2)], new SessionOptions { Threads = 1 });

        results.Select(r => r.Status).ShouldBe([RunStatus.Finished, RunStatus.Failed, RunStatus.Finished]);
        RunFailure failure = results[1].Failure!;
        failure.Kind.ShouldBe(RunFailureKind.Numerical);
        failure.Steps.ShouldBe(507);
        failure.Iteration.ShouldBe(40);
        string report = File.ReadAllText(failure.Report!);
        report.ShouldContain("critic/loss is NaN.");
        report.ShouldContain("\"actor/norm\"");
        report.ShouldContain("step-000000000455");
        RunDirectory.Read(bad.Directory).Result.ShouldBeNull();
    }

    [Fact]
    public void Faults_are_told_apart_by_their_origin()
    {
        RunFailureKind Kind(ulong seed, Exception fault) => FakeRuns.Train(FakeRuns.Plan(folder.Path, seed, null, a => Throw(a, 0, fault))).Failure!.Kind;

        Kind(0, new EnvironmentException("a reward is NaN")).ShouldBe(RunFailureKind.Environment);
        Kind(1, new IOException("no space left")).ShouldBe(RunFailureKind.Storage);
        Kind(2, new InvalidOperationException("a bug")).ShouldBe(RunFailureKind.Unexpected);
        Kind(3, new SolverException("it broke")).ShouldBe(RunFailureKind.Plugin);
    }

    [Fact]
    public void What_a_learner_of_a_plugin_throws_is_the_plugins_unless_it_has_a_kind_of_its_own()
    {
        RunFailure Fail(ulong seed, Exception fault) => FakeRuns.Train(
            FakeRuns.Plan(folder.Path, seed, null, a => Throw(a, 300, fault)) with { AlgorithmPlugin = "my.dll" }).Failure!;

        RunFailure failure = Fail(0, new InvalidOperationException("a bug"));
        failure.Kind.ShouldBe(RunFailureKind.Plugin);
        failure.Message.ShouldBe("'random-search' of the plug-in 'my.dll' failed in Iterate: a bug");
        File.ReadAllText(failure.Report!).ShouldContain("at Stackelberg.");
        Fail(1, new IOException("no table")).Kind.ShouldBe(RunFailureKind.Plugin);
        Fail(2, new NumericalException("a loss is NaN")).Kind.ShouldBe(RunFailureKind.Numerical);
        Fail(3, EnvironmentException.NotFinite("Walk-v0", "the reward", double.NaN, 3)).Kind.ShouldBe(RunFailureKind.Environment);
        Fail(4, new EnvironmentException("thrown by no environment")).Kind.ShouldBe(RunFailureKind.Plugin);
        RunDirectory.Read(FakeRuns.Plan(folder.Path, 3).Directory).Checkpoints.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_disk_that_fails_under_a_plugins_learner_is_not_the_plugins_fault()
    {
        RunPlan plan = FakeRuns.Plan(folder.Path, 1) with { AlgorithmPlugin = "my.dll" };
        RunPlan bad = plan with { MakeAlgorithm = context => new RandomSearch(context, a => RemoveAt(a, 100, plan.Directory)) };

        FakeRuns.Train(bad).Failure!.Kind.ShouldBe(RunFailureKind.Storage);

        static void RemoveAt(RandomSearch algorithm, long steps, string directory)
        {
            if (algorithm.Steps >= steps && Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    [Fact]
    public void A_learner_of_a_plugin_learns_the_same_bits_as_one_of_this_library()
    {
        RunResult own = FakeRuns.Train(FakeRuns.Plan(folder.Below("own")));
        RunResult foreign = FakeRuns.Train(FakeRuns.Plan(folder.Below("foreign")) with { AlgorithmPlugin = "my.dll" });

        foreign.CheckpointHash.ShouldBe(own.CheckpointHash);
        FakeRuns.Tables(foreign.Directory).ShouldBe(FakeRuns.Tables(own.Directory));
    }

    [Fact]
    public void A_fatal_error_of_the_physics_engine_costs_its_seed_alone_and_the_run_can_go_on()
    {
        RunResult whole = FakeRuns.Train(FakeRuns.Plan(folder.Below("whole"), 1));
        RunPlan bad = FakeRuns.Plan(folder.Path, 1, null, a => ParkAt(a, 500));
        IReadOnlyList<RunResult> results = TrainingSession.Run([bad, FakeRuns.Plan(folder.Path, 2)], new SessionOptions { Threads = 1 });

        results[0].Failure!.Kind.ShouldBe(RunFailureKind.Environment);
        results[0].Failure!.Message.ShouldContain("stack overflow");
        results[1].Status.ShouldBe(RunStatus.Finished);
        RunResult resumed = FakeRuns.Train(FakeRuns.Plan(folder.Path, 1), RunMode.Resume);
        resumed.CheckpointHash.ShouldBe(whole.CheckpointHash);
        FakeRuns.Tables(resumed.Directory).ShouldBe(FakeRuns.Tables(whole.Directory));

        // what the engine's error handler does
        static void ParkAt(RandomSearch algorithm, long steps)
        {
            if (algorithm.Steps >= steps)
            {
                PhysicsThread.Park("stack overflow");
            }
        }
    }

    [Fact]
    public void A_run_whose_folder_disappears_fails_and_the_others_go_on()
    {
        RunPlan bad = FakeRuns.Plan(folder.Path, 1);
        bad = FakeRuns.Plan(folder.Path, 1, null, a => RemoveAt(a, 100, bad.Directory));
        IReadOnlyList<RunResult> results = TrainingSession.Run([bad, FakeRuns.Plan(folder.Path, 2)], new SessionOptions { Threads = 1 });

        results[0].Failure!.Kind.ShouldBe(RunFailureKind.Storage);
        results[1].Status.ShouldBe(RunStatus.Finished);

        static void RemoveAt(RandomSearch algorithm, long steps, string directory)
        {
            if (algorithm.Steps >= steps && Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    [Fact]
    public void Observers_hear_of_each_run_in_order_and_a_failing_one_is_reported()
    {
        var observer = new Recorder();
        TrainingSession.Run([FakeRuns.Plan(folder.Path, 1)], new SessionOptions(), observer);

        observer.Events[0].ShouldBe("started 0");
        observer.Events[^1].ShouldBe("ended Finished");
        observer.Events.ShouldContain("saved 156");
        observer.Events.ShouldContain("evaluated 208");
        observer.Events.IndexOf("saved 910").ShouldBeGreaterThan(observer.Events.IndexOf("evaluated 806"));

        observer.Fails = true;
        Should.Throw<InvalidOperationException>(() => TrainingSession.Run([FakeRuns.Plan(folder.Path, 2)], new SessionOptions(), observer))
            .Message.ShouldContain("observer");
    }

    [Fact]
    public void A_failed_run_can_be_resumed_once_the_fault_is_gone()
    {
        RunResult whole = FakeRuns.Train(FakeRuns.Plan(folder.Below("whole")));
        RunPlan bad = FakeRuns.Plan(folder.Below("parts"), beforeIteration: a => Throw(a, 500, new IOException("no space left")));
        FakeRuns.Train(bad).Status.ShouldBe(RunStatus.Failed);

        RunResult second = FakeRuns.Train(FakeRuns.Plan(folder.Below("parts")), RunMode.Resume);

        second.CheckpointHash.ShouldBe(whole.CheckpointHash);
        File.Exists(Path.Combine(bad.Directory, "failure.json")).ShouldBeFalse();
    }

    [Fact]
    public void A_damaged_checkpoint_is_passed_over_with_a_notice()
    {
        RunResult whole = FakeRuns.Train(FakeRuns.Plan(folder.Below("whole")));
        RunResult first = FakeRuns.TrainUntil(folder.Below("parts"), 700);
        string newest = RunDirectory.Read(first.Directory).Checkpoints[^1];
        string victim = Path.Combine(newest, "actor.safetensors");
        byte[] bytes = File.ReadAllBytes(victim);
        bytes[^1] ^= 1;
        File.WriteAllBytes(victim, bytes);

        RunResult second = FakeRuns.Train(FakeRuns.Plan(folder.Below("parts")), RunMode.Resume);

        second.Notices.Count.ShouldBe(1);
        second.Notices[0].ShouldContain(victim);
        second.Notices[0].ShouldContain("step-000000000611");
        second.CheckpointHash.ShouldBe(whole.CheckpointHash);
    }

    [Fact]
    public void A_checkpoint_of_another_learner_is_refused()
    {
        FakeRuns.TrainUntil(folder.Path, 300);
        RunPlan other = FakeRuns.Plan(folder.Path) with { Algorithm = "ac" };
        FakeRuns.Refusal(other).ShouldContain("random-search");
    }

    [Fact]
    public void The_newest_checkpoints_and_the_best_one_stay()
    {
        TrainingOptions options = FakeRuns.Options with { EvaluateEvery = 100, CheckpointEvery = 100, KeepCheckpoints = 2 };
        RunPlan plan = FakeRuns.Plan(folder.Path, options: options);
        FakeRuns.Train(plan);

        string[][] rows = [.. File.ReadLines(Path.Combine(plan.Directory, "evaluations.csv")).Skip(1).Select(l => l.Split(','))];
        string best = rows.MaxBy(r => double.Parse(r[3]))![0].PadLeft(12, '0');
        string[] kept = [.. RunDirectory.Read(plan.Directory).Checkpoints.Select(p => Path.GetFileName(p)["step-".Length..])];
        string[] newest = [.. rows.TakeLast(2).Select(r => r[0].PadLeft(12, '0'))];
        kept.ShouldBe([.. newest.Append(best).Distinct().Order()]);
        kept.Length.ShouldBe(3, "the seed is chosen so that the best is not among the newest");
    }

    [Fact]
    public void The_best_evaluation_is_remembered_over_interruptions()
    {
        TrainingOptions options = FakeRuns.Options with { EvaluateEvery = 100, CheckpointEvery = 100 };
        RunResult whole = FakeRuns.Train(FakeRuns.Plan(folder.Below("whole"), options: options));
        for (int steps = 150; steps < 900; steps += 150)
        {
            RunMode mode = steps == 150 ? RunMode.New : RunMode.Resume;
            FakeRuns.TrainUntil(folder.Below("parts"), steps, mode, options: options).Status.ShouldBe(RunStatus.Interrupted);
        }

        FakeRuns.Train(FakeRuns.Plan(folder.Below("parts"), options: options), RunMode.Resume).CheckpointHash.ShouldBe(whole.CheckpointHash);
    }

    [Fact]
    public void Intervals_change_nothing_that_is_learnt()
    {
        RunPlan often = FakeRuns.Plan(folder.Below("often"));
        RunPlan never = FakeRuns.Plan(folder.Below("never"), options: new TrainingOptions { TotalTimesteps = 1000 });
        FakeRuns.Train(often);
        FakeRuns.Train(never);

        string Weights(RunPlan plan) => Convert.ToHexString(File.ReadAllBytes(Path.Combine(plan.Directory, "checkpoints", "step-000000001000", "actor.safetensors")));
        Weights(never).ShouldBe(Weights(often));
    }

    private static void Throw(RandomSearch algorithm, long steps, Exception fault)
    {
        if (algorithm.Steps >= steps)
        {
            throw fault;
        }
    }

    private sealed class Recorder : IRunObserver
    {
        public List<string> Events { get; } = [];

        public bool Fails { get; set; }

        public void Started(RunPlan plan, long steps) => Events.Add($"started {steps}");

        public void Evaluated(RunPlan plan, long steps, EvaluationResult evaluation) => Events.Add($"evaluated {steps}");

        public void Saved(RunPlan plan, CheckpointInfo checkpoint) => Events.Add($"saved {checkpoint.Step}");

        public void Ended(RunPlan plan, RunResult result)
        {
            Events.Add($"ended {result.Status}");
            if (Fails)
            {
                throw new InvalidOperationException("no terminal");
            }
        }
    }
}
