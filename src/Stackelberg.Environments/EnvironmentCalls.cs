using Stackelberg.Environments.Wrappers;

namespace Stackelberg.Environments;

/// <summary>Calls into environments whose authors may have made mistakes.</summary>
public static class EnvironmentCalls
{
    /// <summary>The environment itself where the catalogue has guarded it, or a <see cref="GuardedEnvironment"/> around it.</summary>
    /// <exception cref="EnvironmentException">Its facts or spaces cannot be used.</exception>
    public static IEnvironment Guarded(this IEnvironment environment) =>
        environment is GuardedEnvironment or TimeLimit { Inner: GuardedEnvironment } ? environment : new GuardedEnvironment(environment);

    /// <summary>Makes a call into an environment beside those of <see cref="IEnvironment"/>, such as showing its state.</summary>
    /// <param name="id">The environment's id.</param>
    /// <param name="call">The call's name, for the message.</param>
    /// <param name="work">Makes it.</param>
    /// <exception cref="EnvironmentException">The environment threw; the message names it, the call and the fault.</exception>
    public static void Guard(string id, string call, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is not EnvironmentException)
        {
            throw EnvironmentException.Failed(id, call, e);
        }
    }
}
