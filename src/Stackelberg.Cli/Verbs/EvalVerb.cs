using System.CommandLine;
using Stackelberg.Agents;
using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Training;
using Stackelberg.Experiments;
using Stackelberg.Statistics;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>eval</c>.</summary>
internal static class EvalVerb
{
    public static Command Create()
    {
        Argument<string> path = new("path") { Description = "a run's folder, one that holds runs, or a checkpoint (…/checkpoints/step-…)" };
        Option<int> episodes = new("--episodes", "--eval-episodes") { Description = "episodes to play", DefaultValueFactory = _ => 100 };
        Option<PolicyMode> mode = new("--mode", "--eval-mode") { Description = "how actions are picked", DefaultValueFactory = _ => PolicyMode.Greedy };
        Option<ulong> seed = new("--seed") { Description = "root of the evaluation's randomness" };
        OutputFlags outputs = new();
        Command command = new("eval", "Plays episodes with a trained policy.") { path, episodes, mode, seed };
        outputs.AddTo(command);
        command.SetAction(parsed =>
        {
            int count = parsed.GetValue(episodes);
            if (count < 1)
            {
                throw new UserErrorException($"--episodes cannot be {count}", "an integer ≥ 1", "play at least one episode");
            }

            OutputMode output = outputs.Read(parsed);
            List<Exception> faults = [];
            List<Row> rows = [];
            foreach ((RunInfo info, string checkpoint) in Checkpoints(parsed.GetValue(path)!, faults.Add))
            {
                try
                {
                    EvaluationResult result = CheckpointEvaluator.Evaluate(checkpoint, Plans.Restore(info), parsed.GetValue(seed), count, parsed.GetValue(mode));
                    rows.Add(new Row(info, checkpoint, result));
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    // one run's fault, whoever caused it, must not cost the others their rows
                    faults.Add(e);
                }
            }

            if (rows.Count > 0 || output.Json)
            {
                Write(rows, output);
            }

            return Faults.Report(faults, ExitCode.Success, Console.Error);
        });
        return command;
    }

    /// <summary>The checkpoints that a path on the command line means, and the runs they are of.</summary>
    /// <param name="report">Receives the faults of runs that cannot be read; without it the first ends the search.</param>
    internal static IEnumerable<(RunInfo Info, string Checkpoint)> Checkpoints(string path, Action<RunException>? report = null)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetFileName(Path.GetDirectoryName(full)) == "checkpoints")
        {
            return [(RunDirectory.Read(Path.GetDirectoryName(Path.GetDirectoryName(full))!), full)];
        }

        RunSearch search = RunDirectory.Search(path);
        if (search.Faults.Count > 0 && report is null)
        {
            throw search.Faults[0];
        }

        foreach (RunException fault in search.Faults)
        {
            report!(fault);
        }

        foreach (string stranger in search.Runs.SelectMany(info => CheckpointEvaluator.Strangers(info.Directory)))
        {
            Console.Error.WriteLine($"note: {Faults.OneLine(stranger)} The newest of the others is played.");
        }

        return search.Runs.Select(info => (info, info.Directory));
    }

    private static void Write(List<Row> rows, OutputMode output)
    {
        IGrouping<(string Environment, string Algorithm), Row>[] groups = [.. rows.GroupBy(r => (r.Info.Environment, r.Info.Algorithm))];
        if (output.Json)
        {
            Json.Write(Console.Out, w =>
            {
                w.WriteString("command", "eval");
                w.WriteStartArray("runs");
                foreach (Row row in rows)
                {
                    w.WriteStartObject();
                    w.WriteString("environment", row.Info.Environment);
                    w.WriteString("algorithm", row.Info.Algorithm);
                    w.WriteNumber("seed", row.Info.Seed);
                    w.WriteString("directory", Path.GetFullPath(row.Info.Directory));
                    Outcome.WriteEvaluation(w, "final_evaluation", row.Result);
                    w.WriteEndObject();
                }

                w.WriteEndArray();
                w.Number("iqm", groups.Length > 1 ? double.NaN : SampleStatistics.InterquartileMean([.. rows.Select(r => r.Result.Mean)]));
            });
            return;
        }

        Columns.Write(Console.Out, ["environment", "algorithm", "seed", "return", "length", "episodes"], [.. rows.Select(r => new[]
        {
            r.Info.Environment, r.Info.Algorithm, $"{r.Info.Seed}", $"{Texts.Number(r.Result.Mean)} ± {Texts.Number(r.Result.StandardDeviation)}{Others(r.Result)}",
            Texts.Number(r.Result.MeanLength), $"{r.Result.Episodes}",
        })]);
        Console.Out.WriteLine();
        foreach (IGrouping<(string Environment, string Algorithm), Row> group in groups)
        {
            Console.Out.WriteLine($"{group.Key.Algorithm} on {group.Key.Environment}: {Outcome.Summary([.. group.Select(r => r.Result.Mean)])}");
        }
    }

    /// <summary>What the agents after the first one got.</summary>
    private static string Others(EvaluationResult result) => string.Concat(result.Agents.Skip(1).Select(a => $", {a.Name} {Texts.Number(a.Mean())}"));

    private sealed record Row(RunInfo Info, string Checkpoint, EvaluationResult Result);
}
