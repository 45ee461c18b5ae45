using System.CommandLine;
using Stackelberg.Agents;
using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Training;
using Stackelberg.Experiments;
using Stackelberg.Experiments.Replays;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Pages;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>report</c>.</summary>
internal static class ReportVerb
{
    private const string QuestionFile = "question.md";

    public static Command Create()
    {
        Argument<string> folder = new("folder") { Description = "an experiment: a folder that holds runs at any depth" };
        ComparisonFlags flags = new();
        Option<string> html = new("--html") { Description = "the page to write (default: report.html in the folder)", HelpName = "FILE" };
        Option<string> title = new("--title") { Description = "its title (default: the folder's name)", HelpName = "TEXT" };
        Option<string> question = new("--question") { Description = $"what the experiment asks (default: the text of {QuestionFile} in the folder)", HelpName = "TEXT" };
        Option<bool> replays = new("--replays") { Description = "record an episode of every group's median run, and link it" };
        OutputFlags outputs = new();
        Command command = new("report", "Makes one page of an experiment: question, arms, curves, tables, verdicts, settings, replays.") { folder, html, title, question, replays };
        flags.AddTo(command);
        outputs.AddTo(command);
        command.SetAction(parsed =>
        {
            OutputMode output = outputs.Read(parsed);
            string root = parsed.GetValue(folder)!;
            Comparison comparison = Comparer.Compare([root], flags.Read(parsed));
            string page = parsed.GetValue(html) ?? Path.Combine(root, "report.html");
            PageLinks links = new() { Replays = parsed.GetValue(replays) ? Record(comparison, page) : ReplayLinks.Existing(comparison, page) };
            Outputs.Write(page, html.Name, () => ExperimentPage.Write(Page(comparison, parsed.GetValue(title) ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root))), parsed.GetValue(question) ?? Question(root)), page, links));
            if (output.Json)
            {
                ComparisonText.WriteJson(comparison, Console.Out);
            }
            else
            {
                ComparisonText.WriteLeftOut(comparison, Console.Error);
                Console.Out.WriteLine($"{comparison.Groups.Count} groups, {comparison.Groups.Sum(g => g.Runs.Count)} runs, {links.Replays.Count} replays: open {page} in a browser");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Experiment Page(Comparison comparison, string title, string question) => new(title, question, [new ExperimentSection("Measurements", "", comparison)])
    {
        Arms = [.. comparison.Groups.Select(g => g.Label).Distinct().Select(label =>
        {
            RunGroup group = comparison.Groups.First(g => g.Label == label);
            return new ExperimentArm(label, string.Join(", ", group.Keys.Select(k => $"{k.Key} = {k.Value}").Prepend(group.Algorithm).Distinct()));
        })],
        Notes = comparison.Notes,
    };

    private static string Question(string root)
    {
        string file = Path.Combine(root, QuestionFile);
        return File.Exists(file) ? File.ReadAllText(file).Trim() : $"Which of the groups in {Path.GetFileName(Path.GetFullPath(root))} does better, and by how much?";
    }

    // the median run is what a reader should see; the best would flatter
    private static Dictionary<string, string> Record(Comparison comparison, string page)
    {
        Dictionary<string, string> links = new(ReplayLinks.Existing(comparison, page), StringComparer.Ordinal);
        foreach (RunGroup group in comparison.Groups)
        {
            ComparedRun median = group.Runs.OrderBy(r => r.Score).ElementAt((group.Runs.Count - 1) / 2);
            string place = ReplayLinks.PlaceOf(median.Directory);
            ReplayPage.Write(ReplayRecorder.Record(median.Directory, Plans.Restore(RunDirectory.Read(median.Directory)), seed: 0, episodes: 1, PolicyMode.Greedy), place);
            links[median.Directory] = ReplayLinks.Address(place, page);
        }

        return links;
    }
}
