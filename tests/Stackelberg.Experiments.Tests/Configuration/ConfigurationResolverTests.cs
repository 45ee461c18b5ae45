using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Experiments.Configuration;
using static Stackelberg.Experiments.Tests.Configuration.FakeAlgorithm;

namespace Stackelberg.Experiments.Tests.Configuration;

public sealed class ConfigurationResolverTests : IDisposable
{
    private readonly List<string> files = [];

    public void Dispose() => files.ForEach(File.Delete);

    [Fact]
    public void Without_settings_the_defaults_of_the_record_and_of_runs_hold()
    {
        ResolvedConfiguration resolved = Resolve(null, null, ("algo", "fake"), ("env", "Other-v0"));

        resolved.Options.ShouldBe(new FakeOptions() with { Hidden = ((FakeOptions)resolved.Options).Hidden });
        ((FakeOptions)resolved.Options).Hidden.ShouldBe([64, 64]);
        resolved.Run.EvalEvery.ShouldBe(new RunSettings().EvalEvery);
        Origin(resolved, "gamma").ShouldBe("algorithm fake");
        Origin(resolved, "eval_every").ShouldBe("default");
        Origin(resolved, "algo").ShouldBe("--algo");
    }

    // Every neighbouring pair of layers: the later must win, and the value must carry its origin.
    [Theory]
    [InlineData(0, 0.99, "algorithm fake")]
    [InlineData(1, 0.9, "environment preset Toy-v0")]
    [InlineData(2, 0.95, "preset paper")]
    [InlineData(3, 0.6, ":3:8")]
    [InlineData(4, 0.7, "--set")]
    public void Later_layer_wins(int layers, double gamma, string origin)
    {
        string[] lines = ["algo: fake", "env: Toy-v0", "gamma: 0.6"];
        string? file = layers >= 3 ? Write(string.Join('\n', lines)) : null;
        List<(string, string)> flags = [("algo", "fake"), ("env", layers >= 1 ? "Toy-v0" : "Other-v0")];
        if (layers >= 2)
        {
            flags.Add(("preset", "paper"));
        }

        ResolvedConfiguration resolved = Resolve(file, layers >= 4 ? ["gamma=0.7"] : null, [.. flags]);

        ((FakeOptions)resolved.Options).Gamma.ShouldBe(gamma);
        Origin(resolved, "gamma").ShouldEndWith(origin);
    }

    [Fact]
    public void Flag_wins_over_set_and_set_over_file_for_run_keys()
    {
        string file = Write("algo: fake\nenv: Toy-v0\nseeds: [7]\ntotal_timesteps: 5\n");

        ResolvedConfiguration resolved = Resolve(file, ["seeds=8", "total_timesteps=1e3"], ("seeds", "0..2"));

        resolved.Run.Seeds.ShouldBe([0, 1, 2]);
        resolved.Run.TotalTimesteps.ShouldBe(1000);
        resolved.Run.EvalEvery.ShouldBe(7);
        Origin(resolved, "seeds").ShouldBe("--seeds");
    }

    [Fact]
    public void Preset_sets_run_keys_and_environment_specific_values_below_explicit_ones()
    {
        ResolvedConfiguration preset = Resolve(null, null, ("algo", "fake"), ("env", "Toy-v0"), ("preset", "paper"));
        ResolvedConfiguration flagged = Resolve(null, null, ("algo", "fake"), ("env", "Toy-v0"), ("preset", "paper"), ("total_timesteps", "10"));

        preset.Run.TotalTimesteps.ShouldBe(400_000);
        ((FakeOptions)preset.Options).Critic.ShouldBe(new FakeCritic { LearningRate = 0.25, Steps = 80 });
        Origin(preset, "critic.learning_rate").ShouldBe("preset paper (Toy-v0)");
        flagged.Run.TotalTimesteps.ShouldBe(10);
    }

    [Fact]
    public void Nested_groups_in_file_and_dotted_keys_mean_the_same()
    {
        string file = Write("algo: fake\nenv: Toy-v0\ncritic:\n  learning_rate: 3e-4\nhypergradient.solver: nystrom\nhypergradient:\n  damping: 1_000.5\n");

        FakeOptions options = (FakeOptions)Resolve(file).Options;

        options.Critic.LearningRate.ShouldBe(3e-4);
        options.Hypergradient.ShouldBe(new FakeHypergradient { Solver = "nystrom", Damping = 1000.5 });
    }

    [Fact]
    public void Resolving_twice_never_shares_nested_records()
    {
        Resolve(null, ["critic.steps=3"], ("algo", "fake"), ("env", "Toy-v0"));
        ((FakeOptions)Resolve(null, null, ("algo", "fake"), ("env", "Toy-v0")).Options).Critic.Steps.ShouldBe(10);
    }

