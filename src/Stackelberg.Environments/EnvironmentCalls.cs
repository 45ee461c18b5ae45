namespace Stackelberg.Environments;

/// <summary>Calls into environments whose authors may have made mistakes: whatever they throw becomes an <see cref="EnvironmentException"/>.</summary>
public static class EnvironmentCalls
{
    /// <summary><see cref="IEnvironment.Step"/>.</summary>
    /// <exception cref="EnvironmentException">The environment threw; the message names it and the fault.</exception>
    public static StepResult StepGuarded(this IEnvironment environment, ReadOnlySpan<double> action, Span<double> observation)
    {
        try
        {
            return environment.Step(action, observation);
        }
        catch (Exception e) when (e is not EnvironmentException)
        {
            throw Fault(environment, "Step", e);
        }
    }

    /// <summary><see cref="IEnvironment.Reset"/>.</summary>
    /// <exception cref="EnvironmentException">The environment threw; the message names it and the fault.</exception>
    public static void ResetGuarded(this IEnvironment environment, ulong? seed, Span<double> observation)
    {
        try
        {
            environment.Reset(seed, observation);
        }
        catch (Exception e) when (e is not EnvironmentException)
        {
            throw Fault(environment, "Reset", e);
        }
    }

    private static EnvironmentException Fault(IEnvironment environment, string call, Exception e) =>
        new($"{environment.Spec.Id} threw {e.GetType().Name} in {call}: {e.Message}", e);
}
