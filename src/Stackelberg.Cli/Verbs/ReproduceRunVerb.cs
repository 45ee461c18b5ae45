using System.CommandLine;
using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Training;
using Stackelberg.Experiments;
using Stackelberg.Reports.Reproductions;
using Stackelberg.Reports.Tables;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>reproduce run</c>.</summary>
internal static class ReproduceRunVerb
{
    private static readonly string[] Scales = ["smoke", "standard", "full"];

    public static Command Create()
    {
        Argument<string> id = new("id") { Description = "an entry, or a YAML file with one" };
        Option<string> scale = new("--scale") { Description = "smoke: seconds, to see that it runs; standard: what supports a verdict; full: the paper's", HelpName = "SCALE", DefaultValueFactory = _ => "standard" };
        Option<string> seeds = new("--seeds") { Description = "in place of the entry's: 3, 0..4 (both ends included), 1,2,5", HelpName = "LIST" };
        Option<int> jobs = new("--jobs", "--threads") { Description = "runs at the same time; 0 for one per processor", HelpName = "N" };
        Option<string> folder = new("--out") { Description = "folder of runs, summary, page and figure: DIR/ID/SCALE", HelpName = "DIR", DefaultValueFactory = _ => "reproductions" };
        Option<string[]> with = new("--with") { Description = "a summary.json of the same entry and scale, of other days or machines: its scores count, and what it has is not trained", HelpName = "FILE" };
        Option<bool> judge = new("--judge") { Description = "train nothing, judge what there is" };
        OutputFlags outputs = new();
        Command command = new("run", "Trains what is missing of a table or figure, draws it, and judges its claims.") { id, scale, seeds, jobs, folder, with, judge };
        outputs.AddTo(command);
        command.SetAction(parsed =>
        {
            OutputMode output = outputs.Read(parsed);
            ReproductionEntry entry = ReproductionCatalogue.Find(parsed.GetValue(id)!);
            ReproductionOptions options = new()
            {
                Scale = Scale(parsed.GetValue(scale)!),
                File = ReproductionCatalogue.IsFile(parsed.GetValue(id)!) ? parsed.GetValue(id) : null,
                Seeds = parsed.GetValue(seeds),
                Jobs = parsed.GetValue(jobs) is >= 0 and var count ? count : throw new UserErrorException($"--jobs cannot be {parsed.GetValue(jobs)}", "a whole number from 0 on", "0 is one per processor"),
                Folder = parsed.GetValue(folder)!,
                Known = [.. (parsed.GetValue(with) ?? []).Select(EntrySummary.Read)],
                IsJudgedOnly = parsed.GetValue(judge),
                CommandLine = Plans.CommandLine,
            };
            using Interrupts interrupts = new("interrupted: writing checkpoints; the same command goes on; once more to stop at once");
            ReproductionResult result = Reproducer.Run(entry, Catalogues.Request(), options, output.Quiet ? null : new ReproductionDisplay(output.Messages), interrupts.Token);
            string place = Path.Combine(options.Folder, entry.Id, options.Scale);
            IReadOnlyList<string> written = [];
            Outputs.Write(place, folder.Name, () => written = ReproductionFiles.Write(entry, result, place));
            if (output.Json)
            {
                WriteJson(entry, options, result);
            }
            else
            {
                WriteText(result);
                Console.Out.WriteLine();
                written.ToList().ForEach(p => Console.Out.WriteLine($"written: {p}"));
            }

            return Conclude(result);
        });
        return command;
    }

    private static string Scale(string given) => Scales.Contains(given) ? given : throw new UserErrorException($"--scale '{given}' is none", string.Join(", ", Scales), "'stackelberg reproduce show ID' says what each takes");

    private static int Conclude(ReproductionResult result)
    {
        foreach ((RunPlan plan, RunResult run) in result.Failures)
        {
            Faults.WriteSentences(Console.Error, $"{plan.Directory}: {run.Failure!.Message}", "runs that end", "the same command goes on with the others");
        }

        return result.IsInterrupted ? ExitCode.Interrupted : result.Failures.Count > 0 ? Outcome.Code(result.Failures[^1].Result.Failure!.Kind) : ExitCode.Success;
    }

    private static void WriteText(ReproductionResult result)
    {
        if (result.Comparison is { } comparison)
        {
            Console.Out.WriteLine($"{comparison.Quantity}");
            Console.Out.WriteLine();
            Columns.Write(Console.Out, ["environment", "arm", "seeds", "IQM", "95 % interval", "minimum", "maximum"], [.. comparison.Groups.Select(g => new[]
            {
                g.Environment, g.Label, $"{g.Summary.Count}", NumberTexts.Short(g.Summary.InterquartileMean), g.Summary.Count > 1 ? NumberTexts.Interval(g.Summary.Low, g.Summary.High) : "one seed",
                NumberTexts.Short(g.Summary.Minimum), NumberTexts.Short(g.Summary.Maximum),
            })]);
            Console.Out.WriteLine();
            ComparisonText.WriteLeftOut(comparison, Console.Error);
        }

        Columns.Write(Console.Out, ["verdict", "measured", "published", "n", "claim"], [.. result.Claims.Select(c => new[]
        {
            c.VerdictText, $"{NumberTexts.Short(c.Measured)} {NumberTexts.Interval(c.Low, c.High)} {c.Unit}", c.Published, $"{c.Count}", c.Claim,
        })]);
    }

    private static void WriteJson(ReproductionEntry entry, ReproductionOptions options, ReproductionResult result) => Json.Write(Console.Out, w =>
    {
        w.WriteString("id", entry.Id);
        w.WriteString("scale", options.Scale);
        w.WriteStartArray("claims");
        foreach (ClaimResult claim in result.Claims)
        {
            w.WriteStartObject();
            w.WriteString("claim", claim.Claim);
            w.WriteString("published", claim.Published);
            w.Number("measured", claim.Measured);
            w.Number("low", claim.Low);
            w.Number("high", claim.High);
            w.WriteString("unit", claim.Unit);
            w.WriteNumber("n", claim.Count);
            w.WriteString("verdict", claim.VerdictText);
            w.WriteString("detail", claim.Detail);
            w.WriteEndObject();
        }

        w.WriteEndArray();
        w.WriteBoolean("interrupted", result.IsInterrupted);
        ReproduceVerbs.WriteTexts(w, "failed", result.Failures.Select(f => f.Plan.Directory));
    });
}
