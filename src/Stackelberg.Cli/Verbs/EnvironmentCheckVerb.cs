using System.CommandLine;
using Stackelberg.Cli.Internals;
using Stackelberg.Environments;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>env check</c>.</summary>
internal static class EnvironmentCheckVerb
{
    public static Command Create()
    {
        Argument<string[]> ids = new("ids") { Description = "the environments; none for all", Arity = ArgumentArity.ZeroOrMore };
        Option<bool> json = new("--json") { Description = "print one JSON object" };
        Option<string[]> set = EnvironmentVerbs.OptionsFlag();
        Command command = new("check", "Checks environments against the contract: seeding, spaces, determinism, saving and loading.") { ids, set, json };
        command.SetAction(parsed =>
        {
            Catalogues all = EnvironmentVerbs.Catalogue(parsed);
            string[] named = parsed.GetValue(ids) ?? [], changes = parsed.GetValue(set) ?? [];
            if (named.Length == 0 && changes.Length > 0)
            {
                throw new UserErrorException("--env-set is given without an environment", "options of environments that are named", "name it, as in 'stackelberg env check Hopper-v4 --env-set reset_noise_scale=0'");
            }

            string[] given = named.Length > 0 ? named : [.. all.Specs.Select(s => s.Id)];
            EnvironmentCheckOptions options = new() { ChanceIsOpen = changes.Length > 0 };
            List<(string Id, EnvironmentCheckReport Report)> reports = [];
            foreach (string id in given)
            {
                all.Find(id);
                Catalogues catalogues = all.With(id, changes);
                bool several = catalogues.Games.Contains(id);
                EnvironmentCheckReport report = several
                    ? MultiAgentChecker.Check(() => catalogues.Games.Make(id), options)
                    : EnvironmentChecker.Check(() => catalogues.Single.Make(id), options);
                reports.Add((id, report));
                if (!parsed.GetValue(json))
                {
                    Print(id, report, several ? MultiAgentChecker.Rules.Count : EnvironmentChecker.Rules.Count);
                }
            }

            if (parsed.GetValue(json))
            {
                WriteJson(reports);
            }

            return reports.TrueForAll(r => r.Report.Passed) ? ExitCode.Success : ExitCode.Environment;
        });
        return command;
    }

    private static void Print(string id, EnvironmentCheckReport report, int rules)
    {
        int errors = report.Findings.Count(f => f.Severity == FindingSeverity.Error);
        Console.Out.WriteLine($"{(report.Passed ? "ok     " : "broken ")}  {id}: {report.Completed.Count} of {rules} rules run, {errors} errors, {report.Findings.Count - errors} remarks");
        foreach (EnvironmentFinding finding in report.Findings)
        {
            Console.Out.WriteLine($"  {finding.Severity.ToString().ToLowerInvariant()} ({finding.Rule}): {finding.Seen}");
            Console.Out.WriteLine($"    allowed: {finding.Expected}");
            Console.Out.WriteLine($"    next: {finding.Remedy}");
        }
    }

    private static void WriteJson(List<(string Id, EnvironmentCheckReport Report)> reports) => Json.Write(Console.Out, w =>
    {
        w.WriteString("command", "env check");
        w.WriteStartArray("environments");
        foreach ((string id, EnvironmentCheckReport report) in reports)
        {
            w.WriteStartObject();
            w.WriteString("id", id);
            w.WriteBoolean("passed", report.Passed);
            w.WriteStartArray("findings");
            foreach (EnvironmentFinding finding in report.Findings)
            {
                w.WriteStartObject();
                w.WriteString("rule", finding.Rule);
                w.WriteString("severity", finding.Severity.ToString().ToLowerInvariant());
                w.WriteString("seen", finding.Seen);
                w.WriteString("expected", finding.Expected);
                w.WriteEndObject();
            }

            w.WriteEndArray();
            w.WriteEndObject();
        }

        w.WriteEndArray();
    });
}
