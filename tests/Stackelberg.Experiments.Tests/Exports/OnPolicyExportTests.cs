using System.Text.Json;
using Stackelberg.Agents;
using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Bilevel;
using Stackelberg.Environments;
using Stackelberg.Experiments.Exports;
using Stackelberg.Experiments.Tests.Fakes;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Experiments.Tests.Exports;

/// <summary>Exports of short on-policy runs, recomputed from their files alone by plain loops and differences.</summary>
public sealed class OnPolicyExportTests : IDisposable
{
    /// <summary>Methods, settings and environments that differ in what the derivative is made of.</summary>
    private static readonly Dictionary<string, (string Id, string Environment, Func<object, object> Change)> Cases = new()
    {
        ["blpo-cg"] = ("blpo-cg", "CartPole-v1", static o => o),
        ["blpo with all normalisers"] = ("blpo-cg", "Pendulum-v1", static o => (PpoOptions)o with
        {
            NormaliseObservations = true,
            NormaliseRewards = true,
            NormaliseAdvantages = true,
            EntropyCoefficient = 0.01,
            // through normalised advantages, whose mean is 0, nothing of the critic is left where all ratios are 1
            Response = new()
            {
                Form = ResponseForm.PerStep,
                Reduction = ResponseReduction.Sum,
                Sign = ResponseSign.Derived,
                Clip = double.PositiveInfinity,
                CriticObjective = CriticObjective.MeanValue,
            },
            Leading = new() { Leader = LeaderRole.Actor, Hypergradient = new() { Solver = "exact", Damping = 0.5, Sign = ImplicitSign.Plus, Guard = false } },
        }),
        ["blpo by mean values"] = ("blpo", "CartPole-v1", static o => (PpoOptions)o with
        {
            TimeLimit = TimeLimit.Terminal,
            Critic = ((PpoOptions)o).Critic with { Features = CriticFeatures.Fixed },
            Response = new() { CriticObjective = CriticObjective.MeanValue },
            Leading = new() { Leader = LeaderRole.Actor, Hypergradient = new() { Solver = "cholesky", Damping = 0.1, Bound = 0.3, Guard = false } },
        }),
        ["blpo at the old point"] = ("blpo-cg", "CartPole-v1", static o => (PpoOptions)o with { UpdateOrder = UpdateOrder.Simultaneous }),
        ["blpo with its critic leading"] = ("blpo-cg", "Pendulum-v1", static o => (PpoOptions)o with
        {
            ValueCoefficient = 0.5,
            Leading = new() { Leader = LeaderRole.Critic, Hypergradient = new() { Solver = "exact", Damping = 1, Guard = false } },
        }),
        ["stac"] = ("stac", "CartPole-v1", static o => o),
        ["stac, continuous"] = ("stac", "Pendulum-v1", static o => o),
        ["stac in paper form"] = ("stac", "CartPole-v1", static o => (AcOptions)o with { Form = ActorCriticForm.Paper }),
        ["stac in Q form"] = ("stac", "CartPole-v1", static o => (AcOptions)o with { Form = ActorCriticForm.PaperQ }),
        ["stac with its critic leading"] = ("stac", "CartPole-v1", static o => Led((AcOptions)o, Curvature.GaussNewton)),
        ["stac in Q form with its critic leading"] = ("stac", "Pendulum-v1", static o => Led((AcOptions)o with { Form = ActorCriticForm.PaperQ })),
    };

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Names => [.. Cases.Keys];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Batch_and_derivative_are_recomputed_from_the_files_number_by_number(string name)
    {
        ExportedGradient export = Export(name);
        var again = new ExportedRollout(export);

        // the batch
        string collecting = export.Networks.ContainsKey("collecting_critic") ? "collecting_critic" : "critic";
        Error(export.Batch["log_probabilities"].Values, again.LogProbabilities()).ShouldBeLessThan(1e-13);
        Error(export.Batch["values"].Values, again.Values(collecting)).ShouldBeLessThan(1e-13);
        if (again.IsPpo)
        {
            double[] values = again.Values(collecting);
            Error(export.Batch["targets"].Values, [.. again.Estimates(values, again.EndValues(collecting)).Zip(values, (a, v) => a + v)]).ShouldBeLessThan(1e-12);
        }
        else
        {
            Error(export.Batch["end_values"].Values, again.EndValues()).ShouldBeLessThan(1e-13);
            Error(export.Batch["targets"].Values, again.RewardsToGo()).ShouldBeLessThan(1e-12);
        }

        if (export.Batch.TryGetValue("advantages", out (int[], double[] Values) advantages))
        {
            Error(advantages.Values, again.Advantages()).ShouldBeLessThan(1e-11);
        }

        // the derivative
        (double[] direct, double[] rightHandSide) = again.FirstDerivatives();
        Error(export.Result("direct"), direct).ShouldBeLessThan(1e-6);
        Error(export.Result("right_hand_side"), rightHandSide).ShouldBeLessThan(1e-6);
        double[] x = export.Result("solution"), b = export.Result("right_hand_side");
        Error(export.Result("implicit"), again.Implicit(x)).ShouldBeLessThan(2e-4);
        Norm(x).ShouldBeGreaterThan(0);
        JsonElement result = export.Text("result");
        double residual = Norm([.. again.Applied(x).Zip(b, (h, v) => h - v)]) / Norm(b);
        residual.ShouldBe(result.GetProperty("relative_residual").GetDouble(), 1e-4 * (1 + residual));
        double scale = result.GetProperty("scale").GetDouble();
        Error(export.Result("total"), [.. export.Result("direct").Zip(export.Result("implicit"), (d, m) => d - (scale * m))]).ShouldBeLessThan(1e-14);
    }

