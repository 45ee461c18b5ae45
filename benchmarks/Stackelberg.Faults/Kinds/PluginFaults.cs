using System.Globalization;
using Stackelberg.Faults.Framework;
using Stackelberg.Faults.Plugin;
using Stackelberg.Faults.Runs;

namespace Stackelberg.Faults.Kinds;

/// <summary>Plug-ins that throw, in every call and of every type, or give numbers and spaces that are not what they said: exit code 3, the plug-in and its message named.</summary>
public sealed class PluginFaults : FaultKind
{
    private const int Plugin = 3;

    private static readonly string[] OnPolicy = ["ac", "stac"];
    private static readonly string[] OffPolicy = ["ddpg", "ddpg-ttsu", "td3", "sac", "st-ddpg", "st-sac", "sddpg", "sddpg-cg", "sddpg-bd", "std3", "std3-cg", "fsddpg", "fsddpg-cg", "fstd3"];
    private static readonly Place[] InEnvironment = [Place.Constructor, Place.Reset, Place.Step, Place.Save, Place.Load, Place.Dispose, Place.Reward, Place.Observation, Place.Spaces];
    private static readonly Place[] InLearner = [Place.Constructor, Place.Step, Place.Save, Place.Load, Place.Dispose, Place.Act];

    /// <inheritdoc/>
    public override string Name => "plugins";

    /// <inheritdoc/>
    public override string Title => "environments, algorithms and solvers of plug-ins that throw, or break what they said of numbers and spaces";

    /// <inheritdoc/>
    public override int Length => 3000;

    /// <inheritdoc/>
    public override int Patience => 3;

    private static string Assembly => typeof(FaultyEnvironments).Assembly.Location;

    /// <inheritdoc/>
    public override void Prepare(Attempt shared)
    {
        foreach ((string algorithm, string environment) in ((string, string)[])[("ac", FaultyEnvironments.Discrete), ("ddpg", FaultyEnvironments.Continuous)])
        {
            CallResult call = shared.Call([.. SmallRun.Command(algorithm, environment, seeds: "0", steps: 300), "--plugin", Assembly]);
            if (call.Code != 0)
            {
                throw new InvalidOperationException($"an undisturbed training ended with {call.Code}: {call.Escaped}{call.Error}");
            }
        }
    }

    /// <inheritdoc/>
    public override Verdict Try(Attempt attempt)
    {
        int fault = attempt.Random.NextInt32(Faulty.Kinds);
        return attempt.Random.NextInt32(10) switch
        {
            0 => Methods(attempt, fault),
            1 => Solver(attempt, fault),
            _ => Environment(attempt, attempt.Pick(InEnvironment), fault),
        };
    }

    private static Verdict Environment(Attempt attempt, Place place, int fault)
    {
        int after = place is Place.Step or Place.Reward or Place.Observation ? attempt.Pick([0, 30, 100, 250, 700]) : attempt.Pick([0, 1, 2, 3, 5, 10, 30]);
        string[] options = [$"place={Word(place)}", $"fault={Text(fault)}", $"after={Text(after)}"];
        bool discrete = attempt.Chance(0.4);
        string algorithm = attempt.Pick(discrete ? OnPolicy : attempt.Chance(0.15) ? OnPolicy : OffPolicy), id = discrete ? FaultyEnvironments.Discrete : FaultyEnvironments.Continuous;
        string[] call = attempt.Random.NextInt32(10) switch
        {
            0 => ["env", "check", id, "--plugin", Assembly, "--env-set", .. options],
            1 => ["env", "rollout", id, "--plugin", Assembly, "--steps", "200", "--episodes", "8", "--out", "o.csv", "--env-set", .. options],
            2 or 3 => Trained(attempt, discrete, options),
            _ => [.. SmallRun.Command(algorithm, id, seeds: "0..1", steps: 400), "--plugin", Assembly, "--env-set", .. options],
        };
        string member = place is Place.Reward or Place.Observation ? "step" : place is Place.Spaces or Place.Constructor ? "" : place.ToString();
        string message = place is Place.Reward or Place.Observation or Place.Spaces ? "" : Faulty.Message;
        CallResult result = attempt.Call(call);
        // spaces that change are looked for where one learns; and options that a constructor refuses are the user's
        return place == Place.Spaces && call[0] is not "train" and not "resume" ? Judge.Of(result, [Plugin], typeNames: true)
            : Of(attempt, result, id, member, message, alsoUsage: place == Place.Constructor);
    }

