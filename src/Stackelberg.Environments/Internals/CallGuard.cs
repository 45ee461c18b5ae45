using System.Diagnostics.CodeAnalysis;

namespace Stackelberg.Environments.Internals;

/// <summary>
/// What the guards of environments of one agent and of several share: whose fault an exception is, which numbers are let through, and how many steps were
/// taken since the episode began or was loaded.
/// </summary>
internal sealed class CallGuard(string id)
{
    private long steps;
    private bool loaded;

    /// <summary>Whether a call has failed: what fails after it, such as giving resources back, is not news.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Whether numbers that single precision cannot hold are refused; the checker finds them by rules of its own.</summary>
    public bool ChecksNumbers { get; set; } = true;

    /// <summary>
    /// Whether an exception that came out of the environment is still to be told as the environment's: it is none that names environment and fault already.
    /// One that does is marked as the environment's, and goes on as it is.
    /// </summary>
    public bool IsForeign(Exception fault)
    {
        if (fault is not EnvironmentException own ||
            (own.GetType() == typeof(EnvironmentException) && (!own.Message.Contains(id, StringComparison.Ordinal) || own.Message.AsSpan().ContainsAny('\r', '\n'))))
        {
            return true;
        }

        own.IsOfEnvironment = true;
        return false;
    }

    /// <summary>The step of the episode that is being taken, for <see cref="Failed"/>.</summary>
    public string NextStep => loaded ? $"Step, {steps + 1} step(s) after the episode was loaded" : $"Step at step {steps + 1} of the episode";

    /// <summary>The exception to throw instead.</summary>
    public EnvironmentException Failed(string call, Exception fault)
    {
        HasFailed = true;
        return EnvironmentException.Failed(id, call, fault);
    }

    /// <summary>An episode began.</summary>
    public void Begin(ReadOnlySpan<double> observations)
    {
        (steps, loaded) = (0, false);
        Require("observation entry", observations);
    }

    /// <summary>An episode was loaded, at a step that is not known here.</summary>
    public void Resume() => (steps, loaded) = (0, true);

    /// <summary>A step was taken, which paid <paramref name="rewards"/>.</summary>
    public void Advance(ReadOnlySpan<double> observations, ReadOnlySpan<double> rewards)
    {
        steps++;
        Require(rewards.Length == 1 ? "the reward" : "reward", rewards);
        Require("observation entry", observations);
    }

    private void Require(string what, ReadOnlySpan<double> values)
    {
        int at = SinglePrecision.FirstNotHeld(values);
        if (at >= 0 && ChecksNumbers)
        {
            ThrowNotHeld(what, values, at);
        }
    }

    [DoesNotReturn]
    private void ThrowNotHeld(string what, ReadOnlySpan<double> values, int at)
    {
        HasFailed = true;
        string where = loaded ? $"{steps} step(s) after the episode was loaded" : steps == 0 ? "after Reset" : $"at step {steps} of the episode";
        throw EnvironmentException.OutOfRange(id, what == "the reward" ? what : $"{what} {at}", values[at], where);
    }
}
