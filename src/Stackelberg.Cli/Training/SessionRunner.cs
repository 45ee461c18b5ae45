using Stackelberg.Cli.Internals;
using Stackelberg.Experiments;

namespace Stackelberg.Cli.Training;

/// <summary>Runs plans with a display, signals and an outcome.</summary>
internal static class SessionRunner
{
    /// <summary>Trains, shows, and reports.</summary>
    /// <param name="command">Name for the JSON object.</param>
    /// <param name="root">Folder named in the next command.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string command, IReadOnlyList<RunPlan> plans, SessionOptions options, OutputMode output, string root)
    {
        IReadOnlyList<RunResult> results = Train(plans, options, output);
        if (output.Json)
        {
            Outcome.WriteJson(command, plans, results, Console.Out);
        }
        else
        {
            Outcome.WriteTable(plans, results, root, Console.Out);
        }

        if (output.Live || output.Quiet)
        {
            Outcome.WriteNotices(plans, results, Console.Error);
        }

        return Outcome.Conclude(plans, results, Console.Error);
    }

    private static IReadOnlyList<RunResult> Train(IReadOnlyList<RunPlan> plans, SessionOptions options, OutputMode output)
    {
        using Interrupts interrupts = new("interrupted: writing a checkpoint at the end of this iteration; once more to stop at once");
        CancellationToken token = interrupts.Token;
        if (output.Live)
        {
            RunBoard board = new(plans);
            return LiveDisplay.Show(board, () => TrainingSession.Run(plans, options, board, token));
        }

        PlainDisplay? display = output.Quiet ? null : new PlainDisplay(output.Messages, plans);
        return TrainingSession.Run(plans, options, display, token);
    }
}
