using System.CommandLine;
using System.Globalization;
using Stackelberg.Agents;
using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Training;
using Stackelberg.Experiments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Experiments.Rollouts;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>env rollout</c>.</summary>
internal static class RolloutVerb
{
    private const string Policies = "random, zero, or the folder of a run or checkpoint";

    public static Command Create()
    {
        Argument<string> id = new("id") { Description = "the environment" };
        Option<string> initial = new("--initial-state") { Description = "JSON file with the state to start from, a list with one per episode, or either under the environment's id", HelpName = "FILE" };
        Option<string> actions = new("--actions") { Description = "CSV table with the actions to play: columns action0, action1, …, and t, episode where it has them", HelpName = "FILE" };
        Option<string> policy = new("--policy") { Description = $"who chooses the actions: {Policies} (default: random)", HelpName = "random|zero|RUN" };
        Option<PolicyMode> mode = new("--mode") { Description = "how a run's policy picks actions", DefaultValueFactory = _ => PolicyMode.Greedy };
        Option<int?> steps = new("--steps") { Description = "most steps of an episode (default: all actions of the table; else the time limit, or 1000)", HelpName = "N" };
        Option<int?> episodes = new("--episodes") { Description = "episodes a policy plays (default: one, or one per initial state)", HelpName = "N" };
        Option<ulong> seed = new("--seed") { Description = "root of all randomness", HelpName = "S" };
        Option<string[]> set = EnvironmentVerbs.OptionsFlag();
        Option<bool> goOn = new("--continue-after-termination") { Description = "keep stepping after an episode has terminated" };
        Option<string> output = new("--out") { Description = "the table to write", HelpName = "FILE", Required = true };
        Option<bool> json = new("--json") { Description = "print one JSON object" };
        Command command = new("rollout", "Plays recorded actions or a policy and writes every step, state included, as a CSV table.")
        {
            id, initial, actions, policy, mode, steps, episodes, seed, set, goOn, output, json,
        };
        command.SetAction(parsed =>
        {
            string? table = parsed.GetValue(actions), who = parsed.GetValue(policy);
            Require(table is null || who is null, "--actions and --policy are both given", "one of them", "leave one out");
            Require(table is null || parsed.GetValue(episodes) is null, "--episodes is given with --actions", "--episodes with --policy", "the table's column 'episode' says how many there are");
            RequirePositive("--steps", parsed.GetValue(steps));
            RequirePositive("--episodes", parsed.GetValue(episodes));
            string file = parsed.GetValue(output)!;
            Learner? learner = Learner.Find(who ?? "random");
            Catalogues catalogues = World(EnvironmentVerbs.Catalogue(parsed), parsed.GetValue(id)!, learner);
            string environment = catalogues.Find(parsed.GetValue(id)!).Id;
            catalogues = catalogues.With(environment, parsed.GetValue(set));
            using Interrupts interrupts = new("interrupted: the table is not kept");
            RolloutRequest request = new()
            {
                Cancellation = interrupts.Token,
                Catalogue = catalogues.Single,
                MultiAgentCatalogue = catalogues.Games,
                Environment = environment,
                ActionsFile = table,
                Policy = Policy(who, learner, parsed.GetValue(mode)),
                InitialStateFile = parsed.GetValue(initial),
                Steps = parsed.GetValue(steps),
                Episodes = parsed.GetValue(episodes),
                Seed = parsed.GetValue(seed),
                ContinueAfterTermination = parsed.GetValue(goOn),
            };
            Write(request, RolloutRecorder.Record(request, file), file, parsed.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>A run that plays in its own environment finds it as it was trained on: its options, and its copy of a file.</summary>
    private static Catalogues World(Catalogues catalogues, string id, Learner? learner)
    {
        if (learner is null || learner.Run.Environment != id)
        {
            return catalogues;
        }

        ResolvedConfiguration run = Plans.Resolve(learner.Run);
        if (run.EnvironmentFile is { } own && File.Exists(id) && !own.Content.Span.SequenceEqual(File.ReadAllBytes(id)))
        {
            Console.Error.WriteLine($"note: '{id}' has changed since the run was started; the run's own copy is played (./{id} names the other)");
        }

        if (run.EnvironmentFile is { IsGame: true } game)
        {
            game.Register(catalogues.Games, id);
            return catalogues;
        }

        return !catalogues.Games.Contains(id) ? catalogues with { Single = run.Environments }
            : run.Environments.OptionsOf(id) is { } options ? catalogues with { Games = catalogues.Games.WithOptions(id, options) }
            : catalogues;
    }

    private static RolloutPolicy Policy(string? who, Learner? learner, PolicyMode mode) =>
        learner is not null ? RolloutPolicy.FromCheckpoint(learner.Checkpoint, Plans.Restore(learner.Run), mode)
        : who == "zero" ? RolloutPolicy.Zero : RolloutPolicy.Random;

    private static void Require(bool condition, string problem, string allowed, string next)
    {
        if (!condition)
        {
            throw new UserErrorException(problem, allowed, next);
        }
    }

    private static void RequirePositive(string flag, int? value) => Require(value is null or >= 1, $"{flag} cannot be {value}", "an integer ≥ 1", "leave the flag out for the default");

    private static void Write(RolloutRequest request, IReadOnlyList<RolloutEpisode> episodes, string file, bool json)
    {
        int unused = episodes.Sum(e => e.UnusedActions);
        if (unused > 0)
        {
            Console.Error.WriteLine($"note: {unused} recorded actions were not played, since their episode had ended; --continue-after-termination plays them");
        }

        if (json)
        {
            Json.Write(Console.Out, w =>
            {
                w.WriteString("command", "env rollout");
                w.WriteString("environment", request.Environment);
                w.WriteString("file", Path.GetFullPath(file));
                w.WriteStartArray("episodes");
                foreach (RolloutEpisode episode in episodes)
                {
                    w.WriteStartObject();
                    w.WriteNumber("episode", episode.Episode);
                    w.WriteNumber("steps", episode.Steps);
                    w.Numbers("returns", episode.Returns);
                    w.WriteBoolean("terminated", episode.Terminated);
                    w.WriteBoolean("truncated", episode.Truncated);
                    w.WriteEndObject();
                }

                w.WriteEndArray();
            });
            return;
        }

        Columns.Write(Console.Out, ["episode", "steps", "return", "end"], [.. episodes.Select(e => new[]
        {
            e.Episode.ToString(CultureInfo.InvariantCulture), e.Steps.ToString(CultureInfo.InvariantCulture), string.Join(", ", e.Returns.Select(r => Texts.Number(r, "F3"))),
            e.Terminated ? "terminated" : e.Truncated ? "truncated" : "still running",
        })]);
        Console.Out.WriteLine($"{request.Environment}: written to {file}");
    }

    /// <summary>A run whose policy is to play.</summary>
    private sealed record Learner(RunInfo Run, string Checkpoint)
    {
        /// <summary>The run that <c>--policy</c> names; null where it names none.</summary>
        public static Learner? Find(string who)
        {
            if (who is "random" or "zero")
            {
                return null;
            }

            if (!Directory.Exists(who))
            {
                string? nearest = Suggestions.Nearest(who, ["random", "zero"]);
                throw new UserErrorException($"unknown policy '{who}'", Policies, nearest is null ? "check the folder's path; 'stackelberg train' makes runs" : $"did you mean '{nearest}'?");
            }

            (RunInfo Info, string Checkpoint)[] found = [.. EvalVerb.Checkpoints(who)];
            Require(found.Length == 1, $"'{who}' holds {found.Length} runs", "the folder of one run or checkpoint", $"choose one, such as '{found[0].Checkpoint}'");
            return new Learner(found[0].Info, found[0].Checkpoint);
        }
    }
}
