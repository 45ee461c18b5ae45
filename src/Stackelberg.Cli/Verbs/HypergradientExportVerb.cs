using System.CommandLine;
using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Training;
using Stackelberg.Experiments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Experiments.Exports;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>hypergradient export</c>.</summary>
internal static class HypergradientExportVerb
{
    public static Command Create()
    {
        Option<string> run = new("--run") { Description = "a run's folder, or a checkpoint (…/checkpoints/step-…)", HelpName = "DIR", Required = true };
        Option<string> target = new("--out") { Description = "folder to write; made if missing", HelpName = "DIR", Required = true };
        Option<bool> overwrite = new("--overwrite") { Description = "replace the files of an earlier export" };
        Option<bool> json = new("--json") { Description = "print one JSON object" };
        Command command = new("export", "Writes one leader gradient of a run with all it was computed from, for other programs.") { run, target, overwrite, json };
        command.SetAction(parsed =>
        {
            (RunInfo info, string checkpoint) = Only(parsed.GetValue(run)!);
            HypergradientExportResult result = HypergradientExport.Run(
                checkpoint, Plan(info), parsed.GetValue(target)!, parsed.GetValue(overwrite));
            Write(result, parsed.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static (RunInfo Info, string Checkpoint) Only(string path)
    {
        (RunInfo Info, string Checkpoint)[] found = [.. EvalVerb.Checkpoints(path)];
        return found.Length == 1
            ? found[0]
            : throw new UserErrorException($"there are {found.Length} runs in '{path}'", "one run", $"name one of them, such as {found[0].Info.Directory}");
    }

    /// <summary>The run with its learner in double precision.</summary>
    private static RunPlan Plan(RunInfo info)
    {
        ResolvedConfiguration configuration = Plans.Resolve(info);
        if (!LeaderGradientSnapshot.CanBeTaken(configuration.Options))
        {
            string why = LeaderGradientSnapshot.LeadingOf(configuration.Options) switch
            {
                { Leader: not LeaderRole.None } => "has a leader whose hypergradient.method is not implicit",
                { } => "has no leader",
                _ when configuration.AlgorithmPlugin is not null => "is of a plug-in's own learner, which this program cannot look into",
                _ => "is of a method that keeps no batch",
            };
            IEnumerable<string> able = configuration.Algorithms.All.Where(a => LeaderGradientSnapshot.CanBeTaken(a.CreateOptions())).Select(a => a.Id);
            throw new UserErrorException(
                $"the run '{info.Directory}' of '{info.Algorithm}' {why}: there is no gradient to export",
                $"a run of {string.Join(", ", able)} with leader=actor or leader=critic and hypergradient.method=implicit",
                "train one, such as 'stackelberg train --algo st-ddpg --env Pendulum-v1'");
        }

        object wide = LeaderGradientSnapshot.InDouble(configuration.Options);
        return Plans.Restore(info) with { MakeAlgorithm = context => configuration.MakeAlgorithm(context, wide) };
    }

    private static void Write(HypergradientExportResult result, bool asJson)
    {
        LeaderGradientSnapshot snapshot = result.Snapshot;
        HypergradientReport report = snapshot.Report;
        if (asJson)
        {
            Json.Write(Console.Out, w =>
            {
                w.WriteString("command", "hypergradient export");
                w.WriteString("directory", result.Folder);
                w.WriteString("checkpoint", result.Checkpoint);
                w.WriteNumber("step", snapshot.Steps);
                w.WriteStartArray("files");
                foreach (string file in result.Files)
                {
                    w.WriteStringValue(file);
                }

                w.WriteEndArray();
                w.Number("direct_norm", report.DirectNorm);
                w.Number("implicit_norm", report.ImplicitNorm);
                w.Number("cosine", report.Cosine);
                w.Number("scale", report.Scale);
                w.Number("damping", report.Solve.Damping);
                w.WriteString("status", report.Solve.Status.Name());
                w.Number("relative_residual", report.Solve.RelativeResidual);
                w.WriteBoolean("guarded", snapshot.Guarded);
            });
            return;
        }

        Console.Out.WriteLine($"{Path.GetFileName(result.Checkpoint)}, {snapshot.Leader.ToString().ToLowerInvariant()} leads, solver {report.Method}: {report.Solve.Status.Name()}, "
            + $"relative residual {Texts.Number(report.Solve.RelativeResidual, "E2")}");
        Console.Out.WriteLine($"direct gradient {Texts.Number(report.DirectNorm, "G4")}, implicit term {Texts.Number(report.ImplicitNorm, "G4")}, "
            + $"cosine {Texts.Number(report.Cosine, "F4")}, scale {Texts.Number(report.Scale, "G4")}");
        Console.Out.WriteLine($"written to {result.Folder}: {string.Join(", ", result.Files)}");
    }
}
