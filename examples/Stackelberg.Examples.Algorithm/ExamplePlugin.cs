namespace Stackelberg.Examples.Algorithm;

/// <summary>What the command line finds in this assembly.</summary>
public sealed class ExamplePlugin : IAlgorithmPlugin
{
    /// <inheritdoc/>
    public void Register(AlgorithmCatalogue catalogue) => catalogue.Add(new AlgorithmDescriptor
    {
        Id = "ddpg-bc",
        Title = "DDPG near the actions taken",
        Summary = "The actor descends mean (β |μ(s) - a|² - Q(s, μ(s))), the critic its Bellman error at the current actor's next action; both recorded on the tape.",
        References = [],
        OptionsType = typeof(DdpgBcOptions),
        Create = static (context, options) => new DdpgBc(context, (DdpgBcOptions)options),
        Validate = static options => HypergradientFaults.Of(((DdpgBcOptions)options).Leading),
        Unread = static options => HypergradientFaults.UnreadOf(((DdpgBcOptions)options).Leading),
    });
}
