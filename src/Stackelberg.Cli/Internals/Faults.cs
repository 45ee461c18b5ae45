using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Environments;
using Stackelberg.Experiments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Experiments.Replays;
using Stackelberg.Experiments.Rollouts;
using Stackelberg.MuJoCo;

namespace Stackelberg.Cli.Internals;

/// <summary>Turns what went wrong into three lines and an exit code.</summary>
internal static class Faults
{
    /// <summary>What is expected of a plug-in's code.</summary>
    public const string PluginContract = "a plug-in that keeps its contract: IAlgorithm, ILinearSolver or IEnvironment, and what their pages say";

    /// <summary>Prints the fault.</summary>
    /// <returns>The exit code.</returns>
    public static int Report(Exception fault, TextWriter error)
    {
        switch (fault)
        {
            case ConfigurationException configuration:
                foreach (ConfigurationError each in configuration.Errors)
                {
                    error.WriteLine($"error: {each}");
                }

                return ExitCode.Usage;
            case UserErrorException user:
                Write(error, user.Message, user.Allowed, user.Next);
                return user.ExitCode;
            case ReplayException replay:
                Write(error, replay.Message, replay.Allowed, replay.Next);
                return ExitCode.Usage;
            case RolloutException rollout:
                Write(error, rollout.Message, rollout.Allowed, rollout.Next);
                return ExitCode.Usage;
            case PluginException plugin:
                Write(error, plugin.Message, PluginException.Allowed, PluginException.Next);
                return ExitCode.Usage;
            case LearnerException learner:
                Write(error, learner.Message, "networks and buffers that fit into memory, and an action space the algorithm knows", "'stackelberg algo show' lists its options");
                return ExitCode.Usage;
            case PluginFaultException or SolverException:
                Write(error, fault.Message, PluginContract, "mend the plug-in; 'stackelberg resume' goes on with its runs from their last checkpoint");
                return ExitCode.Environment;
            case RunException run:
                WriteSentences(error, run.Message, "a folder that can be read and written, whose runs are whole", "'stackelberg train' starts runs, 'stackelberg resume' goes on with them");
                return ExitCode.Usage;
            case MujocoException physics:
                WriteSentences(error, physics.Message, "MuJoCo 2.2.2, from the Debian package libmujoco2.2.2 or the file named by MUJOCO_LIBRARY", "sudo apt-get install -y libmujoco2.2.2");
                return ExitCode.Environment;
            case EnvironmentException environment:
                WriteSentences(error, environment.Message, "an environment that keeps its contract", "'stackelberg env check' examines it");
                return ExitCode.Environment;
            case NumericalException numerical:
                WriteSentences(error, numerical.Message, "finite numbers", "lower the learning rates or raise the damping");
                return ExitCode.Numerical;
            case OperationCanceledException:
                return ExitCode.Interrupted;
            case var _ when Catalogues.PluginBehind(fault) is { } file:
                Write(error, $"the plug-in '{file}' threw {fault.GetType().Name}: {fault.Message}", PluginContract, "mend the plug-in");
                return ExitCode.Environment;
            default:
                error.WriteLine("error: a fault of this program, not of yours; please report it with these lines");
                error.WriteLine(fault);
                return ExitCode.Internal;
        }
    }

    /// <summary>Three lines.</summary>
    public static void Write(TextWriter error, string problem, string allowed, string next)
    {
        error.WriteLine($"error: {problem}");
        error.WriteLine($"  allowed: {allowed}");
        error.WriteLine($"  next: {next}");
    }

    // The library's messages end in the way out: their last sentence is the next step.
    private static void WriteSentences(TextWriter error, string message, string allowed, string next)
    {
        string text = message.Trim();
        int at = text.TrimEnd('.').LastIndexOf(". ", StringComparison.Ordinal);
        Write(error, at < 0 ? text : text[..(at + 1)], allowed, at < 0 ? next : text[(at + 2)..]);
    }
}