    [Theory]
    [InlineData("blpo-cg", "after-followers-steps", "observations actions rewards log_probabilities values advantages targets end_observations", "actor collecting_critic critic")]
    [InlineData("blpo at the old point", "before-any-step", "observations actions rewards log_probabilities values advantages targets end_observations", "actor critic")]
    [InlineData("blpo by mean values", "after-followers-steps", "observations actions rewards log_probabilities values advantages targets end_observations", "actor collecting_critic critic critic_features")]
    [InlineData("stac", "before-any-step", "observations actions rewards log_probabilities values advantages targets end_observations end_values", "actor critic")]
    [InlineData("stac in Q form", "before-any-step", "observations actions rewards log_probabilities values targets end_observations end_actions end_values", "actor critic")]
    public void Files_have_the_promised_arrays_and_say_at_which_point_they_were_taken(string name, string point, string arrays, string networks)
    {
        ExportedGradient export = Export(name);

        export.Text("point").GetString().ShouldBe(point);
        export.Networks.Keys.Order().ShouldBe(networks.Split(' '));
        export.Batch.Keys.Order().ShouldBe([.. arrays.Split(' ').Concat(["starts", "lengths", "terminated", "truncated", "goes_on"]).Order()]);
        int rows = export.Rows, trajectories = export.Batch["starts"].Shape[0];
        rows.ShouldBe(name.StartsWith("stac", StringComparison.Ordinal) ? 120 : 60);
        export.Batch["observations"].Shape.ShouldBe([rows, 4]);
        export.Batch["actions"].Shape.ShouldBe([rows, 1]);
        export.Batch["end_observations"].Shape.ShouldBe([trajectories, 4]);
        trajectories.ShouldBeGreaterThan(1);

        // trajectories cover the batch one after the other; the last one is cut or ends by itself
        double[] starts = export.Batch["starts"].Values, lengths = export.Batch["lengths"].Values;
        starts[0].ShouldBe(0);
        starts.Skip(1).ShouldBe(starts.Zip(lengths, (s, l) => s + l).SkipLast(1));
        (starts[^1] + lengths[^1]).ShouldBe(rows);
        export.Batch["terminated"].Values.SkipLast(1).ShouldAllBe(t => t == 1);
        export.Batch["goes_on"].Values.ShouldBe(export.Batch["terminated"].Values.Select(t => 1 - t));
        for (int k = 0; k < trajectories; k++)
        {
            export.Row("end_observations", k).Any(v => v != 0).ShouldBe(export.Batch["goes_on"].Values[k] == 1);
        }
    }

    [Theory]
    [InlineData(TimeLimit.Bootstrap, 1)]
    [InlineData(TimeLimit.Terminal, 0)]
    public void A_truncated_trajectory_goes_on_unless_it_counts_as_terminated(TimeLimit limit, double goesOn)
    {
        // an episode of Pendulum lasts 200 steps: that of each rollout ends after 200 of its 240
        ExportedGradient export = Export(("stac", "Pendulum-v1", o => (AcOptions)o with { StepsPerIteration = 240, TimeLimit = limit }), "limit");
        export.Batch["lengths"].Values.ShouldBe([200, 40]);
        export.Batch["truncated"].Values.ShouldBe([1, 0]);
        export.Batch["terminated"].Values.ShouldBe([0, 0]);
        export.Batch["goes_on"].Values.ShouldBe([goesOn, 1]);
        (export.Batch["end_values"].Values[0] != 0).ShouldBe(goesOn == 1);
    }

