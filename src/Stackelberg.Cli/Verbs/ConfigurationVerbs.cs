using System.CommandLine;
using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Training;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>config show</c> and <c>config validate</c>.</summary>
internal static class ConfigurationVerbs
{
    public static Command Create() => new("config", "Shows or checks a resolved configuration.") { Show(), Validate() };

    private static Command Show()
    {
        ConfigurationFlags flags = new();
        Option<bool> yaml = new("--yaml") { Description = "print a file that can be used again with -c" };
        Option<bool> json = new("--json") { Description = "print one JSON object" };
        Command command = new("show", "Prints every value and where it came from.") { yaml, json };
        flags.AddTo(command);
        command.SetAction(parsed =>
        {
            ResolvedConfiguration resolved = flags.Resolve(parsed);
            if (parsed.GetValue(json))
            {
                Json.Write(Console.Out, w =>
                {
                    w.WriteString("command", "config show");
                    w.WriteStartObject("values");
                    foreach (ResolvedValue value in resolved.Values)
                    {
                        w.WriteStartObject(value.Key);
                        w.WriteString("value", value.Text);
                        w.WriteString("origin", value.Origin.ToString());
                        w.WriteEndObject();
                    }

                    w.WriteEndObject();
                });
            }
            else if (parsed.GetValue(yaml))
            {
                Console.Out.Write(resolved.ToYaml());
            }
            else
            {
                Columns.Write(Console.Out, ["key", "value", "origin"], [.. resolved.Values.Select(v => new[] { v.Key, v.Text.Length == 0 ? "-" : v.Text, v.Origin.ToString() })]);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Command Validate()
    {
        ConfigurationFlags flags = new();
        Command command = new("validate", "Checks a configuration and names every fault.");
        flags.AddTo(command);
        command.SetAction(parsed =>
        {
            ResolvedConfiguration resolved = flags.Resolve(parsed);
            DryRun.Check(resolved);
            Console.Out.WriteLine($"valid: {resolved.Run.Algo} on {resolved.Run.Env}, {resolved.Values.Count} values");
            return ExitCode.Success;
        });
        return command;
    }
}
