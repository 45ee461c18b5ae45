using System.CommandLine;
using System.Globalization;
using Stackelberg.Bilevel;
using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Training;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Experiments.Toys;
using Stackelberg.Primitives;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>toy</c>.</summary>
internal static class ToyVerb
{
    private const int MostSteps = 1_000_000;
    private static readonly string[] Methods = [.. Enum.GetNames<ToyMethod>().Select(n => n.ToLowerInvariant())];
    private static readonly string[] Signs = ["minus", "plus"], Orders = ["simultaneous", "critic-first"];

    public static Command Create()
    {
        Argument<string> methods = new("methods") { Description = $"{string.Join(", ", Methods)}, several with commas between, or all" };
        Option<string> game = new("--game") { Description = string.Join("; ", ToyGame.All.Select(g => $"{g.Name}: {g.Summary}")), HelpName = "GAME", DefaultValueFactory = _ => "1" };
        Option<string> damping = new("--damping") { Description = "λ of sddpg and fsddpg, several with commas between (default: sddpg 0, fsddpg by game)", HelpName = "LAMBDA" };
        Option<double?> rate = new("--lr") { Description = "learning rate of both players (default: by game)", HelpName = "RATE" };
        Option<double?> criticRate = new("--critic-lr") { Description = "the critic's, where it differs", HelpName = "RATE" };
        Option<int?> steps = new("--steps") { Description = "updates of each player (default: by game)", HelpName = "N" };
        Option<string> start = new("--start") { Description = "where to start (default: by game)", HelpName = "THETA,W" };
        Option<string> order = new("--order") { Description = "simultaneous, or critic-first: the actor sees the critic's new value", HelpName = "ORDER", DefaultValueFactory = _ => Orders[0] };
        Option<string> sign = new("--sign") { Description = "of the implicit term: minus, or plus as in the listing of the FSDDPG paper", HelpName = "SIGN", DefaultValueFactory = _ => Signs[0] };
        Option<string> output = new("--out") { Description = "write plots (.html) or all steps (.csv)", HelpName = "FILE" };
        Option<bool> json = new("--json") { Description = "print one JSON object as the last line" };
        Command command = new("toy", "Plays the two-parameter games of the papers.") { methods, game, damping, rate, criticRate, steps, start, order, sign, output, json };
        command.SetAction(parsed =>
        {
            ToyGame played = ToyGame.All[Choose("--game", parsed.GetValue(game)!, [.. ToyGame.All.Select(g => g.Name)])];
            double actor = Rate("--lr", parsed.GetValue(rate)) ?? played.LearningRate;
            ToyOptions options = new(Steps(parsed.GetValue(steps)) ?? played.Steps, actor)
            {
                CriticLearningRate = Rate("--critic-lr", parsed.GetValue(criticRate)) ?? actor,
                Start = Start(parsed.GetValue(start)),
                Order = (ToyOrder)Choose("--order", parsed.GetValue(order)!, Orders),
                Sign = (ToySign)Choose("--sign", parsed.GetValue(sign)!, Signs),
            };
            string? file = parsed.GetValue(output);
            RequireKind(file);
            ToyTrajectory[] ways = [.. Plan(parsed.GetValue(methods)!, played, options, parsed.GetValue(damping)).Select(p => ToyPlay.Run(played, p.Method, p.Options))];
            string note = ToyReport.Describe(played, options);
            WriteFile(file, ways, note);
            ToyReport.Write(ways, note, file, parsed.GetValue(json));
            return Judge(ways);
        });
        return command;
    }

