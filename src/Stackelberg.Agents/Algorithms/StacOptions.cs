namespace Stackelberg.Agents.Algorithms;

/// <summary>Options of STAC: those of AC, who leads, and how the leader's implicit gradient is computed.</summary>
public sealed record StacOptions : AcOptions
{
    /// <summary>Who leads.</summary>
    [Option("Who leads: the actor anticipates the critic's response, the critic the actor's, or nobody (AC).")]
    public Leader Leader { get; init; } = Leader.Actor;

    /// <summary>Hypergradient.</summary>
    public HypergradientOptions Hypergradient { get; init; } = new();
}
