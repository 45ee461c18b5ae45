using Stackelberg.Environments.Internals.Checks;

namespace Stackelberg.Environments;

/// <summary>Runs the contract of <see cref="IMultiAgentEnvironment"/> on an environment and reports what it breaks.</summary>
/// <remarks>Besides two rules of its own these are <see cref="EnvironmentChecker"/>'s, applied to all agents' observations and rewards at once.</remarks>
public static class MultiAgentChecker
{
    // The joint view shows rewards among the observations, whose rule therefore covers them.
    private static readonly CheckRule[] All =
        [new AgentsRule(), .. EnvironmentChecker.All.Where(r => r is not RewardsRule), new AgentActionsRule()];

    /// <summary>The rules in the order they are run. Where a rule says observations, the rewards of all agents are meant too.</summary>
    public static IReadOnlyList<EnvironmentRule> Rules { get; } = [.. All.Select(r => new EnvironmentRule(r.Name, r.Description))];

    /// <summary>Checks an environment. Never throws for what the environment does: that becomes a finding.</summary>
    /// <param name="create">Makes a new environment at every call; several are alive at once.</param>
    public static EnvironmentCheckReport Check(Func<IMultiAgentEnvironment> create, EnvironmentCheckOptions? options = null) =>
        EnvironmentChecker.Run(All, () => new JointView(create()), options ?? new EnvironmentCheckOptions());
}
