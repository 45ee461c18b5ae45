using System.CommandLine;
using Stackelberg.Agents;
using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Training;
using Stackelberg.Experiments;

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
            string given = parsed.GetValue(path)!;
            List<Row> rows = [];
            foreach ((RunInfo info, string checkpoint) in Checkpoints(given))
            {
                EvaluationResult result = CheckpointEvaluator.Evaluate(checkpoint, Plans.Restore(info), parsed.GetValue(seed), count, parsed.GetValue(mode));
                rows.Add(new Row(info, checkpoint, result));
            }

            Write(rows, output);
            return ExitCode.Success;
        });
        return command;
    }

    internal static IEnumerable<(RunInfo Info, string Checkpoint)> Checkpoints(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return Path.GetFileName(Path.GetDirectoryName(full)) == "checkpoints"
            ? [(RunDirectory.Read(Path.GetDirectoryName(Path.GetDirectoryName(full))!), full)]
            : RunDirectory.Find(path).Select(info => (info, info.Directory));
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
                w.Number("iqm", groups.Length > 1 ? double.NaN : Statistics.InterquartileMean([.. rows.Select(r => r.Result.Mean)]));
            });
            return;
        }

        Columns.Write(Console.Out, ["environment", "algorithm", "seed", "return", "length", "episodes"], [.. rows.Select(r => new[]
        {
            r.Info.Environment, r.Info.Algorithm, $"{r.Info.Seed}", $"{Texts.Number(r.Result.Mean)} ± {Texts.Number(r.Result.StandardDeviation)}",
            Texts.Number(r.Result.MeanLength), $"{r.Result.Episodes}",
        })]);
        Console.Out.WriteLine();
        foreach (IGrouping<(string Environment, string Algorithm), Row> group in groups)
        {
            Console.Out.WriteLine($"{group.Key.Algorithm} on {group.Key.Environment}: {Outcome.Summary([.. group.Select(r => r.Result.Mean)])}");
        }
    }

    private sealed record Row(RunInfo Info, string Checkpoint, EvaluationResult Result);
}
