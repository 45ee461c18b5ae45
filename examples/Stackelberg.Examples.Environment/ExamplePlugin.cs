using Stackelberg.Environments;

namespace Stackelberg.Examples.Environment;

/// <summary>What <c>--plugin</c> looks for: a public class with a constructor without parameters.</summary>
public sealed class ExamplePlugin : IEnvironmentPlugin, IMultiAgentPlugin
{
    /// <inheritdoc/>
    public void Register(EnvironmentCatalogue catalogue) =>
        catalogue.Add(Thermostat.Specification, new ThermostatOptions(), static options => new Thermostat(options));

    /// <inheritdoc/>
    public void Register(MultiAgentCatalogue catalogue) => catalogue.Add(SharedRoom.Specification, static () => new SharedRoom());
}
