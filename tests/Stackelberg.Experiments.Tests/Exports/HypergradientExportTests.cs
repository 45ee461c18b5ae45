using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Environments;
using Stackelberg.Experiments.Exports;
using Stackelberg.Experiments.Tests.Fakes;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Experiments.Tests.Exports;

/// <summary>Exports of short runs, read from their files alone.</summary>
public sealed class HypergradientExportTests : IDisposable
{
    private static readonly string[] Vectors = ["direct", "right_hand_side", "solution", "implicit", "total"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("st-ddpg", Precision.Single, "actor critic target_actor target_critic", "")]
    [InlineData("fsddpg", Precision.Single, "actor critic target_actor target_critic", "")]
    [InlineData("std3-cg", Precision.Single, "actor critic critic2 target_actor target_critic target_critic2", "noise")]
    [InlineData("st-sac", Precision.Single, "actor critic critic2 target_critic target_critic2", "epsilon next_epsilon")]
    [InlineData("st-sac", Precision.Double, "actor critic critic2 target_critic target_critic2", "epsilon next_epsilon")]
    public void Files_have_the_promised_arrays_and_both_first_derivatives_follow_from_them(string id, Precision precision, string networks, string noise)
    {
        (ExportedGradient export, _) = Export(id, o => o with { Precision = precision });

        export.Networks.Keys.Order().ShouldBe(networks.Split(' '));
        export.Networks["actor"][0].Shape.ShouldBe([6, 3]);
        export.Networks["critic"].Select(t => t.Shape.Length).ShouldBe([2, 1, 2, 1, 2, 1]);
        string[] names = ["observations", "actions", "rewards", "next_observations", "terminated", .. noise.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        export.Batch.Keys.Order().ShouldBe(names.Order());
        export.Batch["observations"].Shape.ShouldBe([20, 3]);
        export.Batch["actions"].Shape.ShouldBe([20, 1]);
        export.Batch["rewards"].Shape.ShouldBe([20]);
        export.Batch["terminated"].Shape.ShouldBe([20]);
        int leader = export.Flatten("leader_networks").Length, follower = export.Flatten("follower_networks").Length;
        Vectors.Select(v => export.Results[v].Shape[0]).ShouldBe([leader, follower, follower, leader, leader]);

        // written out number by number, from the files alone
        Error(export.Result("targets"), [.. Enumerable.Range(0, export.Rows).Select(export.Target)]).ShouldBeLessThan(1e-12);
        Error(export.Result("direct"), export.Differences("leader_networks", export.ActorLoss)).ShouldBeLessThan(1e-6);
        Error(export.Result("right_hand_side"), export.Differences("follower_networks", export.ActorLoss)).ShouldBeLessThan(1e-6);
        double scale = export.Text("result").GetProperty("scale").GetDouble();
        export.Result("total").ShouldBe([.. export.Result("direct").Zip(export.Result("implicit"), (d, m) => d - (scale * m))]);
        Norm(export.Result("implicit")).ShouldBe(export.Text("result").GetProperty("implicit_norm").GetDouble(), 1e-12 * Norm(export.Result("implicit")));
        Norm(export.Result("implicit")).ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(LeaderRole.Actor, Activation.Tanh)]
    [InlineData(LeaderRole.Actor, Activation.Relu)]
    [InlineData(LeaderRole.Critic, Activation.Tanh)]
    [InlineData(LeaderRole.Critic, Activation.Relu)]
    public void Every_vector_of_an_ST_DDPG_run_is_recomputed_from_the_files_by_double_backward(LeaderRole leader, Activation activation)
    {
        (ExportedGradient export, _) = Export("st-ddpg", o => o with
        {
            Leading = o.Leading with { Leader = leader },
            Actor = o.Actor with { Activation = activation },
            Critic = o.Critic with { Activation = activation },
        });

        Dictionary<string, double[]> again = new ExportedTape(export).Recompute();

        foreach (string name in Vectors)
        {
            Error(export.Result(name), again[name]).ShouldBeLessThan(1e-9, name);
        }
    }

    [Fact]
    public void Damping_in_force_and_a_bound_are_those_of_the_gradient()
    {
        (ExportedGradient export, HypergradientExportResult result) = Export("st-ddpg", o => Changed(o, new HypergradientOptions
        {
            Solver = "exact", Damping = 3, DampingSchedule = DampingKind.Exponential, DampingDecay = 1000, Bound = 0.25, Guard = false,
        }));
        double damping = export.Text("hypergradient").GetProperty("damping").GetDouble();
        damping.ShouldBe(3 * Math.Exp(-result.Snapshot.Steps / 1000.0), 1e-12);
        double scale = export.Text("result").GetProperty("scale").GetDouble();
        (scale * Norm(export.Result("implicit"))).ShouldBe(0.25 * Norm(export.Result("direct")), 1e-12);
        scale.ShouldBeLessThan(1);
    }

    [Fact]
    public void The_listings_sign_is_folded_into_the_implicit_term()
    {
        HypergradientOptions plus = new() { Solver = "exact", Damping = 1, Sign = ImplicitSign.Plus, Guard = false };
        (ExportedGradient above, _) = Export("st-ddpg", o => Changed(o, plus), train: "plus");
        (ExportedGradient below, _) = Export("st-ddpg", o => Changed(o, plus with { Sign = ImplicitSign.Minus }), train: null, run: "plus");
        above.Text("hypergradient").GetProperty("sign").GetString().ShouldBe("plus");
        above.Result("implicit").ShouldBe([.. below.Result("implicit").Select(v => -v)]);
        above.Result("direct").ShouldBe(below.Result("direct"));
    }

    [Fact]
    public void A_warm_started_solve_comes_with_its_start()
    {
        (ExportedGradient export, _) = Export("st-ddpg", o => Changed(o, new HypergradientOptions { WarmStart = true, Damping = 5, Guard = false }));
        export.Results["initial_solution"].Shape.ShouldBe(export.Results["solution"].Shape);
        Norm(export.Result("initial_solution")).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Exporting_twice_gives_the_same_bytes_and_leaves_the_run_as_it_was()
    {
        RunPlan plan = Plan("run", "st-sac", null);
        FakeRuns.Train(plan).Failure.ShouldBeNull();
        Dictionary<string, byte[]> before = Content(plan.Directory);
        RunPlan wide = Plan("run", "st-sac", o => o with { Precision = Precision.Double });
        HypergradientExport.Run(plan.Directory, wide, folder.Below("a"), overwrite: false);
        File.WriteAllText(folder.Below("a", "notes.txt"), "mine");
        HypergradientExport.Run(plan.Directory, wide, folder.Below("b"), overwrite: false);
        HypergradientExport.Run(plan.Directory, wide, folder.Below("a"), overwrite: true);

        File.ReadAllText(folder.Below("a", "notes.txt")).ShouldBe("mine");
        File.Delete(folder.Below("a", "notes.txt"));
        Same(Content(folder.Below("a")), Content(folder.Below("b")));
        Same(Content(plan.Directory), before);
    }

    [Fact]
    public void Files_of_an_earlier_export_do_not_outlive_their_replacement()
    {
        (_, HypergradientExportResult twins) = Export("std3-cg");
        File.Exists(Path.Combine(twins.Folder, "critic2.safetensors")).ShouldBeTrue();
        Should.Throw<RunException>(() => Export("st-ddpg", into: "std3-cg")).Message.ShouldContain("--overwrite");
        (ExportedGradient export, _) = Export("st-ddpg", into: "std3-cg", train: null, overwrite: true);
        export.Networks.Keys.Order().ShouldBe(["actor", "critic", "target_actor", "target_critic"]);
    }

    [Fact]
    public void A_damaged_checkpoint_is_refused_before_anything_is_written()
    {
        RunPlan plan = Plan("run", "st-ddpg", null);
        FakeRuns.Train(plan).Failure.ShouldBeNull();
        string tensors = Directory.GetFiles(CheckpointEvaluator.Resolve(plan.Directory), "actor*.safetensors")[0];
        File.WriteAllBytes(tensors, File.ReadAllBytes(tensors)[..^1]);
        Should.Throw<CheckpointException>(() => HypergradientExport.Run(plan.Directory, plan, folder.Below("out"), false)).Message.ShouldContain(tensors);
        Directory.Exists(folder.Below("out")).ShouldBeFalse();
    }

    private static OffPolicyOptions Changed(OffPolicyOptions options, HypergradientOptions hypergradient) =>
        options with { Leading = options.Leading with { Hypergradient = hypergradient } };

    private static Dictionary<string, byte[]> Content(string path) =>
        Directory.GetFiles(path, "*", SearchOption.AllDirectories).ToDictionary(p => Path.GetRelativePath(path, p), File.ReadAllBytes);

    private static void Same(Dictionary<string, byte[]> actual, Dictionary<string, byte[]> expected)
    {
        actual.Keys.Order().ShouldBe(expected.Keys.Order());
        foreach ((string name, byte[] content) in expected)
        {
            actual[name].AsSpan().SequenceEqual(content).ShouldBeTrue(name);
        }
    }

    private static double Norm(double[] v) => Math.Sqrt(v.Sum(x => x * x));

    private static double Error(double[] actual, double[] expected)
    {
        actual.Length.ShouldBe(expected.Length);
        return Norm([.. actual.Zip(expected, (a, e) => a - e)]) / Norm(expected);
    }

    /// <summary>Trains under <paramref name="train"/> (the id; null for a run that is there) and exports.</summary>
    private (ExportedGradient Export, HypergradientExportResult Result) Export(
        string id, Func<OffPolicyOptions, OffPolicyOptions>? change = null, string? into = null, string? train = "", string? run = null, bool overwrite = false)
    {
        run ??= string.IsNullOrEmpty(train) ? id : train;
        if (train is not null)
        {
            FakeRuns.Train(Plan(run, id, change)).Failure.ShouldBeNull();
        }

        RunPlan wide = Plan(run, id, o => (change?.Invoke(o) ?? o) with { Precision = Precision.Double });
        string target = into ?? (train is null ? run + "-again" : run);
        HypergradientExportResult result = HypergradientExport.Run(wide.Directory, wide, folder.Below("export", target), overwrite);
        return (new ExportedGradient(result.Folder), result);
    }

    private RunPlan Plan(string name, string id, Func<OffPolicyOptions, OffPolicyOptions>? change)
    {
        var environments = new EnvironmentCatalogue();
        ClassicControl.Register(environments);
        AlgorithmDescriptor descriptor = AlgorithmCatalogue.BuiltIn.Find(id)!;
        var network = new NetworkOptions { Hidden = [6, 5], Activation = Activation.Tanh, LearningRate = 1e-3 };
        OffPolicyOptions options = (OffPolicyOptions)descriptor.CreateOptions() with
        {
            Actor = network, Critic = network, BatchSize = 20, BufferSize = 500, LearningStarts = 100, UpdateAfter = 100,
        };
        options = change?.Invoke(options) ?? options;
        return FakeRuns.Plan(folder.Below(name)) with
        {
            Environment = "Pendulum-v1",
            Algorithm = id,
            Directory = RunDirectory.PathFor(folder.Below(name), "Pendulum-v1", id, 7),
            Options = new TrainingOptions { TotalTimesteps = 600, EvaluationEpisodes = 1 },
            MakeEnvironment = () => environments.Make("Pendulum-v1"),
            MakeAlgorithm = context => descriptor.Create(context, options),
        };
    }
}
