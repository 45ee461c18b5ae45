using System.CommandLine;
using Stackelberg.Cli.Training;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Exports;
using Stackelberg.Reports.Figures;
using Stackelberg.Reports.Pages;
using Stackelberg.Reports.Tables;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>compare</c>.</summary>
internal static class CompareVerb
{
    public static Command Create()
    {
        Argument<string[]> paths = new("paths") { Description = "folders of runs, or folders that hold runs at any depth", Arity = ArgumentArity.OneOrMore };
        ComparisonFlags flags = new();
        Option<string> html = new("--html") { Description = "write one page with curves, tables, solver health and times, which needs no network", HelpName = "FILE" };
        Option<string> figure = new("--figure") { Description = "write a figure for a paper: FILE.svg, FILE.png or FILE.pdf", HelpName = "FILE" };
        Option<string> csv = new("--csv") { Description = "write the table with all digits", HelpName = "FILE" };
        Option<string> latex = new("--latex") { Description = "write the table for LaTeX (package booktabs)", HelpName = "FILE" };
        Option<string> export = new("--export") { Description = $"write what another tool reads: {string.Join(", ", Exporter.Formats)}", HelpName = "FORMAT" };
        Option<string> folder = new("--out") { Description = "folder for --export, which must be new or empty", HelpName = "DIR" };
        OutputFlags outputs = new();
        Command command = new("compare", "Compares groups of runs, with intervals.") { paths };
        flags.AddTo(command);
        foreach (Option option in new Option[] { html, figure, csv, latex, export, folder })
        {
            command.Options.Add(option);
        }

        outputs.AddTo(command);
        command.SetAction(parsed =>
        {
            OutputMode output = outputs.Read(parsed);
            ComparisonOptions options = flags.Read(parsed);
            RequirePlace(parsed.GetValue(export), parsed.GetValue(folder));
            Comparison comparison = Comparer.Compare(parsed.GetValue(paths)!, options);
            List<string> written = [];
            Write(parsed.GetValue(html), p => ComparisonPage.Write(comparison, p, new PageLinks { Replays = ReplayLinks.Existing(comparison, p) }));
            Write(parsed.GetValue(figure), p => ComparisonFigure.Write(comparison, p));
            Write(parsed.GetValue(csv), p => ComparisonTables.WriteCsv(comparison, p));
            Write(parsed.GetValue(latex), p => ComparisonTables.WriteLatex(comparison, p));
            if (parsed.GetValue(export) is { } format)
            {
                Exporter.Write(comparison, format, parsed.GetValue(folder)!);
                written.Add(parsed.GetValue(folder)!);
            }

            if (output.Json)
            {
                ComparisonText.WriteJson(comparison, Console.Out);
            }
            else
            {
                ComparisonText.Write(comparison, output.Quiet, Console.Out, Console.Error);
                written.ForEach(p => Console.Out.WriteLine($"written: {p}"));
            }

            return ExitCode.Success;

            void Write(string? path, Action<string> write)
            {
                if (path is not null)
                {
                    write(path);
                    written.Add(path);
                }
            }
        });
        return command;
    }

    // before minutes are spent on reading runs
    private static void RequirePlace(string? format, string? folder)
    {
        if (format is not null && !Exporter.Formats.Contains(format))
        {
            throw new UserErrorException($"--export '{format}' is no format", string.Join(", ", Exporter.Formats), "see docs/compare.md");
        }

        if (format is null != folder is null)
        {
            throw new UserErrorException(
                format is null ? "--out is given, and no --export" : "--export is given, and no --out", "both together: --export FORMAT --out FOLDER",
                format is null ? $"add --export with one of {string.Join(", ", Exporter.Formats)}" : $"add '--out {format}'");
        }
    }
}
