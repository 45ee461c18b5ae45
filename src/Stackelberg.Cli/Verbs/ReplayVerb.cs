using System.CommandLine;
using System.Globalization;
using Stackelberg.Agents;
using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Training;
using Stackelberg.Experiments;
using Stackelberg.Experiments.Replays;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>replay</c>.</summary>
internal static class ReplayVerb
{
    private const int DefaultEpisodes = 3;

    public static Command Create()
    {
        Argument<string> source = new("source") { Description = "a run's folder, a checkpoint (…/checkpoints/step-…), or a table of 'env rollout' (.csv)" };
        Option<string> output = new("--out") { Description = "the HTML page to write", HelpName = "FILE", Required = true };
        Option<int?> episodes = new("--episodes") { Description = $"episodes to play (default: {DefaultEpisodes}; of a table, all)", HelpName = "N" };
        Option<PolicyMode> mode = new("--mode") { Description = "how a run's policy picks actions", DefaultValueFactory = _ => PolicyMode.Greedy };
        Option<ulong> seed = new("--seed") { Description = "root of all randomness; the episodes are those of 'eval' with this seed", HelpName = "S" };
        Option<string> environment = new("--env") { Description = "the environment of a table, where several have its columns", HelpName = "ID" };
        Option<string[]> plugins = new("--plugin") { Description = "an assembly with environments of your own, for a table", HelpName = "DLL" };
        Option<string[]> set = new("--env-set") { Description = "the options a table's environment had, with --env; a run has its own", HelpName = "KEY=VALUE", AllowMultipleArgumentsPerToken = true };
        Option<string> video = new("--video") { Description = "also write a video; needs Chromium and ffmpeg", HelpName = "FILE.mp4" };
        Command command = new("replay", "Turns a run or a rollout into one HTML page that plays it.") { source, output, episodes, mode, seed, environment, plugins, set, video };
        command.SetAction(parsed =>
        {
            int? count = parsed.GetValue(episodes);
            if (count < 1)
            {
                throw new UserErrorException($"--episodes cannot be {count}", "an integer ≥ 1", "leave the flag out for the default");
            }

            string page = parsed.GetValue(output)!;
            string? film = parsed.GetValue(video);
            if (film is not null)
            {
                ReplayVideo.RequireTools();
            }

            string given = parsed.GetValue(source)!;
            string[] changes = parsed.GetValue(set) ?? [];
            if (changes.Length > 0 && (Directory.Exists(given) || parsed.GetValue(environment) is null))
            {
                throw new UserErrorException("--env-set is given without a table and its --env", "a table of 'env rollout' with --env ID", "leave --env-set out: a run is replayed with the options it was trained with");
            }

            Replay replay = Directory.Exists(given)
                ? FromRun(given, parsed.GetValue(seed), count ?? DefaultEpisodes, parsed.GetValue(mode), parsed.GetValue(environment))
                : FromTable(given, parsed.GetValue(plugins) ?? [], parsed.GetValue(environment), changes, count);
            ReplayPage.Write(replay, page);
            Write(replay, page);
            if (film is not null)
            {
                ReplayVideo.Write(page, film);
                Console.Out.WriteLine($"video: {film}");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Replay FromRun(string path, ulong seed, int episodes, PolicyMode mode, string? environment)
    {
        (RunInfo Info, string Checkpoint)[] found = [.. EvalVerb.Checkpoints(path)];
        if (found.Length != 1)
        {
            throw new UserErrorException($"'{path}' holds {found.Length} runs", "the folder of one run or checkpoint", $"choose one, such as '{found[0].Checkpoint}'");
        }

        if (environment is not null && environment != found[0].Info.Environment)
        {
            throw new UserErrorException($"--env is {environment}, but the run was trained on {found[0].Info.Environment}", "--env with a table", "leave --env out");
        }

        return ReplayRecorder.Record(found[0].Checkpoint, Plans.Restore(found[0].Info), seed, episodes, mode);
    }

    private static Replay FromTable(string path, IReadOnlyList<string> plugins, string? environment, string[] changes, int? episodes)
    {
        if (!File.Exists(path))
        {
            throw new UserErrorException($"there is no '{path}'", "the folder of a run or checkpoint, or a table of 'env rollout'", "check the path");
        }

        Catalogues catalogues = Catalogues.Load(plugins);
        if (environment is not null)
        {
            catalogues = catalogues.With(catalogues.Find(environment).Id, changes);
        }

        return ReplayRecorder.ReadRollout(path, catalogues.Single, catalogues.Games, environment, episodes);
    }

    private static void Write(Replay replay, string page)
    {
        Columns.Write(Console.Out, ["episode", "steps", "return", "end"], [.. replay.Episodes.Select((e, i) => new[]
        {
            (i + 1).ToString(CultureInfo.InvariantCulture), e.Steps.ToString(CultureInfo.InvariantCulture), string.Join(", ", e.Returns.Select(r => Texts.Number(r, "F3"))),
            e.Terminated ? "terminated" : e.Truncated ? "truncated" : "still running",
        })]);
        Console.Out.WriteLine($"{replay.Environment}, {replay.Source}: open {page} in a browser");
    }
}
