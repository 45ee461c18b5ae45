using System.Collections.Concurrent;
using System.CommandLine;
using Stackelberg.Cli.Internals;
using Stackelberg.Experiments;
using Stackelberg.Reports.TensorBoard;

namespace Stackelberg.Cli.Training;

/// <summary>Runs plans with a display, signals and an outcome.</summary>
internal static class SessionRunner
{
    /// <summary>The flag by which runs write events for TensorBoard.</summary>
    public static Option<bool> TensorBoardFlag() => new("--tensorboard") { Description = "write events for TensorBoard too, to the folder 'tensorboard' of each run" };

    /// <summary>Trains, shows, and reports.</summary>
    /// <param name="command">Name for the JSON object.</param>
    /// <param name="root">Folder named in the next command.</param>
    /// <param name="tensorBoard">Whether events for TensorBoard are written.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string command, IReadOnlyList<RunPlan> plans, SessionOptions options, OutputMode output, string root, bool tensorBoard)
    {
        IReadOnlyList<RunResult> results = Train(plans, options, output, tensorBoard);
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

    private static IReadOnlyList<RunResult> Train(IReadOnlyList<RunPlan> plans, SessionOptions options, OutputMode output, bool tensorBoard)
    {
        using Interrupts interrupts = new("interrupted: writing a checkpoint at the end of this iteration; once more to stop at once");
        CancellationToken token = interrupts.Token;
        RunBoard? board = output.Live ? new RunBoard(plans) : null;
        IRunObserver? display = board is not null ? board : output.Quiet ? null : new PlainDisplay(output.Messages, plans);
        if (!tensorBoard)
        {
            return Session(display);
        }

        ConcurrentDictionary<RunPlan, string> notes = new(ReferenceEqualityComparer.Instance);
        using TensorBoardObserver events = new((plan, message) =>
        {
            notes[plan] = message;
            display?.Noticed(plan, message);
        });
        IReadOnlyList<RunResult> results = Session(display is null ? events : new RunObservers(display, events));
        return [.. results.Zip(plans, (result, plan) => notes.TryGetValue(plan, out string? note) ? result with { Notices = [.. result.Notices, note] } : result)];

        IReadOnlyList<RunResult> Session(IRunObserver? observer) => board is not null
            ? LiveDisplay.Show(board, () => TrainingSession.Run(plans, options, observer, token))
            : TrainingSession.Run(plans, options, observer, token);
    }
}
