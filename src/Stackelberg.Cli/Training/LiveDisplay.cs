using Spectre.Console;
using Stackelberg.Experiments;

namespace Stackelberg.Cli.Training;

/// <summary>A table that follows the runs while they train.</summary>
internal static class LiveDisplay
{
    /// <summary>Columns of a terminal below which the table would be torn.</summary>
    public const int LeastWidth = 80;

    private const int BarWidth = 16;
    private const int WideTable = 134;

    private static readonly string[] Headers =
        ["seed", "progress", "step", "return", "mean 100", "evaluation", "steps/s", "env | act | update | hypergr.", "residual", "left"];

    // What is left out on a narrow terminal: the last return, the split of the time, the residual.
    private static readonly int[] WideOnly = [3, 7, 8];

    /// <summary>Shows the table until <paramref name="work"/> has ended, and returns its result.</summary>
    public static T Show<T>(RunBoard board, Func<T> work)
    {
        Task<T> task = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            AnsiConsole.Live(Table(board.Snapshot())).AutoClear(true).Start(context =>
            {
                while (!((IAsyncResult)task).AsyncWaitHandle.WaitOne(200))
                {
                    context.UpdateTarget(Table(board.Snapshot()));
                }
            });
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or ArgumentException)
        {
            // the terminal is gone or has become too small; the runs go on without being looked at
        }

        return task.GetAwaiter().GetResult();
    }

    private static Table Table(IReadOnlyList<RunLine> lines)
    {
        IReadOnlyList<RunPlan> plans = [.. lines.Select(l => l.Plan)];
        bool isMixed = Texts.IsMixed(plans);
        Table table = new Table().RoundedBorder();
        if (!isMixed)
        {
            table.Title($"[bold]{Markup.Escape(plans[0].Algorithm)}[/] on [bold]{Markup.Escape(plans[0].Environment)}[/]");
        }

        int[] shown = [.. Enumerable.Range(0, Headers.Length).Where(i => AnsiConsole.Profile.Width >= WideTable || !WideOnly.Contains(i))];
        foreach (int i in shown)
        {
            table.AddColumn(new TableColumn(Headers[i]).RightAligned().NoWrap());
        }

        foreach (RunLine line in lines)
        {
            string[] cells = Cells(line);
            cells[0] = Markup.Escape(isMixed ? Texts.Name(line.Plan, isMixed) : cells[0]);
            table.AddRow([.. shown.Select(i => cells[i])]);
        }

        return table;
    }

    private static string[] Cells(RunLine line)
    {
        if (line.Progress is not { } progress)
        {
            return [$"{line.Plan.Seed}", Bar(0), line.Phase, "-", "-", "-", "-", "-", "-", "-"];
        }

        RunTimes times = progress.Times;
        double all = Math.Max(times.TrainingSeconds, 1e-9);
        string residual = progress.Hypergradient is { } report
            ? $"{Texts.Number(report.Solve.RelativeResidual, "G2")}{(report.Guarded ? " [yellow]guard[/]" : "")}"
            : "-";
        return
        [
            $"{line.Plan.Seed}",
            Bar((double)progress.Steps / line.Plan.Options.TotalTimesteps),
            Texts.Count(progress.Steps),
            Texts.Number(progress.LastReturn),
            Markup.Escape(Texts.Returns(progress)),
            Texts.Number(line.Evaluation?.Mean ?? double.NaN),
            Texts.Count(progress.StepsPerSecond),
            string.Join(" | ", new[] { times.EnvironmentSeconds, times.ActSeconds, times.UpdateSeconds, times.HypergradientSeconds }
                .Select(s => Texts.Number(100 * s / all, "F0") + "%")),
            residual,
            line.Phase == "training" ? Texts.Duration(Texts.Remaining(line.Plan, progress)) : line.Phase,
        ];
    }

    private static string Bar(double fraction)
    {
        int full = (int)Math.Round(Math.Clamp(fraction, 0, 1) * BarWidth);
        return $"[green]{new string('━', full)}[/][grey]{new string('━', BarWidth - full)}[/]";
    }
}
