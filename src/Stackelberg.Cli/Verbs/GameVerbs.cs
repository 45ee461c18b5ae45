using System.CommandLine;
using Stackelberg.Bilevel;
using Stackelberg.Cli.Internals;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>game solve</c> and <c>game convert</c>.</summary>
internal static class GameVerbs
{
    private const string GameDescription = "a game in JSON, Gambit's .nfg, lrs text or two-block CSV; or the id of a built-in matrix game, such as Maintain-v0";
    private static readonly string[] Concepts = ["nash", "stackelberg", "zero-sum", "correlated"], Commitments = ["pure", "mixed"], Ties = ["optimistic", "pessimistic"], Preferences = ["best", "worst"];

    public static Command Create() => new("game", "Solves matrix games exactly, in fractions, and converts their files.") { Solve(), Convert() };

    private static Command Solve()
    {
        Argument<string> file = new("file") { Description = GameDescription };
        Option<string> concept = new("--concept") { Description = string.Join(", ", Concepts), HelpName = "CONCEPT", DefaultValueFactory = _ => Concepts[0] };
        Option<string> commitment = new("--commitment") { Description = "of a Stackelberg leader: pure (the follower sees the action) or mixed (it sees the probabilities); pure unless given", HelpName = "KIND" };
        Option<string> ties = new("--ties") { Description = "between answers equally good for the follower: optimistic (for the leader) or pessimistic; optimistic unless given", HelpName = "TIES" };
        Option<string> prefer = new("--follower") { Description = "of commitments equally good for the leader only those best, or worst, for the follower", HelpName = "WHICH" };
        Option<bool> json = new("--json") { Description = "print one JSON object as the last line" };
        Command command = new("solve", "Prints a game's equilibria in fractions and decimals.") { file, concept, commitment, ties, prefer, json };
        command.SetAction(parsed =>
        {
            string sought = Choose(concept.Name, parsed.GetValue(concept)!, Concepts);
            foreach (Option<string> option in new[] { commitment, ties, prefer })
            {
                if (parsed.GetValue(option) is { } given && sought != "stackelberg")
                {
                    throw new UserErrorException($"{option.Name} {given} was given, but --concept {sought} has no leader who commits", $"{option.Name} with --concept stackelberg", $"leave {option.Name} out, or ask for --concept stackelberg");
                }
            }

            bool mixed = Choose(commitment.Name, parsed.GetValue(commitment) ?? "pure", Commitments) == "mixed";
            FollowerTies broken = Choose(ties.Name, parsed.GetValue(ties) ?? "optimistic", Ties) == "optimistic" ? FollowerTies.Optimistic : FollowerTies.Pessimistic;
            FollowerPreference preferred = parsed.GetValue(prefer) is not { } which ? FollowerPreference.None
                : Choose(prefer.Name, which, Preferences) == "best" ? FollowerPreference.Best : FollowerPreference.Worst;

            NormalFormGame game = GameInput.Read(parsed.GetValue(file)!);
            GameSolution solution = GameSolution.Of(game, sought, mixed, broken, preferred);
            if (parsed.GetValue(json))
            {
                GameReport.WriteJson(game, solution);
            }
            else
            {
                GameReport.Write(game, solution);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Command Convert()
    {
        Argument<string> file = new("file") { Description = GameDescription };
        Option<string> output = new("--out") { Description = "the file to write: .nfg, .json, .lrs or .csv", HelpName = "FILE", Required = true };
        Command command = new("convert", "Writes a game in another form, payoffs as exact fractions.") { file, output };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(output)!;
            if (GameFile.FormatOf(path) is not { } format)
            {
                throw new UserErrorException($"--out cannot be '{path}'", "a file that ends in .nfg, .json, .lrs or .csv", "such as --out game.nfg");
            }

            NormalFormGame game = GameInput.Read(parsed.GetValue(file)!);
            if (game.Players.Count != 2 && format is GameFileFormat.Lrs or GameFileFormat.Csv)
            {
                throw new UserErrorException($"{Path.GetExtension(path)} holds games of two players; this one has {game.Players.Count}", ".nfg or .json", "such as --out game.nfg");
            }

            string text = GameFile.Write(game, format);
            Outputs.Write(path, output.Name, () => File.WriteAllText(path, text));
            Console.Out.WriteLine($"{path}: {string.Join(" x ", game.Actions.Select(a => a.Count))} joint actions of {game.Players.Count} player(s)");
            return ExitCode.Success;
        });
        return command;
    }

    private static string Choose(string flag, string given, string[] allowed)
    {
        if (allowed.Contains(given))
        {
            return given;
        }

        string? nearest = Suggestions.Nearest(given, allowed);
        throw new UserErrorException($"{flag} '{given}' is not known", string.Join(", ", allowed), nearest is null ? "'stackelberg game solve --help' explains them" : $"did you mean '{nearest}'?");
    }
}
