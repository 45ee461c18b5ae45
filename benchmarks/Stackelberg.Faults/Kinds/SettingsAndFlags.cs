using System.Globalization;
using System.Text.Json;
using Stackelberg.Faults.Framework;
using Stackelberg.Faults.Fuzzing;
using Stackelberg.Faults.Runs;

namespace Stackelberg.Faults.Kinds;

/// <summary><c>--set</c> and the flags of every verb.</summary>
public sealed class SettingsAndFlags : FuzzedFile
{
    private static readonly string[] Algorithms = ["ac", "stac", "ddpg", "ddpg-ttsu", "td3", "sac", "st-ddpg", "st-sac", "sddpg", "sddpg-bd", "std3-cg", "fsddpg", "fstd3"];
    private static readonly string[] Environments = ["CartPole-v1", "Pendulum-v1", "MountainCarContinuous-v0", "SimpleMdp1-v0", "mdp-weather.json"];

    // bench is left out: it measures for minutes when nothing is wrong with it
    private static readonly string[][] Verbs =
    [
        ["config", "show", "--algo", "stac", "--env", "CartPole-v1", "--json"], ["config", "validate", "--algo", "sac", "--env", "Pendulum-v1"],
        ["train", "--dry-run", "--algo", "ac", "--env", "CartPole-v1", "--seeds", "0..4", "--threads", "2", "--total-timesteps", "1e5", "--eval-every", "0", "--eval-episodes", "10", "--eval-mode", "greedy", "--log-every", "0"],
        ["train", "--dry-run", "--json", "--algo", "fsddpg", "--env", "Pendulum-v1", "--checkpoint-every", "1000", "--keep-checkpoints", "3", "--out", "o", "--preset", "paper", "--env-set", "gravity=9"],
        ["env", "list", "--json"], ["env", "show", "Pendulum-v1", "--env-set", "gravity=9"], ["env", "check", "SimpleMdp1-v0"], ["env", "check", "Pendulum-v1", "--env-set", "gravity=9", "--json"],
        ["env", "rollout", "CartPole-v1", "--policy", "zero", "--steps", "5", "--episodes", "2", "--seed", "3", "--out", "o.csv", "--mode", "greedy"], ["env", "rollout", "Maintain-v0", "--episodes", "3", "--out", "o.csv", "--json"],
        ["env", "rollout", "Pendulum-v1", "--env-set", "gravity=9", "reset_angle=1", "--steps", "4", "--out", "o.csv"],
        ["algo", "list", "--json"], ["algo", "show", "stac"], ["hypergradient", "check", "--damping", "0.5", "--json"], ["hypergradient", "export", "--run", "runs", "--out", "o"],
        ["doctor"], ["toy", "sddpg,fsddpg", "--game", "1", "--damping", "0,0.04", "--lr", "0.1", "--critic-lr", "0.2", "--steps", "100", "--start", "1,-0.5", "--order", "critic-first", "--sign", "plus", "--out", "o.csv"],
        ["toy", "all", "--json", "--steps", "20"], ["eval", "runs/CartPole-v1/ac/seed-0", "--episodes", "1", "--mode", "stochastic", "--seed", "3", "--json"], ["resume", "runs", "--threads", "1", "--quiet"],
        ["compare", "runs", "--by", "algo", "--metric", "return", "--at", "final", "--kind", "evaluation", "--seed", "3", "--csv", "o.csv", "--latex", "o.tex"],
        ["compare", "runs", "--html", "o.html", "--figure", "o.svg", "--json"], ["compare", "runs", "--export", "rliable", "--out", "exported"],
        ["report", "runs", "--html", "o.html", "--title", "Title", "--question", "Which?", "--metric", "length"],
        ["reproduce", "list", "--json"], ["reproduce", "show", "stac-figure-1"], ["reproduce", "run", "stac-toy", "--scale", "smoke", "--seeds", "0..1", "--jobs", "1", "--out", "o", "--json"],
        ["replay", "runs/CartPole-v1/ac/seed-0", "--out", "o.html", "--episodes", "1", "--mode", "greedy", "--seed", "2"], ["replay", "t.csv", "--out", "o.html", "--env", "CartPole-v1", "--episodes", "1"],
    ];

    private static IReadOnlyList<string>? pairs;

    /// <inheritdoc/>
    public override string Name => "settings";

    /// <inheritdoc/>
    public override string Title => "--set strings, and the flags and arguments of every verb";

