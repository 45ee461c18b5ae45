namespace Stackelberg.MuJoCo.Tasks;

/// <summary>Constants of <see cref="HalfCheetah"/>. Defaults: weights 1 (forward) and 0.1 (control), noise 0.1.</summary>
public sealed record HalfCheetahOptions() : LocomotionOptions(ctrlCostWeight: 0.1, resetNoiseScale: 0.1);
