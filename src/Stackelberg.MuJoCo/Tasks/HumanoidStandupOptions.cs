using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>Constants of <see cref="HumanoidStandup"/>, named as the arguments of Gymnasium's version 5; version 4 has the same values and
/// no arguments. Noise 0.01.</summary>
public sealed record HumanoidStandupOptions() : NoisyStartOptions(resetNoiseScale: 1e-2)
{
    /// <summary>Reward per metre of the torso's height and per second of an engine step.</summary>
    [Option("reward per metre of height and per second of an engine step")]
    public double UphCostWeight { get; init => field = OptionChecks.Finite(value); } = 1;

    /// <summary>Cost per squared unit of action.</summary>
    [Option("cost per squared unit of action")]
    public double CtrlCostWeight { get; init => field = OptionChecks.Finite(value); } = 0.1;

    /// <summary>Cost per squared unit of external force.</summary>
    [Option("cost per squared unit of external force")]
    public double ImpactCostWeight { get; init => field = OptionChecks.Finite(value); } = 0.5e-6;

    /// <summary>Interval to which the cost of external forces is clipped.</summary>
    [Option("interval to which the cost of external forces is clipped")]
    public (double Low, double High) ImpactCostRange { get; init => field = OptionChecks.Interval(value); } = (double.NegativeInfinity, 10);

    /// <summary>Whether the position over the floor is left out of the observation.</summary>
    [Option("leave the position over the floor out of the observation")]
    public bool ExcludeCurrentPositionsFromObservation { get; init; } = true;
}
