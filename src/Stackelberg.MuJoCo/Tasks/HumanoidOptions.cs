namespace Stackelberg.MuJoCo.Tasks;

/// <summary>
/// Constants of <see cref="Humanoid"/>. Defaults: weights 1.25 (forward), 0.1 (control) and 5 (healthy), heights in (1, 2) m, noise 0.01.
/// </summary>
public sealed record HumanoidOptions() : WalkingOptions(
    ctrlCostWeight: 0.1, resetNoiseScale: 1e-2, healthyZRange: (1, 2), forwardRewardWeight: 1.25, healthyReward: 5);
