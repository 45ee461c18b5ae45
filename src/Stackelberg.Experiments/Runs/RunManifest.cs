using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.MuJoCo;
using Stackelberg.Tensors;

namespace Stackelberg.Experiments.Runs;

/// <summary>The file <c>manifest.json</c>: what was run, with what, on what.</summary>
internal sealed record RunManifest
{
    public const string FileName = "manifest.json";
    public const string CurrentFormat = "stackelberg-run-1";

    public string Format { get; init; } = CurrentFormat;

    public required string Environment { get; init; }

    public required string Algorithm { get; init; }

    public required ulong Seed { get; init; }

    public required IReadOnlyList<string> CommandLine { get; init; }

    public required string Version { get; init; }

    /// <summary>The commit this program was built from, where it was built in a repository.</summary>
    public string? Commit { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>SHA-256 of <c>config.yml</c>.</summary>
    public required string ConfigurationSha256 { get; init; }

    /// <summary>Every key of <c>config.yml</c> and its value, so that a change can be named; empty in runs of versions that did not note it.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether a checkpoint was ever written; null in runs of versions that did not note it.</summary>
    public bool? Checkpointed { get; init; }

    public required MachineFacts Machine { get; init; }

    /// <summary>Version of the physics engine, for its tasks.</summary>
    public string? Mujoco { get; init; }

    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>The file that holds the environment, of which the folder keeps a copy.</summary>
    public EnvironmentCopy? EnvironmentFile { get; init; }

    /// <summary>Steps the run is to take in all, as last noted; null in runs of versions that did not note it. What counts is <c>config.yml</c>.</summary>
    public long? TotalTimesteps { get; init; }

    public IReadOnlyList<Resumption> Resumed { get; init; } = [];

    /// <summary>Every change of <see cref="TotalTimesteps"/>.</summary>
    public IReadOnlyList<Retargeting> Retargeted { get; init; } = [];

    /// <summary>The run in words.</summary>
    [JsonIgnore]
    public string Name => $"{Algorithm} on {Environment}, seed {Seed}";

    public static RunManifest Of(RunPlan plan)
    {
        (string version, string? commit) = ProgramVersion();
        return new RunManifest
        {
            Environment = plan.Environment,
            Algorithm = plan.Algorithm,
            Seed = plan.Seed,
            CommandLine = plan.CommandLine,
            Version = version,
            Commit = commit,
            Started = DateTimeOffset.UtcNow,
            ConfigurationSha256 = HashOf(plan.ConfigurationText),
            Configuration = plan.Settings,
            Machine = MachineFacts.Current,
            Mujoco = EngineVersion(plan.Environment),
            Facts = plan.Facts,
            EnvironmentFile = EnvironmentCopy.Of(plan.EnvironmentFile),
            TotalTimesteps = plan.Options.TotalTimesteps,
            Checkpointed = false,
        };
    }

    public RunManifest WithResumption(RunPlan plan, long step) => this with
    {
        ConfigurationSha256 = HashOf(plan.ConfigurationText),
        Configuration = plan.Settings,
        Resumed = [.. Resumed, new Resumption(DateTimeOffset.UtcNow, plan.CommandLine, ProgramVersion().Version, step)],
    };

    public RunManifest WithTotal(RunPlan plan) => this with
    {
        ConfigurationSha256 = HashOf(plan.ConfigurationText),
        Configuration = plan.Settings,
        TotalTimesteps = plan.Options.TotalTimesteps,
        Retargeted = TotalTimesteps is not { } from
            ? Retargeted
            : [.. Retargeted, new Retargeting(DateTimeOffset.UtcNow, plan.CommandLine, ProgramVersion().Version, from, plan.Options.TotalTimesteps)],
    };

    /// <summary>What was changed in <c>config.yml</c> since the run was trained last, in words; null where nothing was.</summary>
    /// <param name="text">The file as it is.</param>
    /// <param name="settings">Its keys and values.</param>
    public string? DescribeChange(string text, IReadOnlyDictionary<string, string> settings)
    {
        if (HashOf(text) == ConfigurationSha256)
        {
            return null;
        }

        string[] changes =
        [
            .. settings.Where(s => Configuration.GetValueOrDefault(s.Key) is { } old && old != s.Value).Select(s => $"{s.Key} was {Configuration[s.Key]}, is {s.Value}"),
            .. settings.Keys.Except(Configuration.Keys).Where(_ => Configuration.Count > 0).Select(k => $"{k} is new, {settings[k]}"),
            .. Configuration.Keys.Except(settings.Keys).Select(k => $"{k} is gone, was {Configuration[k]}"),
        ];
        string what = changes.Length > 0 ? string.Join("; ", changes)
            : Configuration.Count == 0 ? "which values, the manifest of an earlier version does not say"
            : "no value differs";
        return $"config.yml was changed since the run was trained last: {what}";
    }

    /// <summary>Whether <c>config.yml</c> is another than the run was trained with, in words; null where it is not.</summary>
    public string? DescribeChange(string text) => HashOf(text) == ConfigurationSha256 ? null : "its config.yml was changed since it was trained";

    /// <summary>In which settings this manifest and <c>config.yml</c> are two, in words; null where they are one.</summary>
    /// <param name="file">The configuration file.</param>
    public string? DescribeDisagreement(string file) => RecordedSettings.Disagreement(file, Configuration) is { } keys
        ? $"its {FileName} and config.yml disagree: {keys}"
        : null;

    private static string? EngineVersion(string environment)
    {
        var tasks = new EnvironmentCatalogue();
        MujocoTasks.Register(tasks);
        return tasks.Contains(environment) && MujocoLibrary.TryLoad(out _) ? MujocoLibrary.Version : null;
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    // the SDK appends '+' and the commit to the informational version
    private static (string Version, string? Commit) ProgramVersion()
    {
        string text = typeof(RunManifest).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        int plus = text.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 ? (text, null) : (text[..plus], text[(plus + 1)..]);
    }
}

/// <summary>One continuation of a run.</summary>
internal sealed record Resumption(DateTimeOffset Time, IReadOnlyList<string> CommandLine, string Version, long FromStep);

/// <summary>One change of the steps a run is to take in all.</summary>
internal sealed record Retargeting(DateTimeOffset Time, IReadOnlyList<string> CommandLine, string Version, long FromTotal, long ToTotal);

/// <summary>The machine a run was started on.</summary>
/// <param name="Simd">Width of the vectors in use, in bits, or <c>scalar</c>.</param>
internal sealed record MachineFacts(string Dotnet, string Os, string Architecture, string Cpu, int Cores, string Simd)
{
    /// <summary>All in one line.</summary>
    public string ToText() => $"{Cpu}, {Cores} {(Cores == 1 ? "core" : "cores")}, {Simd}, {Os}, {Dotnet}";

    public static MachineFacts Current { get; } = new(
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription,
        RuntimeInformation.ProcessArchitecture.ToString(),
        CpuModel(),
        System.Environment.ProcessorCount,
        SimdSupport.Name);

    private static string CpuModel()
    {
        const string Path = "/proc/cpuinfo";
        string? line = File.Exists(Path) ? File.ReadLines(Path).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? "unknown" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
