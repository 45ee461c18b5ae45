using System.CommandLine;
using Stackelberg.Cli.Training;
using Stackelberg.Experiments;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>train</c>.</summary>
internal static class TrainVerb
{
    public static Command Create()
    {
        ConfigurationFlags flags = new();
        OutputFlags outputs = new();
        Option<bool> overwrite = new("--overwrite") { Description = "delete runs that are in the folders already" };
        Option<bool> dryRun = new("--dry-run") { Description = "resolve, check and describe, but train nothing" };
        Option<bool> tensorBoard = SessionRunner.TensorBoardFlag();
        Command command = new("train", "Trains an algorithm on an environment, one run per seed.") { overwrite, dryRun, tensorBoard };
        flags.AddTo(command);
        outputs.AddTo(command);
        command.SetAction(parsed =>
        {
            ResolvedConfiguration configuration = flags.Resolve(parsed);
            OutputMode output = outputs.Read(parsed);
            if (parsed.GetValue(dryRun))
            {
                DryRun.Describe(configuration, output);
                return ExitCode.Success;
            }

            EnvironmentGate.Check(configuration);
            DryRun.Check(configuration);
            SessionOptions session = new() { Mode = parsed.GetValue(overwrite) ? RunMode.Overwrite : RunMode.New, Threads = configuration.Run.Threads };
            string root = Path.Combine(configuration.Run.Out, configuration.Run.Env, configuration.Run.Algo);
            return SessionRunner.Run("train", Plans.Create(configuration), session, output, root, parsed.GetValue(tensorBoard));
        });
        return command;
    }
}
