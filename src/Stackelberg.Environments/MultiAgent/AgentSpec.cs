namespace Stackelberg.Environments;

/// <summary>The part an agent plays in a Stackelberg game.</summary>
public enum AgentRole
{
    /// <summary>Commits first.</summary>
    Leader,

    /// <summary>Answers what the levels above it have committed to.</summary>
    Follower,
}

/// <summary>One agent of an <see cref="IMultiAgentEnvironment"/>.</summary>
/// <param name="Name">Name, unique among the agents of an environment.</param>
/// <param name="Level">Place in the order of play: 0 leads, level k may see the actions of the levels below k. Agents of one level move at the same
/// time.</param>
/// <param name="ObservationSpace">What the agent observes.</param>
/// <param name="ActionSpace">What it chooses from.</param>
public sealed record AgentSpec(string Name, int Level, Space ObservationSpace, Space ActionSpace)
{
    /// <summary>Leader at level 0, follower at every later one.</summary>
    public AgentRole Role => Level == 0 ? AgentRole.Leader : AgentRole.Follower;
}
