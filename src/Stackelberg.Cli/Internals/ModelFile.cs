using System.Text.Json;
using Stackelberg.Environments;

namespace Stackelberg.Cli.Internals;

/// <summary>A JSON file in the place of an environment's id: a matrix game, which has <c>payoffs</c>, or a finite MDP.</summary>
internal static class ModelFile
{
    /// <summary>Whether an id is meant to be a file.</summary>
    public static bool IsNamed(string id) => id.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the file and registers what it holds under its path; a game is played once.</summary>
    /// <exception cref="UserErrorException">It cannot be read, or is no game and no MDP.</exception>
    public static EnvironmentSpec Register(string path, Catalogues catalogues)
    {
        try
        {
            string text = File.ReadAllText(path);
            return HasPayoffs(text) ? AddGame(path, MatrixGameFile.Parse(text, path), catalogues.Games) : AddMdp(path, FiniteMdpFile.Parse(text, path), catalogues.Single);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or JsonException)
        {
            throw new UserErrorException(
                $"'{path}' cannot be used as an environment: {e.Message}", "an id, or a JSON file with a matrix game or a finite MDP",
                "mend the file; docs/environments/games.md and finite-mdp.md show the forms");
        }
    }

    private static bool HasPayoffs(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("payoffs", out _);
    }

    private static EnvironmentSpec AddGame(string path, MatrixGame game, MultiAgentCatalogue catalogue)
    {
        EnvironmentSpec spec = new(path, null, null) { Description = $"Matrix game, played once: {game.Name}.", Deterministic = true };
        catalogue.Add(spec, () => new MarkovGameEnvironment(game.Once(), spec));
        return spec;
    }

    private static EnvironmentSpec AddMdp(string path, FiniteMdp mdp, EnvironmentCatalogue catalogue)
    {
        EnvironmentSpec spec = FiniteMdpEnvironment.SpecOf(mdp, path);
        catalogue.Add(spec, () => new FiniteMdpEnvironment(mdp, MdpObservation.OneHot, spec));
        return spec;
    }
}
