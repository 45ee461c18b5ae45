using System.Globalization;
using Stackelberg.Bilevel;
using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Primitives;

namespace Stackelberg.Cli.Verbs;

/// <summary>The game that was named: a file, or a built-in matrix game by the id of its environment.</summary>
internal static class GameInput
{
    public static NormalFormGame Read(string name)
    {
        if (!Path.Exists(name))
        {
            return MatrixGames.All.FirstOrDefault(g => IdOf(g) == name) is { } game ? Exact(game) : throw Unknown(name);
        }

        try
        {
            return GameFile.Read(name);
        }
        catch (GameFormatException e)
        {
            throw new UserErrorException(
                e.Message, "{\"leader\": [[…]], \"follower\": [[…]]}, Gambit's .nfg, lrs text, or two blocks of CSV; exact numbers such as -0.25 or \"1/3\"", "mend the file; docs/games.md shows the forms");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"the game file '{name}' cannot be read: {FileFaultText.Of(e, name)}", "a file that can be read", "give its path, or the id of a matrix game such as Maintain-v0");
        }
    }

    private static UserErrorException Unknown(string name)
    {
        string[] ids = [.. MatrixGames.All.Select(IdOf)];
        string? nearest = Suggestions.Nearest(name, ids);
        return new UserErrorException($"'{name}' is no file and no matrix game", $"the path of a file, or {string.Join(", ", ids)}", nearest is null ? "check the path; docs/games.md shows the forms of files" : $"did you mean '{nearest}'?");
    }

    private static string IdOf(MatrixGame game) => $"{game.Name}-v0";

    // the decimals that were written, not what binary makes of them
    private static NormalFormGame Exact(MatrixGame game) => new(game.Name, game.Players, game.Actions, [.. Enumerable.Range(0, game.Players.Count).Select(player =>
        (Rational[])[.. game.Payoffs(player).ToArray().Select(v => Rational.Parse(v.ToString("R", CultureInfo.InvariantCulture)))])]);
}
