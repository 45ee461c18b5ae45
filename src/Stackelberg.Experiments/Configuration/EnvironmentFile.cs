using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Configuration;

/// <summary>
/// A JSON file in the place of an environment's id, as it was when it was read: a matrix game, which has <c>payoffs</c>, or a finite MDP.
/// </summary>
public sealed class EnvironmentFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly MatrixGame? game;
    private readonly FiniteMdp? mdp;

    private EnvironmentFile(string path, byte[] content)
    {
        SourcePath = Path.GetFullPath(path);
        Content = content;
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        string text = Utf8.GetString(content).TrimStart('\uFEFF');
        if (HasPayoffs(text, path))
        {
            game = MatrixGameFile.Parse(text, path);
            _ = new MarkovGameEnvironment(game.Once());
        }
        else
        {
            mdp = FiniteMdpFile.Parse(text, path);
            _ = new FiniteMdpEnvironment(mdp);
        }
    }

    /// <summary>The file's name without folders: what a run on it calls its environment.</summary>
    public string Name => Path.GetFileName(SourcePath);

    /// <summary>Where it was read, absolute.</summary>
    public string SourcePath { get; }

    /// <summary>Its bytes.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Hash of <see cref="Content"/>, in lower-case hexadecimal.</summary>
    public string Sha256 { get; }

    /// <summary>Whether it is a game of several agents.</summary>
    public bool IsGame => game is not null;

    /// <summary>Whether nothing ever ends an episode: an MDP without horizon and without terminal state.</summary>
    public bool IsEndless => mdp is { Horizon: null } && !Enumerable.Range(0, mdp.StateCount).Any(mdp.IsTerminal);

    /// <summary>Whether an id is meant to be a file: it ends in <c>.json</c>.</summary>
    public static bool IsNamed(string id) => id.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    /// <summary>What a run calls the environment it was given: an id, or of a file its name without folders.</summary>
    public static string NameOf(string id) => IsNamed(id) ? Path.GetFileName(id) : id;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">It is neither a game nor an MDP; the message names file and place.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
    public static EnvironmentFile Read(string path)
    {
        try
        {
            return new EnvironmentFile(path, File.ReadAllBytes(path));
        }
        catch (DecoderFallbackException e)
        {
            throw new FormatException($"{path}: it is no UTF-8", e);
        }
        catch (ArgumentException e)
        {
            // a model that can be solved but not played
            throw new FormatException($"{path}: {ExceptionText.Of(e)}", e);
        }
    }

    /// <summary>Registers it under an id; a game, played once, as a <see cref="JointEnvironment"/>.</summary>
    /// <exception cref="ArgumentException">The id is taken.</exception>
    public EnvironmentSpec Register(EnvironmentCatalogue catalogue, string id)
    {
        if (mdp is not { } model)
        {
            MultiAgentCatalogue games = new();
            EnvironmentSpec own = Register(games, id);
            catalogue.AddAll(games);
            return own;
        }

        EnvironmentSpec spec = FiniteMdpEnvironment.SpecOf(model, id);
        catalogue.Add(spec, new FiniteMdpOptions(), o => new FiniteMdpEnvironment(model, o.Observation, spec));
        return spec;
    }

    /// <summary>Registers a game, played once, under an id.</summary>
    /// <exception cref="InvalidOperationException">The file is an MDP.</exception>
    /// <exception cref="ArgumentException">The id is taken.</exception>
    public EnvironmentSpec Register(MultiAgentCatalogue catalogue, string id)
    {
        MatrixGame model = game ?? throw new InvalidOperationException($"'{SourcePath}' is an MDP.");
        EnvironmentSpec spec = new(id, null, null) { Description = $"Matrix game, played once: {model.Name}.", Deterministic = true };
        catalogue.Add(spec, () => new MarkovGameEnvironment(model.Once(), spec));
        return spec;
    }

    private static bool HasPayoffs(string text, string path)
    {
        using JsonDocument document = Parse(text, path);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("payoffs", out _);
    }

    private static JsonDocument Parse(string text, string path)
    {
        try
        {
            return StrictJson.Parse(text);
        }
        catch (FormatException e)
        {
            throw new FormatException($"{path}: {e.Message}", e);
        }
    }
}