    /// <inheritdoc/>
    public override void Prepare(Attempt shared)
    {
        File.WriteAllText(shared["mdp-weather.json"], Samples.Weather);
        SmallRun.Train(shared, "ac", "CartPole-v1", seeds: "0");
        Made(shared, "env", "rollout", "CartPole-v1", "--steps", "6", "--out", "t.csv");
        IEnumerable<string> names = Algorithms.SelectMany(a =>
            JsonDocument.Parse(Made(shared, "config", "show", "--algo", a, "--env", "Pendulum-v1", "--json")).RootElement.GetProperty("values").EnumerateObject()
                .Select(p => $"{p.Name}={p.Value.GetProperty("value").GetString()}"));
        File.WriteAllLines(shared["settings.txt"], names.Distinct());
    }

    /// <inheritdoc/>
    public override Verdict Try(Attempt attempt)
    {
        pairs ??= File.ReadAllLines(Path.Combine(attempt.Shared, "settings.txt"));
        foreach (string file in (string[])["mdp-weather.json", "t.csv"])
        {
            File.Copy(Path.Combine(attempt.Shared, file), attempt[file]);
        }

        TextMutator mutator = new(attempt.Random, pairs);
        List<string> arguments = attempt.Chance(0.5) ? Settings(attempt, mutator) : Flags(attempt, mutator);
        if (arguments.Exists(a => a.StartsWith("runs", StringComparison.Ordinal)))
        {
            Folders.Copy(Path.Combine(attempt.Shared, "runs"), attempt["runs"]);
        }

        // a toy may diverge, which is 4
        return Judge.Of(attempt.Call([.. Bound(arguments).Select(Passable)]), arguments.Contains("toy") ? [2, 3, 4] : [2, 3]);
    }

    private static List<string> Settings(Attempt attempt, TextMutator mutator)
    {
        List<string> arguments = [.. attempt.Pick<string[]>([["config", "validate"], ["config", "show"], ["train", "--dry-run"]]), "--algo", attempt.Pick(Algorithms), "--env", attempt.Pick(Environments), "--set"];
        for (int settings = 1 + attempt.Random.NextInt32(3); settings > 0; settings--)
        {
            string own = attempt.Pick(pairs!), other = attempt.Pick(pairs!);
            string value = attempt.Chance(0.6) ? attempt.Pick(Extremes.All) : other[(other.IndexOf('=', StringComparison.Ordinal) + 1)..];
            string setting = attempt.Chance(0.2) ? own : own[..(own.IndexOf('=', StringComparison.Ordinal) + 1)] + value;
            arguments.Add(attempt.Chance(0.3) ? mutator.Change(setting, pairs!) : setting);
        }

        return arguments;
    }

    private static List<string> Flags(Attempt attempt, TextMutator mutator)
    {
        List<string> arguments = [.. attempt.Pick(Verbs)];
        for (int changes = 1 + attempt.Random.NextInt32(2); changes > 0; changes--)
        {
            // the verb stays: the rest is what is tried
            int at = Math.Min(arguments.Count - 1, 1 + attempt.Random.NextInt32(arguments.Count));
            switch (attempt.Random.NextInt32(6))
            {
                case 0 when arguments.Count > 2 && arguments[at] != "--dry-run":
                    arguments.RemoveAt(at);
                    break;
                case 1:
                    arguments.Insert(at + 1, attempt.Pick(attempt.Pick(Verbs)));
                    break;
                default:
                    arguments[at] = arguments[at] == "--dry-run" ? "--dry-run" : attempt.Chance(0.5) ? attempt.Pick(Extremes.All) : mutator.Change(arguments[at], pairs!);
                    break;
            }
        }

        return arguments;
    }

    // the system hands on neither NUL nor half a character; and a campaign must not write to devices, nor outside its folder
    private static string Passable(string argument)
    {
        string text = string.Concat(argument.Replace("\0", "", StringComparison.Ordinal).EnumerateRunes().Where(r => r.Value != 0xFFFD));
        return text.StartsWith('/') ? "." + text : text.Replace("=/", "=./", StringComparison.Ordinal);
    }

    // what is asked for in earnest may take long: a million episodes, or a check of all environments
    private static List<string> Bound(List<string> arguments)
    {
        for (int i = 1; i < arguments.Count; i++)
        {
            if (arguments[i - 1] is "--episodes" or "--steps" && double.TryParse(arguments[i], CultureInfo.InvariantCulture, out double many) && many is > 1000 and < int.MaxValue)
            {
                arguments[i] = "1000";
            }
        }

        bool checksAll = arguments is ["env", "check", ..] && !arguments.Skip(2).Any(a => a.EndsWith("-v0", StringComparison.Ordinal) || a.EndsWith("-v1", StringComparison.Ordinal));
        return checksAll ? ["env", "show"] : arguments;
    }
}
