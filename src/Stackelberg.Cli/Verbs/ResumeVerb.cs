using System.CommandLine;
using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Training;
using Stackelberg.Experiments;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>resume</c>.</summary>
internal static class ResumeVerb
{
    public static Command Create()
    {
        Argument<string> path = new("path") { Description = "a run's folder, or one that holds runs" };
        Option<int> threads = new("--threads") { Description = "worker threads in all; 0 for the smaller of processors and seeds" };
        Option<string> total = new("--total-timesteps") { Description = "another total of environment steps per seed, those taken included, such as 2e6; runs that are finished go on", HelpName = "N" };
        Option<bool> fromScratch = new("--from-scratch") { Description = "train runs from step 0 that had checkpoints of which none can be used" };
        Option<bool> tensorBoard = SessionRunner.TensorBoardFlag();
        OutputFlags outputs = new();
        Command command = new("resume", "Goes on with interrupted runs, bit for bit as if they had never stopped; with --total-timesteps also finished ones.") { path, threads, total, fromScratch, tensorBoard };
        outputs.AddTo(command);
        command.SetAction(parsed =>
        {
            string root = parsed.GetValue(path)!;
            int workers = parsed.GetValue(threads);
            if (workers is < 0 or > RunSettings.MostThreads)
            {
                throw new UserErrorException($"--threads cannot be {workers}", $"an integer from 0 to {RunSettings.MostThreads}", "leave the flag out for the smaller of processors and seeds");
            }

            OutputMode output = outputs.Read(parsed);
            RunSearch search = RunDirectory.Search(root);
            List<Exception> faults = [.. search.Faults];
            List<RunInfo> runs = [];
            List<RunPlan> plans = [];
            foreach (RunInfo run in search.Runs)
            {
                try
                {
                    plans.Add(Plans.Restore(run));
                    runs.Add(run);
                }
                catch (Exception e) when (e is ConfigurationException or RunException)
                {
                    faults.Add(e);
                }
            }

            SessionOptions options = new() { Mode = RunMode.Resume, Threads = workers, FromScratch = parsed.GetValue(fromScratch) };
            IReadOnlyList<RunPlan> Resumed() => parsed.GetValue(total) is { } steps ? Totals.Restore(runs, steps, root, Console.Error) : plans;
            int code = plans.Count == 0 ? ExitCode.Success : SessionRunner.Run("resume", Resumed(), options, output, root, parsed.GetValue(tensorBoard));
            return Faults.Report(faults, code, Console.Error);
        });
        return command;
    }
}
