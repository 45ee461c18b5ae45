using System.Globalization;
using Stackelberg.Agents;
using Stackelberg.Experiments;
using Stackelberg.Experiments.Runs;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Statistics;

namespace Stackelberg.Reports.Tests.Support;

/// <summary>Runs whose tables are written by hand, and comparisons of them.</summary>
internal sealed class WrittenRuns(TemporaryFolder folder)
{
    /// <summary>A finished run of 1000 steps that began at second 1 000 000 and took 100, with three episodes and, by default, two evaluations of two episodes.</summary>
    public ComparedRun Run(string algorithm, string environment, ulong seed, double score = 0, string[]? evaluations = null, string[]? episodes = null)
    {
        string place = folder["in", environment, algorithm, $"seed-{seed}"];
        Directory.CreateDirectory(place);
        Table(place, "episodes", "step,episode,return,length,terminated", episodes ?? ["100,1,1.5,100,1", "400,2,2.25,300,1", "900,3,-3,500,0"]);
        Table(place, "progress", "step,iteration,episodes,episode_return,episode_length,critic/loss_before", ["500,1,2,1.875,200,0.5", "1000,2,3,0.25,300,"]);
        Table(place, "evaluations", "step,iteration,episodes,return_mean,return_standard_deviation,return_minimum,return_maximum,length_mean,returns",
            evaluations ?? ["500,1,2,1.5,0.5,1,2,20,1;2", "1000,2,2,3.5,0.5,3,4,40,3;4"]);
        Table(place, "hypergradient", "step,iteration,update,method,direct_norm,cosine,status", ["500,1,0,cg,0.5,nan,converged", "500,1,1,cg,0.25,1,", "1000,2,2,cg,0.125,-1,converged"]);
        ResultRecord result = new(1000, 2, 3, new EvaluationRecord(score, 0, 1, [score], [40]), "step-000000001000", "00");
        File.WriteAllBytes(Path.Combine(place, ResultRecord.FileName), Json.Write(result));
        File.WriteAllText(Path.Combine(place, "config.yml"), $"algo: {algorithm.Replace(' ', '_')}\nseeds: [{seed}]\ngamma: 0.99\n");
        return Of(place, algorithm, environment, seed, score, new RunResult
        {
            Seed = seed,
            Directory = place,
            Status = RunStatus.Finished,
            Steps = 1000,
            FinalEvaluation = new EvaluationResult([score, score + 2], [40, 40]),
            Times = new RunTimes { WallSeconds = 100 },
        });
    }

    /// <summary>A run that the command has trained.</summary>
    public static ComparedRun Trained(string place)
    {
        RunInfo info = RunDirectory.Read(place);
        return Of(place, info.Algorithm, info.Environment, info.Seed, info.Result!.FinalEvaluation!.Mean, info.Result);
    }

    /// <summary>Groups of runs, by environment and algorithm.</summary>
    public static Comparison Compare(params IEnumerable<ComparedRun> runs) => new()
    {
        Options = new ComparisonOptions(),
        Quantity = "episode return, evaluation, at the end",
        GroupedBy = ["algo", "env"],
        Groups = [.. runs.GroupBy(r => (r.Environment, r.Algorithm)).Select(g => Group(g.Key.Environment, g.Key.Algorithm, [.. g]))],
        Pairs = [],
        LeftOut = [],
        Notes = [],
    };

    private static RunGroup Group(string environment, string label, ComparedRun[] runs) => new()
    {
        Label = label,
        Environment = environment,
        Algorithm = runs[0].Algorithm,
        Keys = new Dictionary<string, string>(),
        Runs = runs,
        Summary = default,
        Band = new CurveBand([], [], [], [], []),
        Times = [],
    };

    private static ComparedRun Of(string place, string algorithm, string environment, ulong seed, double score, RunResult result) => new()
    {
        Directory = place,
        Environment = environment,
        Algorithm = algorithm,
        Seed = seed,
        Settings = new Dictionary<string, string> { ["gamma"] = "0.99", ["seed"] = "of no matter" },
        Result = result,
        Started = DateTimeOffset.UnixEpoch.AddSeconds(1_000_000),
        Version = "0.1.0",
        Machine = "any",
        Score = score,
        Curve = new LearningCurve([], []),
    };

    private static void Table(string place, string name, string header, string[] rows) =>
        File.WriteAllText(Path.Combine(place, name + ".csv"), string.Create(CultureInfo.InvariantCulture, $"{string.Join('\n', [header, .. rows])}\n"));
}
