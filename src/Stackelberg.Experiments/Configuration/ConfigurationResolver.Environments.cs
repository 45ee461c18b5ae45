using Stackelberg.Agents;
using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration.Internals;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Configuration;

/// <content>The environment: an id or a file, and its options.</content>
public sealed partial class ConfigurationResolver
{
    // Every run on a file has its own copy of it here, so that config.yml names it by a path that moves with the folder.
    internal const string FileFolder = "environment";

    private static bool IsEnvironmentOption(Setting setting) => setting.Key.StartsWith(EnvironmentOptions.Prefix, StringComparison.Ordinal);

    private SettingOrigin EnvironmentOrigin => origins.GetValueOrDefault("env", new SettingOrigin(SettingLayer.Flag, "--env"));

    /// <summary>The file that takes the environment's place; null where an id does, or where the file has a fault.</summary>
    private EnvironmentFile? FileOf(RunSettings run, EnvironmentCatalogue environments)
    {
        if (!EnvironmentFile.IsNamed(run.Env) || environments.Contains(run.Env))
        {
            return null;
        }

        const string Allowed = "an id, or a JSON file with a finite MDP";
        string path = Path.Combine(EnvironmentOrigin is { Layer: SettingLayer.File } origin ? Path.GetDirectoryName(origin.Name) ?? "" : "", run.Env);
        try
        {
            EnvironmentFile file = EnvironmentFile.Read(path);
            if (file.IsEndless)
            {
                Fault(EnvironmentOrigin, "env", $"episodes of '{path}' never end: it has neither a terminal state nor a horizon", "an MDP whose episodes end", "add a key such as \"horizon\": 100 to the file");
            }
            else if (file.Name.StartsWith('.') || environments.Contains(file.Name))
            {
                Fault(EnvironmentOrigin, "env", $"a run cannot be named after '{file.Name}'", "a file whose name begins with no dot and is no id of an environment", "rename the file");
            }
            else
            {
                file.Register(environments, file.Name);
                return file;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            Fault(EnvironmentOrigin, "env", $"'{path}' cannot be used as an environment: {FileFaultText.Of(e, path)}", Allowed, "check the path and the file; docs/environments/finite-mdp.md shows the form");
        }

        return null;
    }

    private void CheckEnvironment(RunSettings run, EnvironmentCatalogue environments)
    {
        // what is wrong with a file is said where it is read
        if (!environments.Contains(run.Env) && !EnvironmentFile.IsNamed(run.Env))
        {
            CheckId("env", run.Env, "environment", [.. environments.Specs.Select(s => s.Id)], "stackelberg env list");
        }
    }

    /// <summary>One agent or several: algorithm and environment must agree.</summary>
    private void CheckAgents(AlgorithmDescriptor algorithm, AlgorithmCatalogue algorithms, EnvironmentCatalogue environments, EnvironmentFile? file, RunSettings run)
    {
        MultiAgentCatalogue games = Catalogue(request.Games, run);
        bool isGame = file?.IsGame ?? games.Contains(run.Env);
        if (isGame == algorithm.IsMultiAgent || !environments.Contains(file?.Name ?? run.Env))
        {
            return;
        }

        string others = string.Join(", ", environments.Specs.Select(s => s.Id).Where(id => games.Contains(id) == algorithm.IsMultiAgent));
        string able = string.Join(", ", algorithms.All.Where(a => a.IsMultiAgent == isGame).Select(a => a.Id));
        Fault(
            EnvironmentOrigin, "env", isGame ? $"'{run.Env}' has several agents, and '{algorithm.Id}' learns for one" : $"'{run.Env}' has one agent, and '{algorithm.Id}' learns for several",
            others, $"choose such an environment, or an algorithm for {(isGame ? "several agents" : "one agent")}: {able}");
    }

    /// <summary>The catalogue with the options that were given.</summary>
    private EnvironmentCatalogue SetOptions(EnvironmentCatalogue environments, string id)
    {
        IReadOnlyList<Setting> settings = [.. given.Where(IsEnvironmentOption)];
        if (settings.Count == 0 || !environments.Contains(id))
        {
            return environments;
        }

        foreach (Setting setting in settings)
        {
            origins[setting.Key] = setting.Origin;
        }

        return EnvironmentOptions.Apply(environments, id, settings, errors);
    }

    private IEnumerable<string> OptionKeys(EnvironmentCatalogue environments, string id) => OptionValues(environments, id).Select(v => v.Key);

    private IEnumerable<ResolvedValue> OptionValues(EnvironmentCatalogue environments, string id)
    {
        if (!environments.Contains(id) || environments.OptionsOf(id) is not { } options)
        {
            return [];
        }

        return OptionEntry.Of(options).Select(e => new ResolvedValue(
            EnvironmentOptions.Prefix + e.Key, e.Read(options),
            origins.GetValueOrDefault(EnvironmentOptions.Prefix + e.Key, SettingOrigin.Default), e.Attribute.Description));
    }
}
