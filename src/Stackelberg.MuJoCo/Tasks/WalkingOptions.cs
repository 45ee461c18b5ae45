using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>Constants of the tasks that reward moving forward without falling.</summary>
public abstract record WalkingOptions : LocomotionOptions
{
    private protected WalkingOptions(
        double ctrlCostWeight, double resetNoiseScale, (double Low, double High) healthyZRange, double forwardRewardWeight = 1,
        double healthyReward = 1)
        : base(ctrlCostWeight, resetNoiseScale, forwardRewardWeight)
    {
        HealthyZRange = healthyZRange;
        HealthyReward = healthyReward;
    }

    /// <summary>Reward per step for not having fallen.</summary>
    [Option("reward per step for not having fallen")]
    public double HealthyReward { get; init => field = OptionChecks.Finite(value); }

    /// <summary>Whether leaving the healthy ranges ends the episode. If so, the last step gets the healthy reward too, as in Gymnasium's
    /// version 4.</summary>
    [Option("whether leaving the healthy ranges ends the episode")]
    public bool TerminateWhenUnhealthy { get; init; } = true;

    /// <summary>Interval for the torso's height, in metres: open, but closed for <see cref="Ant"/>.</summary>
    [Option("interval for the torso's height, m")]
    public (double Low, double High) HealthyZRange { get; init => field = OptionChecks.Interval(value); }
}
