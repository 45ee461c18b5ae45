using System.CommandLine;
using System.Globalization;
using Stackelberg.Cli.Internals;
using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>env list</c>, <c>env show</c>, <c>env check</c> and <c>env rollout</c>.</summary>
internal static class EnvironmentVerbs
{
    private static readonly Option<string[]> Plugins = new("--plugin") { Description = "an assembly with environments of your own", HelpName = "DLL", Recursive = true };

    public static Command Create() => new("env", "Shows, checks and plays the environments.") { List(), Show(), EnvironmentCheckVerb.Create(), RolloutVerb.Create(), Plugins };

    private static Command List()
    {
        Option<bool> json = new("--json") { Description = "print one JSON object" };
        Command command = new("list", "Lists the environments.") { json };
        command.SetAction(parsed =>
        {
            Catalogues catalogues = Catalogue(parsed);
            EnvironmentSpec[] specs = [.. catalogues.Specs];
            if (parsed.GetValue(json))
            {
                Json.Write(Console.Out, w =>
                {
                    w.WriteString("command", "env list");
                    w.WriteStartArray("environments");
                    foreach (EnvironmentSpec spec in specs)
                    {
                        w.WriteStartObject();
                        w.WriteString("id", spec.Id);
                        w.WriteString("description", spec.Description);
                        w.WriteBoolean("multi_agent", catalogues.Games.Contains(spec.Id));
                        w.Number("max_episode_steps", spec.MaxEpisodeSteps ?? double.NaN);
                        w.Number("reward_threshold", spec.RewardThreshold ?? double.NaN);
                        w.WriteEndObject();
                    }

                    w.WriteEndArray();
                });
            }
            else
            {
                Columns.Write(Console.Out, ["id", "time limit", "solved at", "description"], [.. specs.Select(s =>
                    new[] { s.Id, Text(s.MaxEpisodeSteps), Text(s.RewardThreshold), s.Description })]);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Command Show()
    {
        Argument<string> id = new("id") { Description = "the environment" };
        Option<string[]> set = OptionsFlag();
        Command command = new("show", "Prints an environment's spaces, limits and options.") { id, set };
        command.SetAction(parsed =>
        {
            Catalogues catalogues = Catalogue(parsed);
            EnvironmentSpec spec = catalogues.Find(parsed.GetValue(id)!);
            catalogues = catalogues.With(spec.Id, parsed.GetValue(set));
            Console.Out.WriteLine($"{spec.Id}: {spec.Description}");
            WriteSpaces(catalogues, spec.Id);
            Console.Out.WriteLine($"  time limit    {Text(spec.MaxEpisodeSteps)}");
            Console.Out.WriteLine($"  solved at     {Text(spec.RewardThreshold)}");
            WriteOptions(catalogues, spec.Id);
            return ExitCode.Success;
        });
        return command;
    }

    private static void WriteOptions(Catalogues catalogues, string id)
    {
        IReadOnlyList<(string Key, string Value, string Allowed, string Description)> options = EnvironmentOptions.Describe(catalogues.OptionsOf(id));
        if (options.Count > 0)
        {
            Console.Out.WriteLine();
            Columns.Write(Console.Out, ["option (--env-set KEY=VALUE)", "value", "allowed", "meaning"], [.. options.Select(o => new[] { o.Key, o.Value, o.Allowed, o.Description })]);
        }
    }

    private static void WriteSpaces(Catalogues catalogues, string id)
    {
        if (catalogues.Games.Contains(id))
        {
            using IMultiAgentEnvironment game = catalogues.Games.Make(id);
            foreach (AgentSpec agent in game.Agents)
            {
                Console.Out.WriteLine($"  agent         {agent.Name}, level {agent.Level}: observations {agent.ObservationSpace}, actions {agent.ActionSpace}");
            }

            return;
        }

        using IEnvironment environment = catalogues.Single.Make(id);
        Console.Out.WriteLine($"  observations  {environment.ObservationSpace}");
        Console.Out.WriteLine($"  actions       {environment.ActionSpace}");
    }

    /// <summary>The flag that changes an environment's options.</summary>
    internal static Option<string[]> OptionsFlag() =>
        new("--env-set") { Description = "options of the environment key=value; 'env show' lists them", HelpName = "KEY=VALUE", AllowMultipleArgumentsPerToken = true };

    internal static Catalogues Catalogue(ParseResult parsed) => Catalogues.Load(parsed.GetValue(Plugins) ?? []);

    private static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "none";
}
