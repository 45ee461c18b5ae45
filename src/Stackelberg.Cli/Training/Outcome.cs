using System.Text.Json;
using Stackelberg.Agents;
using Stackelberg.Cli.Internals;
using Stackelberg.Experiments;
using Stackelberg.Primitives;
using Stackelberg.Statistics;

namespace Stackelberg.Cli.Training;

/// <summary>The end of <c>train</c> and <c>resume</c>: table or JSON, faults, exit code.</summary>
internal static class Outcome
{
    /// <summary>The JSON object; <c>iqm</c> is null when no run finished, and when the runs are of several environments or algorithms.</summary>
    public static void WriteJson(string command, IReadOnlyList<RunPlan> plans, IReadOnlyList<RunResult> results, TextWriter output) => Json.Write(output, w =>
    {
        w.WriteString("command", command);
        w.WriteStartArray("runs");
        foreach ((RunPlan plan, RunResult result) in plans.Zip(results))
        {
            w.WriteStartObject();
            w.WriteString("environment", plan.Environment);
            w.WriteString("algorithm", plan.Algorithm);
            w.WriteNumber("seed", result.Seed);
            w.WriteString("directory", Path.GetFullPath(result.Directory));
            w.WriteString("status", result.Status.ToString().ToLowerInvariant());
            w.WriteNumber("steps", result.Steps);
            WriteEvaluation(w, "final_evaluation", result.FinalEvaluation);
            w.Number("wall_seconds", result.Times.WallSeconds);
            // like wall_seconds, with the evaluations
            w.Number("environment_seconds", result.Times.EnvironmentSeconds + result.Times.EvaluationEnvironmentSeconds);
            w.Number("update_seconds", result.Times.UpdateSeconds);
            w.WriteString("checkpoint_hash", result.CheckpointHash);
            WriteFailure(w, result.Failure);
            w.WriteEndObject();
        }

        w.WriteEndArray();
        w.Number("iqm", Texts.IsMixed(plans) ? double.NaN : SampleStatistics.InterquartileMean(Scores(results)));
    });

