using Stackelberg.Environments;
using Stackelberg.Experiments;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Cli.Training;

/// <summary>A short check of the environment before a run, so that a broken one does not cost a training.</summary>
internal static class EnvironmentGate
{
    private const int Steps = 64;

    /// <summary>Makes the environment and runs the contract on a few steps; <c>env check</c> does more.</summary>
    /// <exception cref="UserErrorException">The contract is broken.</exception>
    /// <exception cref="EnvironmentException">The environment cannot be made.</exception>
    public static void Check(ResolvedConfiguration configuration)
    {
        string id = configuration.Run.Env;
        configuration.Environments.Make(id).Dispose();
        EnvironmentCheckReport report = EnvironmentChecker.Check(
            () => configuration.Environments.Make(id), new EnvironmentCheckOptions { Steps = Steps, SearchSteps = Steps, ChanceIsOpen = configuration.HasEnvironmentOptions });
        if (report.Findings.FirstOrDefault(f => f.Severity == FindingSeverity.Error) is { } finding)
        {
            throw new UserErrorException(
                $"the environment '{id}' breaks its contract ({finding.Rule}): {finding.Seen}", finding.Expected, $"{finding.Remedy} 'stackelberg env check {ShellText.Path(id)}' shows all",
                ExitCode.Environment);
        }
    }
}