    [Fact]
    public void Resolved_yaml_used_as_a_file_resolves_to_the_same_values()
    {
        ResolvedConfiguration first = Resolve(
            null, ["hidden=[32,16]", "bound=0.25", "form=paper-q", "guard=false", "out=a: b \"c\" #d", "hypergradient.solver=dense"],
            ("algo", "fake"), ("env", "Toy-v0"), ("preset", "paper"), ("seeds", "0..3,9"));

        ResolvedConfiguration second = Resolve(Write(first.ToYaml()));

        second.Values.Select(v => (v.Key, v.Text)).ShouldBe(first.Values.Select(v => (v.Key, v.Text)));
        second.Run.Out.ShouldBe("a: b \"c\" #d");
        second.ToYaml(origins: false).ShouldBe(first.ToYaml(origins: false));
        ((FakeOptions)second.Options).Form.ShouldBe(FakeForm.PaperQ);
    }

    [Fact]
    public void All_faults_are_reported_together_with_place_and_nearest_name()
    {
        string file = Write("algo: fake\nenv: Toy-v1\ngama: 0.9\ncritic:\n  learning_rate: fast\n  steps: 2.5\nguard: true\nguard: false\nhypergradient:\n  damping: -1\n  solver: nystrm\n");

        IReadOnlyList<ConfigurationError> errors = Faults(() => Resolve(file, ["learning_rate=1", "novalue", "gamma=1", "gamma=0.5"], ("seeds", "3..1")));

        Find(errors, "env").Next.ShouldContain("Toy-v0");
        Find(errors, "gama").Next.ShouldContain("'gamma'");
        Find(errors, "gama").Origin.ShouldBe(new SettingOrigin(SettingLayer.File, file, 3, 7));
        Find(errors, "critic.learning_rate").Allowed.ShouldBe("a number > 0");
        Find(errors, "critic.learning_rate").Origin.Line.ShouldBe(5);
        Find(errors, "critic.steps").Problem.ShouldContain("2.5");
        Find(errors, "guard").Problem.ShouldContain("twice");
        Find(errors, "guard").Origin.Line.ShouldBe(8);
        Find(errors, "hypergradient.damping").Allowed.ShouldBe("a number ≥ 0");
        Find(errors, "hypergradient.damping").Origin.ShouldBe(new SettingOrigin(SettingLayer.File, file, 10, 12));
        Find(errors, "hypergradient.solver").Next.ShouldContain("'nystrom'");
        Find(errors, "learning_rate").Next.ShouldContain("'critic.learning_rate'");
        Find(errors, "gamma").Problem.ShouldContain("twice");
        Find(errors, "seeds").Problem.ShouldContain("3..1");
        errors.ShouldContain(e => e.Problem.Contains("novalue", StringComparison.Ordinal));
        errors.Count.ShouldBe(11);
    }

    [Fact]
    public void Unknown_algorithm_names_the_nearest()
    {
        ConfigurationError error = Faults(() => Resolve(null, null, ("algo", "fkae"), ("env", "Toy-v0"))).ShouldHaveSingleItem();
        error.Problem.ShouldBe("unknown algorithm 'fkae'");
        error.Next.ShouldContain("'fake'");
    }

    [Fact]
    public void Missing_algorithm_and_environment_are_both_named() =>
        Faults(() => Resolve()).Select(e => e.Problem).ShouldBe(["no algorithm is given", "no environment is given"]);

    [Fact]
    public void Combination_that_the_algorithm_refuses_carries_the_origin_of_its_key()
    {
        ConfigurationError error = Faults(() => Resolve(null, ["guard=true", "hypergradient.solver=dense"], ("algo", "fake"), ("env", "Toy-v0"))).ShouldHaveSingleItem();
        error.ToString().ShouldStartWith("--set: 'guard': the guard needs an iterative solver\n  allowed: ");
    }

    [Fact]
    public void Unknown_preset_lists_those_that_exist()
    {
        ConfigurationError error = Faults(() => Resolve(null, null, ("algo", "fake"), ("env", "Toy-v0"), ("preset", "papre"))).ShouldHaveSingleItem();
        error.Allowed.ShouldBe("paper");
        error.Next.ShouldContain("'paper'");
    }

    [Fact]
    public void Seeds_given_twice_are_refused() =>
        Faults(() => Resolve(null, null, ("algo", "fake"), ("env", "Toy-v0"), ("seeds", "0..2,1"))).ShouldHaveSingleItem().Key.ShouldBe("seeds");

    [Fact]
    public void Fault_in_a_run_key_is_reported_once_although_presets_are_applied_between() =>
        Faults(() => Resolve(null, ["eval_every=-1"], ("algo", "fake"), ("env", "Toy-v0"))).ShouldHaveSingleItem().Allowed.ShouldBe("an integer ≥ 0");

    [Fact]
    public void Group_given_a_plain_value_lists_the_keys_of_the_group()
    {
        ConfigurationError error = Faults(() => Resolve(null, ["critic=1"], ("algo", "fake"), ("env", "Toy-v0"))).ShouldHaveSingleItem();
        error.Allowed.ShouldBe("critic.learning_rate, critic.steps");
    }