    [Fact]
    public void Normalisers_come_with_their_statistics()
    {
        ExportedGradient export = Export("blpo with all normalisers");
        JsonElement observations = export.Text("observation_normaliser");
        observations.GetProperty("mean").GetArrayLength().ShouldBe(3);
        observations.GetProperty("variance").EnumerateArray().ShouldAllBe(v => v.GetDouble() > 0);
        // every step of the run and of the rollout, and the last observations of episodes
        observations.GetProperty("count").GetDouble().ShouldBeGreaterThan(export.Text("step").GetDouble());
        export.Text("reward_normaliser").GetProperty("variance").GetDouble().ShouldBeGreaterThan(0);
        export.Text("advantage_scale").GetDouble().ShouldBeGreaterThan(0);
        export.Text("parameter_order").GetString()!.ShouldEndWith("log_std behind the layers");
    }

    [Theory]
    [InlineData("blpo-cg")]
    [InlineData("blpo with all normalisers")]
    [InlineData("stac")]
    public void The_next_update_of_a_learner_of_double_precision_descends_what_is_exported(string name)
    {
        (string id, string environment, Func<object, object> change) = Cases[name];
        // one copy and one epoch: the update's last minibatch is its first; an exact solver is none that rounding moves
        object Single(object o) => change(o) switch
        {
            PpoOptions p => p with { Precision = Precision.Double, Environments = 1, Epochs = 1, Leading = Exactly(p.Leading) },
            AcOptions a => a with { Precision = Precision.Double, Leading = Exactly(a.Leading) },
            var other => other,
        };
        RunPlan plan = Plan("next", id, environment, Single);
        using IAlgorithm run = plan.MakeAlgorithm(Context()), copy = plan.MakeAlgorithm(Context());
        var sink = new NoSink();
        for (int i = 0; i < 3; i++)
        {
            run.Iterate(10_000, sink);
        }

        MemoryState.Of(run).Restore(copy);
        LeaderGradientSnapshot snapshot = ((ILeaderSnapshots)copy).TakeSnapshot();
        run.Iterate(10_000, sink);

        snapshot.Steps.ShouldBe(run.Steps);
        Player<double> actor = ((Learner<double>)run).Players.Single(p => p.Name == "actor");
        double[] total = snapshot.Results.Single(r => r.Name == "total").Values;
        Error(total, Flatten(actor.Layout, actor.Gradient)).ShouldBeLessThan(1e-9);

        AlgorithmContext Context() => new(plan.MakeEnvironment(), RandomStream.FromSeed(3), 100_000, 1) { MakeEnvironment = plan.MakeEnvironment };
    }

    [Theory]
    [InlineData("blpo with all normalisers")]
    [InlineData("stac in Q form")]
    public void Exporting_twice_gives_the_same_bytes_and_leaves_the_run_as_it_was(string name)
    {
        (string id, string environment, Func<object, object> change) = Cases[name];
        RunPlan plan = Plan("run", id, environment, change);
        FakeRuns.Train(plan).Failure.ShouldBeNull();
        Dictionary<string, byte[]> before = Content(plan.Directory);
        RunPlan wide = Plan("run", id, environment, o => LeaderGradientSnapshot.InDouble(change(o)));
        HypergradientExport.Run(plan.Directory, wide, folder.Below("a"), overwrite: false);
        HypergradientExport.Run(plan.Directory, wide, folder.Below("b"), overwrite: false);

        Same(Content(folder.Below("a")), Content(folder.Below("b")));
        Same(Content(plan.Directory), before);
    }

    [Fact]
    public void A_clip_range_that_has_come_to_0_is_refused_and_an_earlier_one_is_exported_as_it_was_in_force()
    {
        static object Linear(object o) => (PpoOptions)o with { ClipSchedule = ClipSchedule.Linear };
        RunPlan plan = Plan("clip", "blpo-cg", "CartPole-v1", Linear) with { Options = new TrainingOptions { TotalTimesteps = 600, EvaluationEpisodes = 1, CheckpointEvery = 240 } };
        FakeRuns.Train(plan).Failure.ShouldBeNull();
        RunPlan wide = plan with { MakeAlgorithm = Plan("clip", "blpo-cg", "CartPole-v1", o => LeaderGradientSnapshot.InDouble(Linear(o))).MakeAlgorithm };
        RunException refusal = Should.Throw<RunException>(() => HypergradientExport.Run(plan.Directory, wide, folder.Below("out"), overwrite: false));
        refusal.Message.ShouldContain("clip_schedule=linear");
        refusal.Message.ShouldContain("checkpoint from before");
        Directory.Exists(folder.Below("out")).ShouldBeFalse();

        string earlier = Path.Combine(plan.Directory, "checkpoints", "step-000000000240");
        var export = new ExportedGradient(HypergradientExport.Run(earlier, wide, folder.Below("out"), overwrite: false).Folder);
        export.Text("clip").GetDouble().ShouldBe(0.2 * (1 - (240.0 / 600)), 1e-15);
    }

