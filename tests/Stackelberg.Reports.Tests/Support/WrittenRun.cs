using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Stackelberg.Experiments;
using Stackelberg.Experiments.Runs;

namespace Stackelberg.Reports.Tests.Support;

/// <summary>A finished run whose every number is the test's own: nothing of it was trained.</summary>
internal sealed record WrittenRun(string Algorithm, ulong Seed, double Final)
{
    public const string HypergradientColumns =
        "step,iteration,update,method,direct_norm,implicit_norm,cosine,scale,guarded,dropped,status,solver_iterations,relative_residual,smallest_curvature,damping,degeneracy";

    public string Environment { get; init; } = "CartPole-v1";

    public long Steps { get; init; } = 1000;

    /// <summary>Keys of the configuration besides algorithm, environment, seed and total.</summary>
    public (string Key, string Value)[] Settings { get; init; } = [];

    /// <summary>Evaluations before the last.</summary>
    public (long Step, double Return)[] Earlier { get; init; } = [];

    /// <summary>Training episodes, each of ten steps.</summary>
    public double[] Returns { get; init; } = [1];

    /// <summary>Rows of <c>progress.csv</c>, the header first.</summary>
    public string[] Progress { get; init; } = ["step,iteration,episodes,episode_return,episode_length", "1000,1,1,1,10"];

    /// <summary>Rows of <c>hypergradient.csv</c> below the header.</summary>
    public string[] Solves { get; init; } = [];

    /// <summary>Whether the outcome notes by what the tables are recognised.</summary>
    public bool IsSealed { get; init; } = true;

    public string Version { get; init; } = "0.1.0";

    /// <summary>Content of the file that holds the environment, where one does.</summary>
    public string? EnvironmentContent { get; init; }

    /// <summary>Writes the run below a folder, and returns its own.</summary>
    public string Write(string root)
    {
        string folder = RunDirectory.PathFor(root, Environment, Algorithm, Seed);
        WriteTo(folder);
        return folder;
    }

    /// <summary>Writes the run into a folder of any name.</summary>
    public void WriteTo(string folder)
    {
        System.IO.Directory.CreateDirectory(folder);
        Dictionary<string, string> settings = new()
        {
            ["algo"] = Algorithm, ["env"] = Environment, ["seeds"] = Text(Seed), ["total_timesteps"] = Text(Steps), ["out"] = "runs",
        };
        foreach ((string key, string value) in Settings)
        {
            settings[key] = value;
        }

        string configuration = string.Concat(settings.Select(s => $"{s.Key}: {s.Value}\n"));
        File.WriteAllText(Path.Combine(folder, "config.yml"), configuration);
        RunManifest manifest = new()
        {
            Environment = Environment, Algorithm = Algorithm, Seed = Seed, CommandLine = ["stackelberg", "train"], Version = Version,
            Started = new DateTimeOffset(2026, 11, 30, 8, 0, 0, TimeSpan.Zero), Configuration = settings, TotalTimesteps = Steps, Checkpointed = true,
            ConfigurationSha256 = Hash(configuration), EnvironmentFile = EnvironmentContent is null ? null : new EnvironmentCopy($"environment/{Environment}", Hash(EnvironmentContent), Environment),
            Machine = new MachineFacts(".NET 10", "Linux", "X64", "Xeon", 2, "512 bits"),
        };
        File.WriteAllBytes(Path.Combine(folder, "manifest.json"), Json.Write(manifest));
        if (EnvironmentContent is not null)
        {
            System.IO.Directory.CreateDirectory(Path.Combine(folder, "environment"));
            File.WriteAllText(Path.Combine(folder, "environment", Environment), EnvironmentContent);
        }

        Dictionary<string, TableSeal> seals = new()
        {
            ["progress"] = Table(folder, "progress", Progress),
            ["episodes"] = Table(folder, "episodes", ["step,episode,return,length,terminated", .. Returns.Select((r, i) => $"{10 * (i + 1)},{i + 1},{Text(r)},10,1")]),
            ["evaluations"] = Table(folder, "evaluations", [
                "step,iteration,episodes,return_mean,return_standard_deviation,return_minimum,return_maximum,length_mean,returns",
                .. Earlier.Append((Steps, Final)).Select(e => $"{e.Item1},1,1,{Text(e.Item2)},0,{Text(e.Item2)},{Text(e.Item2)},10,{Text(e.Item2)}"),
            ]),
            ["hypergradient"] = Table(folder, "hypergradient", [HypergradientColumns, .. Solves]),
        };
        ResultRecord result = new(Steps, 1, Returns.Length, new EvaluationRecord(Final, 0, 1, [Final], [10]), "step-000000001000", "00") { Tables = IsSealed ? seals : null };
        File.WriteAllBytes(Path.Combine(folder, "result.json"), Json.Write(IsSealed ? result.Sealed(manifest) : result));
    }

    /// <summary>Several seeds of one algorithm, from 0 on.</summary>
    public static WrittenRun[] Seeds(string algorithm, params double[] finals) => [.. finals.Select((f, i) => new WrittenRun(algorithm, (ulong)i, f))];

    private static TableSeal Table(string folder, string name, string[] lines)
    {
        File.WriteAllText(Path.Combine(folder, name + ".csv"), string.Concat(lines.Select(l => l + "\n")));
        RowSums sums = default;
        for (int i = 1; i < lines.Length; i++)
        {
            sums = sums.With(i, lines[i]);
        }

        return new TableSeal(lines.Length - 1, lines[0], sums);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Text(IFormattable number) => number is double d ? CsvTable.Text(d) : number.ToString(null, CultureInfo.InvariantCulture);
}