    [Fact]
    public void Keys_of_every_algorithm_in_the_catalogue_are_distinct_from_those_of_runs_and_its_presets_resolve()
    {
        foreach (AlgorithmDescriptor algorithm in AlgorithmCatalogue.BuiltIn.All)
        {
            ConfigurationResolver.Describe(algorithm, SolverCatalogue.BuiltIn).Select(o => o.Key).ShouldNotContain(k => ConfigurationResolver.RunKeys.Contains(k));
            foreach (string preset in algorithm.Presets.Keys.Append(""))
            {
                foreach (string environment in algorithm.EnvironmentPresets.Keys.Append(algorithm.IsMultiAgent ? "Escape-v0" : "Toy-v0"))
                {
                    ConfigurationResolver.Resolve(new ConfigurationRequest
                    {
                        Environments = _ =>
                        {
                            Environments.EnvironmentCatalogue catalogue = Catalogue();
                            if (!catalogue.Contains(environment))
                            {
                                catalogue.Add(new Environments.EnvironmentSpec(environment, 10, null), () => throw new NotSupportedException());
                            }

                            return catalogue;
                        },
                        Flags = [new("algo", algorithm.Id), new("env", environment), new("preset", preset)],
                    }).Algorithm.ShouldBe(algorithm);
                }
            }
        }
    }

    [Fact]
    public void Solvers_that_configuration_offers_are_those_that_exist() =>
        ConfigurationResolver.Describe(AlgorithmCatalogue.BuiltIn.Find("stac")!, SolverCatalogue.BuiltIn).Single(o => o.Key == "hypergradient.solver").Allowed
            .ShouldBe("one of " + string.Join(", ", SolverCatalogue.BuiltIn.All.Select(s => s.Name)));

    [Fact]
    public void A_solver_that_was_added_is_accepted_offered_and_handed_to_the_learner()
    {
        SolverCatalogue solvers = SolverCatalogue.WithAll();
        solvers.Add(SolverCatalogue.BuiltIn.Find("cg")! with { Name = "my-own" });
        ResolvedConfiguration Solve(string solver) => ConfigurationResolver.Resolve(new ConfigurationRequest
        {
            Environments = _ => Catalogue(),
            Solvers = _ => solvers,
            Flags = [new("algo", "stac"), new("env", "Toy-v0")],
            Assignments = [$"hypergradient.solver={solver}"],
        });

        ResolvedConfiguration resolved = Solve("my-own");
        ConfigurationError error = Faults(() => Solve("my-won")).ShouldHaveSingleItem();

        ((Agents.Algorithms.AcOptions)resolved.Options).Leading.Hypergradient.Solver.ShouldBe("my-own");
        resolved.Solvers.ShouldBeSameAs(solvers);
        error.Allowed.ShouldEndWith("exact, my-own");
        error.Next.ShouldContain("'my-own'");
        ConfigurationResolver.Describe(resolved.Algorithm, solvers).Single(o => o.Key == "hypergradient.solver").Allowed.ShouldEndWith("exact, my-own");
    }

    [Fact]
    public void A_plugin_that_cannot_be_loaded_is_one_fault_and_its_ids_are_none()
    {
        static TCatalogue Load<TCatalogue>(IReadOnlyList<string> plugins, TCatalogue builtIn) =>
            plugins.Count == 0 ? builtIn : throw new PluginException("the plug-in 'my.dll' is torn");
        ConfigurationError error = Faults(() => ConfigurationResolver.Resolve(new ConfigurationRequest
        {
            Environments = plugins => Load(plugins, Catalogue()),
            Algorithms = plugins => Load(plugins, AlgorithmCatalogue.BuiltIn),
            Solvers = plugins => Load(plugins, SolverCatalogue.BuiltIn),
            Games = plugins => Load(plugins, Environments.MultiAgentCatalogue.WithAll()),
            Flags = [new("algo", "mine"), new("env", "Mine-v0")],
            Plugins = ["my.dll"],
        })).ShouldHaveSingleItem();

        error.Problem.ShouldBe("the plug-in 'my.dll' is torn");
        error.Origin.ToString().ShouldBe("--plugin");
    }

    [Fact]
    public void Options_of_a_base_record_come_first() =>
        ConfigurationResolver.Describe(AlgorithmCatalogue.BuiltIn.Find("stac")!, SolverCatalogue.BuiltIn).Select(o => o.Key).Take(2).ShouldBe(["form", "gamma"]);

    private static IReadOnlyList<ConfigurationError> Faults(Func<ResolvedConfiguration> resolve) => Should.Throw<ConfigurationException>(() => resolve()).Errors;

    private static ConfigurationError Find(IReadOnlyList<ConfigurationError> errors, string key) => errors.First(e => e.Key == key);

    private static string Origin(ResolvedConfiguration resolved, string key) => resolved.Values.First(v => v.Key == key).Origin.ToString();

    private string Write(string text)
    {
        string file = TemporaryFile(text, $"resolver-{files.Count}-{GetHashCode()}");
        files.Add(file);
        return file;
    }
}
