using System.CommandLine;
using System.Text.Json;
using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Training;
using Stackelberg.Reports.Ledgers;
using Stackelberg.Reports.Reproductions;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>reproduce list</c>, <c>show</c>, <c>run</c>, <c>ledger</c>.</summary>
internal static class ReproduceVerbs
{
    public static Command Create() => new("reproduce", "Redoes the papers' tables and figures, and judges their claims.")
    {
        CreateList(), CreateShow(), ReproduceRunVerb.Create(), CreateLedger(),
    };

    private static Command CreateList()
    {
        OutputFlags outputs = new();
        Command command = new("list", "Lists the tables and figures there are.");
        outputs.AddTo(command);
        command.SetAction(parsed =>
        {
            if (outputs.Read(parsed).Json)
            {
                Json.Write(Console.Out, w =>
                {
                    w.WriteStartArray("entries");
                    foreach (ReproductionEntry entry in ReproductionCatalogue.All)
                    {
                        w.WriteStartObject();
                        w.WriteString("id", entry.Id);
                        w.WriteString("paper", entry.Paper);
                        w.WriteString("title", entry.Title);
                        WriteTexts(w, "scales", entry.ScaleNames);
                        w.WriteNumber("claims", entry.Claims.Count);
                        w.WriteEndObject();
                    }

                    w.WriteEndArray();
                });
                return ExitCode.Success;
            }

            Columns.Write(Console.Out, ["id", "paper", "claims", "standard scale takes", "title"], [.. ReproductionCatalogue.All.Select(e => new[]
            {
                e.Id, e.Paper, $"{e.Claims.Count}", e.Cost.GetValueOrDefault("standard", "seconds"), e.Title,
            })]);
            Console.Out.WriteLine();
            Console.Out.WriteLine("next: stackelberg reproduce show ID");
            return ExitCode.Success;
        });
        return command;
    }

    private static Command CreateShow()
    {
        Argument<string> id = new("id") { Description = "an entry, or a YAML file with one" };
        Option<bool> yaml = new("--yaml") { Description = "print the entry's file, to copy and change" };
        Command command = new("show", "Describes a table or figure: question, arms, claims, cost.") { id, yaml };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(yaml))
            {
                Console.Out.Write(ReproductionCatalogue.TextOf(parsed.GetValue(id)!));
                return ExitCode.Success;
            }

            ReproductionEntry entry = ReproductionCatalogue.Find(parsed.GetValue(id)!);
            Console.Out.WriteLine($"{entry.Id}: {entry.Title}\n{entry.Source}\n\n{entry.Question.Trim()}\n");
            if (entry.Arms.Count > 0)
            {
                Columns.Write(Console.Out, ["arm", "algorithm", "environments", "settings"], [.. entry.Arms.Select(a => new[]
                {
                    a.Id, a.Algo, string.Join(" ", entry.EnvironmentsOf(a)), string.Join(" ", a.Settings.Select(s => $"{s.Key}={s.Value}")),
                })]);
                Console.Out.WriteLine();
                Columns.Write(Console.Out, ["scale", "takes", "settings of all arms"], [.. entry.Scales.Select(s => new[]
                {
                    s.Key, entry.Cost.GetValueOrDefault(s.Key, "-"), string.Join(" ", entry.Settings.Concat(s.Value).Select(v => $"{v.Key}={v.Value}")),
                })]);
                Console.Out.WriteLine();
            }

            Columns.Write(Console.Out, ["published", "claim"], [.. entry.Claims.Select(c => new[] { c.Published, c.Claim })]);
            Console.Out.WriteLine();
            Console.Out.WriteLine($"next: stackelberg reproduce run {parsed.GetValue(id)} --scale smoke");
            return ExitCode.Success;
        });
        return command;
    }

    private static Command CreateLedger()
    {
        Argument<string> folder = new("folder") { Description = "a folder of pages with generated parts, and of the summaries they are made from, such as docs" };
        Option<bool> check = new("--check") { Description = "write nothing; fail where a page and its data disagree" };
        Command command = new("ledger", "Writes the generated parts of pages anew from summaries.") { folder, check };
        command.SetAction(parsed =>
        {
            IReadOnlyList<string> changed = [];
            Outputs.Write(parsed.GetValue(folder)!, "the folder", () => changed = Ledger.Update(parsed.GetValue(folder)!, parsed.GetValue(check)));
            foreach (string page in changed)
            {
                Console.Out.WriteLine($"{(parsed.GetValue(check) ? "differs" : "written")}: {page}");
            }

            return changed.Count > 0 && parsed.GetValue(check)
                ? throw new UserErrorException($"{changed.Count} {(changed.Count == 1 ? "page disagrees" : "pages disagree")} with the data", "pages as generated from their summaries", $"'stackelberg reproduce ledger {parsed.GetValue(folder)}' writes them anew")
                : ExitCode.Success;
        });
        return command;
    }

    /// <summary>A list of texts.</summary>
    internal static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