    // every method once, those with a linear system once for each damping
    private static IEnumerable<(ToyMethod Method, ToyOptions Options)> Plan(string given, ToyGame game, ToyOptions options, string? damping)
    {
        ToyMethod[] methods = given == "all"
            ? Enum.GetValues<ToyMethod>()
            : [.. given.Split(',').Select(name => (ToyMethod)Choose("method", name.Trim(), Methods)).Distinct()];
        if (methods is [ToyMethod.Ddpg] && (damping is not null || options.Sign == ToySign.Plus))
        {
            throw new UserErrorException($"{(damping is null ? "--sign" : "--damping")} was given, but ddpg solves no linear system", "sddpg, fsddpg or all with it", "leave the flag out, or add a method");
        }

        double[]? dampings = damping is null ? null : [.. damping.Split(',').Select(text => Damping(text.Trim()))];
        foreach (ToyMethod method in methods)
        {
            double[] each = method switch
            {
                ToyMethod.Ddpg => [0],
                ToyMethod.Sddpg => dampings ?? [0],
                _ => dampings ?? [game.GaussNewtonDamping],
            };
            foreach (double lambda in each)
            {
                yield return (method, options with { Damping = lambda, Sign = method == ToyMethod.Ddpg ? ToySign.Minus : options.Sign });
            }
        }
    }

    private static int Choose(string what, string given, string[] allowed)
    {
        int at = Array.IndexOf(allowed, given);
        if (at >= 0)
        {
            return at;
        }

        string? nearest = Suggestions.Nearest(given, allowed);
        throw new UserErrorException(
            $"{what} '{given}' is not known", string.Join(", ", allowed), nearest is null ? "'stackelberg toy --help' explains them" : $"did you mean '{nearest}'?");
    }

    private static double? Rate(string flag, double? given) => given is not { } rate || (rate > 0 && double.IsFinite(rate))
        ? given
        : throw new UserErrorException($"{flag} cannot be {rate.ToString("R", CultureInfo.InvariantCulture)}", "a number > 0", $"leave {flag} out for the game's own");

    private static int? Steps(int? given) => given is null or (>= 1 and <= MostSteps)
        ? given
        : throw new UserErrorException($"--steps cannot be {given}", $"an integer from 1 to {MostSteps}", "leave --steps out for the game's own");

    private static double Damping(string text) => Number(text) is { } value && value >= 0
        ? value
        : throw new UserErrorException($"--damping cannot be '{text}'", "numbers ≥ 0 with commas between", "such as --damping 0,0.04");

    private static ToyPoint? Start(string? text)
    {
        double?[] parts = [.. (text ?? "").Split(',').Select(Number)];
        return text is null ? null
            : parts is [{ } theta, { } w] && Math.Max(Math.Abs(theta), Math.Abs(w)) <= 1000 ? new ToyPoint(theta, w)
            : throw new UserErrorException($"--start cannot be '{text}'", "two numbers of at most 1000 in size, θ and w, with a comma between", "such as --start 1,-0.5");
    }

    private static double? Number(string text) => NumberText.TryReal(text, out double value) ? value : null;

    private static void RequireKind(string? file)
    {
        if (file is not null && Path.GetExtension(file) is not (".html" or ".csv"))
        {
            throw new UserErrorException($"--out cannot be '{file}'", "a file that ends in .html or .csv", "such as --out toy.html");
        }
    }

    private static void WriteFile(string? file, ToyTrajectory[] ways, string note)
    {
        try
        {
            if (file is not null && Path.GetExtension(file) == ".html")
            {
                Stackelberg.Experiments.Plots.PlotPage.Write(ToyFigure.Create(ways, note), file);
            }
            else if (file is not null)
            {
                ToyTable.Write(ways, file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{file}' cannot be written: {FileFaultText.Of(e, file)}", "the path of a file that can be written", "give another path with --out");
        }
    }

    private static int Judge(ToyTrajectory[] ways)
    {
        string[] lost = [.. ways.Where(w => w.DivergedAt is not null).Select(w => $"{w.Label} at step {w.DivergedAt}")];
        if (lost.Length == 0)
        {
            return ExitCode.Success;
        }

        Faults.Write(Console.Error, $"diverged: {string.Join("; ", lost)}", $"points within {Texts.Number(ToyPlay.Limit, "F0")} of the optimum", "lower --lr or --critic-lr, or raise --damping");
        return ExitCode.Numerical;
    }
}