    /// <summary>An evaluation, or null.</summary>
    public static void WriteEvaluation(Utf8JsonWriter writer, string name, EvaluationResult? evaluation)
    {
        if (evaluation is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartObject(name);
        writer.Number("mean", evaluation.Mean);
        writer.Number("standard_deviation", evaluation.StandardDeviation);
        writer.WriteNumber("episodes", evaluation.Episodes);
        if (evaluation.Agents.Count > 0)
        {
            writer.WriteStartObject("agents");
            foreach (AgentReturns agent in evaluation.Agents)
            {
                writer.Number(agent.Name, agent.Mean());
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteFailure(Utf8JsonWriter writer, RunFailure? failure)
    {
        if (failure is null)
        {
            writer.WriteNull("failure");
            return;
        }

        writer.WriteStartObject("failure");
        writer.WriteString("kind", failure.Kind.ToString().ToLowerInvariant());
        writer.WriteString("message", failure.Message);
        writer.WriteNumber("iteration", failure.Iteration);
        writer.WriteNumber("steps", failure.Steps);
        writer.WriteString("report", failure.Report);
        writer.WriteEndObject();
    }

    /// <summary>The final table and the next command.</summary>
    public static void WriteTable(IReadOnlyList<RunPlan> plans, IReadOnlyList<RunResult> results, string root, TextWriter output)
    {
        bool isMixed = Texts.IsMixed(plans);
        Columns.Write(
            output, [isMixed ? "run" : "seed", "steps", "final evaluation", "wall", "environment", "update", "checkpoint", "status"],
            [.. results.Select((r, i) => new[]
            {
                isMixed ? Texts.Name(plans[i], isMixed) : $"{r.Seed}",
                $"{r.Steps}",
                r.FinalEvaluation is { } e ? $"{Texts.Number(e.Mean)} ± {Texts.Number(e.StandardDeviation)} ({e.Episodes} episodes)" : "-",
                Texts.Duration(r.Times.WallSeconds),
                Texts.Duration(r.Times.EnvironmentSeconds),
                Texts.Duration(r.Times.UpdateSeconds),
                r.CheckpointHash is { } hash ? hash[..16] : "-",
                r.WasFinished ? "finished before; nothing to do" : r.Status.ToString().ToLowerInvariant(),
            })]);
        output.WriteLine();
        foreach (IGrouping<(string Environment, string Algorithm), RunResult> group in
            plans.Zip(results).GroupBy(p => (p.First.Environment, p.First.Algorithm), p => p.Second))
        {
            output.WriteLine((isMixed ? $"{group.Key.Algorithm} on {group.Key.Environment}: " : "") + Summary(Scores(group)));
        }

        string? next = results.Any(r => r.Status == RunStatus.Interrupted) ? $"stackelberg resume {ShellText.Path(root)}"
            : results.Any(r => r.Status == RunStatus.Finished) ? $"stackelberg eval {ShellText.Path(root)} --episodes 100"
            : null;
        if (next is not null)
        {
            output.WriteLine($"next: {next}");
        }
    }

    /// <summary>IQM and its interval in words.</summary>
    public static string Summary(double[] scores)
    {
        if (scores.Length < 2)
        {
            return scores.Length == 0 ? "no run finished" : $"evaluation {Texts.Number(scores[0])} (1 seed; an interval needs more)";
        }

        Interval interval = Bootstrap.Interval([scores], SampleStatistics.InterquartileMean, RandomStream.FromSeed(0).Split("bootstrap"));
        return $"IQM {Texts.Number(SampleStatistics.InterquartileMean(scores))}  95 % interval [{Texts.Number(interval.Low)}, {Texts.Number(interval.High)}]  ({scores.Length} seeds, 2000 bootstrap samples)";
    }

    /// <summary>Prints what the user should know of the runs; for displays that do not say it while they go on.</summary>
    public static void WriteNotices(IReadOnlyList<RunPlan> plans, IReadOnlyList<RunResult> results, TextWriter error)
    {
        foreach ((RunPlan plan, RunResult result) in plans.Zip(results))
        {
            foreach (string notice in result.Notices)
            {
                error.WriteLine($"{Texts.Name(plan, Texts.IsMixed(plans))}  note: {Faults.OneLine(notice)}");
            }
        }
    }

    /// <summary>Prints the faults of failed runs and says which exit code the outcome has.</summary>
    public static int Conclude(IReadOnlyList<RunPlan> plans, IReadOnlyList<RunResult> results, TextWriter error)
    {
        int code = results.Any(r => r.Status == RunStatus.Interrupted) ? ExitCode.Interrupted : ExitCode.Success;
        foreach ((RunPlan plan, RunResult result) in plans.Zip(results))
        {
            if (result.Failure is { } failure)
            {
                Write(error, Texts.Name(plan, Texts.IsMixed(plans)), failure, result.Directory);
                code = Code(failure.Kind);
            }
        }

        return code;
    }

    private static void Write(TextWriter error, string name, RunFailure failure, string directory)
    {
        string allowed = failure.System?.Allowed ?? Allowed(failure.Kind);
        if (failure.Iteration == 0)
        {
            Faults.WriteSentences(error, $"{name}: {failure.Message}", allowed, failure.System?.Next ?? $"see {directory}");
            return;
        }

        string read = failure.Report is null ? $"see {directory}" : $"read {failure.Report}";
        Faults.Write(
            error, $"{name} stopped in iteration {failure.Iteration} after {failure.Steps} steps: {failure.Message}", allowed,
            failure.System is { } system ? $"{system.Next}; 'stackelberg resume' goes on from the last checkpoint; {read}" : read);
    }

    private static double[] Scores(IEnumerable<RunResult> results) =>
        [.. results.Where(r => r.FinalEvaluation is not null).Select(r => r.FinalEvaluation!.Mean)];

    private static string Allowed(RunFailureKind kind) => kind switch
    {
        RunFailureKind.Numerical => "finite numbers; lower learning rates or more damping may help",
        RunFailureKind.Environment => "finite observations and rewards within the declared spaces; 'stackelberg env check' examines an environment",
        RunFailureKind.Storage => "a run's folder that can be read and written, with its files as the run wrote them",
        RunFailureKind.System => "the memory and threads that the runs need",
        RunFailureKind.Plugin => Faults.PluginContract,
        RunFailureKind.Configuration => "networks that fit into memory, and an action space the algorithm knows",
        _ => "a run without faults of the program; please report this one",
    };

    /// <summary>The exit code of a run that failed.</summary>
    public static int Code(RunFailureKind kind) => kind switch
    {
        RunFailureKind.Numerical => ExitCode.Numerical,
        RunFailureKind.Environment or RunFailureKind.Plugin => ExitCode.Environment,
        RunFailureKind.Storage or RunFailureKind.System or RunFailureKind.Configuration => ExitCode.Usage,
        _ => ExitCode.Internal,
    };
}
