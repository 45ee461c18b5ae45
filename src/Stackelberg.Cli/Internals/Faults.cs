using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Environments;
using Stackelberg.Experiments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.MuJoCo;
using Stackelberg.Primitives;

namespace Stackelberg.Cli.Internals;

/// <summary>Turns what went wrong into three lines and an exit code.</summary>
internal static class Faults
{
    /// <summary>What is expected of a plug-in's code.</summary>
    public const string PluginContract = "a plug-in that keeps its contract: IAlgorithm, ILinearSolver or IEnvironment, and what their pages say";

    /// <summary>Prints the faults of runs that did not keep others from being used.</summary>
    /// <returns>The exit code: that of the first fault, or <paramref name="code"/> when there is none or it tells of one already.</returns>
    public static int Report(IReadOnlyList<Exception> faults, int code, TextWriter error)
    {
        foreach (Exception fault in faults)
        {
            int own = Report(fault, error);
            code = code == ExitCode.Success ? own : code;
        }

        return code;
    }

    /// <summary>Prints the fault.</summary>
    /// <returns>The exit code.</returns>
    public static int Report(Exception fault, TextWriter error)
    {
        switch (fault)
        {
            case ConfigurationException configuration:
                foreach (ConfigurationError each in configuration.Errors)
                {
                    Write(error, $"{each.Origin}: {each.Problem}", each.Allowed, each.Next);
                }

                return ExitCode.Usage;
            case RequestException request:
                Write(error, request.Message, request.Allowed, request.Next);
                return request is UserErrorException user ? user.ExitCode : ExitCode.Usage;
            case PluginException plugin:
                Write(error, plugin.Message, PluginException.Allowed, PluginException.Next);
                return ExitCode.Usage;
            case LearnerException learner:
                Write(error, learner.Message, "networks and buffers that fit into memory, and an action space the algorithm knows", "'stackelberg algo show' lists its options");
                return ExitCode.Usage;
            case PluginFaultException or SolverException:
                Write(error, fault.Message, PluginContract, "mend the plug-in; 'stackelberg resume' goes on with its runs from their last checkpoint");
                return ExitCode.Environment;
            case RunException when SystemFault.Of(fault) is { } refused:
                Write(error, refused.IsMemory ? refused.Problem : fault.Message, refused.Allowed, refused.Next);
                return ExitCode.Usage;
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
            case var _ when SystemFault.Of(fault) is { } refused:
                Write(error, fault is IOException or UnauthorizedAccessException ? $"{refused.Problem}: {FileFaultText.Of(fault)}" : refused.Problem, refused.Allowed, refused.Next);
                return ExitCode.Usage;
            default:
                error.WriteLine("error: a fault of this program, not of yours; please report it with these lines");
                error.WriteLine(fault);
                return ExitCode.Internal;
        }
    }

    /// <summary>Three lines.</summary>
    public static void Write(TextWriter error, string problem, string allowed, string next)
    {
        error.WriteLine($"error: {OneLine(problem)}");
        error.WriteLine($"  allowed: {OneLine(allowed)}");
        error.WriteLine($"  next: {OneLine(next)}");
    }

    /// <summary>The text with line ends and other control characters written out: what was given must neither break the lines nor reach the terminal.</summary>
    public static string OneLine(string text) => text.Any(char.IsControl)
        ? string.Concat(text.Select(static c => c switch
        {
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            _ when char.IsControl(c) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            _ => c.ToString(),
        }))
        : text;

    /// <summary>Three lines from a message of the library, whose last sentence is the way out.</summary>
    /// <param name="next">For a message of one sentence.</param>
    public static void WriteSentences(TextWriter error, string message, string allowed, string next)
    {
        string text = message.Trim();
        int at = text.TrimEnd('.').LastIndexOf(". ", StringComparison.Ordinal);
        Write(error, at < 0 ? text : text[..(at + 1)], allowed, at < 0 ? next : text[(at + 2)..]);
    }
}
