namespace Stackelberg.Environments;

/// <summary>
/// The entry of an assembly that brings environments of its own: <c>stackelberg train --plugin my.dll --env MyTask-v0 …</c>. Implement it in
/// a public class with a public constructor without parameters.
/// </summary>
public interface IEnvironmentPlugin
{
    /// <summary>Adds environments to the catalogue.</summary>
    void Register(EnvironmentCatalogue catalogue);
}

/// <summary>The entry of an assembly that brings environments of several agents; the same class may be an <see cref="IEnvironmentPlugin"/> too.</summary>
public interface IMultiAgentPlugin
{
    /// <summary>Adds environments to the catalogue.</summary>
    void Register(MultiAgentCatalogue catalogue);
}
