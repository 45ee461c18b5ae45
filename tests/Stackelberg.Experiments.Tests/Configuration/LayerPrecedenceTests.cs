using System.Globalization;
using Stackelberg.Agents;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Experiments.Tests.Configuration;

/// <summary>Whichever layers speak, the highest of them wins: tried for every subset of layers, and so for every pair.</summary>
public sealed class LayerPrecedenceTests : IDisposable
{
    // from the lowest to the highest above the defaults; Toy-v0 has settings of its own, Other-v0 none
    private static readonly string[] Layers = ["environment preset", "preset", "preset per environment", "file", "set", "flag"];

    private readonly List<string> files = [];

    public static TheoryData<int> Subsets => [.. Enumerable.Range(0, 1 << Layers.Length)];

    public void Dispose() => files.ForEach(File.Delete);

    [Theory]
    [MemberData(nameof(Subsets))]
    public void The_highest_layer_that_speaks_wins_for_keys_of_the_algorithm_and_of_runs(int subset)
    {
        bool Speaks(int layer) => (subset >> layer & 1) != 0;
        string environment = Speaks(0) ? "Toy-v0" : "Other-v0";
        string preset = (Speaks(1), Speaks(2)) switch { (true, true) => "both", (true, false) => "plain", (false, true) => "per", _ => "" };
        List<KeyValuePair<string, string>> flags = [new("algo", "layers"), new("env", environment), new("preset", preset)];
        if (Speaks(5))
        {
            flags.AddRange(Of(5));
        }

        string? file = Speaks(3) ? Write(string.Concat(Of(3).Select(p => $"{p.Key}: {p.Value}\n"))) : null;
        ResolvedConfiguration resolved = Resolve(file, Speaks(4) ? [.. Of(4).Select(p => $"{p.Key}={p.Value}")] : [], [.. flags]);

        int highest = subset == 0 ? -1 : (int)Math.Log2(subset);
        ((FakeOptions)resolved.Options).Gamma.ShouldBe(highest < 0 ? 0.99 : (highest + 1) / 8.0);
        ((FakeOptions)resolved.Options).Critic.Steps.ShouldBe(highest < 0 ? 10 : 100 + highest);
        resolved.Run.EvalEvery.ShouldBe(highest < 0 ? new RunSettings().EvalEvery : 1000 + highest);
        string Expected(string key, int line) => highest switch
        {
            0 => "environment preset Toy-v0",
            1 => $"preset {preset}",
            2 => $"preset {preset} ({environment})",
            3 => $"{file}:{line}:{key.Length + 3}",
            4 => "--set",
            5 => $"--{key.Replace('_', '-')}",
            _ => key == "eval_every" ? "default" : "algorithm layers",
        };
        Origin(resolved, "gamma").ShouldBe(Expected("gamma", 1));
        Origin(resolved, "critic.steps").ShouldBe(Expected("critic.steps", 2));
        Origin(resolved, "eval_every").ShouldBe(Expected("eval_every", 3));
    }

    [Fact]
    public void A_layer_says_nothing_of_keys_it_does_not_name()
    {
        string file = Write("critic.steps: 3\n");
        ResolvedConfiguration resolved = Resolve(file, [], [new("algo", "layers"), new("env", "Toy-v0")]);

        Origin(resolved, "critic.steps").ShouldBe($"{file}:1:15");
        Origin(resolved, "gamma").ShouldBe("environment preset Toy-v0");
        Origin(resolved, "critic.learning_rate").ShouldBe("algorithm layers");
        Origin(resolved, "eval_episodes").ShouldBe("default");
    }

    [Fact]
    public void Layers_rank_in_the_order_in_which_they_are_listed() =>
        Enum.GetValues<SettingLayer>().Order().ShouldBe([
            SettingLayer.Default, SettingLayer.Algorithm, SettingLayer.EnvironmentPreset, SettingLayer.Preset, SettingLayer.File, SettingLayer.Set, SettingLayer.Flag,
        ]);

    [Fact]
    public void A_file_can_name_algorithm_environment_and_preset_and_flags_replace_each()
    {
        string file = Write("algo: layers\nenv: Toy-v0\npreset: plain\n");

        ((FakeOptions)Resolve(file, [], []).Options).Gamma.ShouldBe(0.25);
        ((FakeOptions)Resolve(file, [], [new("preset", "")]).Options).Gamma.ShouldBe(0.125);
        ((FakeOptions)Resolve(file, ["preset=per"], [new("env", "Other-v0")]).Options).Gamma.ShouldBe(0.375);
        Resolve(file, [], [new("algo", "ac"), new("preset", "")]).Algorithm.Id.ShouldBe("ac");
    }

    [Fact]
    public void A_fault_of_a_preset_is_reported_as_the_presets()
    {
        ConfigurationException error = Should.Throw<ConfigurationException>(() => Resolve(null, [], [new("algo", "layers"), new("env", "Toy-v0"), new("preset", "torn")]));
        error.Errors.Select(e => (e.Key, Origin: e.Origin.ToString())).ShouldBe([("gama", "preset torn"), ("critic.steps", "preset torn")]);
    }

    private static KeyValuePair<string, string>[] Of(int layer) =>
    [
        new("gamma", ((layer + 1) / 8.0).ToString(CultureInfo.InvariantCulture)),
        new("critic.steps", (100 + layer).ToString(CultureInfo.InvariantCulture)),
        new("eval_every", (1000 + layer).ToString(CultureInfo.InvariantCulture)),
    ];

    private static string Origin(ResolvedConfiguration resolved, string key) => resolved.Values.Single(v => v.Key == key).Origin.ToString();

    private static ResolvedConfiguration Resolve(string? file, string[] set, KeyValuePair<string, string>[] flags)
    {
        var further = new Dictionary<string, IReadOnlyList<KeyValuePair<string, string>>> { ["Toy-v0"] = Of(2), ["Other-v0"] = Of(2) };
        AlgorithmDescriptor layers = FakeAlgorithm.Descriptor with
        {
            Id = "layers",
            EnvironmentPresets = new Dictionary<string, IReadOnlyList<KeyValuePair<string, string>>> { ["Toy-v0"] = Of(0) },
            Presets = new Dictionary<string, AlgorithmPreset>
            {
                ["plain"] = new("one layer", Of(1)),
                ["per"] = new("one layer", [], further),
                ["both"] = new("two layers", Of(1), further),
                ["torn"] = new("faults", [new("gama", "1"), new("critic.steps", "0")]),
            },
        };
        return ConfigurationResolver.Resolve(new ConfigurationRequest
        {
            Algorithms = _ =>
            {
                AlgorithmCatalogue catalogue = AlgorithmCatalogue.WithAll();
                catalogue.Add(layers);
                return catalogue;
            },
            Environments = _ => FakeAlgorithm.Catalogue(),
            File = file,
            Assignments = set,
            Flags = flags,
        });
    }

    private string Write(string text)
    {
        files.Add(FakeAlgorithm.TemporaryFile(text, $"layers-{text.Length}-{GetHashCode()}-{files.Count}"));
        return files[^1];
    }
}
