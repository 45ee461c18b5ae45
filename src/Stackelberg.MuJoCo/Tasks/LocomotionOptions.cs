using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>Constants of the tasks that reward moving forward.</summary>
public abstract record LocomotionOptions : NoisyStartOptions
{
    private protected LocomotionOptions(double ctrlCostWeight, double resetNoiseScale, double forwardRewardWeight = 1)
        : base(resetNoiseScale)
    {
        CtrlCostWeight = ctrlCostWeight;
        ForwardRewardWeight = forwardRewardWeight;
    }

    /// <summary>Reward per metre per second of forward speed.</summary>
    [Option("reward per metre per second of forward speed")]
    public double ForwardRewardWeight { get; init => field = OptionChecks.Finite(value); }

    /// <summary>Cost per squared unit of action.</summary>
    [Option("cost per squared unit of action")]
    public double CtrlCostWeight { get; init => field = OptionChecks.Finite(value); }

    /// <summary>Whether the position in the plane of motion is left out of the observation.</summary>
    [Option("leave the position along or over the floor out of the observation")]
    public bool ExcludeCurrentPositionsFromObservation { get; init; } = true;
}
