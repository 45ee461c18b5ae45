using Stackelberg.Experiments;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Cli.Training;

/// <summary>Runs that are to go on to another total of environment steps.</summary>
internal static class Totals
{
    // Keys whose value is a number of steps that belong together: a total between its multiples cuts the last of them short.
    private static readonly string[] BlockKeys = ["steps_per_iteration", "update_every"];

    /// <summary>The plans of runs on disk with a new total.</summary>
    /// <param name="total">As on the command line.</param>
    /// <param name="notes">Where it is said of which runs the continuation is not what one long run would have been.</param>
    /// <exception cref="ConfigurationException">The total is no number of steps.</exception>
    /// <exception cref="UserErrorException">A run has taken as many steps already; nothing was changed.</exception>
    public static IReadOnlyList<RunPlan> Restore(IReadOnlyList<RunInfo> runs, string total, string root, TextWriter notes)
    {
        RunPlan[] plans = [.. runs.Select(r => Plans.Restore(r, total))];
        (RunInfo Run, long Taken)[] beyond = [.. runs.Select(r => (r, r.StepsTaken)).Where((r, i) => plans[i].Options.TotalTimesteps <= r.Item2)];
        if (beyond.Length == 0)
        {
            Explain(runs, notes);
            return plans;
        }

        (RunInfo first, long taken) = beyond.MaxBy(b => b.Taken);
        string others = beyond.Length == 1 ? "" : $", and {beyond.Length - 1} more of {runs.Count} runs are as far";
        throw new UserErrorException(
            $"--total-timesteps is {plans[0].Options.TotalTimesteps}, but '{Path.GetRelativePath(Environment.CurrentDirectory, first.Directory)}' has taken {taken} steps already{others}",
            $"the steps in all, those taken included: more than {taken}",
            beyond.Length < runs.Count
                ? $"'stackelberg resume {ShellText.Path(root)}' without the flag finishes what is unfinished; or name the folders of the other runs"
                : $"give a total above {taken}");
    }

    private static void Explain(IReadOnlyList<RunInfo> runs, TextWriter output)
    {
        foreach (RunInfo run in runs)
        {
            ResolvedConfiguration configuration = Plans.Resolve(run);
            long taken = run.StepsTaken;
            if (taken == configuration.Run.TotalTimesteps
                && configuration.Values.FirstOrDefault(v => BlockKeys.Contains(v.Key)) is { } block
                && long.TryParse(block.Text, out long steps) && taken % steps != 0)
            {
                output.WriteLine(
                    $"note: the first {taken} steps of '{Path.GetRelativePath(Environment.CurrentDirectory, run.Directory)}' ended within an iteration of {steps} ({block.Key}); " +
                    "what follows is sound, but other numbers than one long run's");
            }
        }
    }
}
