using System.CommandLine;
using Stackelberg.Cli.Training;
using Stackelberg.Experiments;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>resume</c>.</summary>
internal static class ResumeVerb
{
    public static Command Create()
    {
        Argument<string> path = new("path") { Description = "a run's folder, or one that holds runs" };
        Option<int> threads = new("--threads") { Description = "worker threads in all; 0 for the smaller of processors and seeds" };
        Option<string> total = new("--total-timesteps") { Description = "another total of environment steps per seed, those taken included, such as 2e6; runs that are finished go on", HelpName = "N" };
        OutputFlags outputs = new();
        Command command = new("resume", "Goes on with interrupted runs, bit for bit as if they had never stopped; with --total-timesteps also finished ones.") { path, threads, total };
        outputs.AddTo(command);
        command.SetAction(parsed =>
        {
            string root = parsed.GetValue(path)!;
            OutputMode output = outputs.Read(parsed);
            IReadOnlyList<RunInfo> runs = RunDirectory.Find(root);
            IReadOnlyList<RunPlan> plans = parsed.GetValue(total) is { } steps ? Totals.Restore(runs, steps, root, Console.Error) : [.. runs.Select(Plans.Restore)];
            return SessionRunner.Run("resume", plans, new SessionOptions { Mode = RunMode.Resume, Threads = parsed.GetValue(threads) }, output, root);
        });
        return command;
    }
}
