using System.CommandLine;
using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Cli.Internals;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>algo list</c> and <c>algo show</c>.</summary>
internal static class AlgorithmVerbs
{
    private static readonly Option<string[]> Plugins = new("--plugin") { Description = "an assembly with algorithms or linear solvers of your own", HelpName = "DLL", Recursive = true };

    public static Command Create() => new("algo", "Shows the algorithms.") { List(), Show(), Plugins };

    private static Command List()
    {
        Option<bool> json = new("--json") { Description = "print one JSON object" };
        Command command = new("list", "Lists the algorithms.") { json };
        command.SetAction(parsed =>
        {
            AlgorithmCatalogue algorithms = Load(parsed).Algorithms;
            if (parsed.GetValue(json))
            {
                Json.Write(Console.Out, w =>
                {
                    w.WriteString("command", "algo list");
                    w.WriteStartArray("algorithms");
                    foreach (AlgorithmDescriptor algorithm in algorithms.All)
                    {
                        w.WriteStartObject();
                        w.WriteString("id", algorithm.Id);
                        w.WriteString("title", algorithm.Title);
                        w.WriteString("plugin", algorithms.PluginOf(algorithm.Id));
                        w.WriteEndObject();
                    }

                    w.WriteEndArray();
                });
            }
            else
            {
                Columns.Write(Console.Out, ["id", "presets", "title"], [.. algorithms.All.Select(a =>
                    new[] { a.Id, a.Presets.Count == 0 ? "-" : string.Join(", ", a.Presets.Keys), a.Title })]);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Command Show()
    {
        Argument<string> id = new("id") { Description = "the algorithm" };
        Command command = new("show", "Prints an algorithm's equations, references, presets and options.") { id };
        command.SetAction(parsed =>
        {
            Catalogues catalogues = Load(parsed);
            Print(Find(parsed.GetValue(id)!, catalogues.Algorithms), catalogues.Solvers, Console.Out);
            return ExitCode.Success;
        });
        return command;
    }

    private static Catalogues Load(ParseResult parsed) => Catalogues.Load(parsed.GetValue(Plugins) ?? []);

    private static AlgorithmDescriptor Find(string id, AlgorithmCatalogue algorithms)
    {
        if (algorithms.Find(id) is { } found)
        {
            return found;
        }

        IReadOnlyList<string> ids = [.. algorithms.All.Select(a => a.Id)];
        string? nearest = Suggestions.Nearest(id, ids);
        throw new UserErrorException(
            $"unknown algorithm '{id}'", string.Join(", ", ids), nearest is null ? "'stackelberg algo list' describes them; --plugin adds your own" : $"did you mean '{nearest}'?");
    }

    private static void Print(AlgorithmDescriptor algorithm, SolverCatalogue solvers, TextWriter output)
    {
        output.WriteLine($"{algorithm.Id}: {algorithm.Title}");
        output.WriteLine();
        output.WriteLine(algorithm.Summary.TrimEnd());
        output.WriteLine();
        foreach (string reference in algorithm.References)
        {
            output.WriteLine($"  {reference}");
        }

        foreach ((string name, AlgorithmPreset preset) in algorithm.Presets)
        {
            output.WriteLine();
            output.WriteLine($"--preset {name}: {preset.Description}");
            PrintSettings(preset.Settings, "  ", output);
            foreach ((string environment, IReadOnlyList<KeyValuePair<string, string>> settings) in
                preset.PerEnvironment ?? new Dictionary<string, IReadOnlyList<KeyValuePair<string, string>>>())
            {
                output.WriteLine($"  on {environment}:");
                PrintSettings(settings, "    ", output);
            }
        }

        foreach ((string environment, IReadOnlyList<KeyValuePair<string, string>> settings) in algorithm.EnvironmentPresets)
        {
            output.WriteLine();
            output.WriteLine($"on {environment}, unless told otherwise:");
            PrintSettings(settings, "  ", output);
        }

        output.WriteLine();
        Columns.Write(output, ["option (--set KEY=VALUE)", "default", "allowed", "meaning"], [.. ConfigurationResolver.Describe(algorithm, solvers).Select(o =>
            new[] { o.Key, o.Default.Length == 0 ? "-" : o.Default, o.Allowed, o.Description })]);
    }

    private static void PrintSettings(IReadOnlyList<KeyValuePair<string, string>> settings, string indent, TextWriter output)
    {
        foreach (KeyValuePair<string, string> setting in settings)
        {
            output.WriteLine($"{indent}{setting.Key} = {setting.Value}");
        }
    }
}
