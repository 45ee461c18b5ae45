using Stackelberg.Agents;
using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests.Configuration;

public enum FakeForm
{
    PaperQ,
    Official,
}

public sealed record FakeCritic
{
    [Option("step size", Minimum = 0, ExclusiveMinimum = true)]
    public double LearningRate { get; init; } = 0.001;

    [Option("steps per leader step", Minimum = 1, Maximum = 1000)]
    public int Steps { get; init; } = 10;
}

public readonly record struct FakeHypergradient
{
    public FakeHypergradient()
    {
    }

    [Option("the linear solver", Choices = ["cg", "nystrom", "dense"])]
    public string Solver { get; init; } = "cg";

    [Option("λ", Minimum = 0)]
    public double Damping { get; init; } = 0.5;
}

public sealed record FakeOptions
{
    [Option("discount", Minimum = 0, Maximum = 1)]
    public double Gamma { get; init; } = 0.99;

    [Option("form")]
    public FakeForm Form { get; init; } = FakeForm.Official;

    [Option("switch")]
    public bool Guard { get; init; } = true;

    [Option("widths", Minimum = 1)]
    public int[] Hidden { get; init; } = [64, 64];

    [Option("off unless finite", Minimum = 0)]
    public double Limit { get; init; } = double.PositiveInfinity;

    [Option("bound or none", Minimum = 0)]
    public double? Bound { get; init; }

    public FakeCritic Critic { get; init; } = new();

    public FakeHypergradient Hypergradient { get; init; } = new();
}

internal static class FakeAlgorithm
{
    public static AlgorithmDescriptor Descriptor { get; } = new()
    {
        Id = "fake",
        Title = "Fake",
        Summary = "For tests.",
        References = [],
        OptionsType = typeof(FakeOptions),
        Create = (_, _) => throw new NotSupportedException(),
        Presets = new Dictionary<string, AlgorithmPreset>
        {
            ["paper"] = new("as printed", [new("gamma", "0.95"), new("critic.steps", "80"), new("total_timesteps", "400000")],
                new Dictionary<string, IReadOnlyList<KeyValuePair<string, string>>> { ["Toy-v0"] = [new("critic.learning_rate", "0.25")] }),
        },
        EnvironmentPresets = new Dictionary<string, IReadOnlyList<KeyValuePair<string, string>>>
        {
            ["Toy-v0"] = [new("gamma", "0.9"), new("eval_every", "7")],
        },
        Validate = o => o is FakeOptions { Guard: true, Hypergradient.Solver: "dense" } ? [("guard", "the guard needs an iterative solver")] : [],
    };

    public static ResolvedConfiguration Resolve(string? file = null, string[]? set = null, params (string Key, string Value)[] flags) =>
        ConfigurationResolver.Resolve(new ConfigurationRequest
        {
            Algorithms = static _ => Algorithms(),
            Environments = _ => Catalogue(),
            File = file,
            Assignments = set ?? [],
            Flags = [.. flags.Select(f => KeyValuePair.Create(f.Key, f.Value))],
        });

    public static AlgorithmCatalogue Algorithms()
    {
        AlgorithmCatalogue catalogue = AlgorithmCatalogue.WithAll();
        catalogue.Add(Descriptor);
        return catalogue;
    }

    public static EnvironmentCatalogue Catalogue()
    {
        EnvironmentCatalogue catalogue = new();
        catalogue.Add(new EnvironmentSpec("Toy-v0", 10, null), () => throw new NotSupportedException());
        catalogue.Add(new EnvironmentSpec("Other-v0", 10, null), () => throw new NotSupportedException());
        return catalogue;
    }

    /// <summary>A random name, reproducible per call site, for files of tests.</summary>
    public static string TemporaryFile(string text, string name)
    {
        string path = Path.Combine(Path.GetTempPath(), $"stackelberg-tests-{Environment.ProcessId}-{RandomStream.FromSeed((ulong)text.Length).Split(name).NextUInt64():x}.yml");
        File.WriteAllText(path, text);
        return path;
    }
}
