namespace Stackelberg.Faults.Framework;

/// <summary>What every call owes its user, whatever it was given.</summary>
internal static class Judge
{
    // words of the runtime that tell a user nothing
    private static readonly string[] Traces = ["   at Stackelberg", "   at System", "Unhandled exception", "please report"];
    private static readonly string[] Insides =
    [
        "Exception", "System.", "Path: $", "LineNumber:", "BytePositionInLine", "Object reference not set", "(Parameter '", "Nullable object must", "Index was out", "Sequence contains",
        "JSON value could not be converted", "JSON deserialization", "Arg_", "Value cannot be null", "Specified argument was out", "Arithmetic operation",
        "Array dimensions exceeded", "Stream was", "Input string was not",
    ];

    /// <summary>Judges exit code and form; <see cref="Outcome.Done"/> where the exit code is 0.</summary>
    /// <param name="codes">The exit codes of a refusal that are right here.</param>
    /// <param name="typeNames">Whether names of exceptions may be said, as of a plug-in's own.</param>
    public static Verdict Of(CallResult call, int[] codes, bool typeNames = false)
    {
        string all = call.Output + call.Error;
        string? trace = call.Escaped ?? Traces.FirstOrDefault(t => all.Contains(t, StringComparison.Ordinal));
        if (trace is not null)
        {
            return new Verdict(Outcome.StackTrace, First(call, trace));
        }

        if (call.Code is not { } code)
        {
            return new Verdict(Outcome.Hang, First(call, "stopped after the time allowed"));
        }

        if (code >= 128 && !codes.Contains(code))
        {
            return new Verdict(Outcome.Crash, First(call, $"exit code {code}"));
        }

        if (code != 0 && !codes.Contains(code))
        {
            return new Verdict(Outcome.ExitCode, First(call, $"exit code {code}"));
        }

        if (!typeNames && Insides.FirstOrDefault(i => call.Error.Contains(i, StringComparison.Ordinal)) is { } inside)
        {
            return new Verdict(Outcome.Form, First(call, $"says '{inside}'"));
        }

        return code == 0 ? new Verdict(Outcome.Done)
            : code >= 128 || HasThreeLines(call) ? new Verdict(Outcome.Refused)
            : new Verdict(Outcome.Form, First(call, "no three lines"));
    }

    /// <summary>A verdict's first lines: the reason, then what the command said.</summary>
    public static string First(CallResult call, string reason)
    {
        string said = string.Join(" | ", call.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(3).Select(l => l.Length > 200 ? l[..200] + "…" : l));
        string why = reason.Length > 400 ? reason[..400] + "…" : reason;
        return $"{why.ReplaceLineEndings(" ")} ({string.Join(' ', call.Arguments.Take(2))}): {said}";
    }

    private static bool HasThreeLines(CallResult call)
    {
        // a check reports what it found on standard output, with the same two lines below
        string[] lines = (call.Error + "\n" + call.Output).Split('\n');
        bool any = false;
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("error: ", StringComparison.Ordinal) || lines[i].StartsWith("  error (", StringComparison.Ordinal))
            {
                any = true;
                if (i + 2 >= lines.Length || !lines[i + 1].TrimStart().StartsWith("allowed: ", StringComparison.Ordinal) || !lines[i + 2].TrimStart().StartsWith("next: ", StringComparison.Ordinal))
                {
                    return false;
                }
            }
        }

        // env check --json has its findings there
        return any || (call.Arguments is ["env", "check", ..] && call.Output.Contains("\"passed\":false", StringComparison.Ordinal));
    }
}
