using Stackelberg.Experiments;

namespace Stackelberg.Cli;

/// <summary>A mistake that the user can mend; printed as three lines: what, allowed, next step.</summary>
internal sealed class UserErrorException(string problem, string allowed, string next, int exitCode = ExitCode.Usage) : RequestException(problem, allowed, next)
{
    public int ExitCode { get; } = exitCode;
}
