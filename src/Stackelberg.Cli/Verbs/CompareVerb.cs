using System.CommandLine;
using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Training;
using Stackelberg.Experiments.Configuration;
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
            RequirePaths(command, parsed.GetValue(paths)!);
            RequirePlace(parsed.GetValue(export), parsed.GetValue(folder));
            RequireEnding(parsed.GetValue(figure));
            RequireApart([.. new[] { html, figure, csv, latex }.Select(o => parsed.GetValue(o)).OfType<string>()]);
            Comparison comparison = Comparer.Compare(parsed.GetValue(paths)!, options);
            List<string> written = [];
            Write(html, p => ComparisonPage.Write(comparison, p, new PageLinks { Replays = ReplayLinks.Existing(comparison, p) }));
            Write(figure, p => ComparisonFigure.Write(comparison, p));
            Write(csv, p => ComparisonTables.WriteCsv(comparison, p));
            Write(latex, p => ComparisonTables.WriteLatex(comparison, p));
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

            void Write(Option<string> flag, Action<string> write)
            {
                if (parsed.GetValue(flag) is { } path)
                {
                    Outputs.Write(path, flag.Name, () => write(path));
                    written.Add(path);
                }
            }
        });
        return command;
    }

    // any text can be a path, so that the parser takes a misspelt flag for one
    private static void RequirePaths(Command command, IReadOnlyList<string> paths)
    {
        if (paths.FirstOrDefault(p => p.StartsWith('-') && !Path.Exists(p)) is { } flag)
        {
            string[] known = [.. command.Options.Select(o => o.Name)];
            throw new UserErrorException(
                $"'{flag}' is not known to 'stackelberg compare'", string.Join(", ", known),
                Suggestions.Nearest(flag, known) is { } near ? $"did you mean '{near}'?" : "'stackelberg compare --help' explains them");
        }
    }

    private static void RequireApart(IReadOnlyList<string> files)
    {
        if (files.GroupBy(Path.GetFullPath).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
        {
            throw new UserErrorException($"two flags write to '{twice.First()}'", "a file of its own for each", "give them other names");
        }
    }

    private static void RequireEnding(string? figure)
    {
        if (figure is not null && !ComparisonFigure.Endings.Contains(Path.GetExtension(figure).ToLowerInvariant()))
        {
            throw new UserErrorException($"--figure '{figure}' names no format", $"a file that ends in {string.Join(", ", ComparisonFigure.Endings)}", "give it one of these endings");
        }
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
