using System.CommandLine;
using Stackelberg.Cli.Internals;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Cli.Verbs;

/// <summary>The flags from which a configuration is resolved; shared by the verbs that need one.</summary>
internal sealed class ConfigurationFlags
{
    private readonly Option<string> file = new("--config", "-c") { Description = "a YAML file with settings", HelpName = "FILE" };
    private readonly Option<string[]> set = new("--set") { Description = "settings key=value, above the file", HelpName = "KEY=VALUE", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> environmentSet = EnvironmentVerbs.OptionsFlag();
    private readonly Option<string[]> plugins = new("--plugin") { Description = "an assembly with environments, algorithms or linear solvers of your own, one path each time", HelpName = "DLL" };
    private readonly List<(string Key, Option<string> Option)> keys = [];

    public ConfigurationFlags()
    {
        Add("algo", "the algorithm; 'stackelberg algo list' shows all", "ID");
        Add("env", "the environment, or a JSON file with a finite MDP; 'stackelberg env list' shows all", "ID");
        Add("preset", "a named set of settings of the algorithm, such as paper", "NAME");
        Add("seeds", "one run per seed: 3, 0..4 (both ends included), 1,2,5", "LIST", "--seed");
        Add("total_timesteps", "environment steps of training per seed, such as 1e6", "N");
        Add("eval_every", "steps between evaluations; 0 for the final one alone", "N");
        Add("eval_episodes", "episodes per evaluation", "N");
        Add("eval_mode", "greedy or stochastic", "MODE");
        Add("checkpoint_every", "steps between checkpoints; 0 for the final one alone", "N");
        Add("keep_checkpoints", "how many of the newest checkpoints stay; 0 for all", "N");
        Add("log_every", "steps between rows of progress.csv; 0 for one per iteration", "N");
        Add("threads", "worker threads in all, seeds first; 0 for the smaller of processors and seeds", "N");
        Add("out", "folder of the runs: OUT/ENV/ALGO/seed-N", "DIR");
    }

    public void AddTo(Command command)
    {
        keys.ForEach(k => command.Options.Add(k.Option));
        command.Options.Add(file);
        command.Options.Add(set);
        command.Options.Add(environmentSet);
        command.Options.Add(plugins);
    }

    /// <summary>Resolves what was given.</summary>
    /// <exception cref="ConfigurationException">With all faults.</exception>
    public ResolvedConfiguration Resolve(ParseResult parsed)
    {
        List<KeyValuePair<string, string>> flags = [];
        foreach ((string key, Option<string> option) in keys)
        {
            if (parsed.GetValue(option) is { } text)
            {
                flags.Add(new(key, text));
            }
        }

        ResolvedConfiguration resolved = ConfigurationResolver.Resolve(Catalogues.Request() with
        {
            File = parsed.GetValue(file),
            Assignments = parsed.GetValue(set) ?? [],
            EnvironmentAssignments = parsed.GetValue(environmentSet) ?? [],
            Flags = flags,
            Plugins = [.. (parsed.GetValue(plugins) ?? []).Select(Path.GetFullPath)],
        });
        foreach (string unread in resolved.Unread)
        {
            Console.Error.WriteLine($"note: {unread}");
        }

        return resolved;
    }

    private void Add(string key, string description, string form, params string[] aliases) =>
        keys.Add((key, new Option<string>("--" + key.Replace('_', '-'), aliases) { Description = description, HelpName = form }));
}
