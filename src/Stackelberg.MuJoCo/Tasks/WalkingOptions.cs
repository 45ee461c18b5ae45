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
    public double HealthyReward { get; init => field = OptionChecks.Finite(value); }

    /// <summary>Whether leaving the healthy ranges ends the episode. If so, the last step gets the healthy reward too, as in Gymnasium's
    /// version 4.</summary>
    public bool TerminateWhenUnhealthy { get; init; } = true;

    /// <summary>Interval for the torso's height, in metres: open, but closed for <see cref="Ant"/>.</summary>
    public (double Low, double High) HealthyZRange { get; init => field = OptionChecks.Interval(value); }
}
