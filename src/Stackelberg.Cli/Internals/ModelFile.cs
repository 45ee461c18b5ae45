using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Primitives;

namespace Stackelberg.Cli.Internals;

/// <summary>A JSON file in the place of an environment's id, for the verbs that play environments without training.</summary>
internal static class ModelFile
{
    /// <summary>Reads the file and registers what it holds under its path; a game is played once.</summary>
    /// <exception cref="UserErrorException">It cannot be read, or is no game and no MDP.</exception>
    public static EnvironmentSpec Register(string path, Catalogues catalogues)
    {
        try
        {
            EnvironmentFile file = EnvironmentFile.Read(path);
            return file.IsGame ? file.Register(catalogues.Games, path) : file.Register(catalogues.Single, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new UserErrorException(
                $"'{path}' cannot be used as an environment: {FileFaultText.Of(e, path)}", "an id, or a JSON file with a matrix game or a finite MDP",
                "mend the file; docs/environments/games.md and finite-mdp.md show the forms");
        }
    }
}
