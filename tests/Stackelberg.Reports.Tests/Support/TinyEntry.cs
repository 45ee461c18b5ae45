using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Reports.Reproductions;

namespace Stackelberg.Reports.Tests.Support;

/// <summary>An entry whose runs take a moment, and what is needed to run it.</summary>
internal static class TinyEntry
{
    public const string Text = """
        id: tiny
        paper: own
        title: AC and STAC for a moment
        environments: [CartPole-v1]
        settings: {eval_episodes: 1, steps_per_iteration: 200, critic.updates: 2, actor.hidden: 8, critic.hidden: 8}
        scales:
          smoke: {total_timesteps: 600, seeds: 0..1}
          standard: {total_timesteps: 800, seeds: 0..1}
        arms:
          - {id: ac, algo: ac}
          - {id: stac, algo: stac, settings: {hypergradient.damping: 1}}
        claims:
          - {claim: STAC is better, published: above, kind: better, a: stac, b: ac}
        """;

    public static ReproductionEntry Entry { get; } = EntryReader.Read(Text, "tiny.yml");

    // one catalogue for all arms, as the program has it
    public static ConfigurationRequest Request
    {
        get
        {
            EnvironmentCatalogue all = new();
            ClassicControl.Register(all);
            all.AddAll(MultiAgentCatalogue.WithAll());
            return new ConfigurationRequest { Environments = _ => all };
        }
    }

    public static ReproductionResult Run(string folder, ReproductionOptions? options = null, ReproductionEntry? entry = null) =>
        Reproducer.Run(entry ?? Entry, Request, (options ?? new ReproductionOptions()) with { Folder = folder, Scale = "smoke" });

    /// <summary>Content of all files below a folder that neither clock nor process decides.</summary>
    public static Dictionary<string, string> Content(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(f => Path.GetFileName(f) is not ("manifest.json" or "timing.json" or ".lock"))
        .ToDictionary(f => Path.GetRelativePath(folder, f), f => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f))));
}