    [Fact]
    public void Learners_without_an_implicit_leader_take_no_snapshot()
    {
        foreach ((string id, Func<object, object> change) in ((string, Func<object, object>)[])
        [
            ("ppo", static o => o),
            ("ac", static o => o),
            ("blpo", static o => (PpoOptions)o with { Leading = new() { Leader = LeaderRole.Actor, Hypergradient = new() { Method = HypergradientMethod.Unrolled } } }),
        ])
        {
            RunPlan plan = Plan(id, id, "CartPole-v1", change);
            using IAlgorithm learner = plan.MakeAlgorithm(new AlgorithmContext(plan.MakeEnvironment(), RandomStream.FromSeed(3), 1000, 1) { MakeEnvironment = plan.MakeEnvironment });
            Should.Throw<InvalidOperationException>(() => ((ILeaderSnapshots)learner).TakeSnapshot()).Message.ShouldContain("leader=actor");
        }
    }

    private static AcOptions Led(AcOptions options, Curvature curvature = Curvature.Hessian) => options with
    {
        Leading = new() { Leader = LeaderRole.Critic, Hypergradient = new() { Curvature = curvature, Solver = "exact", Damping = 1, Guard = false } },
    };

    private static LeaderOptions Exactly(LeaderOptions leading) => leading with
    {
        Hypergradient = leading.Hypergradient with { Solver = "exact", Damping = 5, Guard = false },
    };

    private static double[] Flatten(ParameterLayout layout, FlatVector<double> vector)
    {
        var values = new List<double>();
        foreach (ParameterBlock block in layout.Blocks)
        {
            for (int column = 0; column < block.Columns; column++)
            {
                for (int row = 0; row < block.Rows; row++)
                {
                    values.Add(vector[block.Offset + (row * block.Stride) + column]);
                }
            }
        }

        return [.. values];
    }

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
        double norm = Norm(expected);
        return Norm([.. actual.Zip(expected, (a, e) => a - e)]) / (norm > 0 ? norm : 1);
    }

    private ExportedGradient Export(string name) => Export(Cases[name], name);

    private ExportedGradient Export((string Id, string Environment, Func<object, object> Change) of, string name)
    {
        FakeRuns.Train(Plan(name, of.Id, of.Environment, of.Change)).Failure.ShouldBeNull();
        RunPlan wide = Plan(name, of.Id, of.Environment, o => LeaderGradientSnapshot.InDouble(of.Change(o)));
        return new ExportedGradient(HypergradientExport.Run(wide.Directory, wide, folder.Below("export", name), overwrite: false).Folder);
    }

    private RunPlan Plan(string name, string id, string environment, Func<object, object> change)
    {
        var environments = new EnvironmentCatalogue();
        ClassicControl.Register(environments);
        AlgorithmDescriptor descriptor = AlgorithmCatalogue.BuiltIn.Find(id)!;
        object options = change(descriptor.CreateOptions() switch
        {
            PpoOptions p => p with
            {
                Environments = 2,
                RolloutSteps = 60,
                Epochs = 2,
                Actor = p.Actor with { Hidden = [6], Activation = Activation.Tanh },
                Critic = p.Critic with { Hidden = [5, 4], Activation = Activation.Tanh },
            },
            AcOptions a => a with
            {
                StepsPerIteration = 120,
                Actor = a.Actor with { Hidden = [6], Activation = Activation.Tanh },
                Critic = a.Critic with { Hidden = [5, 4], Activation = Activation.Tanh, Updates = 3 },
            },
            var other => other,
        });
        return FakeRuns.Plan(folder.Below(name)) with
        {
            Environment = environment,
            Algorithm = id,
            Directory = RunDirectory.PathFor(folder.Below(name), environment, id, 7),
            Options = new TrainingOptions { TotalTimesteps = 600, EvaluationEpisodes = 1 },
            MakeEnvironment = () => environments.Make(environment),
            MakeAlgorithm = context => descriptor.Create(context, options),
        };
    }

    private sealed class NoSink : ITrainingSink;
}