    // a run of before the fault, to play, to go on with, to show
    private static string[] Trained(Attempt attempt, bool discrete, string[] options)
    {
        string run = SmallRun.Of(attempt.Shared, discrete ? "ac" : "ddpg", discrete ? FaultyEnvironments.Discrete : FaultyEnvironments.Continuous, 0);
        Folders.Copy(run, attempt["seed-0"]);
        string file = attempt["seed-0", "config.yml"], text = File.ReadAllText(file);
        foreach (string option in options)
        {
            string[] parts = option.Split('=');
            text = System.Text.RegularExpressions.Regex.Replace(text, $"(?m)^  {parts[0]}: .*$", $"  {parts[0]}: {parts[1]}");
        }

        File.WriteAllText(file, text);
        return attempt.Random.NextInt32(3) switch
        {
            0 => ["eval", "seed-0", "--episodes", "12"],
            1 => ["env", "rollout", discrete ? FaultyEnvironments.Discrete : FaultyEnvironments.Continuous, "--plugin", Assembly, "--policy", "seed-0", "--episodes", "8", "--out", "o.csv"],
            _ => ["resume", "seed-0", "--total-timesteps", "700"],
        };
    }

    private static Verdict Methods(Attempt attempt, int fault)
    {
        Place place = attempt.Pick(InLearner);
        string[] settings = ["--set", $"place={Word(place)}", $"fault={Text(fault)}", $"after={Text(attempt.Pick([0, 1, 2, 5]))}"];
        CallResult call = attempt.Call(
            ["train", "--algo", FaultyMethods.Algorithm, "--env", "CartPole-v1", "--plugin", Assembly, "--seeds", "0..1", "--total-timesteps", "300", "--eval-every", "100", "--eval-episodes", "2", "--checkpoint-every", "100", .. settings]);
        // all is trained and saved when a learner is given back: its fault is a note then
        return Of(attempt, call, FaultyMethods.Algorithm, "", Faulty.Message, alsoUsage: place == Place.Constructor, alsoNote: place == Place.Dispose);
    }

    private static Verdict Solver(Attempt attempt, int fault)
    {
        CallResult call = attempt.Chance(0.3)
            ? attempt.Call("hypergradient", "check", "--plugin", Assembly)
            : attempt.Call([.. SmallRun.Command("stac", "CartPole-v1", seeds: "0", steps: 1000), $"hypergradient.solver={FaultyMethods.Solver}", $"hypergradient.rank={Text(fault + 1)}", "--plugin", Assembly]);
        return Of(attempt, call, FaultyMethods.Solver, "", Faulty.Message);
    }

    private static Verdict Of(Attempt attempt, CallResult call, string id, string member, string message, bool alsoUsage = false, bool alsoNote = false)
    {
        Verdict verdict = Judge.Of(call, alsoUsage ? [2, Plugin] : [Plugin], typeNames: true);
        bool fired = File.Exists(attempt[Faulty.Mark]);
        if (verdict.IsBroken || !fired)
        {
            return verdict;
        }

        string said = call.Error + call.Output;
        string? missing = ((string[])[id, member, message]).FirstOrDefault(word => !said.Contains(word, StringComparison.Ordinal));
        return alsoNote && call.Code == 0 && missing is null ? verdict
            : call.Code == 0 && call.Arguments is not ["hypergradient", ..] ? new Verdict(Outcome.SilentUse, Judge.First(call, $"a fault of {id} ({string.Join(' ', call.Arguments.Skip(2))}) was passed over without a word"))
            : missing is not null ? new Verdict(Outcome.Form, Judge.First(call, $"'{missing}' is not named"))
            : verdict;
    }

    private static string Word(Place place) => place.ToString().ToLowerInvariant();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
