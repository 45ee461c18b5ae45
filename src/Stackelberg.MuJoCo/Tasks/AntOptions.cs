using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>
/// Constants of <see cref="Ant"/>. Defaults: weights 1 (forward; not in Gymnasium's version 4), 0.5 (control) and 1 (healthy), heights in
/// [0.2, 1] m, noise 0.1.
/// </summary>
public sealed record AntOptions() : WalkingOptions(ctrlCostWeight: 0.5, resetNoiseScale: 0.1, healthyZRange: (0.2, 1))
{
    /// <summary>Whether the external forces on the bodies are observed and charged for.</summary>
    [Option("observe the external forces on the bodies (84 more numbers) and charge for them")]
    public bool UseContactForces { get; init; }

    /// <summary>Cost per squared unit of clipped external force; only with <see cref="UseContactForces"/>.</summary>
    [Option("cost per squared unit of clipped external force, with use_contact_forces")]
    public double ContactCostWeight { get; init => field = OptionChecks.Finite(value); } = 5e-4;

    /// <summary>Interval to which each component of the external forces is clipped, in N and N·m.</summary>
    [Option("interval to which external forces are clipped, N and N·m")]
    public (double Low, double High) ContactForceRange { get; init => field = OptionChecks.Interval(value); } = (-1, 1);
}
